"""The worlds that a test is held against: all under control, all under treatment, and mixed, from one warm-up, with what is read of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.abtest.metrics import WINDOW, Items, intents_of, items_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


class Periods(NamedTuple):
    """Days in which items are counted: of the test, and of the time before, whose answers were all there before the switch."""

    begin: int
    end: int
    before: int
    until: int

    @property
    def days(self) -> int:
        """Return the days of the test."""
        return self.end - self.begin


def periods_of(scenario: Scenario) -> Periods:
    """Return the periods of a test that fills the days after the switch, but for the last in which answers are waited for."""
    begin, until = scenario.warm_up, max(0, scenario.warm_up - WINDOW)
    end = begin + scenario.days - WINDOW
    return Periods(begin, end, max(0, until - (end - begin)), until)


class World(NamedTuple):
    """What is read of a run; n members were ever there."""

    items: Items
    there: np.ndarray  # (n,) bool, active at the switch: the units of a test
    stayed: np.ndarray  # (n,) float, 1 for those who are active at the end and not quiet
    style: np.ndarray  # (n,)
    dealt: Any  # who had which design, a `sim.state.columns.Assignment`
    ties: np.ndarray  # (m, 2) ids, the connections at the switch
    joined: np.ndarray  # (n,) days

    @property
    def n(self) -> int:
        """Return how many members there were."""
        return len(self.there)


def lived(base: Scenario, arms: Sequence[Scenario], population_seed: int, seed: int) -> Iterator[World]:
    """Yield the world of each arm, one at a time: all begin with the members of one population after one warm-up of `base`."""
    from sim.columnar.engine import final_state_of, ties_of
    from sim.population.initialization import begin, source_of
    from sim.simulation import arm_of, branches, lived_until

    arms, since = [arm_of(base, arm) for arm in arms], periods_of(base).before
    warm = [lived_until(begin(base, seed, population_seed, source_of(base, None), events=True), base.warm_up)]
    ties = ties_of(warm[0].graph)
    for world in branches(warm, base, arms):
        state = final_state_of(world)
        yield World(
            items=items_of(state.events, since).joined(intents_of(state.intents, state.events, since)),
            there=state.members.at_switch == 1,
            stayed=((state.active == 1) & (state.members.quiet == 0)).astype(float),
            style=state.members.style.copy(),
            dealt=state.assignment,
            ties=ties,
            joined=state.members.joined.astype(np.int32),
        )
