"""A seal is bound to its name and its bytes."""

from __future__ import annotations

import hashlib

import pytest

from experiments.runs.seal import opened, sealed

PAYLOAD = sealed("ab", b"body")


def test_what_was_sealed_comes_back_and_the_bytes_are_as_described():
    assert opened("ab", PAYLOAD) == b"body"
    rest = b"\x00\x02abbody"
    assert hashlib.sha256(rest).digest() + rest == PAYLOAD
    assert opened("", sealed("", b"")) == b""


@pytest.mark.parametrize("at", range(len(PAYLOAD)))
def test_no_byte_can_be_changed(at):
    with pytest.raises(ValueError, match="bytes have changed"):
        opened("ab", PAYLOAD[:at] + bytes([PAYLOAD[at] ^ 16]) + PAYLOAD[at + 1 :])


@pytest.mark.parametrize("size", [0, 1, 31, 32, 35, len(PAYLOAD) - 1])
def test_nothing_can_be_cut_off(size):
    with pytest.raises(ValueError, match=r"bytes have changed|another name"):
        opened("ab", PAYLOAD[:size])


@pytest.mark.parametrize("name", ["aB", "a", "abb", "", "\udcff"])
def test_it_opens_under_its_own_name_alone(name):
    with pytest.raises(ValueError, match="another name"):
        opened(name, PAYLOAD)


@pytest.mark.parametrize(("name", "payload"), [("ab", "text"), ("ab", 7), ("ab", None), (7, PAYLOAD), (None, PAYLOAD)])
def test_what_a_damaged_file_may_hold_instead_is_refused(name, payload):
    with pytest.raises(ValueError, match="in place of"):
        opened(name, payload)
