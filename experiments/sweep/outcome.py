"""What a sweep gives back: its points, its tables, figures and words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.arguments import spoken
from experiments.reporting import run_folder
from experiments.reporting.result import Result
from experiments.sweep.tables import FAILURES, RUNS, SUMMARY, failures_table, points_table, write_form

if TYPE_CHECKING:
    import pandas as pd

    from experiments.reporting.style import Drawing
    from experiments.sweep.tables import Swept
    from sim.scenario.scenario import Scenario


def read_runs(folder: Path) -> pd.DataFrame:
    """Return the runs that lie in the folder of a sweep, to the last digit."""
    return run_folder.read_table((folder / RUNS).read_bytes())


@dataclass(frozen=True, eq=False, repr=False)
class SweepResult(Result):
    """Arms against a reference at many points of the parameter space."""

    found: Swept
    _: KW_ONLY
    kept: pd.DataFrame | None = None  # the runs, where no folder has them

    @property
    def scenario(self) -> Scenario:
        """Return the scenario that the points depart from."""
        return self.found.sweep.scenario

    @cached_property
    def _views(self) -> Any:
        from experiments.sweep.report import views

        return views(self.found)

    @property
    def question(self) -> str:
        """Return the question that it answers."""
        from experiments.sweep.report import question

        return question(self.found)

    @property
    def answer(self) -> list[str]:
        """Return at how many points each arm wins, how far the difference ranges, and with what it goes."""
        from experiments.sweep.report import answer, notes_of

        return spoken([*answer(self._views), *notes_of(self.found)])

    @property
    def points(self) -> pd.DataFrame:
        """Return a row a point: its number and the value of each parameter that is varied (`points.csv`)."""
        return points_table(self.found.points, self.found.sweep.varied)

    @property
    def summary(self) -> pd.DataFrame:
        """Return a row a point, arm and measure: means, difference, 95% confidence interval, verdict (`summary.csv`)."""
        return self.found.summary.copy()

    @property
    def runs(self) -> pd.DataFrame:
        """Return a row a run and measure: point, pair, seeds, arm, numerator, denominator, value (`runs.csv`)."""
        if self.kept is not None:
            return self.kept.copy()
        assert self.folder is not None  # noqa: S101  (one of both has them)
        return read_runs(self.folder)

    @property
    def failed(self) -> dict[tuple[int, int, str], str]:
        """Return the error of each run that failed twice, by (point, pair, arm)."""
        return dict(self.found.failed)

    @property
    def data(self) -> dict[str, Any]:
        """Return how large it is as plain values, as `--json` prints it, and what the draws may be called, if there are some."""
        s = self.found.sweep
        told = {"points": len(self.found.points), "pairs": s.pairs, "failed": len(self.found.failed)}
        return told | ({} if s.draws is None else {"draws": s.draws.called.data})

    @property
    def _drawings(self) -> Mapping[str, Drawing]:
        from experiments.sweep.report import drawings

        return drawings(self._views)

    def _put(self, folder: Path) -> None:
        from experiments.sweep.report import write_report

        self._put_tables(folder)
        write_report(self.found, folder)
        self._conclude(folder)

    def write_tables(self, folder: Path) -> Path:
        """Write the files of a finished sweep but for figures and page, which take longer, into an empty folder; return it."""
        run_folder.write_text(folder / run_folder.PLAN, json.dumps(dict(self.made.plan)) + "\n")
        self._put_tables(folder)
        self._conclude(folder)
        return folder

    def _put_tables(self, folder: Path) -> None:
        write_form(self.found.sweep, folder)
        run_folder.write_table(folder / RUNS, self.runs)
        run_folder.write_table(folder / SUMMARY, self.summary)
        if self.failed:
            run_folder.write_table(folder / FAILURES, failures_table(self.failed))

    def _conclude(self, folder: Path) -> None:
        s = self.found.sweep
        facts = self._provenance(points=len(self.found.points), pairs=s.pairs)
        run_folder.write_provenance(folder, s.seed, self.made.started, facts, scenario=s.scenario)
