"""Who is dealt which design from the switch on: one for all, or several by shares over members, groups, communities, or days.

Draws are addressed by what is dealt to (a member, a group, a block of days), under the scenario's `design_draw`; without one, under the
population seed. Both engines deal by these functions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim import randomness as rnd
from sim.population.clusters import communities_of, egos_of, leiden_communities_of
from sim.population.cohort import cut, draws
from sim.scenario import mixture
from sim.scenario.scenario import Scenario
from sim.state.columns import Assignment

BLOCK = 7  # days of a block or a step, unless the scenario says
Ties = Callable[[], np.ndarray]  # gives the connections at the switch: (m, 2) ids, sorted


def deal(members: Any, scenario: Scenario, seed: int, there: np.ndarray, ties: Ties) -> Assignment:
    """Deal out designs to all members, those to come included.

    Args:
        members: rows with industry, region and style.
        scenario: of the arm.
        seed: of the population.
        there: (n,) bool, who is active at the switch.
        ties: asked only where designs go by the network.
    """
    n, names = len(members), scenario.design_names
    starts = np.array([scenario.warm_up], np.int32)
    unit, ego = np.arange(n, dtype=np.int32), np.zeros(n, np.int8)
    if not scenario.design_shares:
        arms = np.full((1, n), names.index(scenario.design), np.int8)
        return Assignment(viewer=arms, profile=arms, starts=starts, unit=unit, ego=ego)
    seed = seed if scenario.design_draw is None else scenario.design_draw
    shares = [scenario.design_shares.get(name, 0.0) for name in names]
    if scenario.design_assignment == "day":
        return _by_day(scenario, seed, n)
    unit, ego = units_of(members, assignment=scenario.design_assignment, seed=seed, there=there, ties=ties)
    strata = strata_of(members, there) if scenario.design_strata else None
    u = drawn(seed, rnd.ASSIGN, _count(unit), strata)[unit]
    if scenario.design_ramp:
        return _ramp(scenario, u, unit, ego)
    arms = _arms(cut(u, shares))
    shown = arms
    if scenario.design_pair in mixture.TWO_ARMED:
        shown = _arms(cut(drawn(seed, rnd.ASSIGN_SHOWN, n, strata), shares))
    return Assignment(viewer=arms, profile=shown, starts=starts, unit=unit, ego=ego)


def units_of(members: Any, assignment: str, seed: int, there: np.ndarray, ties: Ties) -> tuple[np.ndarray, np.ndarray]:
    """Return (what each member is dealt a design as part of, 1 for those who are an ego), (n,) each.

    Where designs go by the network, who has no part in it (nobody's contact, or not there at the switch) is dealt one alone.
    """
    n = len(members)
    nobody = np.zeros(n, np.int8)
    if assignment in ("community", "region"):  # "community": by industry, which are all the communities that a generated network has
        return np.asarray(members["industry" if assignment == "community" else "region"], np.int32), nobody
    if assignment == "network":
        return communities_of(n, ties()), nobody
    if assignment == "leiden":
        return leiden_communities_of(n, ties()), nobody
    if assignment == "ego":
        return egos_of(n, ties(), there, draws(seed, rnd.EGO, n))
    return np.arange(n, dtype=np.int32), nobody


def strata_of(members: Any, there: np.ndarray) -> np.ndarray:
    """Return each member's stratum: the style, newcomers apart from those who are there at the switch; (n,) numbers from 0."""
    styles = np.asarray(members["style"], np.int64)
    return np.where(there, styles, styles + int(styles.max(initial=0)) + 1)


def drawn(seed: int, decision: int, n: int, strata: np.ndarray | None) -> np.ndarray:
    """Return a draw of each of n; within strata, one each of as many equal parts of (0, 1) as the stratum has members.

    Cut by shares, such draws leave each stratum with its shares to within one member, while each draw is still uniform: the ranks of
    addressed draws in the stratum, moved by a draw of the stratum's own, whose address lies behind those of the members.
    """
    if strata is None:
        return draws(seed, decision, n)
    kinds = _count(strata)
    every = draws(seed, decision, n + kinds)
    u, moved = every[:n], every[n:]
    order, sizes = np.lexsort((u, strata)), np.bincount(strata, minlength=kinds)
    begin = np.concatenate([np.zeros(1, np.int64), sizes]).cumsum()[:-1]
    rank = np.empty(n, np.int64)
    rank[order] = np.arange(n) - np.repeat(begin, sizes)
    return (rank + moved[strata]) / sizes[strata]


def _count(unit: np.ndarray) -> int:
    return int(unit.max(initial=-1)) + 1


def _arms(designs: np.ndarray) -> np.ndarray:
    return designs.astype(np.int8)[None, :]


def _by_day(scenario: Scenario, seed: int, n: int) -> Assignment:
    """Let all change together, block by block: of each two blocks, one has the one design and one the other, in random order."""
    block = scenario.design_block or BLOCK
    pair = [scenario.design_names.index(name) for name, share in scenario.design_shares.items() if share > 0.0]
    periods = max(1, -(-scenario.days // block))
    first = (draws(seed, rnd.ASSIGN, (periods + 1) // 2) < 0.5).astype(int)
    order = np.column_stack([first, 1 - first]).ravel()[:periods]
    arms = np.repeat(np.array(pair, np.int8)[order][:, None], n, axis=1)
    starts = (scenario.warm_up + block * np.arange(periods)).astype(np.int32)
    return Assignment(viewer=arms, profile=arms, starts=starts, unit=np.zeros(n, np.int32), ego=np.zeros(n, np.int8))


def _ramp(scenario: Scenario, u: np.ndarray, unit: np.ndarray, ego: np.ndarray) -> Assignment:
    """Let more and more have the design that is tried: whoever has it keeps it."""
    names, block = scenario.design_names, scenario.design_block or BLOCK
    tried = names.index(scenario.design)
    (other,) = (names.index(name) for name, share in scenario.design_shares.items() if share > 0.0 and name != scenario.design)
    ramp = scenario.design_ramp
    arms = np.stack([np.where(u < share, tried, other) for share in ramp]).astype(np.int8)
    starts = (scenario.warm_up + block * np.arange(len(ramp))).astype(np.int32)
    return Assignment(viewer=arms, profile=arms, starts=starts, unit=unit, ego=ego)


def opens(assignment: Assignment, day: int) -> int | None:
    """Return the period that begins on a day, None if none does."""
    found = np.flatnonzero(assignment.starts == day)
    return int(found[0]) if len(found) else None
