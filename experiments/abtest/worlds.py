"""The worlds that a test is held against: all under control, all under treatment, and mixed, from one warm-up, with what is read of each."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.abtest.counts import Counts
from experiments.abtest.metrics import WINDOW, Exchanges, Items, exchanges_of, intents_of, items_of

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


@dataclass(frozen=True)
class World:
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

    @functools.cached_property
    def counts(self) -> Counts:
        """Return what the items are worth, as it is asked for."""
        return Counts(self.items, self.there)


class Record(NamedTuple):
    """What a world recorded of items and intents, or a part of it."""

    numbers: np.ndarray  # of the items, rising
    items: Items
    exchanges: Exchanges
    intents: Any  # JUDGED rows

    def joined(self, later: Record) -> Record:
        """Return these, and those of a later part, whose items may have smaller numbers: they were still open."""
        numbers = np.concatenate([self.numbers, later.numbers])
        order = np.argsort(numbers, kind="stable")
        items, intents = self.items.joined(later.items).where(order), np.concatenate([self.intents, later.intents])
        return Record(numbers[order], items, self.exchanges.joined(later.exchanges), intents)

    @property
    def counted(self) -> Items:
        """Return the items, and behind them the intents."""
        return self.items.joined(intents_of(self.intents, self.exchanges))


def _taken(world: Any, since: int, *, ended: bool) -> Record:
    """Take out of a world what nothing can change any more, as far as it says something of the days from `since` on."""
    numbers, events, intents = world.take_record(ended=ended)
    items = items_of(events)  # its columns are much narrower than rows
    sent, arose = items.day >= since, intents["arose"] >= since
    return Record(numbers[sent], items.where(sent), exchanges_of(events).since(since), np.asarray(intents[arose]))


def lived(base: Scenario, arms: Sequence[Scenario], population_seed: int, seed: int) -> Iterator[World]:
    """Yield the world of each arm, one at a time: all begin with the members of one population after one warm-up of `base`."""
    from sim.columnar.engine import final_state_of, ties_of
    from sim.population.initialization import begin, source_of
    from sim.simulation import arm_of, branches, lived_until

    arms, since = [arm_of(base, arm) for arm in arms], periods_of(base).before
    warm = [lived_until(begin(base, seed, population_seed, source_of(base, None), events=True), base.warm_up)]
    ties = ties_of(warm[0].graph)
    past = _taken(warm[0], since, ended=False)  # the same for all arms, so that no arm carries it along
    for world in branches(warm, base, arms):
        record = past.joined(_taken(world, since, ended=True))
        state = final_state_of(world)
        yield World(
            items=record.counted,
            there=state.members.at_switch == 1,
            stayed=((state.active == 1) & (state.members.quiet == 0)).astype(float),
            style=state.members.style.copy(),
            dealt=state.assignment,
            ties=ties,
            joined=state.members.joined.astype(np.int32),
        )
