"""Regions of a sweep in words: who wins in how much of it, and the boxes, with what points held out say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.analyses.regions.analysis import DOWN, UP, bounds_of
from experiments.methods import paired
from experiments.methods.prim import DENSE
from experiments.reporting.text import POINTS, counted, named, started
from experiments.space.words import as_chance, named_in_words, unit_in_words

if TYPE_CHECKING:
    from experiments.analyses.regions.analysis import Regions, Space
    from experiments.methods.prim import Box
    from experiments.space.factors import Factor

SLACK = 0.02  # of a range: a limit so near its end is none


def answer(r: Regions) -> list[str]:
    """Return what was found in sentences."""
    s, d = r.space, r.decided
    what = s.entry.title.lower()
    first = (
        f"Over the swept space, {named(s.arm)} has more {what} than {named(s.reference)} in {POINTS * d[UP]:.0f}% of it, less in "
        f"{POINTS * d[DOWN]:.0f}%; {POINTS * d[paired.NOT_DECIDED]:.0f}% are not decided."
    )
    out = [first, *(box_in_words(s, kind, box) if box else _without_box(s, kind) for kind, box in r.boxes.items()), *_overlap(r)]
    if not r.surrogate.trusted:
        out.append(
            f"The map is rough: on points held out its surface explains {explained(r)} of what single points showed, noise included."
        )
    return out


def _overlap(r: Regions) -> list[str]:
    """Return where both boxes hold, and what to go by there."""
    boxes = [box for box in r.boxes.values() if box and box.limits]
    both = int(np.logical_and.reduce([_inside(r.space, r.space.x, box) for box in boxes]).sum()) if len(boxes) == len(r.boxes) else 0
    if not both:
        return []
    lie = f"{both} of {counted(len(r.space.y), 'point')} {'lies' if both == 1 else 'lie'} in both"
    why = "Each is a rule of thumb, found alone from single points with their noise"
    return [f"The two boxes overlap: {lie}. {why}; where they overlap, go by the map, whose surface weighs all points together."]


def _inside(s: Space, x: np.ndarray, box: Box) -> np.ndarray:
    """Tell which points lie in a box."""
    inside = np.ones(len(x), bool)
    for k, one in enumerate(s.axes):
        low, high = box.limits.get(one.path, (-np.inf, np.inf))
        inside &= (x[:, k] >= low) & (x[:, k] <= high)
    return inside


def beside_the_sweep(r: Regions) -> str:
    """Return why the surface decides another share than the single points, whose share the sweep's own page gives."""
    n, of = r.decided_at_points
    points = POINTS * n / max(of, 1)
    surface = POINTS * (1.0 - r.decided[paired.NOT_DECIDED])
    first = f"At single points, each from its own {counted(r.space.pairs, 'pair')}, {points:.0f}% are decided ({n} of {of})"
    if surface > points:
        return f"{first}; the surface pools neighbouring points, so it decides more: {surface:.0f}% of the space."
    return (
        f"{first}; the surface decides {surface:.0f}% of the space: it has to say which arm has more, and what does not vary smoothly "
        "with the parameters is noise to it."
    )


def explained(r: Regions) -> str:
    """Return how much of what single points showed the surface explains, on points held out."""
    q = r.surrogate.quality
    return f"{POINTS * q:.0f}% of the variance" if q > 0.0 else "none of the variance"


def verb(s: Space, kind: str) -> str:
    """Return what the arm does where it has more, or less: wins or loses, if the measure has a direction."""
    direction = s.entry.direction
    if direction == "neither":
        return f"has {kind} {s.entry.title.lower()}"
    return "wins" if (kind == UP) == (direction == "higher better") else "loses"


def box_in_words(s: Space, kind: str, box: Box) -> str:
    """Return a box as a sentence: its rule, and how good it is where it was made and on points held out."""
    axes = {one.path: (one, edges) for one, edges in zip(s.axes, bounds_of(s.x), strict=True)}
    parts = [_limit(*axes[path], limits) for path, limits in box.limits.items()]
    does = verb(s, kind)
    made = f"the {s.made_from} points it was made from"
    if not parts:
        return f"{started(s.arm)} {does} at {POINTS * box.density:.0f}% of {made}, decided or not, and no part of the space says better where. {_checked(s, kind, box)}"
    held = _held(s, kind, box)
    dense = box.density >= DENSE and (not held.inside or held.density >= DENSE)
    rule = "" if dense else " most often, though not as a rule,"
    return (
        f"{started(s.arm)} {does}{rule} where {' and '.join(parts)}. Of {made}, it {does} at {POINTS * box.density:.0f}% of those there, decided or not; they are "
        f"{POINTS * box.coverage:.0f}% of those at which it {does}. {_checked(s, kind, box)}"
    )


class _Held(NamedTuple):
    """Points that were held out."""

    points: int
    cases: int  # such as the box is about
    inside: int
    both: int

    @property
    def density(self) -> float:
        """Return the share of such cases among what lies in the box; there must be some."""
        return self.both / self.inside

    @property
    def bears_out(self) -> bool:
        """Tell whether more in the box are cases than not, and a larger share than of all, unless all are."""
        return self.density > 0.5 and (self.density > self.cases / self.points or self.cases == self.points)


def _held(s: Space, kind: str, box: Box) -> _Held:
    x, y = s.x[s.made_from :], s.y[s.made_from :]
    cases = y > 0.0 if kind == UP else y < 0.0
    inside = _inside(s, x, box)
    return _Held(len(x), int(cases.sum()), inside=int(inside.sum()), both=int((cases & inside).sum()))


def _checked(s: Space, kind: str, box: Box) -> str:
    """Return what points that the box was not made from say of it: counts, since they are few."""
    held, does = _held(s, kind, box), verb(s, kind)
    of = f"Checked on {counted(held.points, 'point')} held out: "
    if not box.limits:
        return f"{of}it {does} at {held.both or 'none'}."
    if not held.inside:
        return f"It could not be checked: none of the {counted(held.points, 'point')} held out lies there."
    there = f"{held.inside} of them {'lies' if held.inside == 1 else 'lie'} there"
    if not held.cases:
        return f"{of}{there}, but it {does} at none of them all, there or elsewhere."
    end = "" if held.density >= DENSE or box.density < DENSE else ", too few for a rule"
    end = end if held.bears_out else ". They do not bear it out"
    return f"{of}{there}, and it {does} at {held.both or 'none'} of these; of all held out it {does} at {held.cases}{end}."


def _without_box(s: Space, kind: str) -> str:
    """Return what it means that no box was found."""
    return f"There is no box for where {named(s.arm)} {verb(s, kind)}, decided or not: it does so at none of the {s.made_from} points from which boxes are made."


def _limit(one: Factor, edges: tuple[float, float], limits: tuple[float, float]) -> str:
    (low, high), slack = limits, SLACK * (edges[1] - edges[0])
    what, unit = named_in_words(one), unit_in_words(one)
    if low <= edges[0] + slack:
        return f"{what} is below {high:.3g} {unit}{as_chance(one, high)}"
    if high >= edges[1] - slack:
        return f"{what} is above {low:.3g} {unit}{as_chance(one, low)}"
    return f"{what} is from {low:.3g} to {high:.3g} {unit}"


def question(r: Regions) -> str:
    """Return the question that is answered."""
    return f"Where does {named(r.space.arm)} win against {named(r.space.reference)}?"
