"""The columnar engine: the day, phase by phase, over columns of all members."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sim.columnar.agenda import enter_into_agendas, number, strike_off, take_due, who_is_gone
from sim.columnar.answers import take_unheard
from sim.columnar.buffers import MOST_LISTED, BufferPool, Buffers, new_counts
from sim.columnar.bundles import ACTS, ITEMS, REPORTS, TASKS, TIES, Agenda, Effects, Inboxes, Marks, Today, Writing
from sim.columnar.crew import Crew
from sim.columnar.partner_search import MOST_LOOKS
from sim.columnar.phases.delivery import close_ranks, deliver, sort_into_inboxes
from sim.columnar.phases.drift import drift, judge_answers, judge_intents
from sim.columnar.phases.inbox import inbox
from sim.columnar.phases.moderation import moderate, return_banned
from sim.columnar.phases.outreach import outreach
from sim.columnar.phases.sessions import come_by
from sim.columnar.phases.settlement import make_ties, settle, settle_acts
from sim.columnar.phases.talk import talk
from sim.decisions.constants import ANSWER_WINDOW, COMPACTION_DAYS, LISTING_DAYS, MOST_TURNS, TALK_WINDOW, WEEK
from sim.decisions.counters import D_ALL_INTENTS, D_SESSIONS, D_TURNS
from sim.jit import steady
from sim.population.assignment import deal, opens
from sim.randomness import FIT, day_key
from sim.results.finished_run import FinalState
from sim.scenario.scenario import Scenario
from sim.state.columns import ACT, AGENDA, ITEM, JUDGED, PAIRS, TIE, Assignment, Columns, ParameterTables
from sim.state.decay import decayed_by
from sim.state.memory import LEAST_ROOM, first, joined, release, table
from sim.state.network import new_marks
from sim.state.pair_table import ties_first
from sim.state.sorting import put_sorted
from sim.state.tally import new_tally, terciles
from sim.state.world import World

# called every day, with the tables of a world
come_by, outreach, deliver, close_ranks, sort_into_inboxes = map(steady, (come_by, outreach, deliver, close_ranks, sort_into_inboxes))
inbox, talk, take_unheard, settle, settle_acts, make_ties = map(steady, (inbox, talk, take_unheard, settle, settle_acts, make_ties))
moderate, return_banned, drift, judge_answers, judge_intents = map(steady, (moderate, return_banned, drift, judge_answers, judge_intents))
enter_into_agendas, number, strike_off = map(steady, (enter_into_agendas, number, strike_off))
take_due, who_is_gone = map(steady, (take_due, who_is_gone))

MOST_PLANNED = 2**32 - 1  # entries of agendas in a run, which are numbered in four bytes: ten million members plan so many in four years


class Engine:
    """Runs a world day by day. Any number of threads gives the same bytes: each works on a range of members."""

    def __init__(self, world: World, threads: int = 1) -> None:
        self.world = world
        n = world.graph.members.size
        self.crew = Crew(threads, n)
        self.marks = [Marks(new_marks(n), np.zeros(1, np.int64)) for _ in range(self.crew.size)]
        self.lasting = np.uint64(day_key(world.population_seed, FIT, 0, 0))
        self.reported, self.gone = np.zeros(n, np.uint8), np.zeros(n, np.uint8)
        self.done = np.zeros(len(world.agenda), np.uint8)  # of today's agendas
        self.tables = BufferPool()
        self.settled = np.zeros(MOST_LISTED, np.int32)
        self.buffers: list[list[Buffers]] = [[] for _ in range(self.crew.size)]

    def step(self) -> None:
        """Live through one day: the phases in the order of ODD.md."""
        w = self.world
        self.begin_day()
        sent, acts = self.reach_out()
        self.deliver(sent)
        self.finish_day([acts, *self.read()])
        w.day += 1

    def finish_day(self, acts: Sequence[Any]) -> None:
        """Bring the day to its end, once all have acted and read: talks, settlement, moderation, drift, judgement."""
        w = self.world
        reports = self.settle(acts, self.talk())

        def end() -> None:
            moderate(today=self.today(), book=w.book, g=w.graph, t=w.tally, reports=reports, reported=self.reported)
            drift(self.today(), w.book, w.graph, w.tally)
            self.judge()

        def prepare() -> None:
            self.note_answers()  # nothing that ends the day answers anybody
            self.plan()

        self.crew.beside(end, prepare)

    def begin_day(self) -> None:
        """Let newcomers join, as those who are there already come by."""
        w = self.world
        self.return_accounts()
        today, there = self.today(), w.present

        def sessions(begin: int, end: int) -> int:
            return int(come_by(begin, end, today, w.book, g=w.graph))

        _, came = self.crew.beside(self.join, lambda: sessions(0, there))  # whom newcomers know hangs on nobody's session
        w.tally.daily[D_SESSIONS, w.day] = came + sessions(there, w.present)

    def return_accounts(self) -> None:
        """Hand out a new period's designs, forget what no later day asks for, let banned members come back; on fixed days, compact the lists."""
        w = self.world
        if w.assignment is not None and (period := opens(w.assignment, w.day)) is not None:
            hand_out(w.graph.members, w.assignment, period)
        if w.day % COMPACTION_DAYS == 0:
            w.repack_pool(0, compact=True)
        w.forget()
        return_banned(w.day, w.graph, self.reported)

    def join(self) -> None:
        """Let newcomers join; on fixed days, list who can be found."""
        w = self.world
        w.introduce(int(w.arrivals[w.day]), w.day)
        if w.day % LISTING_DAYS == 0:
            w.list_members()

    def reach_out(self) -> tuple[list[Any], Any]:
        """Let members with a session act; return what they send, in parts, and their other acts."""
        w = self.world
        today = self.today()
        self.done = np.zeros(len(w.agenda), np.uint8)
        agenda = Agenda(w.agenda, w.agenda_start, self.done)

        def work(k: int, begin: int, end: int, out: Buffers) -> int:
            return int(outreach(begin, end, today, w.book, g=w.graph, agenda=agenda, out=self.writing(k, out)))

        parts = self.in_ranges("outreach", work)
        w.intents.append(joined([part.pressed for part in parts]))
        w.tally.daily[D_ALL_INTENTS, w.day] = len(w.intents[-1])
        w.answered.append(np.zeros(len(w.intents[-1]), np.uint8))
        return [part.sent for part in parts], joined([part.acted for part in parts])

    def deliver(self, sent: Sequence[Any]) -> None:
        """Deliver what was sent today and what was answered yesterday; what was done goes from the agendas meanwhile."""
        w = self.world
        given = self.tables.appended("items", w.replies, *sent)
        items = self.tables.table("mail", ITEM, len(given))
        put_sorted(items, given, w.graph.members.size, "recipient", "sender")
        w.reserve_pairs(len(items))
        w.reserve_events(len(items))
        self.effects = Effects(
            ties=self.tables.table("ties", ACT, len(items) + len(w.waiting) + len(items)),
            tasks=self.tables.table("tasks", AGENDA, 4 * (len(items) + len(w.waiting)) + LEAST_ROOM),
            reports=self.tables.table("reports", ACT, len(items) + len(w.waiting)),
            settled=self.settled,
            sizes=new_counts(),
        )
        w.items_sent += len(items)
        first_id = w.items_sent - len(items)
        today, record = self.today(), w.record

        def send() -> int:
            return int(deliver(items, first_id, today, book=w.book, g=w.graph, t=w.tally, effects=self.effects, record=record))

        def tidy() -> int:
            who_is_gone(w.present, w.graph, self.gone)
            w.agenda = first(w.agenda, int(strike_off(w.agenda, self.done, self.gone)))
            return int(close_ranks(w.waiting, w.day, w.book, g=w.graph, record=record))

        arrived, old = self.crew.beside(send, tidy)  # what waits already, and what arrives, are rows of their own
        w.waiting = self.tables.extended("inboxes", first(w.waiting, old), arrived)
        sort_into_inboxes(w.waiting, old, first(items, arrived), w.starts)
        self.connect()

    def read(self) -> list[Any]:
        """Let members read and answer; return their acts, in parts."""
        w = self.world

        today, inboxes = self.today(), Inboxes(w.waiting, w.starts)

        def work(k: int, begin: int, end: int, out: Buffers) -> int:
            return int(inbox(begin, end, today, w.book, g=w.graph, t=w.tally, inboxes=inboxes, out=self.writing(k, out)))

        parts = self.in_ranges("inbox", work)
        w.replies = self.tables.joined("talk", [part.sent for part in parts])
        return [part.acted for part in parts]

    def talk(self) -> Any:
        """Let those who are there answer one another at once; return the answers that were heard. The others go out tomorrow."""
        w, count = self.world, len(self.world.replies)
        most = count * (MOST_TURNS + 1)
        items = self.tables.extended("talk", w.replies, most - count)
        w.reserve_events(most)
        out = self.buffer(0, 0, 1)
        sizes = np.zeros(ACTS + 1, np.int64)
        sizes[ITEMS] = count
        writing = self.writing(0, out)._replace(items=items, sizes=sizes)
        heard = int(talk(writing, w.items_sent, self.today(), w.book, g=w.graph, t=w.tally, record=w.record))
        w.items_sent += heard
        w.tally.daily[D_TURNS, w.day] = heard
        items = first(items, sizes[ITEMS])
        unheard = self.tables.table("items", ITEM, len(items))
        w.replies = first(unheard, int(take_unheard(items, unheard)))
        return first(items, len(items) - len(w.replies))

    def settle(self, acts: Sequence[Any], spoken: Any) -> Any:
        """Apply the day's readings, talks and acts; return the reports."""
        w = self.world
        settle(w.waiting, self.today(), w.book, w.graph, t=w.tally, marks=self.marks[0], effects=self.effects, record=w.record)
        self.make_room_for_tasks(2 * len(spoken) + sum(map(len, acts)))
        effects = self.effects
        settle(spoken, self.today(), w.book, w.graph, t=w.tally, marks=self.marks[0], effects=effects, record=w.record)
        for some in acts:
            settle_acts(some, w.day, w.book, g=w.graph, effects=effects)
        self.connect()
        return first(effects.reports, effects.sizes[REPORTS])

    def make_room_for_tasks(self, more: int) -> None:
        """Make room for so many more entries of agendas."""
        lacking = int(self.effects.sizes[TASKS]) + more - len(self.effects.tasks)
        if lacking > 0:
            self.effects = self.effects._replace(tasks=joined([self.effects.tasks, table(AGENDA, lacking)]))

    def connect(self) -> None:
        """Make the connections agreed on in this phase."""
        w, done, count = self.world, 0, int(self.effects.sizes[TIES])
        while (done := int(make_ties(self.effects.ties, begin=done, count=count, day=w.day, book=w.book, g=w.graph))) < count:
            w.repack_pool(count - done, compact=False)
        self.effects.sizes[TIES] = 0

    def today(self) -> Today:
        """Return the day and where its draws come from, as kernels take them."""
        w = self.world
        return Today(w.day, w.seed, self.lasting, w.present)

    def writing(self, k: int, out: Buffers) -> Writing:
        """Return the buffers of the k-th range of members as kernels take them."""
        return Writing(
            items=out.items,
            intents=out.intents,
            acts=out.acts,
            looks=out.looks,
            open_looks=out.open_looks,
            listed=out.listed,
            sizes=out.scratch,
            marks=self.marks[k],
        )

    def plan(self) -> None:
        """Put what is due tomorrow into the agendas; lay by what is due later."""
        w, tomorrow = self.world, self.world.day + 1
        planned = self.tables.joined("planned", [first(self.effects.tasks, self.effects.sizes[TASKS]), w.greetings])
        number(planned, w.planned)
        w.planned += len(planned)
        if w.planned > MOST_PLANNED:
            raise OverflowError(f"a run may plan {MOST_PLANNED:,} entries of agendas; this one has planned more by day {w.day:,}")
        week = tomorrow - tomorrow % WEEK + WEEK  # what is due by then is looked through every day, the rest once a week
        if tomorrow % WEEK == 0:
            w.soon, w.later = self.parted(w.later, week, "week")
        near, far = self.parted(planned, week, "near")
        w.later = self.tables.appended("later", w.later, far)
        due, w.soon = self.parted(self.tables.appended("soon", w.soon, near), tomorrow + 1, "due")
        entries = self.tables.table("entries", AGENDA, len(due))
        put_sorted(entries, due, w.graph.members.size, "owner")
        left = len(w.agenda)
        w.agenda = self.tables.extended("agenda", w.agenda, len(due))
        enter_into_agendas(w.agenda, left, entries, w.agenda_start)

    def parted(self, entries: Any, before: int, name: str) -> tuple[Any, Any]:
        """Return (the entries that are due before a day, in the table `name`; the others, which move up), both in their order."""
        taken = self.tables.table(name, AGENDA, len(entries))
        due, left = take_due(entries, before, self.gone, taken)
        return first(taken, due), first(entries, left)

    def note_answers(self) -> None:
        """Note which intents have been answered, of the day whose window for answers closes today."""
        w, back = self.world, -1 - ANSWER_WINDOW  # from the end: the first day's may be judged, and go, meanwhile
        if w.day >= ANSWER_WINDOW:
            judge_answers(w.intents[back], w.day - ANSWER_WINDOW, w.graph, w.answered[back])

    def judge(self) -> None:
        """Judge the intents whose windows close today."""
        w = self.world
        if w.day >= TALK_WINDOW:
            intents = w.intents.pop(0)
            record = table(JUDGED, len(intents) if w.keep_events else 0)
            judge_intents(intents, answered=w.answered.pop(0), arose=w.day - TALK_WINDOW, day=w.day, g=w.graph, t=w.tally, record=record)
            if w.keep_events:
                w.judged.append(record)

    def in_ranges(self, name: str, work: Callable[[int, int, int, Buffers], int]) -> list[Buffers]:
        """Run what writes into buffers over ranges of members; return the buffers in order."""

        def chunk(k: int, begin: int, end: int) -> list[Buffers]:
            at, room = begin, end - begin
            parts: list[Buffers] = []
            while True:
                out = self.buffer(k, len(parts), room)
                before, at = at, work(k, at, end, out)
                parts.append(out)
                if at == end:
                    return parts
                room = 8 * room + 100 * LEAST_ROOM if at == before else end - at

        return [part for parts in self.crew.share(name, self.world.present, chunk) for part in parts]

    def buffer(self, k: int, place: int, room: int) -> Buffers:
        """Return the buffers at this place of a chunk, empty, with room for what so many members write."""
        kept = self.buffers[k]
        if place == len(kept):
            kept.append(Buffers(room, MOST_LOOKS))
        elif kept[place].members < room:
            kept[place] = Buffers(room + room // 4, MOST_LOOKS)  # as newcomers join, more and more is asked for
        kept[place].reset()
        return kept[place]

    def close(self) -> None:
        """Let the threads go."""
        self.crew.close()


def enter(world: World, arm: Scenario) -> None:
    """Let an arm begin: from this morning each member sees the design assigned to them."""
    world.book, world.switched = ParameterTables(*arm.rows()), True
    cells = new_tally(len(arm.style_names), len(arm.design_names), arm.warm_up, len(world.arrivals))
    world.tally = cells._replace(daily=world.tally.daily, delays=world.tally.delays)
    m = world.graph.members
    m.at_switch = world.graph.active
    there = world.graph.active == 1
    world.assignment = deal(members=m, scenario=arm, seed=world.population_seed, there=there, ties=functools.partial(ties_of, world.graph))
    hand_out(m, world.assignment, 0)
    m.selectivity_level = terciles(m.selectivity, there)
    load = decayed_by(world.day, m.load, m.load_day, world.book.rules.learning_load_half_life[0])
    m.inbox_level = terciles(load, there)


def hand_out(m: Any, dealt: Assignment, period: int) -> None:
    """Give members the designs of a period."""
    m.design = m.design_now = dealt.viewer[period]
    m.design_shown = dealt.profile[period]


def ties_of(graph: Columns) -> Any:
    """Return the connections that there are, as rows of two ids, sorted."""
    pairs = graph.pairs[: graph.sizes[PAIRS]]
    tied = pairs[(pairs.state & TIE) != 0]
    ties = np.column_stack([tied.lo, tied.hi])
    return ties[np.lexsort((ties[:, 1], ties[:, 0]))]


def live(engine: Engine, until: int, morning: Callable[[World], None] | None = None) -> None:
    """Step to the morning of day `until`; `morning` sees the world of each."""
    while engine.world.day < until:
        engine.step()
        if morning is not None:
            morning(engine.world)


def final_state_of(world: World) -> FinalState:
    """Return the end of a run as columns. The world ends with it: only ties are kept of its pairs, where they stand."""
    g = world.graph
    ties = int(ties_first(g.pairs, g.sizes[PAIRS]))
    g.sizes[PAIRS] = ties
    release(g.pairs, ties)
    kept = world.keep_events and not world.taken
    events, intents = (world.events[: world.items_sent], world.recorded_intents()) if kept else (None, None)
    there = slice(world.present)
    return FinalState(
        members=g.members[there],
        active=g.active[there],
        degree=g.degree[there],
        pairs=g.pairs[:ties],
        tally=world.tally,
        events=events,
        intents=intents,
        names=world.names,
        assignment=world.assignment,
    )
