"""The world of one run in columns: members, graph, inboxes, agendas and tallies, with room that grows as needed."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.decisions.constants import FAR, NEVER
from sim.decisions.joining import degree_of_known
from sim.jit import steady
from sim.state.acquaintances import fill_weights, know, most_known
from sim.state.alias import fill_alias
from sim.state.columns import (
    AGENDA,
    ALIAS,
    DROPPED,
    EVENT,
    ITEM,
    JUDGED,
    LISTED,
    LONGEST,
    PAIR,
    PAIRS,
    ROW_BITS,
    TAKEN,
    USED,
    Assignment,
    Cohort,
    Columns,
    Names,
    ParameterTables,
)
from sim.state.memory import LEAST_ROOM, chosen, joined, release, table, zeroes
from sim.state.network import close_gaps, new_marks, room_for
from sim.state.pair_table import FULL, drop_over, mark_needed, rehash
from sim.state.record import Record, numbers_of
from sim.state.tally import Tally, new_tally

# called often, with the tables of a world
know, most_known, fill_alias, mark_needed = map(steady, (know, most_known, fill_alias, mark_needed))

INDEX_GROWTH = 1.5
POOL_GROWTH = 3  # it costs nothing until it is written
# pairs are looked through when they have become so many times as many as were last kept, and such a share of members has gone since
REMEMBERED_GROWTH, WORTH_FORGETTING = 1.15, 0.04
COMMON_DEGREES = 4096  # weights beyond are computed when needed
USUAL_CONTACTS, USUAL_NEW_PAIRS = 32, 0.25  # pairs a member, and a member and day: more only costs a copy


@dataclass
class World:
    """Everything that a run changes. `copy()` gives a second world that goes its own way from here."""

    book: ParameterTables
    graph: Columns
    tally: Tally
    seed: int
    population_seed: int
    present: int  # ids below this have joined
    mean_degree: float  # of the network at the start: scales newcomers' contacts
    names: Names
    arrivals: np.ndarray
    crowds: np.ndarray  # (days,) how many have ever joined for each who is expected to be there
    day: int = 0
    items_sent: int = 0
    remembered: int = 0  # pairs that were kept when they were last looked through
    absent: int = 0  # members who had gone by then
    waiting: Any = field(default_factory=lambda: table(ITEM, 0))
    starts: Any = None  # (n + 1,) where each member's waiting items begin
    replies: Any = field(default_factory=lambda: table(ITEM, 0))  # written today, delivered tomorrow
    agenda: Any = field(default_factory=lambda: table(AGENDA, 0))  # what is due: by owner, then age
    agenda_start: Any = None
    soon: Any = field(default_factory=lambda: table(AGENDA, 0))  # what becomes due this week, by age
    later: Any = field(default_factory=lambda: table(AGENDA, 0))  # and after it
    planned: int = 0  # how many entries ever were
    greetings: Any = field(default_factory=lambda: table(AGENDA, 0))  # of those who joined today, whom they are to contact
    intents: list[Any] = field(default_factory=list)  # per day, the last sixty
    answered: list[Any] = field(default_factory=list)
    judged: list[Any] = field(default_factory=list)  # per day, JUDGED rows of the intents whose windows have closed, if kept
    events: Any = field(default_factory=lambda: table(EVENT, 0))  # see `sim.state.record`
    event_ids: Any = field(default_factory=lambda: np.zeros(0, np.int64))
    events_from: int = 0
    taken: int = 0  # how often rows of the record, or of intents, were taken away
    keep_events: bool = False
    switched: bool = False  # the arm has begun
    assignment: Assignment | None = None  # who has which design, once it has

    def copy(self) -> World:
        """Return a world that shares nothing with this one that either will change."""
        twin = copy.copy(self)
        g = self.graph
        count = int(g.sizes[PAIRS])
        pairs, pool, index = table(PAIR, g.pairs.size), zeroes(np.int32, g.pool.size), zeroes(np.uint32, g.index.size)
        pairs[:count], pool[: g.sizes[USED]], index[:] = g.pairs[:count], g.pool[: g.sizes[USED]], g.index
        twin.graph = g._replace(
            members=g.members.copy(),
            active=g.active.copy(),
            degree=g.degree.copy(),
            start=g.start.copy(),
            length=g.length.copy(),
            room=g.room.copy(),
            updated=g.updated.copy(),
            account_day=g.account_day.copy(),
            withdrew=g.withdrew.copy(),
            here=g.here.copy(),
            about=g.about.copy(),
            attention=g.attention.copy(),
            closed=g.closed.copy(),
            pool=pool,
            sizes=g.sizes.copy(),
            index=index,
            pairs=pairs,
            industry_size=g.industry_size.copy(),
            employers=g.employers._replace(size=g.employers.size.copy()),
            schools=g.schools._replace(size=g.schools.size.copy()),
            listed=g.listed.copy(),
            listed_by_industry=g.listed_by_industry.copy(),
            industry_listed=g.industry_listed.copy(),
        )
        t = self.tally
        twin.tally = Tally(t.counts.copy(), t.daily.copy(), t.delays.copy(), t.clock)
        for name in ("waiting", "starts", "replies", "agenda", "agenda_start", "soon", "later", "event_ids"):
            setattr(twin, name, getattr(self, name).copy())
        twin.events = self.events[: self.recorded].copy()
        twin.intents, twin.answered = list(self.intents), [a.copy() for a in self.answered]
        twin.judged = list(self.judged)
        return twin

    def reserve_pairs(self, more: int) -> None:
        """Make room for so many more pairs."""
        g = self.graph
        used = int(g.sizes[PAIRS])
        rows = used + max(more - int(g.sizes[DROPPED]), 0)
        if rows > g.pairs.size:
            pairs = table(PAIR, int(rows * 1.2) + LEAST_ROOM)
            pairs[:used] = g.pairs[:used]
            self.graph = g = g._replace(pairs=pairs)
        if g.sizes[TAKEN] + more > int(g.index.size * FULL) or g.pairs.size >= 1 << int(g.sizes[ROW_BITS]):
            places = int((self.known_pairs + more) * INDEX_GROWTH / FULL) + LEAST_ROOM
            self.graph = g = g._replace(index=np.zeros(1, np.uint32))  # the old one goes before the new one comes
            g.sizes[ROW_BITS] = g.pairs.size.bit_length()
            self.graph = g = g._replace(index=zeroes(np.uint32, places))
            rehash(g)

    @property
    def known_pairs(self) -> int:
        """How many pairs are remembered."""
        return int(self.graph.sizes[PAIRS] - self.graph.sizes[DROPPED])

    def forget(self) -> None:
        """Drop the pairs that no later day can ask for, once there are many more than were kept the last time, and many members have gone."""
        g = self.graph
        if self.known_pairs <= REMEMBERED_GROWTH * self.remembered:
            return
        absent = self.present - int(np.count_nonzero(g.active[: self.present]))
        if absent < self.absent + WORTH_FORGETTING * self.present:
            return
        gone = (g.members.left != FAR).astype(np.int8)
        for items in (self.waiting, self.replies):
            mark_needed(items["sender"].copy(), items["recipient"].copy(), gone, g)  # copies: a column of many rows is another type
        for intents in self.intents:
            mark_needed(intents.member.copy(), intents.other.copy(), gone, g)
        drop_over(gone, g)
        self.remembered, self.absent = self.known_pairs, absent
        self.repack_pool(0, compact=False)

    def repack_pool(self, ties: int, *, compact: bool) -> None:
        """Close the gaps between the neighbour lists, and make room for so many more ties; `compact` drops dead entries."""
        g = self.graph
        owners = np.flatnonzero(g.room)  # no two lists begin at one place, so that any sort gives one order
        used = int(
            close_gaps(
                order=owners[np.argsort(g.start[owners])],
                start=g.start,
                length=g.length,
                room=g.room,
                pool=g.pool,
                compact=compact,
            )
        )
        g.sizes[USED], g.sizes[LONGEST] = used, g.room.max(initial=0)
        more = room_for(int(g.sizes[LONGEST]), ties)
        if used + more <= g.pool.size:
            release(g.pool, used)
        else:
            pool = zeroes(np.int32, POOL_GROWTH * used + more + LEAST_ROOM)
            pool[:used] = g.pool[:used]
            self.graph = g._replace(pool=pool)

    def introduce(self, count: int, day: int) -> None:
        """Let the next `count` members join; whom they know stands in `greetings`, which become due in the next weeks."""
        first, last, rules = self.present, self.present + count, self.book.rules
        degree = degree_of_known(self.mean_degree, self.crowds[day])
        rows = table(
            AGENDA,
            int(most_known(first, last, day, seed=self.population_seed, mean_degree=degree, rules=rules, members=self.graph.members)),
        )
        self.reserve_pairs(len(rows))
        self.present = last
        marks = new_marks(self.graph.members.size)
        found = int(
            know(first, last, day, seed=self.population_seed, mean_degree=degree, rules=rules, g=self.graph, rows=rows, marks=marks)
        )
        self.greetings = rows[:found]

    def list_members(self) -> None:
        """List all who have joined for those who search, by prominence. Who has left since comes up and is passed over."""
        g, n = self.graph, self.present
        work = np.empty(n, np.int64)
        fill_alias(g.members, ids=np.arange(n, dtype=np.int32), first=0, count=n, rows=g.listed, work=work)
        for k, (first, count) in enumerate(zip(g.industry_start.tolist(), g.industry_size.tolist(), strict=True)):
            fill_alias(g.members, ids=g.by_industry, first=first, count=count, rows=g.listed_by_industry, work=work)
            g.industry_listed[k] = count
        g.sizes[LISTED] = n

    def reserve_events(self, more: int) -> None:
        """Make room for so many more events, if they are kept."""
        used = self.recorded
        if self.keep_events and used + more > self.events.size:
            events = table(EVENT, int((used + more) * 1.5) + LEAST_ROOM)
            events[:used] = self.events[:used]
            self.events = events

    @property
    def recorded(self) -> int:
        """Return how many rows of items are in the record."""
        return len(self.event_ids) + self.items_sent - self.events_from

    @property
    def record(self) -> Record:
        """Return the record as kernels take it."""
        return Record(self.events, self.event_ids, self.events_from)

    def take_record(self, *, ended: bool) -> tuple[np.ndarray, Any, Any]:
        """Take the rows of items and intents that nothing can change any more out of the record.

        Args:
            ended: whether nothing more comes: then all are taken.

        Returns:
            The numbers of the items, rising, their EVENT rows, and JUDGED rows of intents in the order in which they were judged.
        """
        rows, numbers = self.events[: self.recorded], numbers_of(self.record, self.items_sent)
        left = np.zeros(len(rows), bool) if ended else np.isin(numbers, self.waiting["id"])
        taken = numbers[~left], chosen(rows, ~left), self.recorded_intents() if ended else joined_rows(self.judged)
        still, self.event_ids, self.events_from = rows[left], numbers[left], self.items_sent
        self.events[: len(still)] = still
        self.judged, self.taken = [], self.taken + 1
        if ended:
            self.intents, self.answered = [], []
        return taken

    def recorded_intents(self) -> Any:
        """Return all intents in the order in which they arose, those not judged yet at the end."""
        waiting = [open_intents(intents, self.day - len(self.intents) + k) for k, intents in enumerate(self.intents)]
        return joined_rows([*self.judged, *waiting])


def joined_rows(parts: list[Any]) -> Any:
    """Return rows of intents one after another."""
    return joined(parts) if parts else table(JUDGED, 0)


def open_intents(intents: Any, arose: int) -> Any:
    """Return the record of intents of the day `arose` that nobody has judged."""
    rows = table(JUDGED, len(intents))
    for name in ("member", "other", "purpose", "distance", "button"):
        rows[name] = intents[name]
    rows.arose, rows.judged = arose, NEVER
    for name in ("exchanges", "answered", "success", "in_touch", "connected"):
        rows[name] = -1
    return rows


def empty_world(book: ParameterTables, cohort: Cohort, *, seed: int, population_seed: int, switch: int, mean_degree: float) -> World:
    """Return a world in which nobody has joined yet."""
    n, days = cohort.members.size, len(cohort.arrivals)
    graph = _empty_columns(cohort)
    fill_weights(book.rules, graph.weights)
    world = World(
        book=book,
        graph=graph,
        tally=new_tally(len(book.styles), len(book.designs), switch, days),
        seed=seed,
        population_seed=population_seed,
        present=0,
        mean_degree=mean_degree,
        names=cohort.names,
        arrivals=cohort.arrivals,
        crowds=cohort.crowds,
    )
    world.reserve_pairs(n * USUAL_CONTACTS)
    world.starts = np.zeros(n + 1, np.int64)
    world.agenda_start = np.zeros(n + 1, np.int64)
    return world


def _empty_columns(cohort: Cohort) -> Columns:
    """Return columns with room for all members of a run, none of whom is there."""
    members, n = cohort.members, cohort.members.size
    pairs = n * USUAL_CONTACTS + int(n * len(cohort.arrivals) * USUAL_NEW_PAIRS)  # room costs nothing until it is written
    return Columns(
        members=members,
        active=np.zeros(n, np.int8),
        degree=np.zeros(n, np.int32),
        start=np.zeros(n, np.int64),
        length=np.zeros(n, np.int32),
        room=np.zeros(n, np.int32),
        updated=np.full(n, NEVER, np.int16),
        industry=members.industry.copy(),
        seniority=members.seniority.copy(),
        rate=members.session_rate.copy(),
        account_day=np.full(n, NEVER, np.int16),
        withdrew=np.full(n, NEVER, np.int16),
        here=np.zeros(n, np.int8),
        about=np.zeros(n),
        attention=np.zeros(n, np.int16),
        weights=np.empty(COMMON_DEGREES),
        pool=zeroes(np.int32, LEAST_ROOM),
        closed=np.zeros(n, np.int32),
        sizes=np.zeros(10, np.int64),
        index=np.zeros(1, np.uint32),
        pairs=table(PAIR, pairs),
        by_industry=cohort.by_industry,
        industry_start=cohort.industry_start,
        industry_size=np.zeros(len(cohort.industry_start), np.int64),
        employers=cohort.employers,
        schools=cohort.schools,
        listed=table(ALIAS, n),
        listed_by_industry=table(ALIAS, n),
        industry_listed=np.zeros(len(cohort.industry_start), np.int64),
    )
