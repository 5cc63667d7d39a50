"""Where each arm wins over the space of a sweep: a surface with its undecided band, and boxes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.methods import paired, prim, sobol_indices
from experiments.reporting import run_folder
from experiments.runs.draws import Called
from experiments.runs.keys import size_in_words
from experiments.space.factors import factors
from experiments.sweep.folder import is_finished
from experiments.sweep.plan import called_in
from experiments.sweep.tables import SUMMARY, WORLDS, few_members, world_a_point
from sim.errors import BadInput, must, nearest
from sim.results.measures import MEASURES, Catalogue, Measure
from sim.scenario.scenario import Scenario, load_scenario

if TYPE_CHECKING:
    import pandas as pd

    from experiments.space.factors import Factor

HELD_OUT = 0.25  # share of the points, the last ones: the first of a Sobol sequence are as even without them
LEAST = 20  # points
GRID = 60  # of the map, each way
SURE = 1.96
UP, DOWN = "more", "less"  # of the measure, whichever of them is better


@dataclass(frozen=True)
class Space:
    """What a sweep has seen of a measure."""

    sweep: str  # its name
    arm: str
    number: int  # of the arm, counted from the control, 0
    reference: str
    entry: Measure
    axes: list[Factor]
    scenario_name: str
    x: np.ndarray  # (points, parameters)
    y: np.ndarray  # (points,) mean difference
    pairs: int
    seed: int
    size: str  # of a run, in words
    missing: int  # points without a difference
    verdicts: dict[str, int]  # how many single points have each, as the sweep's own intervals say
    notes: list[str]  # that each point is a world of its own, if it is; that nothing follows from few members, if the sweep had so few
    called: Called | None  # what the draws may be called that say the rest of each point; None where there are none
    network: dict[str, Any]  # what the sweep read of a network file, as provenance names it; empty if it read none

    @property
    def measure(self) -> str:
        """Return the measure's name."""
        return self.entry.name

    @property
    def made_from(self) -> int:
        """Return from how many points, the first ones, boxes are made; the others are held out."""
        return len(self.y) - round(HELD_OUT * len(self.y))


@dataclass(frozen=True)
class Regions:
    """What was found."""

    space: Space
    surrogate: sobol_indices.Surrogate
    importance: pd.DataFrame
    boxes: dict[str, prim.Box | None]  # for UP and DOWN

    @property
    def verdicts(self) -> np.ndarray:
        """Return UP, DOWN or not decided for each point, from the surface and its band."""
        mean, error = self.surrogate.band(self.space.x)
        return np.where(mean - SURE * error > 0.0, UP, np.where(mean + SURE * error < 0.0, DOWN, paired.NOT_DECIDED))

    @property
    def decided(self) -> dict[str, float]:
        """Return the share of the space in which the arm has more with 95% confidence, less, and neither."""
        verdicts = self.verdicts
        return {word: float(np.mean(verdicts == word)) for word in (UP, DOWN, paired.NOT_DECIDED)}

    @property
    def decided_at_points(self) -> tuple[int, int]:
        """Return at how many single points the sweep's own intervals decide, and of how many."""
        told = self.space.verdicts
        return sum(n for word, n in told.items() if word != paired.NOT_DECIDED), sum(told.values())

    @property
    def data(self) -> dict[str, Any]:
        """Return the result for programs."""
        found = {kind: None if box is None else {**box._asdict(), "peeling": None} for kind, box in self.boxes.items()}
        return {
            "measure": self.space.measure,
            "arm": self.space.arm,
            "reference": self.space.reference,
            "points": len(self.space.y),
            "decided": self.decided,
            "boxes": found,
            "quality": self.surrogate.quality,
            **({} if self.space.called is None else {"draws": self.space.called.data}),
        }


def bounds_of(x: np.ndarray) -> list[tuple[float, float]]:
    """Return the range of each column."""
    return [(float(column.min()), float(column.max())) for column in x.T]


def load_space(folder: Path, measure: str, arm: str | None = None, name: str | None = None, catalogue: Catalogue = MEASURES) -> Space:
    """Return what a sweep's run folder holds on a measure. The sweep is called by its folder's name unless given another.

    Raises:
        BadInput: if it is none, or has no such measure.
    """
    import pandas as pd

    try:
        plan = json.loads((folder / run_folder.PLAN).read_text(encoding="utf-8"))
        points = pd.read_csv(folder / "points.csv").set_index("point")
        runs = pd.read_csv(folder / "runs.csv")
        told = pd.read_csv(folder / SUMMARY, usecols=["measure", "arm", "verdict"])
    except (OSError, ValueError) as error:
        raise BadInput(must("", "be the folder of a finished `firstcontact sweep`", error, where=folder)) from None
    if not is_finished(folder):
        raise BadInput(must("", f"have tables as new as its runs: `firstcontact sweep --resume {folder}` writes them", where=folder))
    known = list(dict.fromkeys(runs.measure))
    if measure not in known:
        raise BadInput(must("--measure", "be a measure of this sweep", f"{measure!r}{nearest(measure, known)}"))
    reference, others = plan["reference"], [name for name in plan["arms"] if name != plan["reference"]]
    other = treatment_of(others, arm)
    table = runs[runs.measure == measure].pivot_table(index=["point", "pair"], columns="arm", values="value")
    y = (table[other] - table[reference]).groupby("point").mean().reindex(points.index)
    there = y.notna()
    scenario = load_scenario(folder / run_folder.SCENARIO)
    every = factors(scenario)
    axes = [every[name] for name in points.columns if points[name].min() < points[name].max()]
    check_points(int(there.sum()), folder, len(axes))
    network = _network(folder, scenario)
    called = (called_in(folder, plan["plan"]) or Called()) if (folder / WORLDS).exists() else None
    x = points.loc[there, [one.path for one in axes]].to_numpy(float)
    return Space(
        name or folder.name,
        other,
        number=others.index(other) + 1,
        reference=reference,
        entry=catalogue[measure],
        axes=axes,
        scenario_name=scenario.name,
        x=x,
        y=y[there].to_numpy(float),
        pairs=int(runs.pair.max()),
        seed=int(plan["seed"]),
        size=size_in_words(scenario),
        missing=int((~there).sum()),
        notes=[
            *([f"{world_a_point(called)} The surface is that of the mean over them."] if called else []),
            *few_members(scenario, dict(points.min()) | network.get("network", {})),
        ],
        verdicts=dict(told[(told.measure == measure) & (told.arm == other)].verdict.value_counts()),
        called=called,
        network=network,
    )


def check_points(points: int, where: str | Path, axes: int = 1) -> None:
    """Refuse a sweep that is too small to be mapped.

    Raises:
        BadInput: with how many points and parameters there must be.
    """
    if points < LEAST or not axes:
        raise BadInput(must("", f"hold at least {LEAST} points of at least 1 parameter", f"{points} points of {axes}", where=where))


def treatment_of(others: Sequence[str], arm: str | None) -> str:
    """Return the arm that is compared with the control: the first other one unless told.

    Raises:
        BadInput: if there is no such arm.
    """
    other = others[0] if arm is None else arm
    if other not in others:
        raise BadInput(must("--arm", f"be one of {', '.join(others)}", repr(other)))
    return other


def _network(folder: Path, scenario: Scenario) -> dict[str, Any]:
    """Return what a sweep's provenance says of its network: the file itself may have gone since. Without one, the file is read."""
    kept = folder / run_folder.PROVENANCE
    if not kept.exists():
        return run_folder.network_read(scenario)
    facts = json.loads(kept.read_text(encoding="utf-8"))
    return {key: facts[key] for key in ("network",) if key in facts}


def find_regions(space: Space) -> Regions:
    """Fit the surface, rank the parameters, and find the boxes."""
    import pandas as pd

    names = [one.path for one in space.axes]
    model = sobol_indices.surrogate(space.x, space.y, bounds_of(space.x), space.seed)
    importance = sobol_indices.indices(model, names, space.seed)
    cut = space.made_from
    frame = pd.DataFrame(space.x, columns=names)
    found = {}
    for kind, cases in ((UP, space.y > 0.0), (DOWN, space.y < 0.0)):
        found[kind] = prim.find_box(frame[:cut], cases[:cut], frame[cut:], cases[cut:])
    return Regions(space, model, importance, found)


def surface(r: Regions, path: str, other: str | None) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return (grid of one parameter, grid of the other, mean, standard error), all others as in the scenario."""
    names = [one.path for one in r.space.axes]
    edges = bounds_of(r.space.x)
    usual = [min(max(one.default, low), high) for one, (low, high) in zip(r.space.axes, edges, strict=True)]
    k = names.index(path)
    a = np.linspace(*edges[k], GRID)
    b = np.linspace(*edges[names.index(other)], GRID) if other else np.zeros(1)
    rows = np.tile(usual, (len(b) * len(a), 1))
    rows[:, k] = np.tile(a, len(b))
    if other:
        rows[:, names.index(other)] = np.repeat(b, len(a))
    mean, error = r.surrogate.band(rows)
    return a, b, mean.reshape(len(b), len(a)), error.reshape(len(b), len(a))
