"""The one exception for input that a person can correct."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class BadInput(ValueError):  # noqa: N818  (it names the input, not a failure of the program)
    """Input that cannot be used; its text is one line that says what would be right.

    The command line prints the text and leaves with exit status 2.
    """


class MeasureFailed(BadInput):
    """A measure of one's own raised an error, or gave what is no value; the text names both."""


def must(what: str, rule: str, got: object = "", *, where: object = "") -> str:
    """Return the line that refuses a value, such as "`--threads` must be at least 1 (got 0)".

    Args:
        what: the option or key; words such as "line 3" stand as they are; empty for the whole file.
        rule: what would be right: what stands after "must".
        got: what was found, as the person wrote it; left out if it is empty.
        where: the file in which it stands, if it is in one.
    """
    named = f"`{what}`" if what and not what.startswith("line ") else what
    place = f"{where}: {named}" if str(where) and named else str(where) or named
    return f"{place} must {rule}" + (f" (got {got})" if str(got) else "")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" for the known name closest to `name`, or "" if none is close: it follows what was found."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""
