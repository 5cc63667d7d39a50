"""The world of one run in columns: members, graph, inboxes, agendas and tallies, with room that grows as needed."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.forgetting import drop_over, mark_needed, rehash
from sim.network import FULL, bring_contacts, fill_weights, repack
from sim.network_files import Names
from sim.recording import Tally, new_tally
from sim.state import ACT, AGENDA, EVENT, FAR, INTENT, ITEM, NEVER, PAIR, PAIRS, ROW_BITS, USED, Book, Graph, release, table, zeroes

COMPACTION_DAYS = 90  # dead entries leave the neighbour lists on these days, in every arm
LEAST_ROOM = 1024
INDEX_GROWTH = 1.15
REMEMBERED_GROWTH = 1.15  # pairs are looked through when they have become so many times as many as were last kept
COMMON_DEGREES = 4096  # weights beyond are computed when needed
USUAL_CONTACTS, USUAL_NEW_PAIRS = 32, 0.25  # pairs a member, and a member and day: more only costs a copy


@dataclass
class World:
    """Everything that a run changes. `copy()` gives a second world that goes its own way from here."""

    book: Book
    graph: Graph
    tally: Tally
    seed: int
    population_seed: int
    present: int  # ids below this have joined
    mean_degree: float  # of the network at the start: scales newcomers' contacts
    names: Names
    arrivals: np.ndarray
    day: int = 0
    items_sent: int = 0
    remembered: int = 0  # pairs that were kept when they were last looked through
    waiting: Any = field(default_factory=lambda: table(ITEM, 0))
    starts: Any = None  # (n + 1,) where each member's waiting items begin
    replies: Any = field(default_factory=lambda: table(ITEM, 0))  # written today, delivered tomorrow
    agenda: Any = field(default_factory=lambda: table(AGENDA, 0))
    agenda_start: Any = None
    intents: list[Any] = field(default_factory=list)  # per day, the last sixty
    answered: list[Any] = field(default_factory=list)
    events: Any = field(default_factory=lambda: table(EVENT, 0))
    keep_events: bool = False
    switch_snapshot: Any = None

    def copy(self) -> World:
        """Return a world that shares nothing with this one that either will change."""
        twin = copy.copy(self)
        g = self.graph
        count = int(g.sizes[0])
        pairs, pool, index = table(PAIR, g.pairs.size), zeroes(np.int32, g.pool.size), zeroes(np.uint32, g.index.size)
        pairs[:count], pool[: g.sizes[USED]], index[:] = g.pairs[:count], g.pool[: g.sizes[USED]], g.index
        twin.graph = g._replace(
            members=g.members.copy(), active=g.active.copy(), degree=g.degree.copy(), start=g.start.copy(), length=g.length.copy(), room=g.room.copy(), updated=g.updated.copy(),
            account_day=g.account_day.copy(), withdrew=g.withdrew.copy(), here=g.here.copy(), closed=g.closed.copy(), pool=pool, sizes=g.sizes.copy(), index=index, pairs=pairs,
            industry_size=g.industry_size.copy(),
        )  # fmt: skip
        t = self.tally
        twin.tally = Tally(t.counts.copy(), t.daily.copy(), t.delays.copy(), t.clock)
        for name in ("waiting", "starts", "replies", "agenda", "agenda_start", "events"):
            setattr(twin, name, getattr(self, name).copy())
        twin.intents, twin.answered = list(self.intents), [a.copy() for a in self.answered]
        return twin

    def reserve_pairs(self, more: int) -> None:
        """Make room for so many more pairs."""
        g = self.graph
        count = int(g.sizes[0])
        if count + more > g.pairs.size:
            pairs = table(PAIR, int((count + more) * 1.2) + LEAST_ROOM)
            pairs[:count] = g.pairs[:count]
            self.graph = g = g._replace(pairs=pairs)
        if count + more > int(g.index.size * FULL):
            places = int((count + more) * INDEX_GROWTH / FULL)
            self.graph = g = g._replace(index=np.zeros(1, np.uint32))  # the old one goes before the new one comes
            g.sizes[ROW_BITS] = places.bit_length()
            self.graph = g = g._replace(index=zeroes(np.uint32, places))
            rehash(g)

    def forget(self) -> None:
        """Drop the pairs that no later day can ask for, once there are many more than were kept the last time."""
        g = self.graph
        if g.sizes[PAIRS] <= REMEMBERED_GROWTH * self.remembered:
            return
        gone = (g.members.left != FAR).astype(np.int8)
        for items in (self.waiting, self.replies):
            mark_needed(items.sender.copy(), items.recipient.copy(), gone, g)  # copies: a column of many rows is another type
        for intents in self.intents:
            mark_needed(intents.member.copy(), intents.other.copy(), gone, g)
        drop_over(gone, g)
        self.remembered = int(g.sizes[PAIRS])
        release(g.pairs, self.remembered)
        release(g.index, 0)
        self.repack_pool(0, compact=False)  # while the index takes no room
        g = self.graph
        g.index[:] = 0
        rehash(g)

    def repack_pool(self, more: int, *, compact: bool) -> None:
        """Copy the neighbour lists into a tight pool with room for `more` entries; `compact` drops dead ones."""
        g = self.graph
        live = int(g.length.sum())
        slack = live // 8 + 2 * g.members.size
        room = 2 * live + slack + more + LEAST_ROOM  # it costs nothing until it is written
        pool = zeroes(np.int32, room)
        g.sizes[1] = repack(g.start, g.length, g.room, g.pool, pool, compact)
        g.sizes[2] = int(g.room.max(initial=0))
        self.graph = g._replace(pool=pool)

    def join(self, count: int, day: int) -> None:
        """Let the next `count` members join with the contacts that they bring along."""
        last = self.present + count
        while self.present < last:
            g = self.graph
            self.present = int(bring_contacts(self.present, last, day, self.population_seed, self.mean_degree, self.book.rules, g))
            if self.present < last:
                wanted = 2000
                self.reserve_pairs(max(wanted, int(g.sizes[0]) // 8))
                self.repack_pool(2 * wanted * (2 * int(g.sizes[2]) + 16), compact=False)

    def reserve_events(self, more: int) -> None:
        """Make room for so many more events, if they are kept."""
        if self.keep_events and self.items_sent + more > self.events.size:
            events = table(EVENT, int((self.items_sent + more) * 1.5) + LEAST_ROOM)
            events[: self.items_sent] = self.events[: self.items_sent]
            self.events = events


def empty_world(
    book: Book, members: Any, by_industry: np.ndarray, industry_start: np.ndarray, arrivals: np.ndarray, *,
    seed: int, population_seed: int, switch: int, mean_degree: float, names: Names,
) -> World:  # fmt: skip
    """Return a world in which nobody has joined yet."""
    n = members.size
    places = n * USUAL_CONTACTS + LEAST_ROOM
    pairs = n * USUAL_CONTACTS + int(n * len(arrivals) * USUAL_NEW_PAIRS)  # room costs nothing until it is written
    graph = Graph(
        members=members, active=np.zeros(n, np.int8), degree=np.zeros(n, np.int32), start=np.zeros(n, np.int64), length=np.zeros(n, np.int32), room=np.zeros(n, np.int32), updated=np.full(n, NEVER, np.int16),
        industry=members.industry.copy(), seniority=members.seniority.copy(), rate=members.session_rate.copy(), account_day=np.full(n, NEVER, np.int16), withdrew=np.full(n, NEVER, np.int16), here=np.zeros(n, np.int8),
        weights=np.empty(COMMON_DEGREES), pool=np.empty(LEAST_ROOM, np.int32), closed=np.zeros(n, np.int32),
        sizes=np.zeros(6, np.int64), index=zeroes(np.uint32, places), pairs=table(PAIR, pairs), by_industry=by_industry,
        industry_start=industry_start, industry_size=np.zeros(len(industry_start), np.int64),
    )  # fmt: skip
    graph.sizes[ROW_BITS] = places.bit_length()
    fill_weights(book.rules, graph.weights)
    world = World(
        book, graph, new_tally(len(book.styles), len(book.designs), switch, len(arrivals)), seed, population_seed, 0, mean_degree,
        names, arrivals,
    )  # fmt: skip
    world.starts = np.zeros(n + 1, np.int64)
    world.agenda_start = np.zeros(n + 1, np.int64)
    return world


__all__ = ["ACT", "AGENDA", "COMPACTION_DAYS", "INTENT", "ITEM", "NEVER", "World", "empty_world"]
