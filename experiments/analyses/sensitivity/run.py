"""Sensitivity to assumptions: the door, for the command and from Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments import defaults
from experiments.analyses.base import Analysis, AnalysisResult, analysis_of
from experiments.analyses.sensitivity import forecast, report
from experiments.analyses.sensitivity.analysis import SOBOL, analyse, check_method, factors_of
from experiments.arguments import Place, asked, path_of, spoken
from experiments.inference.conditions import draws_for
from experiments.optional_imports import needs
from experiments.reporting.progress import Shown
from experiments.runs.draws import draws_asked, noted
from experiments.runs.processes import workers_of
from experiments.runs.study import COMMON, NEW
from sim.errors import BadInput, must

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.sensitivity.analysis import Sensitivity
    from experiments.analyses.time_budget import Budget
    from experiments.reporting.style import Drawing
    from experiments.runs.dask_cluster import Address
    from experiments.runs.draws import Draws
    from experiments.runs.scheduler import Progress
    from experiments.runs.study import Study
    from experiments.runs.watch import Watch
    from experiments.space.factors import Factor
    from sim.results.measures import Catalogue, Measure
    from sim.scenario.presets import Design
    from sim.scenario.scenario import Scenario


class SensitivityResult(AnalysisResult):
    """The assumptions to which the difference between two arms is most sensitive."""

    found: Sensitivity

    @property
    def question(self) -> str:
        """Return the question that it answers."""
        return report.question(self.found)

    @property
    def answer(self) -> list[str]:
        """Return the parameters that matter most, how far each moves the difference, and where its value comes from."""
        return spoken([*report.answer(self.found), *report.prior(self.found), *self.found.analysis.notes])

    @property
    def summary(self) -> pd.DataFrame:
        """Return a row an output ("difference", "level") and parameter: effects or indices with bounds, range, unit, source."""
        return report.with_sources(self.found)

    @property
    def top(self) -> list[str]:
        """Return the paths of the five parameters that matter most, or those fewer that are distinguishable from noise."""
        return [one.path for one in self.found.top] if self.found.trusted else []

    @property
    def _drawings(self) -> Mapping[str, Drawing]:
        return {"sensitivity": report.draw}

    def _report(self, folder: Path) -> None:
        report.write(self.found, folder)


@asked
def sensitivity(
    scenario: str | Path | Scenario = defaults.SCENARIO,
    arms: Sequence[str | Path | Design] | Mapping[str, str | Path | Design] = defaults.ARMS,
    *,
    method: str = defaults.METHOD,
    parameters: Sequence[str] | None = None,
    draws: str | Path | None = None,
    measure: str | None = None,
    measures: str | Path | Catalogue | Iterable[Measure] = (),
    budget: float | None = None,
    members: int | None = None,
    days: int | None = None,
    warm_up: int | None = None,
    seed: int = defaults.SEED,
    workers: int | None = None,
    dask: str | Address | None = None,
    out: Place = None,
    ledger: str | Path | None = None,
    quiet: bool = False,
) -> SensitivityResult:
    """Find the assumptions to which the difference between two designs is most sensitive.

    It needs `pip install 'firstcontact[sensitivity]'`. From a script, call it below `if __name__ == "__main__":`, since each
    worker process imports the script again.

    Args:
        scenario: a shipped name or a TOML file, whose runs are of 1,000 members (3,000 where all parameters are screened),
            60 + 90 days unless given; or a scenario.
        arms: two designs, the control first: names, TOML files or designs; or designs by name.
        method: "morris" screens, "sobol" takes variance-based indices of a surrogate.
        parameters: paths of those to vary; all that are assumptions unless given, screened in groups first.
        draws: the draws.csv of `calibrate` or its folder: each parameter goes over its draws in place of its bounds, independently of
            the others; the answer says whether the draws are worlds that fit here. All that are drawn are varied unless `parameters` names some; the others
            are as in one draw or another. A column `weight` says how much a draw counts.
        measure: the name of a measure, also of one's own; the primary one unless given.
        measures: of one's own, made by `measure`, behind the shipped ones: a list of them, or a Python file that makes some, which is run.
        budget: minutes for the runs, at least what an answer needs; 10, or 30 without `parameters`.
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
        The result: `summary` has a row an output and parameter, `top` paths; `answer`, `plot`, `write`.

    Raises:
        BadInput: with what must be, before anything is run, or if a package is missing.
        MeasureFailed: if a measure of one's own raises, or returns what is no value.

    Example:
        >>> import firstcontact as fc
        >>> small, two = fc.load_scenario(members=60, warm_up=5, days=65), ["reply.base", "design.friction"]
        >>> found = fc.sensitivity(small, parameters=two, budget=0.02, workers=1, quiet=True)
        >>> sorted(set(found.summary.factor)) == sorted(two)
        True
    """
    watch, sizes = Shown(quiet=quiet), {"members": members, "days": days, "warm_up": warm_up}
    asked_for: dict[str, Any] = {"arms": arms, "measure": measure, "measures": measures, "seed": seed, "sizes": sizes}
    it = _question(method, parameters, budget, draws, scenario=scenario, workers=workers_of(workers, watch.say), **asked_for)
    return _answered(it, method, out, path_of("--ledger", ledger), dask=dask, watch=watch)


class _Question(NamedTuple):
    analysis: Analysis
    factors: list[Factor]
    every: bool  # whether all parameters are screened in groups
    draws: Draws | None
    plan: dict[str, Any]


def _question(method: str, parameters: Sequence[str] | None, budget: float | None, draws: str | Path | None, **asked_for: Any) -> _Question:
    """Return what is asked, checked. Arguments and errors as of `sensitivity` and `analysis_of`."""
    every = not (parameters or draws_asked(draws))
    if isinstance(parameters, str):
        raise BadInput(must("--parameters", "be a list of parameters", repr(parameters)))
    minutes = budget if budget is not None else defaults.SCREENING_MINUTES if every else defaults.SENSITIVITY_MINUTES
    usual = defaults.SCREENED_MEMBERS if every else defaults.ANALYSIS_MEMBERS
    analysis = analysis_of(minutes=minutes, usual_members=usual, **asked_for)
    drawn = draws_for(draws, analysis.request, varied=parameters or ())
    factors = factors_of(analysis, parameters, drawn)
    check_method(method, factors, every=every)
    for package in ("SALib", "sklearn")[: 1 + (method == SOBOL)]:
        needs(package, "sensitivity")
    plan = analysis.plan("sensitivity", {"method": method, "parameters": [one.path for one in factors], **noted(drawn)})
    return _Question(analysis, factors, every, drawn, plan)


def _answered(
    it: _Question, method: str, out: Place, ledger: Path | None, *, dask: str | Address | None, watch: Watch
) -> SensitivityResult:
    """Run what is asked, and write it into the folder, if there is one."""

    def work(study: Study, budget: Budget, progress: Progress) -> Sensitivity:
        return analyse(it.analysis, method, it.factors, study=study, budget=budget, progress=progress, every=it.every, draws=it.draws)

    found, made, folder = it.analysis.carry_out(
        it.plan, out, work, report.write, ledger=ledger, seeds=NEW if method == SOBOL else COMMON, dask=dask, watch=watch
    )
    return SensitivityResult(found, made=made, folder=folder)


def forecast_of(
    scenario: Scenario,
    arms: Sequence[str],
    *,
    method: str,
    parameters: Sequence[str] | None,
    draws: str | Path | None,
    budget: float | None,
    workers: int | None,
    out: Place,
    ledger: Path | None,
    quiet: bool,
    **asked_for: Any,
) -> dict[str, Any]:
    """Return what `sensitivity` would take, with lines that say so; nothing is written. Arguments and errors as there."""
    watch = Shown(quiet=quiet)
    many = workers_of(workers, watch.say)
    it = _question(method, parameters, budget, draws, scenario=scenario, arms=arms, workers=many, sizes={}, **asked_for)
    book = it.analysis.forecast_ledger(it.plan, out, ledger, watch)
    return forecast.forecast(it.analysis, method, it.factors, every=it.every, draws=it.draws, ledger=book)
