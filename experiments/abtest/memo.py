"""What was found once and is asked for many times, kept by what was asked.

The standard library's caches are kept by the arguments of a function; here they are arrays and functions, and what was found under
one division into arms means nothing under the next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Memo:
    """Keeps what was found under one state of things, and forgets it under another."""

    def __init__(self) -> None:
        self._under: object = None
        self._found: dict[tuple[object, ...], object] = {}

    def once(self, find: Callable[[], T], *key: object, under: object = None) -> T:
        """Return what `find` finds, which is asked the first time alone.

        Args:
            find: what to ask.
            key: what was asked, hashable: a kind of question and its arguments; each kind has answers of one type.
            under: what all answers hang on besides; once it is another object, they are forgotten.
        """
        if under is not self._under:
            self._found.clear()
            self._under = under
        if key not in self._found:
            self._found[key] = find()
        return self._found[key]  # type: ignore[return-value]  # each kind of question has its own type of answer
