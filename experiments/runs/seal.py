"""Seals: what the ledger keeps under a name holds that name and a digest, so that neither can be changed or exchanged unseen."""

from __future__ import annotations

import hashlib

DIGEST = 32  # bytes of a SHA-256, which comes first
LENGTH = 2  # bytes that say how long the name is


def sealed(name: str, body: bytes) -> bytes:
    """Return the bytes that stand for `body` under this name: SHA-256 of the rest, length of the name, name, body."""
    named = name.encode()
    rest = len(named).to_bytes(LENGTH, "big") + named + body
    return hashlib.sha256(rest).digest() + rest


def opened(name: object, payload: object) -> bytes:
    """Return what was sealed under this name.

    Raises:
        ValueError: if it is not as it was sealed, or was sealed under another name.
    """
    if not isinstance(name, str) or not isinstance(payload, bytes):
        raise ValueError("there is something else in place of a name or its bytes")  # noqa: TRY004  (it is what a damaged file holds)
    digest, rest = payload[:DIGEST], payload[DIGEST:]
    if hashlib.sha256(rest).digest() != digest:
        raise ValueError("bytes have changed")
    end = LENGTH + int.from_bytes(rest[:LENGTH], "big")
    if rest[LENGTH:end] != name.encode(errors="surrogateescape"):
        raise ValueError("it belongs to another name")
    return rest[end:]
