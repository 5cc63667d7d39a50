"""A/B tests inside one population: the door, for the command and from Python."""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import defaults
from experiments.abtest import answer as words
from experiments.abtest import calibrated, report
from experiments.abtest.export import CSV, PARQUET, Export
from experiments.abtest.findings import Findings, find
from experiments.abtest.forecast import LEAST, PLANNED, forecast, scaled
from experiments.abtest.question import BIAS, CHECK, TESTS, Panel, Question, usual_reading
from experiments.abtest.runs import Found, all_there, gather
from experiments.abtest.schemes import ON_REQUEST, SCHEMES, limits_that_differ
from experiments.analyses.time_budget import Budget
from experiments.arguments import Place, asked, checked_seed, minutes_of, path_of, scenario_of, spoken, whole
from experiments.optional_imports import needs
from experiments.reporting import run_folder
from experiments.reporting.progress import Shown
from experiments.reporting.result import Result, Stopwatch
from experiments.reporting.workplace import folder_asked, workplace
from experiments.runs.draws import worlds_asked
from experiments.runs.executors import executor
from experiments.runs.keys import arms_of, members_of
from experiments.runs.ledger import Ledger
from experiments.runs.processes import workers_of
from experiments.runs.scheduler import Scheduler
from experiments.runs.watch import Watch, compile_kernels
from sim.errors import BadInput, must, nearest

if TYPE_CHECKING:
    import pandas as pd

    from experiments.reporting.style import Drawing
    from experiments.runs.dask_cluster import Address
    from sim.scenario.presets import Design
    from sim.scenario.scenario import Scenario

OTHERS = ("viewer", "pair", "network", "profile", "industry")  # schemes that are run beside the asked one, in this order
BESIDE = 3
LEAST_CHECKED = 50  # members of a third size


class AbtestResult(Result):
    """What an A/B test inside one population would have shown, scheme by scheme, and how often it misleads."""

    found: Findings
    population: float | None = None

    @property
    def question(self) -> str:
        """Return the question that it answers."""
        return words.question_of(self.found)

    @property
    def answer(self) -> list[str]:
        """Return what the asked test shows, what a launch does, why they differ, and what would be better."""
        return spoken([*words.answer(self.found), *report.notes(self.found)])

    @property
    def summary(self) -> pd.DataFrame:
        """Return a row a reading: truth, estimate, bias in two parts, spread, coverage, right sign, power (`summary.csv`)."""
        return self.found.summary.copy()

    @property
    def decisions(self) -> pd.DataFrame:
        """Return a row a scheme: how often the treatment is shipped, and how often wrongly (`decisions.csv`)."""
        return self.found.decisions.copy()

    @property
    def estimates(self) -> pd.DataFrame:
        """Return a row a test and reading (`estimates.csv`)."""
        return self.found.estimates.copy()

    @property
    def data(self) -> dict[str, Any]:
        """Return answer, summary and decisions as plain values, as `--json` prints them."""
        as_json = run_folder.as_json
        told = {"answer": self.answer, "summary": as_json(self.summary), "decisions": as_json(self.decisions)}
        q = self.found.question
        return told | ({"draws": q.called.data} if q.worlds else {})

    @property
    def _drawings(self) -> Mapping[str, Drawing]:
        return {"schemes": report.draw}

    def _put(self, folder: Path) -> None:
        _written(self.found, folder, self.made.started, self._provenance(), population=None)


@asked
def abtest(
    scenario: str | Path | Scenario = defaults.SCENARIO,
    arms: Sequence[str | Path | Design] | Mapping[str, str | Path | Design] = defaults.ARMS,
    *,
    by: str = "viewer",
    credit: str | None = None,
    estimator: str | None = None,
    share: float = 0.5,
    weeks: int | None = None,
    replicates: int = defaults.ABTEST_REPLICATES,
    tests: int = defaults.ABTEST_TESTS,
    assignments: int = defaults.ABTEST_DRAWS,
    stratified: bool = False,
    every: bool = False,
    draws: str | Path | None = None,
    worlds: int = defaults.COMPARED_WORLDS,
    population: float | None = None,
    budget: float = defaults.ABTEST_MINUTES,
    members: int | None = None,
    days: int | None = None,
    warm_up: int | None = None,
    seed: int = defaults.SEED,
    workers: int | None = None,
    dask: str | Address | None = None,
    out: Place = None,
    ledger: str | Path | None = None,
    export: str | Path | None = None,
    parquet: bool = False,
    quiet: bool = False,
) -> AbtestResult:
    """Return what an A/B test inside one population would have shown, and how wrong it would have been.

    A launch is all members under one design against all under the other, from one warm-up with common random numbers. A test deals both
    out within one population, where the treated write to the untreated. From a script, call it below `if __name__ == "__main__":`.

    Args:
        scenario: a shipped name, a TOML file or a scenario; its section `decision` says when the treatment is shipped.
        arms: two designs, the control first.
        by: how arms are dealt out: one of the schemes viewer, profile, pair, industry, region, network, leiden, ego, switchback, switchback-day, ramp.
        credit: to which end of an item its outcome goes: initiator, recipient, both or item; the scheme's usual one unless given.
        estimator: difference, cuped, cluster, cluster-cuped, hajek or hajek-network; the scheme's usual one unless given.
        share: of the treated.
        weeks: of the test, before the days in which answers are waited for; it sets the days after the switch.
        replicates: populations of the scenario's own size, in which all schemes are tested.
        tests: populations of 2,000 members, in which the asked scheme and three others are.
        assignments: ways in which arms are dealt out in each, by the schemes whose rates are told; the others deal once.
        stratified: whether members of each style get arms in the same shares, where arms are dealt out member by member.
        every: whether all schemes are tested in both sizes.
        draws: the draws.csv of `calibrate` or its folder: the asked test is held against its launch at these, too, in two populations each. The
            answer says whether they are worlds that fit.
        worlds: of these draws, how many, the first ones; 3 or more.
        population: members for which one more line says what can be detected.
        budget: minutes for the replicates, which may cut their number.
        members: at the start.
        days: after the switch; the last 14 only wait for answers.
        warm_up: days before it.
        seed: 0 to 2**63 - 1.
        workers: processes; all cores unless given.
        dask: the address of a Dask cluster on which replicates are made, in place of processes.
        out: a folder for all output files, which a later call continues; True for one below results/, as the command makes.
        ledger: a file in which replicates are looked for and left; a temporary one without it and `out`.
        export: a folder for the first test as experimentation tools take it: units.csv, days.csv and truth.csv.
        parquet: whether these are written as Parquet.
        quiet: whether no progress is shown.

    Returns:
        The result: `summary` has a row a reading; `answer`, `plot`, `write`.

    Raises:
        BadInput: with what must be, before anything is run.
        RunFailed: if a replicate failed twice.

    Example:
        >>> import firstcontact as fc
        >>> small = fc.load_scenario(members=60, warm_up=20, days=28)
        >>> found = fc.abtest(small, replicates=2, tests=0, assignments=1, workers=1, quiet=True)
        >>> found.summary.panel.unique().tolist()
        ['bias']
    """
    watch, sizes = Shown(quiet=quiet), {"members": members, "days": days, "warm_up": warm_up}
    given: dict[str, Any] = {"by": by, "credit": credit, "estimator": estimator, "share": share, "weeks": weeks, "seed": seed}
    many: dict[str, Any] = {"replicates": replicates, "tests": tests, "assignments": assignments, "stratified": stratified, "every": every}
    at: dict[str, Any] = {"draws": draws, "worlds": worlds}
    if parquet:
        needs("pyarrow", "parquet")
    question = question_of(scenario_of(scenario, sizes), arms, **given, **many, **at, workers=workers_of(workers, watch.say))
    minutes = minutes_of(budget)
    plan = question.plan() | {"minutes": minutes}
    folder = folder_asked(out, lambda: usual_folder(plan))
    if (place := path_of("--export", export)) is not None:
        compile_kernels(watch)
        Export(question).write(place, PARQUET if parquet else CSV)
    return _carried_out(
        question, plan, folder=folder, ledger=path_of("--ledger", ledger), minutes=minutes, dask=dask, population=population, watch=watch
    )


def question_of(
    scenario: Scenario,
    arms: Sequence[str | Path | Design] | Mapping[str, str | Path | Design],
    *,
    by: str,
    credit: str | None,
    estimator: str | None,
    share: float,
    weeks: int | None,
    seed: int,
    replicates: int,
    tests: int,
    assignments: int,
    stratified: bool = False,
    every: bool,
    workers: int,
    draws: str | Path | None = None,
    worlds: int = defaults.COMPARED_WORLDS,
) -> Question:
    """Return what is asked, checked. Arguments and errors as of `abtest`."""
    from experiments.abtest.metrics import WINDOW

    if by not in SCHEMES:
        raise BadInput(must("--by", f"be one of {', '.join(SCHEMES)}", f"{by!r}{nearest(str(by), SCHEMES)}"))
    if weeks is not None:
        scenario = scenario.with_(days=7 * whole("--weeks", weeks, "be a number of weeks, at least 1", 1) + WINDOW)
    found = arms_of(scenario, arms)
    if len(found) != 2:
        raise BadInput(must("--arms", "be two designs, such as connect_first message_first", len(found)))
    (control, one), (treatment, other) = found.items()
    both = one.with_design(other.designs[treatment], treatment).with_design(one.designs[control], control)
    usual = usual_reading(by)
    panels = _panels(both, control, treatment, by, replicates=replicates, tests=tests, every=every)
    question = Question(
        both,
        (control, treatment),
        by=by,
        credit=credit or (usual[0] if estimator is None or estimator in SCHEMES[by].estimators[usual[0]] else _crediting(by, estimator)),
        estimator=estimator or SCHEMES[by].estimators.get(credit or usual[0], usual[1:])[0],
        share=_number("--share", share),
        seed=checked_seed(seed),
        panels=panels,
        draws=whole("--assignments", assignments, "be at least 1", 1),
        workers=workers,
        stratified=bool(stratified),
    )
    question.check()
    return calibrated.at_draws(question, draws, worlds_asked(worlds))


def _crediting(by: str, estimator: str) -> str:
    """Return a credit with which a scheme allows an estimator; its usual one if none does, which is then refused with what is allowed."""
    found = (credit for credit, allowed in SCHEMES[by].estimators.items() if estimator in allowed)
    return next(found, usual_reading(by)[0])


def _number(option: str, x: object) -> float:
    if isinstance(x, bool) or not isinstance(x, int | float):
        raise BadInput(must(option, "be a number", repr(x)))
    return float(x)


def _panels(both: Scenario, control: str, treatment: str, by: str, *, replicates: int, tests: int, every: bool) -> tuple[Panel, ...]:
    """Return the panels: all schemes at the scenario's size; the asked one and three others at a smaller one."""
    limited = limits_that_differ(both.designs[control], both.designs[treatment])
    left_out = [name for name, scheme in SCHEMES.items() if name in ON_REQUEST or (limited and scheme.by_profile)]
    allowed = tuple(name for name in SCHEMES if name == by or name not in left_out)
    few = [name for name in OTHERS if name in allowed and name != by][:BESIDE]
    chosen = allowed if every else tuple(name for name in allowed if name == by or name in few)
    members = None if both.network_file else both.members
    found = [Panel(BIAS, members, whole("--replicates", replicates, "be at least 2", LEAST), allowed)]
    small = members_of(both) if members is None else min(members, defaults.ABTEST_MEMBERS)
    if whole("--tests", tests, "be 0, for none, or at least 2", 0):
        found.append(Panel(TESTS, members and small, tests, chosen))
        third = members and (small // 2 if small == members else round(math.sqrt(small * members)))
        if third and third >= LEAST_CHECKED:
            found.append(Panel(CHECK, third, min(tests, defaults.ABTEST_CHECKS), (by,)))
    return tuple(found)


def usual_folder(plan: Mapping[str, Any]) -> Path:
    """Return where the command leaves a question unless told otherwise."""
    return Path("results") / f"abtest-{plan['plan']}"


def _carried_out(
    question: Question,
    plan: dict[str, Any],
    folder: Path | None,
    ledger: Path | None,
    minutes: float,
    *,
    dask: str | Address | None,
    population: float | None,
    watch: Watch,
) -> AbtestResult:
    """Run what is asked, and write it into the folder, if there is one."""
    clock = Stopwatch()
    if folder is not None:
        run_folder.prepare_folder(folder, plan)
    with workplace(folder) as place, Ledger(ledger or place / run_folder.LEDGER) as book:
        with executor(question.workers, dask, watch, needed=not all_there(question, book)) as (pool, ahead):
            budget = Budget(place, minutes)
            with watch.counted("replicates") as advance:
                asked_for = _cut(question, budget, lambda q: gather(q, Scheduler(book, pool, ahead), lambda *_: None))
                found = find(asked_for, gather(asked_for, Scheduler(book, pool, ahead), advance))
            budget.save()
        if folder is not None:
            with watch.working("writing tables, the figure and the report"):
                _written(found, folder, clock.started, None, population=population)
    return AbtestResult(found, made=clock.made(plan), folder=folder)


def _cut(question: Question, budget: Budget, make: Any) -> Question:
    """Return the question with as many replicates as the time is enough for, from the first of each panel; decided once a folder."""
    seconds: dict[str, float] = {}
    first = {panel.name: panel._replace(replicates=min(LEAST, panel.replicates)) for panel in question.panels}

    def timed(panel: Panel) -> float:
        begun = time.perf_counter()
        found: Found = make(replace(question, panels=(first[panel.name],)))
        return (time.perf_counter() - begun) / len(found[panel.name])

    def decided(name: str) -> int:
        if not seconds:
            seconds.update({one.name: timed(one) for one in question.panels if not one.at})
            seconds.update(calibrated.seconds_of(question, seconds))
        return scaled(question, seconds, budget.left(PLANNED))[name]

    many = {panel.name: budget.decide(panel.name, functools.partial(decided, panel.name)) for panel in question.panels}
    return replace(question, panels=tuple(panel._replace(replicates=many[panel.name]) for panel in question.panels))


def _written(found: Findings, folder: Path, started: float, facts: dict[str, Any] | None, *, population: float | None) -> None:
    report.write(found, folder, population=population)
    q = found.question
    run_folder.write_text(folder / run_folder.SCENARIO, q.scenario.to_toml())
    run_folder.write_provenance(folder, q.seed, started, facts, scenario=q.scenario)


def forecast_of(
    scenario: Scenario, arms: Sequence[str], *, budget: float, workers: int | None, out: Place, quiet: bool, **given: Any
) -> dict[str, Any]:
    """Return what `abtest` would take, with lines that say so; nothing is written. Arguments and errors as there."""
    watch = Shown(quiet=quiet)
    question = question_of(scenario, arms, **given, workers=workers_of(workers, watch.say))
    minutes = minutes_of(budget)
    plan = question.plan() | {"minutes": minutes}
    folder = folder_asked(out, lambda: usual_folder(plan))
    if folder is not None:
        run_folder.check_folder(folder, plan)
    compile_kernels(watch)
    return forecast(question, minutes)
