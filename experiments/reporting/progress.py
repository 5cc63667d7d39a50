"""How far long work is: a bar with the time left on stderr, or in a notebook a line below the cell."""

from __future__ import annotations

import importlib
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from experiments.runs.watch import Advance, Watch

WIDE = 120  # columns of a terminal from which there is room for words beside the bar
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # all but tabs and ends of lines; bytes of a name that are no text
MOMENT = 0.5  # seconds between two looks of a line in a notebook


@contextmanager
def progress(title: str, *, quiet: bool) -> Iterator[Advance]:
    """Give a function that is called with (done, wanted), and perhaps a few words."""
    if quiet:
        yield lambda _done, _wanted, _told="": None
        return
    if in_notebook():
        with _line(title) as write:
            started = time.monotonic()

            def tell(done: int, wanted: int, told: str = "", /) -> None:
                left = _left(time.monotonic() - started, done, wanted)
                write(f"{done} of {wanted}{left}{'; ' if told else ''}{told}", done in (0, wanted))

            yield tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns: tuple[ProgressColumn, ...] = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    if console.width >= WIDE:
        columns = (*columns, TextColumn("{task.fields[told]}"))
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(title, total=None, told="")

        def advance(done: int, wanted: int, told: str = "", /) -> None:
            bar.update(task, completed=done, total=wanted, told=told)

        yield advance


@contextmanager
def working(title: str, *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show that something runs whose length is not known; the function given changes the line."""
    if quiet:
        yield lambda _line: None
        return
    if in_notebook():
        with _line(title) as write:
            yield lambda text: write(text, False)
        return
    from rich.console import Console

    with Console(stderr=True).status(title) as status:
        yield lambda line: status.update(f"{title}: {line}")


def in_notebook() -> bool:
    """Tell whether this runs in the kernel of a notebook: rich needs another package to draw there, and warns without it."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return getattr(shell, "kernel", None) is not None


@contextmanager
def _line(title: str) -> Iterator[Callable[[str, bool], None]]:
    """Show a line below the cell; the function given changes it, not too often unless it must."""
    display: Any = importlib.import_module("IPython.display").display  # it is there, and nowhere else is it needed
    shown = display({"text/plain": title}, raw=True, display_id=True)
    last = 0.0

    def write(text: str, must: bool) -> None:  # noqa: FBT001  (called by place, below its definition alone)
        nonlocal last
        if must or time.monotonic() - last >= MOMENT:
            last = time.monotonic()
            shown.update({"text/plain": f"{title}: {text}"}, raw=True)

    yield write


def _left(passed: float, done: int, wanted: int) -> str:
    """Return the time that went by, or that is left, as words behind a count."""
    if done >= wanted:
        return f" in {passed:.0f} s"
    return f", about {passed / done * (wanted - done):.0f} s left" if done else ""


class Shown(Watch):
    """Shows how far a command, or a call from Python, is."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet

    def counted(self, title: str) -> AbstractContextManager[Advance]:
        """Show a bar, and how much time is left."""
        return progress(title, quiet=self.quiet)

    def working(self, title: str) -> AbstractContextManager[Callable[[str], None]]:
        """Show that something runs."""
        return working(title, quiet=self.quiet)

    def say(self, line: str) -> None:
        """Write a line that must be read, also where it is to be quiet."""
        say(line)


def say(line: str, *, quiet: bool = False) -> None:
    """Write a line to stderr; what would move the cursor or colour the terminal, as a file's name can, as an escape."""
    if not quiet:
        sys.stderr.write(f"{CONTROLS.sub(lambda found: ascii(found[0])[1:-1], line)}\n")
