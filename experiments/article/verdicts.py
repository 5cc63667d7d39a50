"""From runs to verdicts: an interval for every reading, words for every statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.article.contrasts import Arm, Contrast, Figure
from experiments.article.statement import Statement
from experiments.methods import paired
from experiments.runs.record import Cell

if TYPE_CHECKING:
    import pandas as pd

BORNE_OUT, CONTRADICTED, DEPENDS = "borne out", "contradicted", "depends on the design"
NO_DIFFERENCE, NOT_DECIDED, ASSUMED, NOT_TESTED = paired.NO_DIFFERENCE, paired.NOT_DECIDED, "assumed", "not tested"
VERDICTS = (BORNE_OUT, DEPENDS, NO_DIFFERENCE, CONTRADICTED, NOT_DECIDED, ASSUMED, NOT_TESTED)
COLUMNS = [
    "heading",
    "number",
    "claim",
    "reading",
    "primary",
    "design",
    "measure",
    "difference",
    "ci_low",
    "ci_high",
    "pairs",
    "verdict",
    "mechanism",
]
Figures = Mapping[Arm, Sequence[Mapping[Figure, Cell]]]


class Reading(NamedTuple):
    """A contrast with what was seen."""

    contrast: Contrast
    difference: paired.Interval
    mean: float  # of the arm that follows
    mean_without: float
    pairs: int
    verdict: str


class Finding(NamedTuple):
    """A statement with all its readings, the primaries first, and the verdict on it."""

    statement: Statement
    readings: list[Reading]
    verdict: str

    @property
    def primaries(self) -> list[Reading]:
        """Return the primary reading under each design."""
        return [reading for reading in self.readings if reading.contrast.primary]


def findings(statements: Iterable[Statement], contrasts: Sequence[Contrast], figures: Figures, primaries: int) -> list[Finding]:
    """Return a finding for each statement.

    Args:
        statements: those asked for.
        contrasts: of all that are tested among them.
        figures: of each arm, by pair.
        primaries: primary contrasts of all statements: their intervals hold together, by Bonferroni's bound, so that a
            statement has the same interval whether it is run alone or with all others.
    """
    seen: dict[str, list[Reading]] = {}
    for contrast in contrasts:
        seen.setdefault(contrast.statement.name, []).append(read(contrast, figures, primaries))
    out = []
    for statement in statements:
        readings = sorted(seen.get(statement.name, []), key=lambda r: not r.contrast.primary)
        words = ASSUMED if statement.assumed else NOT_TESTED
        out.append(Finding(statement, readings, verdict_on(readings) if readings else words))
    return out


def read(contrast: Contrast, figures: Figures, primaries: int) -> Reading:
    """Return what a contrast shows."""
    y1, y0 = _sides(contrast, figures)
    there = np.isfinite(y1) & np.isfinite(y0)
    y1, y0 = y1[there], y0[there]
    level = 1.0 - (1.0 - paired.LEVEL) / (primaries if contrast.primary else 1)
    interval = paired.paired_difference(y1, y0, level)
    mean1, mean0 = (float(np.mean(y)) if len(y) else float("nan") for y in (y1, y0))
    return Reading(contrast, interval, mean=mean1, mean_without=mean0, pairs=len(y1), verdict=verdict_of(interval, contrast.statement))


def _sides(contrast: Contrast, figures: Figures) -> tuple[np.ndarray, np.ndarray]:
    """Return the figure of both arms over pairs, nan where it is undefined."""
    with_, without = (_values(figures[arm], contrast.figure) for arm in (contrast.with_, contrast.without))
    return with_, without


def effects_of(contrast: Contrast, figures: Figures) -> np.ndarray:
    """Return the difference of a contrast in each pair, nan where it is undefined."""
    y1, y0 = _sides(contrast, figures)
    found: np.ndarray = y1 - y0
    return found


def _values(records: Sequence[Mapping[Figure, Cell]], key: Figure) -> np.ndarray:
    return np.array([np.nan if record[key][2] is None else record[key][2] for record in records], float)


def verdict_of(interval: paired.Interval, statement: Statement) -> str:
    """Return the verdict on a reading in words."""
    found = paired.verdict(interval, statement.smallest, f"{statement.direction} better")
    return {paired.BETTER: BORNE_OUT, paired.WORSE: CONTRADICTED}.get(found, found)


def verdict_on(readings: Sequence[Reading]) -> str:
    """Return the verdict on a statement from its primary readings: one a design, or one between them."""
    words = {reading.verdict for reading in readings if reading.contrast.primary}
    if len(words) == 1:
        return words.pop()
    if {BORNE_OUT, CONTRADICTED} <= words:
        return DEPENDS
    return NOT_DECIDED if NOT_DECIDED in words else DEPENDS


def table(found: Iterable[Finding]) -> pd.DataFrame:
    """Return a row a reading and design; statements without a test have one row."""
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    for finding in found:
        p = finding.statement
        mechanism = "; ".join(p.mechanism)
        for r in finding.readings:
            c = r.contrast
            rows.append(
                (
                    p.heading,
                    p.number,
                    p.claim,
                    c.reading,
                    "yes" if c.primary else "no",
                    c.design,
                    p.measure,
                    *r.difference,
                    r.pairs,
                    r.verdict,
                    mechanism,
                )
            )
        if not finding.readings:
            rows.append((p.heading, p.number, p.claim, None, None, None, None, None, None, None, None, finding.verdict, mechanism))
    return pd.DataFrame(rows, columns=COLUMNS)


def identical(contrast: Contrast, figures: Figures) -> bool:
    """Tell whether both sides of a contrast have the same figures to the bit."""
    return list(figures[contrast.with_]) == list(figures[contrast.without])
