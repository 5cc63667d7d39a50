"""What a comparison gives back: its tables, figures and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.arguments import spoken
from experiments.comparison.split import in_place, role_of
from experiments.comparison.standing import range_of
from experiments.reporting.result import Result
from experiments.reporting.text import change, figure, named, places_of
from sim.results.measures import CONTEXT

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.result import Comparison
    from experiments.reporting.style import Drawing
    from sim.scenario.scenario import Scenario


class ComparisonResult(Result):
    """Arms against a reference, with common random numbers and 95% confidence intervals.

    Shares are from 0 to 1; the columns `unit` say what other figures count.
    """

    found: Comparison

    @property
    def scenario(self) -> Scenario:
        """Return the scenario that all arms share."""
        return self.found.scenario

    @property
    def arms(self) -> list[str]:
        """Return the names of the arms, the reference first."""
        return list(self.found.arms)

    @property
    def pairs(self) -> int:
        """Return how many pairs were run."""
        return self.found.pairs

    @property
    def question(self) -> str:
        """Return the question that it answers."""
        return self.found.question

    @property
    def answer(self) -> list[str]:
        """Return the answer: for each arm the primary measure, then the co-primary one, then what is better, worse, no different and open; what is assumed where that was asked for, what no design touches, and what the intervals do not cover."""
        return spoken(
            [
                *self.found.first_answer,
                *self.found.explain_answer,
                *self.found.suggestions_answer,
                *self.found.populations_answer,
                *self.found.notes,
            ]
        )

    @property
    def summary(self) -> pd.DataFrame:
        """Return a row an arm and measure: means, difference, ratio, 95% confidence intervals, verdict (`summary.csv`)."""
        return self.found.summary.copy()

    @property
    def runs(self) -> pd.DataFrame:
        """Return a row a run and measure: pair, seeds, arm, numerator, denominator, value (`runs.csv`)."""
        return self.found.runs.copy()

    @property
    def levels(self) -> pd.DataFrame:
        """Return the summary within each style, purpose, distance and kind of recipient (`by_style.csv`)."""
        return self.found.levels.copy()

    @property
    def daily(self) -> pd.DataFrame:
        """Return means with confidence bands by arm, day and measure (`daily.csv`)."""
        return self.found.daily.copy()

    @property
    def explain(self) -> pd.DataFrame | None:
        """Return how much of each difference each assumption adds (`explain.csv`); None unless it was asked for."""
        return None if self.found.explain is None else self.found.explain.copy()

    @property
    def worlds(self) -> pd.DataFrame | None:
        """Return the differences at each draw that was given, with its numbers (`worlds.csv`); None without draws."""
        return None if self.found.worlds is None else self.found.worlds.copy()

    @property
    def data(self) -> dict[str, Any]:
        """Return answer, pairs and summary as plain values, as `--json` prints them."""
        from experiments.reporting.run_folder import as_json

        return {"answer": self.found.first_answer, "pairs": self.pairs, "summary": as_json(self.summary)}

    @property
    def _drawings(self) -> Mapping[str, Drawing]:
        from experiments.comparison.figures import DRAWINGS

        return DRAWINGS

    def _put(self, folder: Path) -> None:
        from experiments.comparison.report import write_comparison

        write_comparison(self.found, folder, self.made.started, seconds=self.made.seconds)

    def _first_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        several = len(self.arms) > 2
        columns, rows = goals(self.found, self.arms[1])
        if not several:
            return columns, rows
        tables = [(arm, goals(self.found, arm)[1]) for arm in self.arms[1:]]
        return ["arm", *columns], [[named(arm), *row] for arm, part in tables for row in part]


def goals(c: Comparison, arm: str) -> tuple[list[str], list[list[str]]]:
    """Return columns and rows of an arm's goals and guardrails, the primary measure first, written as they are to be read."""
    columns = ["measure", "role", "treatment", "control", "difference (95% confidence interval)", "verdict"]
    columns += [c.worlds_range, "it is"] if c.worlds_range else []
    rows = c.summary[(c.summary.role != CONTEXT) & (c.summary.arm == arm)]
    cells = [
        [
            c.catalogue[r.measure].title,
            role_of(r.measure, r.role),
            figure(r["mean"], r.unit, places_of(r)),
            figure(r.mean_reference, r.unit, places_of(r)),
            change(r, of=""),
            r.verdict,
            *([range_of(r), c.worlds_stands.get((arm, r.measure), "")] if c.worlds_range else []),
        ]
        for _, r in in_place(rows).iterrows()
    ]
    return columns, cells
