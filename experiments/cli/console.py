"""What a command shows while it works: progress with time left on stderr, one line for what went wrong."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from experiments.runs.watch import Advance, Watch

LEAST_COLUMN = 13  # characters a column, below which words are torn apart


@contextmanager
def progress(title: str, *, quiet: bool) -> Iterator[Advance]:
    """Give a function that is called with (done, wanted)."""
    if quiet:
        yield lambda _done, _wanted: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None)

        def advance(done: int, wanted: int) -> None:
            bar.update(task, completed=done, total=wanted)

        yield advance


@contextmanager
def working(title: str, *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show that something runs whose length is not known; the function given changes the line."""
    if quiet:
        yield lambda _line: None
        return
    from rich.console import Console

    with Console(stderr=True).status(title) as status:
        yield lambda line: status.update(f"{title}: {line}")


class Shown(Watch):
    """Shows on stderr how far a command is."""

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
    """Write a line to stderr."""
    if not quiet:
        print(line, file=sys.stderr)


def show_table(title: str, columns: list[str], rows: list[list[Any]]) -> None:
    """Print a table to stdout."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 140)
    if console.width < LEAST_COLUMN * len(columns):
        print(as_list(title, columns, rows))
        return
    table = Table(title=title, title_justify="left", show_edge=False)
    for k, column in enumerate(columns):
        table.add_column(column, justify="left" if k == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    console.print(table)


def as_list(title: str, columns: list[str], rows: list[list[Any]]) -> str:
    """Return a table as text for a narrow terminal: a paragraph a row, a line a cell."""
    parts = [title]
    for row in rows:
        lines = [f"  {name}: {cell}" for name, cell in zip(columns[1:], row[1:], strict=True) if str(cell) != ""]
        parts.append("\n".join([str(row[0]), *lines]))
    return "\n\n".join(parts)


def finite(data: Any) -> Any:
    """Return data as JSON knows it: null where a number is undefined or unbounded."""
    if isinstance(data, dict):
        return {key: finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


def conclude(answer: list[str], report: Path, data: dict[str, Any] | None) -> None:
    """Print the answer and where the report lies, or, given, the result as JSON."""
    if data is not None:
        print(json.dumps(finite({"answer": answer, **data})))
        return
    for line in answer:
        print(line)
    print(f"\nThe report: {report}")
