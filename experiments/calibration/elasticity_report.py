"""What elasticities are written as: a table of all for a file, and one of those that count for ODD.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.calibration.declared import ASSUMED

if TYPE_CHECKING:
    import pandas as pd

    from experiments.calibration.elasticities import Elasticity

START, END = "<!-- elasticities -->", "<!-- /elasticities -->"
COLUMNS = ["parameter", "moves, in tolerances a tenth of its range"]
MOST = 4  # targets named beside a parameter
NONE = "no target constrains it"


def as_frame(found: Sequence[Elasticity]) -> pd.DataFrame:
    """Return a row a parameter and target."""
    import pandas as pd

    rows = [(e.move.path, e.target.name, e.target.kind, e.effect, e.error, e.told, e.move.tenths, e.move.source) for e in found]
    columns = ["parameter", "target", "kind", "effect", "error", "told", "tenths", "source"]
    return pd.DataFrame(rows, columns=columns)


def constraining(found: Sequence[Elasticity]) -> dict[str, list[Elasticity]]:
    """Return for each parameter the targets that constrain it, the one that moves most first."""
    by_path: dict[str, list[Elasticity]] = {e.move.path: [] for e in found}
    for e in found:
        if e.constrains:
            by_path[e.move.path].append(e)
    return {path: sorted(those, key=lambda e: -abs(e.effect)) for path, those in by_path.items()}


def rows_of(found: Sequence[Elasticity]) -> list[list[str]]:
    """Return a row a parameter: the targets that it moves most, or that none constrains it."""
    return [
        [path, "; ".join(_told(e) for e in those[:MOST]) + _more(those) if those else NONE] for path, those in constraining(found).items()
    ]


def _told(e: Elasticity) -> str:
    return f"{e.target.pattern} {e.effect:+.2f}"


def _more(those: Sequence[Elasticity]) -> str:
    return f"; and {len(those) - MOST} more" if len(those) > MOST else ""


def line_of(found: Sequence[Elasticity], members: int, seeds: int, failed: int) -> str:
    """Return in words how many parameters are constrained, and which targets none moves."""
    by_path = constraining(found)
    free = sum(not those for those in by_path.values())
    still = sorted({e.target.pattern for e in found if e.target.kind != ASSUMED} - {e.target.pattern for e in found if e.constrains})
    line = (
        f"{len(by_path) - free} of {len(by_path)} parameters move a target, at {members:,} members and {seeds} seeds; "
        f"of the other {free} no target says anything."
    )
    if still:
        line += f" Moved by none: {'; '.join(still)}."
    return line + (f" {failed} runs failed twice, and what hangs on them is left out." if failed else "")


def as_markdown(found: Sequence[Elasticity], line: str) -> str:
    """Return the text of ODD.md: parameters that move a target, a row each, and a list of those that none constrains."""
    rows = [row for row in rows_of(found) if row[1] != NONE]
    table = ["| " + " | ".join(COLUMNS) + " |", "|---|---|", *(f"| `{path}` | {words} |" for path, words in rows)]
    free: dict[str, list[str]] = defaultdict(list)
    for path, those in constraining(found).items():
        if not those:
            head, _, name = path.rpartition(".")
            free[head].append(name)
    lists = [f"- {head}: {', '.join(names)}" for head, names in free.items()]
    return "\n".join([line, "", *table, "", "No target constrains these:", "", *lists])


def data_of(found: Sequence[Elasticity]) -> list[dict[str, Any]]:
    """Return what counts as plain values: a parameter with the targets that constrain it."""
    return [
        {"parameter": path, "moves": [{"target": e.target.name, "effect": e.effect, "error": e.error} for e in those]}
        for path, those in constraining(found).items()
    ]
