"""Text of a table: its encoding by its byte order mark, and bounds on its lines before any of them is split."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path

from sim.errors import BadInput, must

MOST_ROWS = 5_000_000
LONGEST_LINE = 1_000_000  # bytes
MOST_SEPARATORS = 10_000  # a line
SEPARATORS = (b",", b"\t", b";", b"|", b" ")
REMEDY = "be UTF-8: in a spreadsheet save as `CSV UTF-8`, else `iconv -f WINDOWS-1252 -t UTF-8`"
INVISIBLE = "\ufeff\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069"
MARKS = (  # longer ones first: UTF-32 begins as UTF-16 does
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def bare(cell: str) -> str:
    """Return a cell without the blanks and invisible marks around it: of byte order, direction and width, as phones and mail leave them."""
    cell = cell.strip()
    if cell.isascii():
        return cell
    while (inner := cell.strip(INVISIBLE).strip()) != cell:
        cell = inner
    return cell


def as_utf8(path: Path, raw: bytes) -> tuple[bytes, str]:
    """Return a text's bytes in UTF-8 without a mark, line ends as newlines, and the encoding that it had.

    Raises:
        BadInput: if the text is not in the encoding that its byte order mark names.
    """
    mark, encoding = next(((m, e) for m, e in MARKS if raw.startswith(m)), (b"", "utf-8"))
    raw = raw[len(mark) :]
    if encoding != "utf-8":
        try:
            raw = raw.decode(encoding).encode()
        except UnicodeError as error:
            raise BadInput(must("", f"be {encoding[:6].upper()} as its byte order mark says", str(error)[:80], where=path)) from None
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return raw, encoding


def check_lines(path: Path, raw: bytes) -> None:
    """Refuse lines that are too many, too long or not text, before any is split.

    Raises:
        BadInput: naming the line.
    """
    stream = io.BytesIO(raw)
    n = 0
    while line := stream.readline(LONGEST_LINE + 1):
        n += 1
        if n > MOST_ROWS:
            raise BadInput(must("", f"have at most {MOST_ROWS:,} lines", "more", where=path))
        if len(line) > LONGEST_LINE:
            raise BadInput(must(f"line {n}", f"have at most {LONGEST_LINE:,} bytes", "more", where=path))
        if len(line) > MOST_SEPARATORS and max(line.count(mark) for mark in SEPARATORS) > MOST_SEPARATORS:
            raise BadInput(must(f"line {n}", f"have at most {MOST_SEPARATORS:,} separators", "more", where=path))
        if b"\0" in line:
            raise BadInput(must(f"line {n}", "be text: UTF-16 needs its byte order mark, or save as UTF-8", "a byte 0", where=path))
        try:
            line.decode()
        except UnicodeDecodeError as error:
            raise BadInput(must(f"line {n}", REMEDY, f"byte {line[error.start]:#04x}", where=path)) from None


def lines(raw: bytes, first: int = 1) -> Iterator[tuple[int, str]]:
    """Yield the lines of checked text with their numbers and line ends, from a line on."""
    for n, line in enumerate(io.BytesIO(raw), 1):
        if n >= first:
            yield n, line.decode()
