"""A comparison at growing sizes: the door, for the command and from Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments import defaults
from experiments.analyses.base import Analysis, AnalysisResult, analysis_of
from experiments.analyses.scale import forecast, report
from experiments.analyses.scale.analysis import LEAST_PAIRS, measured, sizes_of
from experiments.arguments import Place, asked, path_of, scenario_of, spoken, whole
from experiments.reporting import by_size
from experiments.reporting.progress import Shown
from experiments.runs.processes import workers_of

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.scale.analysis import Scale
    from experiments.analyses.time_budget import Budget
    from experiments.reporting.style import Drawing
    from experiments.runs.dask_cluster import Address
    from experiments.runs.scheduler import Progress
    from experiments.runs.study import Study
    from experiments.runs.watch import Watch
    from sim.results.measures import Catalogue, Measure
    from sim.scenario.presets import Design
    from sim.scenario.scenario import Scenario


class ScaleResult(AnalysisResult):
    """The difference between two designs at growing sizes, and how far the scenario's own lies from enough."""

    found: Scale

    @property
    def question(self) -> str:
        """Return the question that it answers."""
        return report.question(self.found)

    @property
    def answer(self) -> list[str]:
        """Return how level and relative effect of the primary measure go with size, and which others change."""
        return spoken([*report.answer(self.found), *self.found.analysis.notes])

    @property
    def summary(self) -> pd.DataFrame:
        """Return a row a measure and size: level, difference and relative effect with 95% bounds (`scale.csv`)."""
        return by_size.table_of(self.found.seen)

    @property
    def laws(self) -> pd.DataFrame:
        """Return a row a measure, and level or relative effect: what can be said of it by size, limit, prediction of the largest (`laws.csv`)."""
        return report.laws_table(self.found)

    @property
    def _drawings(self) -> Mapping[str, Drawing]:
        return {"scale": report.draw}

    def _report(self, folder: Path) -> None:
        report.write(self.found, folder)


@asked
def scale(
    scenario: str | Path | Scenario = defaults.SCENARIO,
    arms: Sequence[str | Path | Design] | Mapping[str, str | Path | Design] = defaults.ARMS,
    *,
    sizes: Sequence[int] | None = None,
    pairs: int = defaults.SCALE_PAIRS,
    measures: str | Path | Catalogue | Iterable[Measure] = (),
    budget: float = defaults.SCALE_MINUTES,
    members: int | None = None,
    days: int | None = None,
    warm_up: int | None = None,
    seed: int = defaults.SEED,
    workers: int | None = None,
    dask: str | Address | None = None,
    out: Place = None,
    ledger: str | Path | None = None,
    quiet: bool = False,
) -> ScaleResult:
    """Compare two designs at growing sizes, and say how far the scenario's own size lies from enough.

    Two laws are fitted to all sizes but the largest: one that levels off, a + b / members, and one that goes on, a + b log10 members. A limit
    is told where the first predicts the largest and the second does not; where both do, it cannot be said. From a script, call it
    below `if __name__ == "__main__":`, since each worker process imports the script again.

    Args:
        scenario: a shipped name, a TOML file, or a scenario.
        arms: two designs, the control first: names, TOML files or designs; or designs by name.
        sizes: members, four sizes or more; a fifth, half, once and twice the scenario's unless given.
        pairs: the most at a size; larger sizes get fewer, 5 at least.
        measures: of one's own, made by `measure`, behind the shipped ones: a list of them, or a Python file that makes some, which is run.
        budget: minutes for the runs; each size gets as much of it.
        members: of the scenario: the size that is asked about; its own unless given.
        days: after the switch; likewise.
        warm_up: days before it; likewise.
        seed: 0 to 2**63 - 1.
        workers: processes; all cores unless given.
        dask: the address of a Dask cluster on which runs are made, in place of processes.
        out: a folder for all output files, which a later call continues; True for one below results/, as the command makes.
        ledger: a file in which runs are looked for and left; a temporary one without it and `out`.
        quiet: whether no progress is shown.

    Returns:
        The result: `summary` has a row a measure and size, `laws` what can be said; `answer`, `plot`, `write`.

    Raises:
        BadInput: with what must be, before anything is run.
        MeasureFailed: if a measure of one's own raises, or returns what is no value.

    Example:
        >>> import firstcontact as fc
        >>> small = fc.load_scenario(members=60, warm_up=5, days=65)
        >>> found = fc.scale(small, sizes=[20, 40, 60, 80], budget=0.001, workers=1, quiet=True)
        >>> found.summary[found.summary.measure == "intent_success"]["size"].to_list()
        [20, 40, 60, 80]
    """
    watch, changes = Shown(quiet=quiet), {"members": members, "days": days, "warm_up": warm_up}
    asked_for: dict[str, Any] = {"arms": arms, "measures": measures, "minutes": budget, "seed": seed}
    it = _question(scenario_of(scenario, changes), sizes, pairs, workers=workers_of(workers, watch.say), **asked_for)
    return _answered(it, out, path_of("--ledger", ledger), dask=dask, watch=watch)


class _Question(NamedTuple):
    analysis: Analysis
    sizes: list[int]
    pairs: int
    plan: dict[str, Any]


def _question(scenario: Scenario, sizes: Sequence[int] | None, pairs: int, **asked_for: Any) -> _Question:
    """Return what is asked, checked. Arguments and errors as of `scale` and `analysis_of`."""
    analysis = analysis_of(scenario, sizes={}, **asked_for)
    found = sizes_of(analysis, sizes)
    most = whole("--pairs", pairs, f"be from {LEAST_PAIRS} to {defaults.MOST_PAIRS:,}", LEAST_PAIRS, defaults.MOST_PAIRS)
    return _Question(analysis, found, most, analysis.plan("scale", {"sizes": found, "pairs": most}))


def _answered(it: _Question, out: Place, ledger: Path | None, *, dask: str | Address | None, watch: Watch) -> ScaleResult:
    """Run what is asked, and write it into the folder, if there is one."""

    def work(study: Study, budget: Budget, progress: Progress) -> Scale:
        return measured(it.analysis, it.sizes, it.pairs, study=study, budget=budget, progress=progress)

    found, made, folder = it.analysis.carry_out(it.plan, out, work, report.write, ledger=ledger, dask=dask, watch=watch)
    return ScaleResult(found, made=made, folder=folder)


def forecast_of(
    scenario: Scenario,
    arms: Sequence[str],
    *,
    sizes: Sequence[int] | None,
    pairs: int,
    budget: float,
    workers: int | None,
    out: Place,
    ledger: Path | None,
    quiet: bool,
    **asked_for: Any,
) -> dict[str, Any]:
    """Return what `scale` would take, with lines that say so; nothing is written. Arguments and errors as there."""
    watch = Shown(quiet=quiet)
    it = _question(scenario, sizes, pairs, arms=arms, minutes=budget, workers=workers_of(workers, watch.say), **asked_for)
    book = it.analysis.forecast_ledger(it.plan, out, ledger, watch)
    return forecast.forecast(it.analysis, it.sizes, it.pairs, ledger=book)
