"""Tipping points: the door, for the command and from Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments import defaults
from experiments.analyses.base import Analysis, AnalysisResult, analysis_of
from experiments.analyses.tipping import forecast, report
from experiments.analyses.tipping.analysis import Where, chosen_range, places, tip
from experiments.arguments import Place, asked, path_of, spoken
from experiments.inference.conditions import draws_for
from experiments.reporting.progress import Shown
from experiments.runs.draws import noted, worlds_asked
from experiments.runs.processes import workers_of

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.time_budget import Budget
    from experiments.analyses.tipping.analysis import Tipping
    from experiments.reporting.style import Drawing
    from experiments.runs.dask_cluster import Address
    from experiments.runs.draws import Draws
    from experiments.runs.scheduler import Progress
    from experiments.runs.study import Study
    from experiments.runs.watch import Watch
    from sim.results.measures import Catalogue, Measure
    from sim.scenario.presets import Design
    from sim.scenario.scenario import Scenario


class TippingResult(AnalysisResult):
    """The value of a parameter at which the winner changes, with its 95% confidence interval."""

    found: Tipping

    @property
    def question(self) -> str:
        """Return the question that it answers."""
        return report.question(self.found)

    @property
    def answer(self) -> list[str]:
        """Return where the sign changes, or that it does not or cannot be told, where the scenario stands, and how it is over worlds."""
        return spoken([*report.answer(self.found), *report.over_worlds(self.found), *self.found.analysis.notes])

    @property
    def summary(self) -> pd.DataFrame:
        """Return one row: the parameter, its range, the kind of result, `root` with `ci_low` and `ci_high` in the parameter's unit."""
        import pandas as pd

        return pd.DataFrame([self.data])

    @property
    def pairs(self) -> pd.DataFrame:
        """Return a row a pair of runs: the parameter's value and the difference that was seen (`tipping.csv`)."""
        return report.pairs_table(self.found)

    @property
    def worlds(self) -> pd.DataFrame | None:
        """Return a row a world: what was found in it, its tipping point with its interval, and its parameters (`worlds.csv`); None without draws."""
        return None if self.found.worlds is None else report.worlds_table(self.found.worlds)

    @property
    def _drawings(self) -> Mapping[str, Drawing]:
        return {"tipping": report.draw} | ({} if self.found.worlds is None else {"worlds": report.draw_worlds})

    def _report(self, folder: Path) -> None:
        report.write(self.found, folder)


@asked
def tipping(
    parameter: str,
    scenario: str | Path | Scenario = defaults.SCENARIO,
    arms: Sequence[str | Path | Design] | Mapping[str, str | Path | Design] = defaults.ARMS,
    *,
    limits: tuple[float, float] | None = None,
    draws: str | Path | None = None,
    worlds: int = defaults.COMPARED_WORLDS,
    measure: str | None = None,
    measures: str | Path | Catalogue | Iterable[Measure] = (),
    budget: float = defaults.TIPPING_MINUTES,
    members: int | None = None,
    days: int | None = None,
    warm_up: int | None = None,
    seed: int = defaults.SEED,
    workers: int | None = None,
    dask: str | Address | None = None,
    out: Place = None,
    ledger: str | Path | None = None,
    quiet: bool = False,
) -> TippingResult:
    """Find the value of a parameter at which the winner changes, with a 95% confidence interval.

    From a script, call it below `if __name__ == "__main__":`, since each worker process imports the script again.

    Args:
        parameter: its path, such as "reply.base", "styles.seller.intents" or "design.friction".
        scenario: a shipped name or a TOML file, whose runs are of 1,000 members, 60 + 90 days unless given; or a scenario.
        arms: two designs, the control first: names, TOML files or designs; or designs by name.
        limits: where to look, (low, high) in the parameter's unit; the schema's bounds unless given.
        draws: the draws.csv of `calibrate` or its folder: the tipping point is also looked for at these, so that its spread is seen. The answer says
            whether they are worlds that fit here. A column `weight` says how much a draw counts.
        worlds: of these draws, how many, the first ones; 3 or more. Each takes as many pairs as the scenario itself; as many are asked as there is
            time for.
        measure: the name of a measure, also of one's own; the primary one unless given.
        measures: of one's own, made by `measure`, behind the shipped ones: a list of them, or a Python file that makes some, which is run.
        budget: minutes for the runs; more of them narrow the interval.
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
        The result: `summary` has one row, `pairs` a row a pair; `answer`, `plot`, `write`.

    Raises:
        BadInput: with what must be, before anything is run.
        MeasureFailed: if a measure of one's own raises, or returns what is no value.

    Example:
        >>> import firstcontact as fc
        >>> small = fc.load_scenario(members=60, warm_up=5, days=65)
        >>> found = fc.tipping("reply.base", small, limits=(-5, 0), budget=0.02, workers=1, quiet=True)
        >>> found.summary.shape[0], found.pairs.columns.to_list()
        (1, ['reply.base', 'difference'])
    """
    watch, sizes = Shown(quiet=quiet), {"members": members, "days": days, "warm_up": warm_up}
    asked_for: dict[str, Any] = {"arms": arms, "measure": measure, "measures": measures, "minutes": budget, "seed": seed, "sizes": sizes}
    it = _question(parameter, limits, draws, worlds, scenario=scenario, workers=workers_of(workers, watch.say), **asked_for)
    return _answered(it, out, path_of("--ledger", ledger), dask=dask, watch=watch)


class _Question(NamedTuple):
    analysis: Analysis
    where: Where
    draws: Draws | None
    worlds: int
    plan: dict[str, Any]


def _question(parameter: str, limits: tuple[float, float] | None, draws: str | Path | None, worlds: int, **asked_for: Any) -> _Question:
    """Return what is asked, checked. Arguments and errors as of `analysis_of`, and of `chosen_range`."""
    analysis = analysis_of(**asked_for)
    varied = analysis.factor(parameter)
    where = Where(varied, *chosen_range(varied, limits))
    drawn = draws_for(draws, analysis.request, varied=[parameter])
    many = 0 if drawn is None else len(places(drawn, worlds_asked(worlds)))
    plan = analysis.plan("tipping", {"parameter": parameter, "range": [where.low, where.high], **noted(drawn, many)})
    return _Question(analysis, where, drawn, many, plan)


def _answered(it: _Question, out: Place, ledger: Path | None, *, dask: str | Address | None, watch: Watch) -> TippingResult:
    """Run what is asked, and write it into the folder, if there is one."""

    def work(study: Study, budget: Budget, progress: Progress) -> Tipping:
        return tip(it.analysis, it.where, study=study, budget=budget, progress=progress, draws=it.draws, worlds=it.worlds)

    found, made, folder = it.analysis.carry_out(it.plan, out, work, report.write, ledger=ledger, dask=dask, watch=watch)
    return TippingResult(found, made=made, folder=folder)


def forecast_of(
    parameter: str,
    scenario: Scenario,
    arms: Sequence[str],
    *,
    limits: tuple[float, float] | None,
    draws: str | Path | None,
    worlds: int,
    budget: float,
    workers: int | None,
    out: Place,
    ledger: Path | None,
    quiet: bool,
    **asked_for: Any,
) -> dict[str, Any]:
    """Return what `tipping` would take, with lines that say so; nothing is written. Arguments and errors as there."""
    watch = Shown(quiet=quiet)
    many = workers_of(workers, watch.say)
    it = _question(parameter, limits, draws, worlds, scenario=scenario, arms=arms, minutes=budget, workers=many, sizes={}, **asked_for)
    book = it.analysis.forecast_ledger(it.plan, out, ledger, watch)
    return forecast.forecast(it.analysis, it.where, ledger=book, worlds=it.worlds)
