"""Progress of long work: nothing is shown, unless the caller gives a `Watch` that shows it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class Advance(Protocol):
    """Is told how far work is."""

    def __call__(self, done: int, wanted: int, told: str = "", /) -> None:
        """Take how much is done of what is wanted, and a few words on it."""


class Watch:
    """Shows nothing. The command line has one that shows progress on stderr."""

    def counted(self, title: str) -> AbstractContextManager[Advance]:  # noqa: ARG002  (for those who show it)
        """Give a function that is called with (done, wanted), and perhaps a few words."""
        return nullcontext(lambda _done, _wanted, _told="": None)

    def working(self, title: str) -> AbstractContextManager[Callable[[str], None]]:  # noqa: ARG002  (as above)
        """Give a function that is called with what is being done, where its length is unknown."""
        return nullcontext(lambda _line: None)

    def say(self, line: str) -> None:
        """Take a line that must be read, such as a warning."""


SILENT = Watch()


def compile_kernels(watch: Watch) -> None:
    """Compile the model before workers start, so that they find it in the cache."""
    from sim.simulation import warm_kernels

    with watch.working("compiling the model (once for each version)") as line:
        warm_kernels(line)
