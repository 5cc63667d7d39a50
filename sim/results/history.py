"""What a run leaves: measures, levels, daily figures, members, ties and, on request, every item and intent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.decisions.codes import Button, Code, Consequence, Distance, Kind, NewTie, Outcome, Purpose, Role, Violation, labels
from sim.decisions.counters import DAILY
from sim.results.daily import daily_measures
from sim.results.finished_run import FinalState, FinishedRun, dimensions_of
from sim.results.graph_metrics import Shape, shape_of
from sim.results.measures import MEASURES, Catalogue, Measure
from sim.results.values import Value
from sim.state.columns import TIE
from sim.state.decay import decayed_by
from sim.state.sorting import stable_order

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class History:
    """One run. Shapes: `daily` has an array of warm_up + days each, `members` and `ties` a column each."""

    scenario: Scenario
    seed: int
    population_seed: int
    design: str
    measures: dict[str, Value]
    levels: dict[tuple[str, str, str], Value]
    daily: dict[str, np.ndarray]
    members: dict[str, Any]
    ties: dict[str, np.ndarray]
    events: dict[str, Any] | None
    intents: dict[str, Any] | None
    shape: Shape
    delays: np.ndarray  # answers by days since they were sent
    raw_daily: dict[str, np.ndarray]  # counters by day sent, see `sim.decisions.counters.Daily`
    timings: dict[str, float] = field(compare=False)
    catalogue: Catalogue = field(default=MEASURES, compare=False, repr=False)  # what each measure is, by name

    def to_networkx(self) -> nx.Graph:
        """Return the network at the horizon: active members with their columns, ties with age and strength."""
        import networkx as nx

        graph = nx.Graph()
        names = [name for name in self.members if name != "id"]
        for row, i in enumerate(self.members["id"]):
            if self.members["active"][row]:
                graph.add_node(int(i), **{name: _plain(self.members[name][row]) for name in names})
        columns = zip(*(self.ties[name] for name in ("a", "b", "since", "strength")), strict=True)
        graph.add_edges_from((int(a), int(b), {"since": int(s), "strength": float(x)}) for a, b, s, x in columns)
        return graph

    def to_pandas(self, name: str) -> pd.DataFrame:
        """Return a table: "measures", "levels", "daily", "members", "ties", "events" or "intents".

        Raises:
            KeyError: for another name, or for "events" and "intents" if they were not kept.
        """
        import pandas as pd

        if name == "measures":
            rows = [(m, self.catalogue[m].group, *v) for m, v in self.measures.items()]
            return pd.DataFrame(rows, columns=["measure", "group", "numerator", "denominator", "value"])
        if name == "levels":
            cells = [(*key, *v) for key, v in self.levels.items()]
            return pd.DataFrame(cells, columns=["dimension", "level", "measure", "numerator", "denominator", "value"])
        tables = {"daily": self.daily, "members": self.members, "ties": self.ties, "events": self.events, "intents": self.intents}
        if tables.get(name) is None:
            raise KeyError(f"{name!r}: there are measures, levels, daily, members, ties" + (", events, intents" if self.events else ""))
        return pd.DataFrame(tables[name])


def _plain(x: Any) -> Any:
    return x.item() if isinstance(x, np.generic) else x


def tie_rows(outcome: FinalState) -> Any:
    """Return the pairs that are connected."""
    tied = (outcome.pairs.state & TIE) != 0
    return outcome.pairs if tied.all() else outcome.pairs[tied]


def make_history(
    scenario: Scenario,
    seed: int,
    population_seed: int,
    design: str,
    outcome: FinalState,
    timings: dict[str, float],
    catalogue: Catalogue = MEASURES,
) -> History:
    """Return the history of a run that has ended as `outcome`, with the measures of a catalogue.

    Raises:
        MeasureFailed: if a measure of one's own raises, or returns what is no value.
    """
    ties = tie_rows(outcome)
    active = np.flatnonzero(outcome.active)
    shape = shape_of(np.column_stack([ties.lo, ties.hi]), active)
    run = FinishedRun(scenario, outcome, ties, shape)
    fit = catalogue.fitting(scenario)[0]
    return History(
        scenario=scenario,
        seed=seed,
        population_seed=population_seed,
        design=design,
        measures=values(run, fit),
        levels=levels(run, fit),
        daily=daily_measures(outcome.tally),
        members=_member_columns(scenario, outcome),
        ties=_tie_columns(run),
        events=None if outcome.events is None else _event_columns(outcome.events),
        intents=None if outcome.intents is None else _intent_columns(outcome.intents),
        shape=shape,
        delays=outcome.tally.delays,
        raw_daily={name: outcome.tally.daily[k] for k, name in enumerate(DAILY)},
        timings=timings,
        catalogue=catalogue,
    )


def values(run: FinishedRun, measures: Sequence[Measure]) -> dict[str, Value]:
    """Return the values of measures by name; formulas of one's own may read the run, not change it. Errors as in `make_history`."""
    found = {one.name: one.computed.whole(run) for one in measures if not one.identity}
    own = [one for one in measures if one.identity]
    if own:
        with _read_only(run):
            found |= {one.name: one.computed.whole(run) for one in own}
    return found


@contextmanager
def _read_only(run: FinishedRun) -> Iterator[None]:
    """Let nobody write to a run's arrays: a formula of one's own that sorts in place would move what others read."""
    state = run.state
    held = (run.members, run.ties, run.counts, run.there, run.active, run.strengths, *run.shape, *state, *state.tally)
    arrays = [one for one in held if isinstance(one, np.ndarray) and one.flags.writeable]
    for one in arrays:
        one.setflags(write=False)
    try:
        yield
    finally:
        for one in reversed(arrays):
            one.setflags(write=True)


def levels(run: FinishedRun, measures: Sequence[Measure]) -> dict[tuple[str, str, str], Value]:
    """Return the values of measures by (dimension, level, measure), where their denominator is not zero."""
    found: dict[tuple[str, str, str], Value] = {}
    for dimension in dimensions_of(run.scenario):
        for k, level in enumerate(dimension.levels):
            for measure in measures:
                value = measure.computed.level(run, dimension, k)
                if value is not None and value.denominator:
                    found[dimension.name, level, measure.name] = value
    return found


def _named(codes: np.ndarray, words: tuple[str, ...], others: str) -> Any:
    """Return the words that a file has for these codes; those without are told apart from any word: `others` and the code."""
    return [words[k] if k < len(words) else f"{others} {k}" for k in codes] if words else codes.copy()


def _member_columns(scenario: Scenario, outcome: FinalState) -> dict[str, Any]:
    m, n = outcome.members, len(outcome.members)
    labels, industries, regions = outcome.names
    last, learning = scenario.warm_up + scenario.days - 1, scenario.learning
    annoyance = decayed_by(last, m.annoyance, m.annoyance_day, learning.annoyance_half_life)
    load = decayed_by(last, m.load, m.load_day, learning.load_half_life)
    return {
        "id": np.arange(n),
        "label": _named(np.arange(n), labels, "newcomer") if labels else [str(i) for i in range(n)],
        "style": [scenario.style_names[k] for k in m.style],
        "design": [scenario.design_names[k] for k in m.design],
        "industry": _named(m.industry, industries, "industry"),
        "region": _named(m.region, regions, "region"),
        "seniority": m.seniority.copy(),
        "joined": m.joined.copy(),
        "active": outcome.active.copy(),
        "account": m.account.copy(),
        "degree": outcome.degree.copy(),
        "session_rate": m.session_rate.copy(),
        "receptiveness": m.receptiveness.copy(),
        "selectivity": m.selectivity.copy(),
        "delivered": m.got.copy(),
        "unwelcome_delivered": m.got_unwelcome.copy(),
        "read": m.read.copy(),
        "unwelcome_read": m.read_unwelcome.copy(),
        "partners": m.partners.copy(),
        "intents": m.intents.copy(),
        "successes": m.successes.copy(),
        "restrictions": m.restrictions.copy(),
        "opted_out": (m.opted_until > last).astype(np.int8),
        "at_switch": m.at_switch.copy(),
        "annoyance": annoyance,
        "load": load,
        "volume": m.volume.copy(),
    }


def _tie_columns(run: FinishedRun) -> dict[str, np.ndarray]:
    ties, n = run.ties, len(run.members)
    order = stable_order(ties.lo, n, stable_order(ties.hi, n)[0])[0]
    columns = {"a": ties.lo, "b": ties.hi, "since": ties.since, "last_contact": ties.last, "exchanges": ties.exchanges}
    return {**{name: np.asarray(column)[order] for name, column in columns.items()}, "strength": run.strengths[order]}


def _event_columns(events: Any) -> dict[str, Any]:
    return {
        "item": np.arange(len(events)),
        "day_sent": events.day_sent.copy(),
        "day_delivered": _day(events.day_delivered),
        "day_read": _day(events.day_read),
        "day_answered": _day(events.day_answered),
        "sender": events.sender.copy(),
        "recipient": events.recipient.copy(),
        "kind": _words(Kind, events.kind),
        "purpose": _words(Purpose, events.purpose),
        "distance": _words(Distance, events.distance),
        "role": _words(Role, events.role),
        "violation": _words(Violation, events.violation),
        "unheeded": events.unheeded.copy(),
        "unwelcome": events.unwelcome.copy(),
        "reported": events.reported.copy(),
        "outcome": _words(Outcome, events.outcome),
        "exchange": _words(Consequence, events.consequence),
        "tie": _words(NewTie, events.tie),
    }


def _intent_columns(intents: Any) -> dict[str, Any]:
    results = {-1: "open", 0: "failure", 1: "success"}
    return {
        "arose": intents.arose.copy(),
        "member": intents.member.copy(),
        "partner": intents.other.copy(),
        "purpose": _words(Purpose, intents.purpose),
        "distance": _words(Distance, intents.distance),
        "button": _words(Button, intents.button),
        "judged": _day(intents.judged),
        "answered": intents.answered.copy(),
        "exchanges": intents.exchanges.copy(),
        "in_contact": intents.in_touch.copy(),
        "connected": intents.connected.copy(),
        "result": [results[k] for k in intents.success.tolist()],
    }


def _day(days: np.ndarray) -> np.ndarray:
    """Return days as tables show them: -1 for none."""
    return np.where(days < 0, -1, days)


def _words(group: type[Code], codes: np.ndarray) -> list[str]:
    words = labels(group)
    return [words[k] for k in codes]
