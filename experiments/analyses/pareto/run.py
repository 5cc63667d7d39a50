"""A search over designs and limits: the door, for the command and from Python."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments import defaults
from experiments.analyses.base import Analysis, AnalysisResult, analysis_of
from experiments.analyses.pareto import forecast, report
from experiments.analyses.pareto.analysis import check, search, worlds_of
from experiments.analyses.pareto.design_space import DESIGN_VARIABLES
from experiments.arguments import Place, asked, path_of, spoken
from experiments.inference.conditions import draws_for
from experiments.optional_imports import needs
from experiments.reporting.progress import Shown
from experiments.runs import processes
from experiments.runs.draws import noted, worlds_asked

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.pareto.analysis import Pareto
    from experiments.analyses.time_budget import Budget
    from experiments.reporting.style import Drawing
    from experiments.runs.dask_cluster import Address
    from experiments.runs.draws import Draws
    from experiments.runs.scheduler import Progress
    from experiments.runs.study import Study
    from experiments.runs.watch import Watch
    from sim.scenario.scenario import Scenario


class ParetoResult(AnalysisResult):
    """Settings that trade response against load best, confirmed on pairs that the search had not seen, at the scenario or at draws."""

    found: Pareto

    @property
    def question(self) -> str:
        """Return the question that it answers."""
        return report.QUESTION

    @property
    def answer(self) -> list[str]:
        """Return the most responsive setting, what dominates the shipped designs, and how much was tried."""
        return spoken([*report.answer(self.found), *self.found.analysis.notes])

    @property
    def summary(self) -> pd.DataFrame:
        """Return a row a confirmed setting or shipped design: parameters, both goals with 95% bounds, what dominates it; with draws the share of worlds on whose front it is."""
        return report.settings_table(self.found)

    @property
    def tried(self) -> pd.DataFrame:
        """Return a row a setting that the search tried: parameters and both goals on its pairs (`tried.csv`)."""
        return self.found.tried.copy()

    @property
    def _drawings(self) -> Mapping[str, Drawing]:
        return {"front": report.draw}

    def _report(self, folder: Path) -> None:
        report.write(self.found, folder)


@asked
def pareto(
    scenario: str | Path | Scenario = defaults.SCENARIO,
    *,
    draws: str | Path | None = None,
    worlds: int = defaults.COMPARED_WORLDS,
    budget: float = defaults.PARETO_MINUTES,
    members: int | None = None,
    days: int | None = None,
    warm_up: int | None = None,
    seed: int = defaults.SEED,
    workers: int | None = None,
    dask: str | Address | None = None,
    out: Place = None,
    ledger: str | Path | None = None,
    quiet: bool = False,
) -> ParetoResult:
    """Search designs and limits for response without load, and confirm what is found with new seeds.

    It needs `pip install 'firstcontact[pareto]'`. From a script, call it below `if __name__ == "__main__":`, since each worker
    process imports the script again.

    Args:
        scenario: a shipped name or a TOML file, whose runs are of 1,000 members, 60 + 90 days unless given; or a scenario.
        draws: the draws.csv of `calibrate` or its folder: a setting is judged by its mean over such worlds in place of the scenario, and intervals
            are over worlds. The answer says whether they fit here. What they say of the design is left out, since that is searched.
        worlds: of these draws, how many, the first ones; 3 or more.
        budget: minutes for the runs, at least what an answer needs.
        members: at the start.
        days: after the switch.
        warm_up: days before it.
        seed: 0 to 2**63 - 1.
        workers: processes; all cores unless given.
        dask: the address of a Dask cluster on which runs are made, in place of processes.
        out: a folder for all output files, which a later call continues; True for one below results/, as the command makes.
        ledger: a file in which runs are looked for and left; a temporary one without it and `out`.
        quiet: whether no progress is shown.

    Returns:
        The result: `summary` has a row a setting, `tried` one a setting of the search; `answer`, `plot`, `write`.

    Raises:
        BadInput: with what must be, before anything is run, or if a package is missing.

    Example:
        >>> import firstcontact as fc
        >>> small = fc.load_scenario(members=60, warm_up=5, days=65)
        >>> found = fc.pareto(small, budget=0.02, workers=1, quiet=True)
        >>> {"connect_first", "message_first"} <= set(found.summary.setting)
        True
    """
    watch, sizes = Shown(quiet=quiet), {"members": members, "days": days, "warm_up": warm_up}
    many = processes.workers_of(workers, watch.say)
    it = _question(draws, worlds, scenario=scenario, minutes=budget, seed=seed, workers=many, sizes=sizes)
    return _answered(it, out, path_of("--ledger", ledger), dask=dask, watch=watch)


class _Question(NamedTuple):
    analysis: Analysis
    draws: Draws | None
    worlds: int
    plan: dict[str, Any]


def _answered(it: _Question, out: Place, ledger: Path | None, *, dask: str | Address | None, watch: Watch) -> ParetoResult:
    """Run what is asked, and write it into the folder, if there is one."""

    def work(study: Study, budget: Budget, progress: Progress) -> Pareto:
        return search(it.analysis, budget, runs=study, progress=progress, draws=it.draws, worlds=it.worlds)

    found, made, folder = it.analysis.carry_out(it.plan, out, work, report.write, ledger=ledger, dask=dask, watch=watch)
    return ParetoResult(found, made=made, folder=folder)


def _question(draws: str | Path | None, worlds: int, **asked_for: Any) -> _Question:
    """Return what is asked, checked, and its plan. Arguments and errors as of `pareto` and `analysis_of`."""
    analysis = analysis_of(**asked_for)
    check(analysis)
    needs("pymoo", "pareto")
    drawn = draws_for(draws, analysis.request, varied=[one.path for one in DESIGN_VARIABLES])
    many = 0 if drawn is None else len(worlds_of(drawn, worlds_asked(worlds)))
    plan = analysis.plan("pareto", {"searched": [list(one) for one in DESIGN_VARIABLES], **noted(drawn, many)})
    return _Question(analysis, drawn, many, plan)


def forecast_of(
    scenario: Scenario,
    *,
    draws: str | Path | None,
    worlds: int,
    budget: float,
    seed: int,
    workers: int | None,
    out: Place,
    ledger: Path | None,
    quiet: bool,
) -> dict[str, Any]:
    """Return what `pareto` would take, with lines that say so; nothing is written. Arguments and errors as there."""
    watch = Shown(quiet=quiet)
    many = processes.workers_of(workers, watch.say)
    it = _question(draws, worlds, scenario=scenario, minutes=budget, seed=seed, workers=many, sizes={})
    book = it.analysis.forecast_ledger(it.plan, out, ledger, watch)
    return forecast.forecast(it.analysis, ledger=book, worlds=it.worlds)
