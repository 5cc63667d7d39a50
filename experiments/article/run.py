"""The whole of the ledger: from the statements asked for to the files that tell what was seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.article.contrasts import Contrast, contrasts_of
from experiments.article.runs import Progress, Runs
from experiments.article.statement import Point, load_points
from experiments.reporting import run_folder
from experiments.reporting.page import FINDINGS
from experiments.runs import processes
from experiments.runs.ledger import Ledger
from sim.version import model_version

if TYPE_CHECKING:
    from experiments.article.verdicts import Figures
    from sim.scenario.scenario import Scenario

DEFAULT_PAIRS, DEFAULT_MEMBERS = 24, 1000  # from a pilot: the whole catalogue in 45 minutes on two cores
WARM_UP, DAYS = 120, 100  # days; 40 of which are watched for the 60 that an intent's success takes


VERDICTS = (
    "No difference that matters: the whole interval is smaller than the smallest difference that matters. Else borne out or contradicted: "
    "the whole interval is on the statement's side of zero, or on the other; not decided if it contains zero. Depends on the design: "
    "the verdicts under the two designs are not the same, which need not mean that they differ by much."
)


@dataclass(frozen=True)
class Request:
    """What is asked of the ledger, checked."""

    points: list[Point]
    pairs: int
    members: int
    seed: int
    workers: int
    controls: bool = False

    @property
    def scenario(self) -> Scenario:
        """Return the scenario that all contrasts depart from."""
        from sim.scenario.scenario import load_scenario

        return load_scenario("baseline", members=self.members, warm_up=WARM_UP, days=DAYS)

    def prepare(self, out: Path | None) -> Path:
        """Return the folder, made for this plan or holding it.

        Raises:
            BadInput: if it holds another plan or cannot be written.
        """
        facts = [[p.model_dump_json() for p in self.points], self.members, self.seed, self.controls, model_version()]
        digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:8]
        folder = out or Path("results") / f"article-{'controls-' if self.controls else ''}{digest}"
        run_folder.prepare_folder(folder, {"command": "article", "plan": digest, "controls": self.controls, "seed": self.seed})
        return folder


class Result(NamedTuple):
    """What the command prints."""

    lines: list[str]
    what: str
    path: Path
    data: dict[str, Any]


def run_article(request: Request, folder: Path, ledger: Path | None, progress: Progress, started: float) -> Result:
    """Run what is missing and write the files."""
    scenario = request.scenario
    every = [c for point in load_points() if point.tested for c in contrasts_of(point, scenario)]
    contrasts = [c for point in request.points if point.tested for c in contrasts_of(point, scenario, control=request.controls)]
    with Ledger(ledger or folder / run_folder.LEDGER) as book, processes.processes(request.workers) as pool:
        runs = Runs(scenario, contrasts, [c.figure for c in every], request.seed, book)
        runs.gather(request.pairs, pool, request.workers + 1, progress)
        figures = runs.records(request.pairs)
    run_folder.write_text(folder / run_folder.SCENARIO, scenario.to_toml())
    finish = _controls if request.controls else _ledger
    result = finish(request, contrasts, figures, sum(c.primary for c in every), folder)
    told = run_folder.provenance(request.seed, started, {"pairs": request.pairs, "runs": request.pairs * runs.count})
    run_folder.write_text(folder / run_folder.PROVENANCE, json.dumps(told, indent=2) + "\n")
    return result


def _ledger(request: Request, contrasts: Sequence[Contrast], figures: Figures, primaries: int, folder: Path) -> Result:
    from experiments.article import text, verdicts
    from experiments.article.report import write_article

    found = verdicts.findings(request.points, contrasts, figures, primaries)
    run_folder.write_table(folder / "article.csv", verdicts.table(found))
    path = write_article(found, _how(request, primaries), folder)
    score, surprises = text.score(found), text.surprises(found)
    told = {"score": score, "surprises": surprises, "verdicts": {f.point.name: f.verdict for f in found}}
    run_folder.write_text(folder / FINDINGS, json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    return Result([*score, *surprises], "The ledger", path, told)


def _controls(request: Request, contrasts: Sequence[Contrast], figures: Figures, primaries: int, folder: Path) -> Result:  # noqa: ARG001
    """Write what still differs once the mechanism is off: it measures something else."""
    import pandas as pd

    from experiments.article import verdicts

    rows = []
    for contrast in contrasts:
        # intervals that hold together, of all readings alike: one of so many would exclude zero
        reading = verdicts.read(contrast._replace(primary=True), figures, len(contrasts))
        same, one = verdicts.identical(contrast, figures), contrast.with_ == contrast.without
        _, low, high = reading.difference
        clean = same or not (low > 0.0 or high < 0.0)
        p = contrast.point
        rows.append((p.heading, p.number, contrast.reading, contrast.design, p.measure, one, same, *reading.difference, clean))
    columns = ["heading", "number", "reading", "design", "measure", "one_scenario", "identical", "difference", "ci_low", "ci_high", "clean"]
    table = pd.DataFrame(rows, columns=columns)
    path = folder / "controls.csv"
    run_folder.write_table(path, table)
    unclean = table[~table.clean]
    score = (
        f"Of {len(table)} contrasts with their mechanism off, {int(table.identical.sum())} are identical to the bit "
        f"({int(table.one_scenario.sum())} of them since the contrast is nothing but that number), {len(unclean)} still differ."
    )
    lines = [score]
    lines += [
        f"{r.heading}, {r.number}, {r.reading}, {r.design}: {r.measure} still differs by {r.difference:.4g}" for r in unclean.itertuples()
    ]
    return Result(lines, "The controls", path, {"contrasts": len(table), "identical": int(table.identical.sum()), "unclean": len(unclean)})


def _how(request: Request, primaries: int) -> list[tuple[str, str]]:
    return [
        ("Size", f"{request.members:,} members, {WARM_UP} days of warm-up under both-equal and {DAYS} after the switch, {request.pairs} pairs"),
        ("Contrasts", "begin at the switch: both sides share population, warm-up and luck. Followers are the same members on both sides."),
        ("Intervals", f"95% over {primaries} primary readings together (Bonferroni); the other readings have intervals of their own"),
        ("Verdicts", VERDICTS),
        ("Seed", str(request.seed)), ("Model version", model_version()),
    ]  # fmt: skip
