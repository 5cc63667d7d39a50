"""What a command shows: tables and JSON on stdout, one line for what went wrong on stderr."""

from __future__ import annotations

import json
import math
import sys
from typing import TYPE_CHECKING, Any

from experiments.reporting.progress import Shown, say

if TYPE_CHECKING:
    from experiments.reporting.result import Result

__all__ = ["Shown", "as_list", "conclude", "finite", "say", "show_table"]

LEAST_COLUMN = 13  # characters a column, below which words are torn apart


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


def conclude(result: Result, *, as_json: bool) -> None:
    """Print the answer and where the report lies, or the result as JSON."""
    if as_json:
        print(json.dumps(finite({"answer": result.answer, "folder": str(result.folder), **result.data})))
        return
    for line in result.answer:
        print(line)
    if result.folder is not None:
        print(f"\nThe report: {result.folder / 'report.html'}")
