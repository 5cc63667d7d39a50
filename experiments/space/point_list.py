"""Lists of points: a CSV whose columns are parameters of a scenario, a row a point."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.space.samplers import Axis
from sim.errors import nearest
from sim.scenario.validation import Problems, shown

if TYPE_CHECKING:
    from experiments.space.factors import Factor

POINT = "point"  # a column of this name numbers the rows and is left out
LARGEST_LIST = 100_000_000  # bytes
MOST_SHOWN = 20  # wrong cells that are named
Listed = tuple[tuple[Axis, ...], tuple[tuple[float, ...], ...]]


def read_points(path: Path, known: Mapping[str, Factor], notes: Problems) -> Listed:
    """Return the axes, from the least to the largest value listed, and the points of a CSV; note what is wrong with it."""
    inside = notes.of(path)
    rows = _rows(path, inside)
    if not rows:
        return (), ()
    head = [name.strip() for name in rows[0]]
    columns = [k for k, name in enumerate(head) if name != POINT]
    for name in (head[k] for k in columns):
        if name not in known:
            inside.add(
                "line 1",
                f"an unknown column {shown(name)}{nearest(name, known)}",
                "names of parameters such as reply.base or design.friction",
            )
        elif head.count(name) > 1:
            inside.add("line 1", f"the column {shown(name)} twice", "names that differ")
    if not columns or len(rows) < 2:
        inside.add("", "no points", "a line with the parameters' names, then a line for each point")
    if inside.lines:
        return (), ()
    points = tuple(_point(n, row, head=head, columns=columns, known=known, notes=inside) for n, row in enumerate(rows[1:], 2))
    if inside.lines:
        del inside.lines[MOST_SHOWN:]
        return (), ()
    factors = [known[head[k]] for k in columns]
    spans = [[point[k] for point in points] for k in range(len(columns))]
    axes = tuple(Axis(factor.path, min(span), max(span), factor.whole) for factor, span in zip(factors, spans, strict=True))
    return axes, points


def _rows(path: Path, notes: Problems) -> list[list[str]]:
    right = "a readable CSV in UTF-8"
    try:
        if not path.is_file():
            notes.add("", "no such file", right)
        elif path.stat().st_size > LARGEST_LIST:
            notes.add("", f"{path.stat().st_size} bytes", f"at most {LARGEST_LIST} bytes")
        else:
            rows = [row for row in csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")) if row]
            if not rows:
                notes.add("", "an empty file", "a line with the parameters' names, then a line for each point")
            return rows
    except (OSError, ValueError, csv.Error) as error:
        notes.add("", "a file that cannot be read" if isinstance(error, OSError) else "no CSV", right)
    return []


def _point(n: int, row: list[str], head: list[str], columns: list[int], known: Mapping[str, Factor], notes: Problems) -> tuple[float, ...]:
    if len(row) != len(head):
        notes.add(f"line {n}", f"{len(row)} cells", f"of {len(head)} cells, as the first line is")
        return ()
    return tuple(_number(n, row[k], known[head[k]], notes) for k in columns)


def _number(n: int, cell: str, factor: Factor, notes: Problems) -> float:
    try:
        x = float(cell)
    except ValueError:
        x = math.nan
    if factor.low <= x <= factor.high and (not factor.whole or x == round(x)):
        return round(x) if factor.whole else x
    whole = "a whole number" if factor.whole else "a number"
    notes.add(f"line {n}, {factor.path}", shown(cell), f"{whole} from {factor.low:g} to {factor.high:.10g} ({factor.unit})")
    return math.nan
