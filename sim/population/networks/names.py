"""Names of members: any text is one; and the words by which tables say that nothing is known."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from sim.errors import BadInput, must

LONGEST_LABEL = 200
MISSING = ("", "nan", "na", "n/a", "<na>", "nat", "none", "null")  # in attribute cells alone; "Nan" is also what people are called
UNPRINTABLE = ("Cc", "Cs", "Cn", "Co", "Zl", "Zp")  # Unicode categories: control, surrogates, unassigned, private, line ends
NUMBER_FORM = re.compile(r"[+-]?[0-9]+([.,][0-9]*)?([eE][+-]?[0-9]{1,2})?")
ADDRESS = re.compile(r"[^<>@]*<(?:mailto:)?([^<>@\s]+@[^<>@\s]+)>|(?:mailto:)?([^<>@\s]+@[^<>@\s]+\.[^<>@\s]+)")
WHOLE = re.compile(r"-?[0-9]+")


def label(where: object, place: str, text: str) -> str:
    """Return a member's name as it stands.

    Raises:
        BadInput: if it is empty, longer than LONGEST_LABEL or not printable; names the place, such as "line 3".
    """
    if not text or len(text) > LONGEST_LABEL or not (text.isprintable() or all(unicodedata.category(c) not in UNPRINTABLE for c in text)):
        raise BadInput(f"{where}: {place} must have a printable member name of 1 to {LONGEST_LABEL} characters")
    return text


def twins(where: object, labels: Iterable[str]) -> list[str]:
    """Return a note on names that may be one member's, since they differ in case, blanks or form alone; none if there are none.

    Raises:
        BadInput: for a number or an address in two forms, as 1 and 1.0, or `ada@x.org` and `Ada <ada@x.org>`: two columns of one table
            would have no member in common.
    """
    first: dict[str, str] = {}
    found: list[tuple[str, str]] = []
    for text in sorted(labels):
        key = _form(text)
        other = first.setdefault(key, text)
        if other == text:
            continue
        if "@" in key or (not (WHOLE.fullmatch(text) and WHOLE.fullmatch(other)) and NUMBER_FORM.fullmatch(text)):
            raise BadInput(must("", "write each member in one way", f"{other[:60]!r} and {text[:60]!r}", where=where))
        found.append((other, text))
    if not found:
        return []
    one, other = found[0]
    more = f" and {len(found) - 1:,} more" if len(found) > 1 else ""
    return [f"names that differ in case, blanks, zeros or form alone are members of their own: {one!r} and {other!r}{more}"]


def _form(text: str) -> str:
    """Return what names have in common that are likely one member's."""
    if NUMBER_FORM.fullmatch(text):
        return format(float(text.replace(",", ".")), ".17g") if not WHOLE.fullmatch(text) else str(int(text[:LONGEST_LABEL]))
    if "@" in text and (address := ADDRESS.fullmatch(text)):  # whoever writes it, and in which case
        return (address[1] or address[2]).casefold()
    return " ".join(text.split()).casefold() if text.isascii() else " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def in_order(labels: Iterable[str]) -> list[str]:
    """Return names sorted as numbers if all are whole numbers, of any length and sign, else as text."""
    labels = list(labels)
    if all(WHOLE.fullmatch(text) for text in labels):
        return sorted(labels, key=lambda text: (int(text), text))
    return sorted(labels)


def is_missing(value: Any) -> bool:
    """Tell whether an attribute says nothing: None, a float or pandas NaN, or a word for it."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    return str(value).strip().casefold() in MISSING  # pandas.NA and NaT say so as text
