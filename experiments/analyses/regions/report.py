"""Regions of a sweep as files and a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.regions.analysis import SURE
from experiments.analyses.regions.figures import drawings
from experiments.analyses.regions.words import answer, beside_the_sweep, explained, question
from experiments.reporting import run_folder
from experiments.reporting.page import Cell, Page, Section, Table, write_findings
from experiments.reporting.style import Figure, draw_all
from experiments.reporting.text import counted, named
from experiments.space.words import in_words
from sim.version import model_version

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.regions.analysis import Regions

FILES = (
    ("regions.csv", "the surface at every point: mean, bounds, verdict"),
    ("boxes.csv", "the boxes: parameters, limits, coverage, density"),
    ("peeling.csv", "coverage and density along the peeling"),
    ("importance.csv", "indices of the parameters over the swept space"),
    ("provenance.json", "versions, seeds, command, machine, times"),
)


def points_table(r: Regions) -> pd.DataFrame:
    """Return a row a point: its parameters, the difference seen, the surface with its bounds, the verdict."""
    import pandas as pd

    s = r.space
    mean, error = r.surrogate.band(s.x)
    return pd.DataFrame(s.x, columns=[one.path for one in s.axes]).assign(
        difference=s.y, mean=mean, ci_low=mean - SURE * error, ci_high=mean + SURE * error, verdict=r.verdicts
    )


def boxes_table(r: Regions) -> pd.DataFrame:
    """Return a row a box and parameter that limits it: limits, coverage and density, also on points held out."""
    import pandas as pd

    rows = [
        (kind, path, *limits, b.coverage, b.density, b.held_coverage, b.held_density)
        for kind, b in r.boxes.items()
        if b
        for path, limits in (b.limits or {"": (np.nan, np.nan)}).items()
    ]
    return pd.DataFrame(rows, columns=["kind", "number", "low", "high", "coverage", "density", "held_coverage", "held_density"])


def write(r: Regions, folder: Path, started: float, facts: dict[str, Any] | None = None) -> None:
    """Write tables, figures and the page."""
    import pandas as pd

    s = r.space
    run_folder.write_table(folder / "regions.csv", points_table(r))
    run_folder.write_table(folder / "importance.csv", r.importance)
    run_folder.write_table(folder / "boxes.csv", boxes_table(r))
    paths = [b.peeling.assign(kind=kind) for kind, b in r.boxes.items() if b]
    run_folder.write_table(
        folder / "peeling.csv", pd.concat(paths) if paths else pd.DataFrame(columns=["coverage", "density", "restricted", "kind"])
    )
    first, *others = draw_all(drawings(r).values(), r, folder / "figures")
    page = Page(
        question(r),
        answer(r),
        first,
        _sections(r, others),
        notes=_notes(r),
        how=[
            ("Sweep", s.sweep),
            ("Scenario", s.scenario_name),
            ("Size", s.size),
            ("Points", f"{len(s.y)}, {counted(s.pairs, 'pair')} at each"),
            ("Arms", f"{named(s.arm)} against {named(s.reference)}, the control"),
            ("Seed", str(s.seed)),
            ("Model version", model_version()),
        ],
        files=FILES,
    )
    write_findings(page, folder)
    run_folder.write_provenance(folder, s.seed, started, s.network | (facts or {}))


def _notes(r: Regions) -> list[str]:
    s = r.space
    lost = [f"Left out: {counted(s.missing, 'point')} where runs failed or the measure was undefined."] if s.missing else []
    return [f"{s.entry.title}: {s.entry.definition}", beside_the_sweep(r), *lost, *s.notes]


def _sections(r: Regions, figures: list[Figure]) -> list[Section]:
    s = r.space
    held = (
        f"A box is a range for each of a few parameters, found by peeling (PRIM). A point counts by what its own pairs showed, so noise is in it. Boxes are made from {s.made_from} points, "
        f"the first of the sweep; the other {len(s.y) - s.made_from} are held out."
    )
    rests = f"A Gaussian process through {len(s.y)} points; on points held out it explains {explained(r)} of what single points showed, noise included."
    indices = "First-order index: the share of the surface's variance that a parameter explains alone; total index: with all that it does together with others."
    return [
        Section("How the boxes were found", [held, *figures]),
        Section("What the map rests on", [rests, indices, _importance(r)]),
    ]


def _importance(r: Regions) -> Table:
    by_path = {one.path: one for one in r.space.axes}
    rows: list[list[str | Cell]] = [
        [Cell(f"{t.factor}: {in_words(by_path[t.factor])}", by_path[t.factor].source), f"{t.first:.2f}", f"{t.total:.2f}"]
        for t in r.importance.itertuples()
    ]
    return Table("How much of the surface each parameter explains", ["parameter", "first-order index", "total index"], rows)
