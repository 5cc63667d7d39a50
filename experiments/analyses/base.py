"""What analyses of the parameter space share: two arms, a measure, seeds, a budget of time, a folder that can be continued."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from experiments import defaults
from experiments.analyses.time_budget import Budget
from experiments.arguments import Place, checked_seed, minutes_of, scenario_of
from experiments.reporting import run_folder
from experiments.reporting.result import Result, Stopwatch
from experiments.reporting.text import counted, named, too_small
from experiments.reporting.workplace import folder_asked, workplace
from experiments.runs.executors import executor
from experiments.runs.keys import arms_of, members_of, size_in_words
from experiments.runs.ledger import Ledger
from experiments.runs.measure_files import measures_of, noted, planned_as
from experiments.runs.request import Request
from experiments.runs.study import NEW, Study
from experiments.runs.watch import SILENT, Watch, compile_kernels
from experiments.space.factors import factor, factors
from sim.errors import BadInput, must, nearest
from sim.results.measures import MEASURES, PRIMARY, Catalogue, Measure
from sim.version import model_version

if TYPE_CHECKING:
    from experiments.reporting.result import Made
    from experiments.runs.dask_cluster import Address
    from experiments.runs.draws import Draws
    from experiments.runs.scheduler import Progress
    from experiments.runs.study import Found
    from experiments.space.factors import Factor
    from sim.scenario.presets import Design
    from sim.scenario.scenario import Scenario

T = TypeVar("T")


@dataclass(frozen=True)
class Analysis:
    """A question about two arms over the parameter space, checked by `check`."""

    scenario: Scenario
    arms: dict[str, Scenario]  # the reference first
    measure: str
    seed: int
    workers: int
    minutes: float
    catalogue: Catalogue = MEASURES  # the measures, with those of one's own

    @property
    def reference(self) -> str:
        """Return the control: the arm that the other is compared with."""
        return next(iter(self.arms))

    @property
    def arm(self) -> str:
        """Return the other arm."""
        return list(self.arms)[1]

    @property
    def against(self) -> str:
        """Return the contrast in words."""
        return f"{named(self.arm)} against {named(self.reference)}"

    @property
    def entry(self) -> Measure:
        """Return what the measure is."""
        return self.catalogue[self.measure]

    @property
    def title(self) -> str:
        """Return the measure's title in lower case."""
        return self.entry.title.lower()

    @property
    def size(self) -> str:
        """Return the size of a run in words, for captions."""
        return size_in_words(self.scenario)

    @property
    def notes(self) -> list[str]:
        """Return what a reader must know of all that is found: that nothing follows from few members."""
        return [few] if (few := too_small(members_of(self.scenario))) else []

    def check(self) -> None:
        """Refuse what cannot be answered.

        Raises:
            BadInput: with what must be.
        """
        if len(self.arms) != 2:
            raise BadInput(must("--arms", "be two designs, such as connect_first message_first", len(self.arms)))
        check_measure(self.measure, self.catalogue)
        if self.entry.window >= self.scenario.days:
            needed = self.entry.window + 1
            raise BadInput(must("--days", f"be at least {needed} for {self.measure}", self.scenario.days))
        minutes_of(self.minutes)
        self.request.check()

    @property
    def contrast(self) -> set[str]:
        """Return the parameters in which the arms differ: they are the question, so nothing varies them for both at once."""
        one, other = (factors(arm) for arm in self.arms.values())
        return {path for path in one if one[path].default != other[path].default}

    def factor(self, path: str) -> Factor:
        """Return a parameter that may be varied.

        Raises:
            BadInput: if there is none, or it is what the arms differ in.
        """
        found = factor(self.scenario, path)
        if path in self.contrast:
            values = " and ".join(f"{factors(arm)[path].default:g}" for arm in self.arms.values())
            raise BadInput(must("parameter", "be one in which the arms do not differ themselves", f"{path}: {values}"))
        return found

    @property
    def request(self) -> Request:
        """Return what is asked at each point."""
        return Request(self.scenario, self.arms, self.reference, seed=self.seed, pairs=2, workers=self.workers, catalogue=self.catalogue)

    def plan(self, command: str, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a folder notes of a question: its facts, and a digest of all that it depends on."""
        all_facts = {
            "command": command,
            "arms": {name: arm.canonical_json() for name, arm in self.arms.items()},
            "measure": self.measure,
            "seed": self.seed,
            "model": model_version(),
            **planned_as(self.catalogue),
            **facts,
        }
        digest = hashlib.sha256(json.dumps(all_facts, sort_keys=True).encode()).hexdigest()[:8]
        return {"command": command, "plan": digest, "arms": list(self.arms), "measure": self.measure, "seed": self.seed, **facts} | noted(
            self.catalogue
        )

    @staticmethod
    def check_folder(plan: Mapping[str, Any], out: Place) -> None:
        """Refuse for a dry run the folder that the command would refuse; nothing is written.

        Raises:
            BadInput: if it holds something else.
        """
        folder = folder_asked(out, lambda: usual_folder(plan))
        if folder is not None:
            run_folder.check_folder(folder, dict(plan))

    @contextmanager
    def at_work(self, plan: Mapping[str, Any], folder: Path | None, watch: Watch = SILENT) -> Iterator[Path]:
        """Give the folder, made for this plan or holding it, to be continued with more minutes; without one a temporary one.

        `watch` is told if measures of one's own were edited since.

        Raises:
            BadInput: if it holds another plan or cannot be written.
        """
        if folder is not None and (line := run_folder.prepare_folder(folder, dict(plan))):
            watch.say(line)
        with workplace(folder) as place:
            yield place

    @contextmanager
    def study(
        self, folder: Path, ledger: Path | None, seeds: str = NEW, *, dask: str | Address | None = None, watch: Watch = SILENT
    ) -> Iterator[Study]:
        """Give a study on as many processes as there are workers, or on a cluster. Errors as of `executor`."""
        with Ledger(ledger or folder / run_folder.LEDGER) as book, executor(self.workers, dask, watch) as (pool, ahead):
            yield Study(self.request, book, pool, ahead, seeds=seeds)

    def budget(self, folder: Path) -> Budget:
        """Return the time that the runs may take, as it stands in this folder."""
        return Budget(folder, self.minutes)

    def carry_out(
        self,
        plan: Mapping[str, Any],
        out: Place,
        work: Callable[[Study, Budget, Progress], T],
        write: Callable[[T, Path], object],
        *,
        ledger: Path | None,
        seeds: str = NEW,
        dask: str | Address | None,
        watch: Watch,
    ) -> tuple[T, Made, Path | None]:
        """Answer a question: run what is missing, keep what the clock decided, and write what was found into the folder, if there is one.

        Args:
            plan: of the question.
            out: where its files go, if anywhere.
            work: finds the answer with a study, within a budget, and tells how many pairs are done.
            write: leaves tables, figures and page of what was found in a folder.
            ledger: in which runs are looked for and left; that of the folder unless given.
            seeds: "new" or "common", as of a `Study`.
            dask: a cluster, in place of processes.
            watch: is told how far it is.

        Returns:
            What was found, how it came about, and the folder.

        Raises:
            BadInput: as of `at_work`; else as of `study` and `work`.
        """
        clock, folder = Stopwatch(), folder_asked(out, lambda: usual_folder(plan))
        with self.at_work(plan, folder, watch) as place:
            with self.study(place, ledger, seeds, dask=dask, watch=watch) as study, watch.counted("pairs") as advance:
                budget = self.budget(place)
                found = work(study, budget, advance)
            budget.save()
            if folder is not None:
                write(found, folder)
                self.finish(folder, clock.started)
        return found, clock.made(plan), folder

    def forecast_ledger(self, plan: Mapping[str, Any], out: Place, ledger: Path | None, watch: Watch) -> Path:
        """Return the ledger that a forecast looks for runs in, once the folder is one that the command would take and the kernels are compiled."""
        self.check_folder(plan, out)
        compile_kernels(watch)
        return ledger_asked(ledger, out, plan)

    def finish(self, folder: Path, started: float, facts: dict[str, Any] | None = None) -> None:
        """Write what the question departed from, and where and when it was answered, with other facts."""
        run_folder.write_text(folder / run_folder.SCENARIO, self.scenario.to_toml())
        run_folder.write_provenance(folder, self.seed, started, facts, scenario=self.scenario)

    def how(self, runs: str) -> list[tuple[str, str]]:
        """Return how it was run, for the page."""
        return [
            ("Scenario", self.scenario.name),
            ("Size", self.size),
            ("Arms", self.against),
            ("Measure", self.entry.definition),
            ("Runs", runs),
            ("Seed", str(self.seed)),
            ("Model version", model_version()),
        ]


class AnalysisResult(Result):
    """The result of an analysis: what it found has its plain values, and knows the analysis."""

    @property
    def data(self) -> dict[str, Any]:
        """Return the result as plain values, as `--json` prints it."""
        values: dict[str, Any] = self.found.data
        return values

    def _report(self, folder: Path) -> None:
        """Write tables, figures and page."""
        raise NotImplementedError

    def _put(self, folder: Path) -> None:
        self._report(folder)
        self.found.analysis.finish(folder, self.made.started, self._provenance())


def usual_folder(plan: Mapping[str, Any]) -> Path:
    """Return where the command leaves an analysis unless told otherwise."""
    return Path("results") / f"{plan['command']}-{plan['plan']}"


def ledger_asked(given: Path | None, out: Place, plan: Mapping[str, Any]) -> Path:
    """Return the ledger of the command for an analysis: the one given, or that of its folder."""
    return given or (folder_asked(out, lambda: usual_folder(plan)) or usual_folder(plan)) / run_folder.LEDGER


def analysis_of(  # noqa: PLR0913  (what is asked of an analysis, by keyword)
    scenario: str | Path | Scenario,
    *,
    arms: Sequence[str | Path | Design] | Mapping[str, str | Path | Design] = defaults.ARMS,
    measure: str | None = None,
    measures: str | Path | Catalogue | Iterable[Measure] = (),
    minutes: float,
    seed: int,
    workers: int,
    sizes: Mapping[str, int | None],
    usual_members: int = defaults.ANALYSIS_MEMBERS,
) -> Analysis:
    """Return a question, checked.

    Args:
        scenario: a shipped name or a TOML file, whose runs are then of the usual size of analyses, or a scenario as it is.
        arms: two, the control first.
        measure: the primary one unless given.
        measures: of one's own, or their file.
        minutes: that the runs may take.
        seed: of all runs.
        workers: processes.
        sizes: members, days and warm_up, where they are given.
        usual_members: of a name or a file.

    Raises:
        BadInput: if it cannot be answered.
    """
    usual = {"members": usual_members, "days": defaults.ANALYSIS_DAYS, "warm_up": defaults.ANALYSIS_WARM_UP}
    chosen = scenario_of(scenario, dict(sizes), usual)
    found = arms_of(chosen, arms)
    analysis = Analysis(
        chosen,
        found,
        measure or PRIMARY,
        seed=checked_seed(seed),
        workers=workers,
        minutes=minutes_of(minutes),
        catalogue=measures_of(measures),
    )
    analysis.check()
    return analysis


def of_draws(draws: Draws) -> str:
    """Return whence parameters have their values, and what these draws are."""
    weighed = ", by their weights" if draws.weighted else ""
    many, names = counted(len(draws.points), draws.called.one), counted(len(draws.names), "parameter")
    first = f"The values of {names} are those of {many} ({draws.source}){weighed}, in place of bounds."
    return " ".join([first, *draws.called.sentences])


def called(draws: Draws | None) -> dict[str, Any]:
    """Return for programs what draws may be called; nothing without."""
    return {} if draws is None else {"draws": draws.called.data}


def check_measure(name: str, catalogue: Catalogue) -> None:
    """Refuse what is no measure.

    Raises:
        BadInput: with the nearest name.
    """
    if name not in catalogue:
        raise BadInput(must("--measure", "be a measure", f"{name!r}{nearest(str(name), catalogue)}"))


def values_of(found: Found, arm: str, measure: str) -> np.ndarray:
    """Return a measure of an arm over pairs, nan where a run failed or the measure is undefined."""
    values = [None if pair is None else pair[arm].measures[measure][2] for pair in found]
    return np.array([math.nan if value is None else value for value in values], float)


def differences(analysis: Analysis, found: Sequence[Found]) -> np.ndarray:
    """Return the difference between the arms, (points, pairs)."""
    one, other = (np.array([values_of(f, arm, analysis.measure) for f in found]) for arm in (analysis.arm, analysis.reference))
    difference: np.ndarray = one - other
    return difference
