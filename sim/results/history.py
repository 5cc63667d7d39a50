"""What a run leaves: measures, levels, daily figures, members, ties and, on request, every item."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.decisions.constants import DORMANT
from sim.results.measures import MEASURES, PRIMARY, Value, fitting, ratio
from sim.results.graph_metrics import Shape, shape_of
from sim.population.network_files import Names
from sim.state.sorting import stable_order
from sim.state.tally import COUNTERS, DAILY, DISTANCES, LEVELS, MONTH, PURPOSES, TALK_WINDOW, WEEK, Tally
from sim.state.columns import OUTCOMES, TIE

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from sim.scenario.scenario import Scenario

PURPOSE_NAMES = ("inquiry", "relationship", "promotion")
DISTANCE_NAMES = ("nobody found", "connected", "second degree", "stranger")
LEVEL_NAMES = ("nobody found", "low", "middle", "high")
KIND_NAMES = ("message", "follow-up", "reply", "invitation", "invitation with note", "pitch", "introduction")
THOUSAND, HUNDRED = 1000.0, 100.0
PURPOSE = 2  # axis of the cells


class Outcome(NamedTuple):
    """The end of a run, from either engine, as columns."""

    members: Any  # (n,) MEMBER rows of all who joined
    active: Any  # (n,) 1 for those who are there
    degree: Any  # (n,) their connections
    pairs: Any  # (pairs,) PAIR rows, those of all ties at least
    tally: Tally
    events: Any  # (items,) EVENT rows, empty unless kept
    names: Names


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
    shape: Shape
    delays: np.ndarray  # answers by days since they were sent
    raw_daily: dict[str, np.ndarray]  # counters by day sent, see `sim.state.tally.DAILY`
    timings: dict[str, float] = field(compare=False)

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
        """Return a table: "measures", "levels", "daily", "members", "ties" or "events".

        Raises:
            KeyError: for another name, or for "events" if they were not kept.
        """
        import pandas as pd

        if name == "measures":
            rows = [(m, MEASURES[m].group, *v) for m, v in self.measures.items()]
            return pd.DataFrame(rows, columns=["measure", "group", "numerator", "denominator", "value"])
        if name == "levels":
            cells = [(*key, *v) for key, v in self.levels.items()]
            return pd.DataFrame(cells, columns=["dimension", "level", "measure", "numerator", "denominator", "value"])
        tables = {"daily": self.daily, "members": self.members, "ties": self.ties, "events": self.events}
        if tables.get(name) is None:
            raise KeyError(f"{name!r}: there are measures, levels, daily, members, ties" + (", events" if self.events else ""))
        return pd.DataFrame(tables[name])


def _plain(x: Any) -> Any:
    return x.item() if isinstance(x, np.generic) else x


def tie_rows(outcome: Outcome) -> Any:
    """Return the pairs that are connected."""
    tied = (outcome.pairs.state & TIE) != 0
    return outcome.pairs if tied.all() else outcome.pairs[tied]


def make_history(scenario: Scenario, seed: int, population_seed: int, design: str, outcome: Outcome, timings: dict[str, float]) -> History:
    """Return the history of a run that has ended as `outcome`."""
    ties = tie_rows(outcome)
    active = np.flatnonzero(outcome.active)
    shape = shape_of(np.column_stack([ties.lo, ties.hi]), active)
    values = _Values(scenario, outcome, ties, shape)
    kept = fitting(scenario)[0]
    measures = {m.name: values.of(m.name) for m in kept}
    return History(
        scenario, seed, population_seed, design, measures, values.levels([m.name for m in kept]), daily_measures(outcome.tally),
        _member_columns(scenario, outcome), _tie_columns(ties, outcome.members, scenario),
        _event_columns(outcome.events) if len(outcome.events) else None, shape, outcome.tally.delays,
        {name: outcome.tally.daily[k] for k, name in enumerate(DAILY)}, timings,
    )  # fmt: skip


class _Values:
    """Computes measures from an outcome."""

    def __init__(self, scenario: Scenario, outcome: Outcome, ties: Any, shape: Shape) -> None:
        self.scenario, self.outcome, self.ties, self.shape = scenario, outcome, ties, shape
        dims = (len(COUNTERS), len(scenario.style_names), PURPOSES, DISTANCES, LEVELS, LEVELS, len(scenario.design_names))
        self.counts = outcome.tally.counts.reshape(dims)
        self._sums: dict[int, np.ndarray] = {}
        m = outcome.members
        self.there = m.at_switch == 1
        self.base = int(self.there.sum())
        self.weeks = scenario.days / WEEK
        self.active = outcome.active == 1
        end = scenario.warm_up + scenario.days
        self.strengths = ties.strength * np.exp2(-(end - 1 - ties.touched) / scenario.tie.half_life)
        promotes = np.array([scenario.styles[name].promotion > 0.0 for name in scenario.style_names])
        self.promotes = promotes[m.style] if len(m) else np.zeros(0, bool)

    def of(self, name: str) -> Value:
        """Return the value of a measure over everybody."""
        measure = MEASURES[name]
        if measure.top:
            return self.counted(name)
        if name in MEMBER_SUMS:
            return self.per_member(name)
        return getattr(self, "_" + name)()

    def counted(self, name: str, axis: int = PURPOSE, index: int | None = None) -> Value:
        """Return a ratio of counters, all of them or those of a level: an axis of the cells and an index on it."""
        measure = MEASURES[name]
        purposes = [index] if axis == PURPOSE and index is not None else list(measure.purposes)

        def total(names: tuple[str, ...]) -> float:
            part = self.sums(axis)[[COUNTERS.index(n) for n in names]][:, purposes]
            return float((part if axis == PURPOSE else part[:, :, index]).sum())

        return ratio(total(measure.top), total(measure.bottom), measure.scale)

    def sums(self, axis: int) -> np.ndarray:
        """Return the counters by purpose, and by one more axis of the cells: (counters, purposes[, levels])."""
        if axis not in self._sums:
            others = tuple(k for k in range(1, self.counts.ndim) if k not in (PURPOSE, axis))
            found = self.counts.sum(axis=others)
            self._sums[axis] = np.moveaxis(found, 1, 2) if axis < PURPOSE else found
        return self._sums[axis]

    def levels(self, kept: list[str]) -> dict[tuple[str, str, str], Value]:
        """Return the values by style, purpose, distance, recipient's selectivity and inbox, and design if several."""
        found: dict[tuple[str, str, str], Value] = {}
        axes: list[tuple[str, int, tuple[str, ...]]] = [
            ("style", 1, tuple(self.scenario.style_names)), ("purpose", PURPOSE, PURPOSE_NAMES), ("distance", 3, DISTANCE_NAMES),
            ("selectivity", 4, LEVEL_NAMES), ("inbox", 5, LEVEL_NAMES),
        ]  # fmt: skip
        if self.scenario.design_shares:
            axes.append(("design", 6, tuple(self.scenario.design_names)))
        columns = {"style": "style", "selectivity": "selectivity_level", "inbox": "inbox_level", "design": "design"}
        for dimension, axis, names in axes:
            for level, level_name in enumerate(names):
                for name in kept:
                    if MEASURES[name].top:
                        if axis == PURPOSE and level not in MEASURES[name].purposes and MEASURES[name].name != PRIMARY:
                            continue
                        value = self.counted(name, axis, level)
                    elif name in MEMBER_SUMS and dimension in columns:
                        value = self.per_member(name, self.outcome.members[columns[dimension]] == level)
                    else:
                        continue
                    if value.denominator:
                        found[dimension, level_name, name] = value
        return found

    def per_member(self, name: str, who: np.ndarray | None = None) -> Value:
        """Return a sum over the members active at the switch, per member (and week)."""
        columns, weekly = MEMBER_SUMS[name]
        who = self.there if who is None else self.there & who
        weeks = self.weeks if weekly else 1.0
        whole, *parts = (float(self.outcome.members[column][who].sum()) for column in columns)
        return ratio(whole - sum(parts), float(who.sum()) * weeks)

    def total(self, counter: str) -> float:
        return float(self.counts[COUNTERS.index(counter)].sum())

    def _per_week(self, amount: float, scale: float = 1.0) -> Value:
        return ratio(amount, self.base * self.weeks, scale)

    def _percentile_95(self, column: str) -> Value:
        had = self.outcome.members[column][self.there]
        return Value(None, None, float(np.percentile(had, 95)) / self.weeks if len(had) and self.weeks else None)

    def _gini(self, column: str) -> Value:
        had = np.sort(self.outcome.members[column][self.there]).astype(float)
        if not len(had) or had.sum() == 0.0:
            return Value(None, None, None)
        n = len(had)
        return Value(None, None, float(2.0 * (np.arange(1, n + 1) @ had) / (n * had.sum()) - (n + 1) / n))

    def _unwelcome_p95(self) -> Value:
        return self._percentile_95("got_unwelcome")

    def _unwelcome_gini(self) -> Value:
        return self._gini("got_unwelcome")

    def _unwelcome_read_p95(self) -> Value:
        return self._percentile_95("read_unwelcome")

    def _unwelcome_read_gini(self) -> Value:
        return self._gini("read_unwelcome")

    def _opted_out_share(self) -> Value:
        end = self.scenario.warm_up + self.scenario.days
        closed = (self.outcome.members.opted_until > end - 1) & self.active
        return ratio(float(closed.sum()), float(self.active.sum()))

    def _restricted_members(self) -> Value:
        return ratio(float(((self.outcome.members.restrictions > 0) & self.there).sum()), self.base, THOUSAND)

    def _restricted_not_promoting(self) -> Value:
        who = (self.outcome.members.restrictions > 0) & self.there & ~self.promotes
        return ratio(float(who.sum()), self.base, THOUSAND)

    def _violations_through(self) -> Value:
        return self._per_week(self.total("violations_through"), THOUSAND)

    def _mean_connections(self) -> Value:
        return ratio(float(self.shape.degrees.sum()), float(self.active.sum()))

    def _largest_component(self) -> Value:
        return ratio(float(self.shape.largest), float(self.active.sum()))

    def _two_hop_reach(self) -> Value:
        n = int(self.active.sum())
        return Value(None, None, self.shape.two_hop / (n - 1) if n > 1 else None)

    def _mean_distance(self) -> Value:
        found = self.shape.distances
        return ratio(float(found @ np.arange(1, len(found) + 1)), float(found.sum()))

    def _clustering(self) -> Value:
        return Value(None, None, self.shape.clustering if self.active.any() else None)

    def _cross_industry_ties(self) -> Value:
        industry = self.outcome.members.industry
        return ratio(float((industry[self.ties.lo] != industry[self.ties.hi]).sum()), float(len(self.ties)))

    def _living_ties(self) -> Value:
        return ratio(2.0 * float((self.strengths >= DORMANT).sum()), float(self.active.sum()))

    def _dormant_ties(self) -> Value:
        return ratio(2.0 * float((self.strengths < DORMANT).sum()), float(self.active.sum()))

    def _active_members(self) -> Value:
        return ratio(float(self.active.sum()), self.base, HUNDRED)

    def _retention(self) -> Value:
        return ratio(float((self.active & self.there).sum()), self.base)

    def _conversations(self) -> Value:
        return ratio(self.total("exchanges"), self.base)

    def _meetings(self) -> Value:
        return ratio(self.total("meetings"), self.base, HUNDRED)

    def _collaborations(self) -> Value:
        return ratio(self.total("collaborations"), self.base, HUNDRED)

    def _deals(self) -> Value:
        return ratio(self.total("deals"), self.base, HUNDRED)


# measure: (columns of members: the first less the others; per week)
MEMBER_SUMS = {
    "unwelcome_delivered": (("got_unwelcome",), True),
    "unwelcome_read": (("read_unwelcome",), True),
    "unwelcome_messages": (("got_unwelcome", "got_unwelcome_invitations"), True),
    "unwelcome_invitations": (("got_unwelcome_invitations",), True),
    "unwelcome_messages_read": (("read_unwelcome", "read_unwelcome_invitations"), True),
    "unwelcome_invitations_read": (("read_unwelcome_invitations",), True),
    "partners": (("partners",), False),
    "far_partners": (("far_partners",), False),
    "intents_per_member": (("intents",), False),
    "successes_per_member": (("successes",), False),
}


def daily_measures(t: Tally) -> dict[str, np.ndarray]:
    """Return the daily figures, by day sent; undefined (nan) where a window has not closed or nothing happened."""
    d = {name: t.daily[k].astype(float) for k, name in enumerate(DAILY)}
    days = t.daily.shape[1]

    def share(top: str, bottom: str, window: int) -> np.ndarray:
        out = np.divide(d[top], d[bottom], out=np.full(days, np.nan), where=d[bottom] > 0.0)
        out[max(0, days - window) :] = np.nan
        return out

    def each(name: str) -> np.ndarray:
        return np.divide(d[name], d["active"], out=np.full(days, np.nan), where=d["active"] > 0.0)

    intents = each("intents")
    intents[max(0, days - TALK_WINDOW) :] = np.nan
    return {
        "day": np.arange(days), "approaches": each("approaches"), "stranger_messages": each("stranger_messages"),
        "stranger_reply_rate": share("stranger_replied", "stranger_messages", WEEK), "invitations": each("invitations"),
        "acceptance_rate": share("accepted", "invitations", MONTH), "intents": intents,
        "intent_success": share("success", "intents", TALK_WINDOW), "delivered": each("delivered"),
        "unwelcome_delivered": each("unwelcome_delivered"), "unwelcome_read": each("unwelcome_read"), "reports": each("reports"),
        "new_ties": each("new_ties"), "replies": each("replies"), "active": d["active"], "mean_degree": each("degrees"),
        "restricted": each("restricted"),
    }  # fmt: skip


def _named(codes: np.ndarray, words: tuple[str, ...], others: str) -> Any:
    """Return the words that a file has for these codes; those without are told apart from any word: `others` and the code."""
    return [words[k] if k < len(words) else f"{others} {k}" for k in codes] if words else codes.copy()


def _member_columns(scenario: Scenario, outcome: Outcome) -> dict[str, Any]:
    m, n = outcome.members, len(outcome.members)
    labels, industries, regions = outcome.names
    last, learning = scenario.warm_up + scenario.days - 1, scenario.learning
    annoyance = m.annoyance * np.exp2(-(last - m.annoyance_day.astype(float)) / learning.annoyance_half_life)
    load = m.load * np.exp2(-(last - m.load_day.astype(float)) / learning.load_half_life)
    return {
        "id": np.arange(n), "label": _named(np.arange(n), labels, "newcomer") if labels else [str(i) for i in range(n)],
        "style": [scenario.style_names[k] for k in m.style], "design": [scenario.design_names[k] for k in m.design],
        "industry": _named(m.industry, industries, "industry"), "region": _named(m.region, regions, "region"), "seniority": m.seniority.copy(), "joined": m.joined.copy(),
        "active": outcome.active.copy(), "account": m.account.copy(), "degree": outcome.degree.copy(), "session_rate": m.session_rate.copy(),
        "receptiveness": m.receptiveness.copy(), "selectivity": m.selectivity.copy(), "delivered": m.got.copy(),
        "unwelcome_delivered": m.got_unwelcome.copy(), "read": m.read.copy(), "unwelcome_read": m.read_unwelcome.copy(),
        "partners": m.partners.copy(), "intents": m.intents.copy(), "successes": m.successes.copy(),
        "restrictions": m.restrictions.copy(), "at_switch": m.at_switch.copy(), "annoyance": annoyance, "load": load,
        "volume": m.volume.copy(),
    }  # fmt: skip


def _tie_columns(ties: Any, members: Any, scenario: Scenario) -> dict[str, np.ndarray]:
    end = scenario.warm_up + scenario.days
    strength = ties.strength * np.exp2(-(end - 1 - ties.touched) / scenario.tie.half_life)
    n = len(members)
    order = stable_order(ties.lo, n, stable_order(ties.hi, n)[0])[0]
    columns = {"a": ties.lo, "b": ties.hi, "since": ties.since, "last_contact": ties.last, "exchanges": ties.exchanges}
    return {**{name: np.asarray(column)[order] for name, column in columns.items()}, "strength": strength[order]}


def _event_columns(events: Any) -> dict[str, Any]:
    def day(name: str) -> Any:
        return np.where(events[name] < 0, -1, events[name])

    return {
        "item": np.arange(len(events)), "day_sent": events.day_sent.copy(), "day_delivered": day("day_delivered"),
        "day_read": day("day_read"), "day_answered": day("day_answered"), "sender": events.sender.copy(),
        "recipient": events.recipient.copy(), "kind": [KIND_NAMES[k] for k in events.kind],
        "purpose": [PURPOSE_NAMES[k] for k in events.purpose], "distance": [DISTANCE_NAMES[k] for k in events.distance],
        "unwelcome": events.unwelcome.copy(), "outcome": [OUTCOMES[k] for k in events.outcome],
    }  # fmt: skip
