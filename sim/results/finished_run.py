"""A run that has ended, as measures read it: its final state by either engine, and what several measures need of it."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np

from sim.decisions.codes import Distance, Level, Purpose, labels
from sim.decisions.constants import WEEK
from sim.decisions.counters import Counter, Daily
from sim.results.graph_metrics import Shape
from sim.results.values import (
    DESIGN_AXIS,
    DISTANCE_AXIS,
    INBOX_AXIS,
    PURPOSE_AXIS,
    SELECTIVITY_AXIS,
    STYLE_AXIS,
    Dimension,
    Value,
    ratio,
)
from sim.scenario.scenario import Scenario
from sim.state.columns import Assignment, Names
from sim.state.decay import decayed_by
from sim.state.tally import DISTANCES, LEVELS, PURPOSES, Tally


class FinalState(NamedTuple):
    """The end of a run, from either engine, as columns."""

    members: Any  # (n,) MEMBER rows of all who joined
    active: Any  # (n,) 1 for those who are there
    degree: Any  # (n,) their connections
    pairs: Any  # (pairs,) PAIR rows, those of all ties at least
    tally: Tally
    events: Any  # (items,) EVENT rows, None unless kept
    intents: Any  # (intents,) JUDGED rows, likewise
    names: Names
    assignment: Assignment | None = None  # who had which design; None where the arms have not parted


def dimensions_of(scenario: Scenario) -> tuple[Dimension, ...]:
    """Return by what the measures of a scenario are broken down; by design only where several hold at once."""
    found = (
        Dimension("style", STYLE_AXIS, scenario.style_names, "style"),
        Dimension("purpose", PURPOSE_AXIS, labels(Purpose)),
        Dimension("distance", DISTANCE_AXIS, labels(Distance)),
        Dimension("selectivity", SELECTIVITY_AXIS, labels(Level), "selectivity_level"),
        Dimension("inbox", INBOX_AXIS, labels(Level), "inbox_level"),
        Dimension("design", DESIGN_AXIS, scenario.design_names, "design"),
    )
    return found if scenario.design_shares else found[:-1]


class FinishedRun:
    """What measures are computed from: the final state of a run, and what several measures need of it.

    A measure of one's own (`sim.measure`) is a function of it. n members ever joined, m connections are there at the horizon.
    "At the switch" is the day on which the arms part; what is counted is counted from then on. Arrays can be read, not written.

    Attributes:
        scenario: the `Scenario`, with the arm's design.
        members: (n,) a row a member, each column an attribute: `style` and `design` (places in `scenario.style_names` and
            `scenario.design_names`), `seniority` (0 to 4), `industry`, `region`, `joined` (day); since the switch `got`, `got_unwelcome`,
            `got_unwelcome_invitations`, `read`, `read_unwelcome`, `read_unwelcome_invitations` (items), `partners`, `far_partners`
            (members), `intents`, `successes` (intents), `restrictions` (times); `session_rate` (share of days), `annoyance` (unwelcome
            items), `opted_until` (day), `volume` (times the style's intents). `sim.state.columns` has them all.
        there: (n,) bool, active at the switch.
        active: (n,) bool, active at the horizon.
        base: how many were active at the switch.
        active_count: how many are at the horizon.
        weeks: from the switch to the horizon.
        last_day: of the run, counted from 0 at the beginning of the warm-up.
        ties: (m,) a row a connection: `lo`, `hi` (places of its two members), `since`, `last` (days), `exchanges`.
        strengths: (m,) of each connection on the last day, 0 to 1; dormant below 1/8.
        promotes: (n,) bool, whether the member's style promotes.
        shape: of the network among those active at the horizon: `degrees` (active_count,), `largest` (members of the largest
            component), `two_hop` (members), `distances` ((hops,) sampled pairs by distance, from 1 up), `clustering` (0 to 1).
        counts: (counters, styles, purposes, distances, selectivity levels, inbox levels, designs) whole numbers, first by `sim.Counter`.
        state: the columns as the engine left them; of it, `events` and `intents` are None unless the run kept them.

    Example:
        >>> from sim import Counter, load_scenario, measure, simulate
        >>> @measure(unit="items", definition="The most items that one member had.", version="1")
        ... def fullest_inbox(run):
        ...     return run.members.got.max()
        >>> history = simulate(load_scenario(members=50, warm_up=5, days=20), seed=1, measures=[fullest_inbox])
        >>> history.measures["fullest_inbox"].value == float(history.members["delivered"].max())
        True
    """

    def __init__(self, scenario: Scenario, state: FinalState, ties: Any, shape: Shape) -> None:
        self.scenario, self.state, self.ties, self.shape = scenario, state, ties, shape
        self.members = state.members
        cells = (len(scenario.style_names), PURPOSES, DISTANCES, LEVELS, LEVELS, len(scenario.design_names))
        self.counts = state.tally.counts.reshape((len(Counter), *cells))
        self.there = state.members.at_switch == 1  # (n,) active at the switch
        self.base = int(self.there.sum())
        self.weeks = scenario.days / WEEK
        self.active = state.active == 1  # (n,) at the horizon
        self.active_count = int(self.active.sum())
        self._sums: dict[int, np.ndarray] = {}

    @property
    def last_day(self) -> int:
        """The last day of the run."""
        return self.scenario.warm_up + self.scenario.days - 1

    @functools.cached_property
    def strengths(self) -> np.ndarray:
        """The strength of each tie on the last day."""
        return decayed_by(self.last_day, self.ties.strength, self.ties.touched, self.scenario.tie.half_life)

    @functools.cached_property
    def promotes(self) -> np.ndarray:
        """For each member, whether their style promotes."""
        styles = np.array([self.scenario.styles[name].promotion > 0.0 for name in self.scenario.style_names])
        return styles[self.members.style] if len(self.members) else np.zeros(0, bool)

    @property
    def total_distance(self) -> float:
        """The sum of sampled distances, see `graph_metrics.Shape`."""
        return float((self.shape.distances * np.arange(1, len(self.shape.distances) + 1)).sum())

    def counted_by(self, axis: int) -> np.ndarray:
        """Return the counters by purpose, and by one more axis of the cells: (counters, purposes[, levels])."""
        if axis not in self._sums:
            others = tuple(k for k in range(1, self.counts.ndim) if k not in (PURPOSE_AXIS, axis))
            found = self.counts.sum(axis=others)
            self._sums[axis] = np.moveaxis(found, 1, 2) if axis < PURPOSE_AXIS else found
            self._sums[axis].setflags(write=False)  # all measures read the same
        return self._sums[axis]

    def total(self, counter: Counter) -> float:
        """Return a counter over all cells."""
        return float(self.counts[counter].sum())

    def since_switch(self, count: Daily, window: int = 0) -> float:
        """Return a daily count over all days from the switch on, but for the last `window`."""
        first = self.scenario.warm_up
        return float(self.state.tally.daily[count, first : max(first, first + self.scenario.days - window)].sum())

    def per_week(self, amount: float, scale: float = 1.0) -> Value:
        """Return an amount per week and member active at the switch."""
        return ratio(amount, self.base * self.weeks, scale)

    def percentile_95(self, column: str) -> Value:
        """Return the 95th percentile of a column over members active at the switch, per week."""
        had = self.members[column][self.there]
        return Value(None, None, float(np.percentile(had, 95)) / self.weeks if len(had) and self.weeks else None)

    def gini(self, column: str) -> Value:
        """Return the Gini index of a column over members active at the switch; undefined where all have none."""
        had = np.sort(self.members[column][self.there]).astype(float)
        if not len(had) or had.sum() == 0.0:
            return Value(None, None, None)
        n = len(had)
        return Value(None, None, float(2.0 * (np.arange(1, n + 1) * had).sum() / (n * had.sum()) - (n + 1) / n))
