"""Reading TOML files, the paths by which one file names another, and what tells the content of two files apart."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import tomllib
from pathlib import Path
from typing import Any

from sim.errors import BadInput, must
from sim.scenario.validation import Problems

MOST_DOTS = 60  # a line, outside of texts and numbers: time and room for a dotted key grow with the square of its parts
MOST_DOTS_IN_ALL = 1000  # likewise, with those in texts: a line may begin inside one
# A number's or a time's point, where a value begins: dots between figures alone may be those of a key, as in 1.1.1 = 0.
NUMBERS = re.compile(r"[=\[,]\s*[-+]?\d[\d_:T +-]*\.\d")
TEXTS = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|#.*")
LARGEST_FILE = 256 * 1024  # bytes: a complete scenario has about 30,000, and a parser must not hang


def is_path(reference: str) -> bool:
    """Tell whether a reference means a file rather than a name."""
    return reference.endswith(".toml") or "/" in reference or os.sep in reference


def find_path(reference: str, folder: Path) -> Path:
    """Return the file that is meant: beside the file that names it, or else in the current folder; beside it if there is none."""
    beside, here = folder / reference, Path(reference)
    try:
        return (here if here.exists() and not beside.exists() else beside).absolute()
    except (OSError, ValueError):
        return Path(reference)


def read_text(path: Path | str) -> str:
    """Return the text of a small UTF-8 file.

    Raises:
        BadInput: if it cannot be read; says why.
    """
    right = "a readable TOML file in UTF-8"
    problems = Problems(str(path))
    try:
        file = Path(path)
        if not file.exists():
            problems.add("", "no such file", right)
        elif file.is_dir():
            problems.add("", "a folder", right)
        elif not file.is_file():  # a pipe or a device could keep us waiting for ever
            problems.add("", "no regular file", right)
        elif file.stat().st_size > LARGEST_FILE:
            problems.add("", f"{file.stat().st_size} bytes", f"at most {LARGEST_FILE} bytes")
        else:
            return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.add(f"line {line}", "bytes that are not UTF-8", right)
    except (OSError, ValueError) as error:
        problems.add("", getattr(error, "strerror", None) or "a path that cannot be", right)
    problems.raise_if_any()
    raise AssertionError


def read_toml(path: Path | str) -> dict[str, Any]:
    """Return what a TOML file says.

    Raises:
        BadInput: if it cannot be read or is not TOML; says the line.
    """
    problems = Problems(str(path))
    text = read_text(path)
    long = next((n for n, line in enumerate(text.split("\n"), 1) if line.count(".") > MOST_DOTS and _has_long_key(line)), None)
    if long is not None:
        problems.add(f"line {long}", "more", f"a line of at most {MOST_DOTS} dots in its keys")
        problems.raise_if_any()
    try:
        return tomllib.loads(text)
    except RecursionError:
        problems.add("", "values nested too deeply", "TOML with tables of numbers")
    except ValueError as error:  # not TOML, or a number of more digits than Python converts
        words = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", str(error), re.DOTALL)
        what = words[1] if words else "a number that is too long"
        line = int(words[2]) if words and words[2] else text.count("\n") + 1
        problems.add(f"line {line}" if words else "", f"no TOML: {what}", "`key = value` or [table]")
    problems.raise_if_any()
    raise AssertionError


def _has_long_key(line: str) -> bool:
    """Tell whether a line may hold a dotted key of very many parts; what looks like a text may be one, if not of too many dots."""
    bare = NUMBERS.sub("", line)
    return bare.count(".") > MOST_DOTS_IN_ALL or TEXTS.sub("", bare).count(".") > MOST_DOTS


def description(path: Path) -> str:
    """Return the comment lines at a file's beginning, without their signs."""
    lines = []
    for line in read_text(path).splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return "\n".join(lines)


def digest(path: str) -> str:
    """Return a hash of a network file's content.

    Raises:
        BadInput: if it cannot be read.
    """
    try:
        state = Path(path).stat()
        return _digest_of(path, state.st_mtime_ns, state.st_size)
    except (OSError, ValueError) as error:
        raise BadInput(must("", "be a network file that can be read", where=path)) from error


@functools.lru_cache(maxsize=8)
def _digest_of(path: str, changed: int, size: int) -> str:  # noqa: ARG001  (they say when to read again)
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
