"""Names of members: any text is one; and the words by which tables say that nothing is known."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from sim.errors import BadInput

LONGEST_LABEL = 200
MISSING = ("", "nan", "na", "n/a", "<na>", "nat", "none", "null")  # in attribute cells alone; "Nan" is also what people are called
UNPRINTABLE = ("Cc", "Cs", "Cn", "Co", "Zl", "Zp")  # Unicode categories: control, surrogates, unassigned, private, line ends
WHOLE = re.compile(r"-?[0-9]+")


def label(where: object, place: str, text: str) -> str:
    """Return a member's name as it stands.

    Raises:
        BadInput: if it is empty, longer than LONGEST_LABEL or not printable; names the place, such as "line 3".
    """
    if not text or len(text) > LONGEST_LABEL or not (text.isprintable() or all(unicodedata.category(c) not in UNPRINTABLE for c in text)):
        raise BadInput(f"{where}: {place} must have a printable member name of 1 to {LONGEST_LABEL} characters")
    return text


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
