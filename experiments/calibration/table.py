"""The table of targets, by kind, for the screen and for its place in ODD.md; and the lines that say what is met."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from experiments.calibration.declared import ASSUMED, WEIGHTS
from experiments.calibration.targets import Target, share_met
from experiments.reporting.run_folder import write_text

ODD = Path(__file__).parent.parent.parent / "sim" / "ODD.md"
START, END = "<!-- calibration -->", "<!-- /calibration -->"
NOT_SEEN = "not seen"
COLUMNS = ["pattern", "wanted", "got", "missed by", "out of", "unit", "source"]


class Table(NamedTuple):
    """Targets of one kind."""

    title: str
    columns: list[str]
    rows: list[list[str]]


def title_of(kind: str) -> str:
    """Return a kind with what it weighs."""
    if kind == ASSUMED:
        return f"{kind.capitalize()}: nobody has measured it, never counted as met"
    weight = WEIGHTS[kind]
    return f"{kind.capitalize()}: {f'weight {weight:g}' if weight else 'told apart'}"


def figure_of(t: Target) -> str:
    """Return what runs gave, with its interval if there is one."""
    if not math.isfinite(t.got):
        return NOT_SEEN
    return f"{t.got:.3f}" + (f" ± {t.half_width:.3f}" if math.isfinite(t.half_width) else "")


def tables_of(found: Mapping[int, Sequence[Target]]) -> list[Table]:
    """Return a table a kind of the targets at each size: with one size all about them, with several a column a size."""
    (first, *others) = found.values()
    by_kind = [[k for k, t in enumerate(first) if t.kind == kind] for kind in WEIGHTS]
    if not others:
        return [Table(title_of(first[at[0]].kind), COLUMNS, [_row(first[k]) for k in at]) for at in by_kind if at]
    columns = ["pattern", "wanted", *(f"{members:,} members" for members in found), "unit", "source"]
    return [Table(title_of(first[at[0]].kind), columns, [_wide_row([of[k] for of in found.values()]) for k in at]) for at in by_kind if at]


def _wanted(t: Target) -> str:
    return f"{t.low:g} to {t.high:g}"


def verdict_of(t: Target) -> str:
    """Return in words whether a target is met, or by how much it is missed, if anything was seen."""
    return "met" if t.met else f"missed by {t.missed_by:.3f}" if math.isfinite(t.missed_by) else NOT_SEEN


def _missed_by(t: Target) -> str:
    return "" if t.met else verdict_of(t).removeprefix("missed by ")


def _row(t: Target) -> list[str]:
    return [t.name, _wanted(t), figure_of(t), _missed_by(t), f"{t.denominator:,.0f}", t.unit, _by(t)]


def _wide_row(sizes: Sequence[Target]) -> list[str]:
    t = sizes[0]
    cells = [figure_of(one) + ("" if one.met or not math.isfinite(one.got) else f", {verdict_of(one)}") for one in sizes]
    return [t.name, _wanted(t), *cells, t.unit, _by(t)]


def _by(t: Target) -> str:
    """Return who says so: the kind stands above the table."""
    return t.source.removeprefix(f"{t.kind}: ")


def line_of(found: Sequence[Target], members: int, design: str, seeds: int) -> str:
    """Return in words what is met at one size."""
    told = [t for t in found if t.weight]
    missed = [t for t in told if not t.met]
    line = (
        f"{len(told) - len(missed)} of {len(told)} empirical targets are met, {100.0 * share_met(found):.0f}% by weight, at {members:,} members "
        f"under {design}, {seeds} seeds."
    )
    if missed:
        line += f" Missed: {'; '.join(_miss(t) for t in missed)}."
    for kind, words in (("vendor", "Vendors' figures"), (ASSUMED, "What is assumed, which counts nowhere")):
        those = [t for t in found if t.kind == kind]
        if those:
            line += f" {words}: {sum(t.met for t in those)} of {len(those)} within bounds."
    return line


def _miss(t: Target) -> str:
    return f"{t.name} by {t.missed_by:.3f}" if math.isfinite(t.missed_by) else f"{t.name}, {NOT_SEEN}"


def data_of(found: Mapping[int, Sequence[Target]]) -> list[dict[str, Any]]:
    """Return all targets at all sizes as plain values; null where a figure is undefined."""
    rows = [
        {"members": members, **t.__dict__, "missed_by": t.missed_by, "met": t.met, "weight": t.weight}
        for members, of in found.items()
        for t in of
    ]
    return [{key: None if isinstance(x, float) and not math.isfinite(x) else x for key, x in row.items()} for row in rows]


def as_markdown(tables: Sequence[Table]) -> str:
    """Return tables as they stand in a document."""
    parts = []
    for table in tables:
        lines = ["| " + " | ".join(row) + " |" for row in (table.columns, *table.rows)]
        lines.insert(1, "|" + "---|" * len(table.columns))
        parts.append(f"{table.title}.\n\n" + "\n".join(lines))
    return "\n\n".join(parts)


def rewrite(path: Path, marks: tuple[str, str], text: str) -> str:
    """Put a text between its markers in a document; return what was done."""
    start, end = marks
    there = path.read_text(encoding="utf-8")
    if start not in there or end not in there:
        return f"{path} has no place for the table ({start} ... {end})."
    head, tail = there[: there.index(start) + len(start)], there[there.index(end) :]
    write_text(path, head + "\n\n" + text + "\n\n" + tail)
    return f"The table in {path} is rewritten."


def is_checkout(path: Path) -> bool:
    """Tell whether a document stands in a checkout, in which it can be brought up to date."""
    return path.exists() and (path.parent.parent / ".git").exists()
