"""Run the article's contrasts: from the statements asked for to the output files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.article.contrasts import Contrast, contrasts_of
from experiments.article.report import VERDICTS_EXPLAINED, WORLDS, Result, write_controls, write_findings
from experiments.article.runs import Runs
from experiments.article.statement import Statement, load_statements
from experiments.article.verdicts import findings
from experiments.article.worlds import PAIRS, Over, judged, runs_of, table
from experiments.defaults import SCENARIO
from experiments.reporting import run_folder
from experiments.reporting.text import counted
from experiments.runs.draws import ASSUMED
from sim.version import model_version

if TYPE_CHECKING:
    from experiments.runs.draws import Draws
    from experiments.runs.scheduler import Progress, Scheduler
    from experiments.runs.study import Point
    from sim.scenario.scenario import Scenario

WARM_UP, DAYS = 120, 100  # days; 40 of which are watched for the 60 that an intent's success takes


@dataclass(frozen=True)
class ArticleRequest:
    """Which statements are tested, and on how many pairs of which size; checked."""

    statements: list[Statement]
    pairs: int
    members: int
    seed: int
    controls: bool = False
    draws: Draws | None = None
    worlds: int = 0  # of the draws, how many

    @property
    def scenario(self) -> Scenario:
        """Return the scenario that all contrasts depart from."""
        from sim.scenario.scenario import load_scenario

        return load_scenario(SCENARIO, members=self.members, warm_up=WARM_UP, days=DAYS)

    @cached_property
    def every(self) -> list[Contrast]:
        """Return the contrasts of all statements: what is kept of a run, and how wide intervals are, does not depend on which are asked for."""
        scenario = self.scenario
        return [c for one in load_statements() if one.tested for c in contrasts_of(one, scenario)]

    @cached_property
    def contrasts(self) -> list[Contrast]:
        """Return the contrasts that are asked for."""
        scenario = self.scenario
        return [c for one in self.statements if one.tested for c in contrasts_of(one, scenario, control=self.controls)]

    def runs(self) -> Runs:
        """Return the runs that are asked for."""
        return Runs(self.scenario, self.contrasts, figures=[c.figure for c in self.every], seed=self.seed)

    @property
    def taken(self) -> list[Point]:
        """Return the worlds in which the statements are tested too; none without draws."""
        return [] if self.draws is None else self.draws.taken(self.worlds)

    @property
    def primaries(self) -> list[Contrast]:
        """Return the primary contrasts that are asked for: those that are run in worlds."""
        return [one for one in self.contrasts if one.primary]

    def runs_in(self, world: Point) -> Runs:
        """Return the runs of a world."""
        return runs_of(world, self.scenario, self.primaries, [c.figure for c in self.every], self.seed)

    @property
    def digest(self) -> str:
        """Return 8 hex digits of what is asked and the model's version; the number of pairs is left out."""
        facts = [[p.model_dump_json() for p in self.statements], self.members, self.seed, self.controls, model_version()]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:8]

    def folder(self, out: Path | None) -> Path:
        """Return where the output files go."""
        return out or Path("results") / f"article-{'controls-' if self.controls else ''}{self.digest}"

    def prepare(self, out: Path | None) -> Path:
        """Return the folder, made for this plan or holding it.

        Raises:
            BadInput: if it holds another plan or cannot be written.
        """
        folder = self.folder(out)
        run_folder.prepare_folder(folder, self.plan)
        return folder

    @property
    def plan(self) -> dict[str, Any]:
        """Return what the folder notes of it."""
        return {"command": "article", "plan": self.digest, "controls": self.controls, "seed": self.seed}

    def check(self, out: Path | None) -> Path:
        """Return the folder that `prepare` would, and change nothing.

        Raises:
            BadInput: if it holds another plan.
        """
        folder = self.folder(out)
        run_folder.check_folder(folder, self.plan)
        return folder


def run_article(request: ArticleRequest, folder: Path, scheduler: Scheduler, progress: Progress, started: float) -> Result:
    """Run what is missing and write the files.

    Raises:
        RunFailed: if a pair failed twice: none is left out.
    """
    runs, worlds = request.runs(), [request.runs_in(one) for one in request.taken]
    wanted = request.pairs * runs.count + PAIRS * sum(one.count for one in worlds)
    runs.gather(request.pairs, scheduler, _of_all(progress, 0, wanted))
    done = request.pairs * runs.count
    for one in worlds:
        one.gather(PAIRS, scheduler, _of_all(progress, done, wanted))
        done += PAIRS * one.count
    figures = runs.records(request.pairs, scheduler.ledger)
    run_folder.write_text(folder / run_folder.SCENARIO, request.scenario.to_toml())
    if request.controls:
        result = write_controls(request.contrasts, figures, folder)
    else:
        primaries = sum(c.primary for c in request.every)
        found = findings(request.statements, request.contrasts, figures, primaries)
        over = _over(request, worlds, scheduler, folder)
        result = write_findings(found, _how(request, primaries), folder, over=over, draws=request.draws)
    run_folder.write_provenance(folder, request.seed, started, {"pairs": request.pairs, "runs": wanted})
    return result


def _of_all(progress: Progress, before: int, wanted: int) -> Progress:
    """Return a progress that counts a part of the runs among all."""
    return lambda done, _part: progress(before + done, wanted)


def _over(request: ArticleRequest, worlds: Sequence[Runs], scheduler: Scheduler, folder: Path) -> dict[str, Over]:
    """Return what each statement is over worlds, and write it as a table; nothing without draws, whose table is then gone."""
    path = folder / WORLDS
    if not worlds or not request.primaries:
        path.unlink(missing_ok=True)
        return {}
    found, rows = judged(request.statements, request.primaries, [one.records(PAIRS, scheduler.ledger) for one in worlds])
    run_folder.write_table(path, table(rows, request.taken))
    return found


def _how(request: ArticleRequest, primaries: int) -> list[tuple[str, str]]:
    return [
        (
            "Size",
            f"{request.members:,} members, {WARM_UP} days of warm-up under both-equal and {DAYS} after the switch, {request.pairs} pairs",
        ),
        (
            "Contrasts",
            "begin at the switch: treatment and control share population, warm-up and random numbers. Followers are the same members on both sides.",
        ),
        (
            "Intervals",
            f"95% confidence intervals, simultaneous over {primaries} primary readings (Bonferroni); the other readings have intervals of their own",
        ),
        ("Verdicts", VERDICTS_EXPLAINED),
        *([("Worlds", _worlds_told(request))] if request.draws else []),
        ("Seed", str(request.seed)),
        ("Model version", model_version()),
    ]


def _worlds_told(request: ArticleRequest) -> str:
    """Return what the worlds are, for the page."""
    one = ASSUMED if request.draws is None else request.draws.called.one
    return (
        f"the primary contrasts were run again in {counted(len(request.taken), one)}, {PAIRS} pairs each with seeds of their own. What noise adds "
        "to the spread over worlds is taken out; a verdict in a world is that of the effect which is left, as if it were known for certain"
    )
