"""The one exception for input that a person can correct."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class BadInput(ValueError):  # noqa: N818  (it names the input, not a failure of the program)
    """Input that cannot be used; its text is one line that says what would be right.

    The command line prints the text and leaves with exit status 2.
    """


def nearest(name: str, known: Iterable[str]) -> str:
    """Return " (did you mean 'x'?)" for the known name closest to `name`, or "" if none is close."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" (did you mean {close[0]!r}?)" if close else ""
