"""The day, phase by phase, over columns: the engine that people run."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from sim.population.initialization import begin
from sim.results.history import History, Outcome, make_history
from sim.state.forgetting import ties_first
from sim.columnar.partner_search import MOST_LOOKS
from sim.population.network_files import NetworkSource, from_networkx, read_network
from sim.state.sorting import stable_order
from sim.scenario.parameters import Design
from sim.columnar.phases.delivery import close_ranks, deliver, sort_into_inboxes
from sim.columnar.phases.drift import drift, judge_answers, judge_intents
from sim.columnar.phases.inbox import inbox
from sim.columnar.phases.moderation import moderate, return_banned
from sim.columnar.phases.outreach import outreach
from sim.columnar.phases.sessions import come_by
from sim.columnar.phases.settlement import enter_into_agendas, make_ties, settle, settle_acts, strike_off
from sim.population.cohort import assign_designs
from sim.randomness import FIT, day_key
from sim.state.tally import ANSWER_WINDOW, D_ALL_INTENTS, D_SESSIONS, TALK_WINDOW, new_tally
from sim.columnar.bundles import ACTS, INTENTS, ITEMS, TASKS, REPORTS, TIES, Agenda, Effects, Inboxes, Marks, Today, Writing
from sim.scenario.scenario import Scenario
from sim.state.columns import ACT, AGENDA, INTENT, ITEM, LOOK, PAIRS, Book, release, table
from sim.state.world import COMPACTION_DAYS, LEAST_ROOM, World

SCRATCH = 4
LEAST_CHUNK = 2000  # members a thread, below which a second thread costs more than it brings


class Engine:
    """Runs a world day by day. Any number of threads gives the same bytes: each works on a range of members."""

    def __init__(self, world: World, threads: int = 1) -> None:
        self.world = world
        n = world.graph.members.size
        self.chunks = max(1, min(threads, n // LEAST_CHUNK))
        self.marks = [Marks(np.zeros((n >> 6) + 2, np.uint64), np.zeros(1, np.int64)) for _ in range(self.chunks)]
        self.lasting = np.uint64(day_key(world.population_seed, FIT, 0, 0))
        self.pool = ThreadPoolExecutor(self.chunks) if self.chunks > 1 else None
        self.shelf = Shelf()
        self.buffers: list[list[Buffers]] = [[] for _ in range(self.chunks)]

    def step(self) -> None:
        """Live through one day: the phases in the order of ODD.md."""
        w = self.world
        self.arrive()
        sent, acts = self.reach_out()
        self.deliver(sent)
        acts = np.concatenate([acts, self.read()])
        reports = self.settle(acts.view(np.recarray))
        moderate(self.today(), w.book, w.graph, w.tally, reports)
        drift(self.today(), w.book, w.graph, w.tally)
        self.judge()
        w.day += 1

    def arrive(self) -> None:
        """Let newcomers join and banned members come back; on fixed days, compact the neighbour lists."""
        w = self.world
        if w.day % COMPACTION_DAYS == 0:
            w.repack_pool(0, compact=True)
        w.forget()
        return_banned(w.day, w.graph)
        w.join(int(w.arrivals[w.day]), w.day)

    def reach_out(self) -> tuple[list[Any], Any]:
        """Let members with a session act; return what they send, in parts, and their other acts."""
        w = self.world
        w.tally.daily[D_SESSIONS, w.day] = come_by(self.today(), w.graph)
        self.done = done = np.zeros(len(w.agenda), np.uint8)

        today, agenda = self.today(), Agenda(w.agenda, w.agenda_start, done)

        def work(k: int, begin: int, end: int, out: Buffers) -> int:
            return int(outreach(begin, end, today, w.book, w.graph, agenda, self.writing(k, out)))

        parts = self.in_chunks(work)
        w.intents.append(kept([part.intents[: part.scratch[INTENTS]] for part in parts]))
        w.tally.daily[D_ALL_INTENTS, w.day] = len(w.intents[-1])
        w.answered.append(np.zeros(len(w.intents[-1]), np.uint8))
        return [part.items[: part.scratch[ITEMS]] for part in parts], joined([part.acts[: part.scratch[ACTS]] for part in parts])

    def deliver(self, sent: Sequence[Any]) -> None:
        """Deliver what was sent today and what was answered yesterday."""
        w = self.world
        items = self.shelf.joined("items", [w.replies, *sent])
        n = w.graph.members.size
        order = stable_order(items.recipient, n, stable_order(items.sender, n)[0])[0]
        w.reserve_pairs(len(items))
        w.reserve_events(len(items))
        self.effects = Effects(
            ties=self.shelf.table("ties", ACT, len(items) + len(w.waiting) + len(items)),
            tasks=self.shelf.table("planned", AGENDA, 4 * (len(items) + len(w.waiting)) + LEAST_ROOM),
            reports=self.shelf.table("reports", ACT, len(items) + len(w.waiting)),
            sizes=np.zeros(3, np.int64),
        )
        w.items_sent += len(items)
        first_id = w.items_sent - len(items)
        arrived = int(deliver(items, order, first_id, self.today(), w.book, w.graph, w.tally, self.effects, w.events))
        old = int(close_ranks(w.waiting, w.day, w.book, w.graph, w.events))
        w.waiting = self.shelf.extended("inboxes", w.waiting[:old], arrived)
        sort_into_inboxes(w.waiting, old, items, order[:arrived], w.starts)
        self.connect()

    def read(self) -> Any:
        """Let members read and answer; return their acts."""
        w = self.world

        today, inboxes = self.today(), Inboxes(w.waiting, w.starts)

        def work(k: int, begin: int, end: int, out: Buffers) -> int:
            return int(inbox(begin, end, today, w.book, w.graph, inboxes, self.writing(k, out)))

        parts = self.in_chunks(work)
        w.replies = joined([part.items[: part.scratch[ITEMS]] for part in parts])
        return joined([part.acts[: part.scratch[ACTS]] for part in parts])

    def settle(self, acts: Any) -> Any:
        """Apply the day's readings and acts; return the reports."""
        w = self.world
        effects = self.effects
        effects.sizes[TIES] = 0
        settle(w.waiting, self.today(), w.book, w.graph, w.tally, self.marks[0], effects, w.events)
        lacking = int(effects.sizes[TASKS]) + len(acts) - len(effects.tasks)
        if lacking > 0:
            self.effects = effects = effects._replace(tasks=joined([effects.tasks, table(AGENDA, lacking)]))
        settle_acts(acts, w.day, w.book, w.graph, effects)
        self.connect()
        self.plan()
        return effects.reports[: effects.sizes[REPORTS]]

    def connect(self) -> None:
        """Make the connections agreed on in this phase."""
        w, done, count = self.world, 0, int(self.effects.sizes[TIES])
        while done < count:
            done = int(make_ties(self.effects.ties, done, count, w.day, w.book, w.graph))
            if done < count:
                w.repack_pool(count - done, compact=False)
        self.effects.sizes[TIES] = 0

    def today(self) -> Today:
        """Return the day and where its draws come from, as kernels take them."""
        w = self.world
        return Today(w.day, w.seed, self.lasting, w.present)

    def writing(self, k: int, out: Buffers) -> Writing:
        """Return the buffers of the k-th range of members as kernels take them."""
        return Writing(out.items, out.intents, out.acts, out.looks, out.scratch, self.marks[k])

    def plan(self) -> None:
        """Put new entries into the agendas, from which those that were done go."""
        w, planned = self.world, self.effects.tasks[: self.effects.sizes[TASKS]]
        order = stable_order(planned.owner, w.graph.members.size)[0]
        left = int(strike_off(w.agenda, self.done))
        w.agenda = self.shelf.extended("agenda", w.agenda[:left], len(planned))
        enter_into_agendas(w.agenda, left, planned, order, w.agenda_start)

    def judge(self) -> None:
        """Judge the intents whose windows close today."""
        w = self.world
        if w.day >= ANSWER_WINDOW:
            back = len(w.intents) - 1 - ANSWER_WINDOW
            judge_answers(w.intents[back], w.day - ANSWER_WINDOW, w.graph, w.answered[back])
        if w.day >= TALK_WINDOW:
            judge_intents(w.intents.pop(0), w.answered.pop(0), w.day - TALK_WINDOW, w.day, w.graph, w.tally)

    def in_chunks(self, work: Callable[[int, int, int, Buffers], int]) -> list[Buffers]:
        """Run `work` over ranges of members, in threads if there are several; return the buffers in order."""
        n = self.world.present
        edges = [n * k // self.chunks for k in range(self.chunks + 1)]

        def chunk(k: int) -> list[Buffers]:
            at, end, room = edges[k], edges[k + 1], edges[k + 1] - edges[k]
            parts: list[Buffers] = []
            while True:
                out = self.buffer(k, len(parts), room)
                before, at = at, work(k, at, end, out)
                parts.append(out)
                if at == end:
                    return parts
                room = 8 * room + 100 * LEAST_ROOM if at == before else end - at

        if self.pool is None:
            return chunk(0)
        return [part for parts in self.pool.map(chunk, range(self.chunks)) for part in parts]

    def buffer(self, k: int, place: int, room: int) -> Buffers:
        """Return the buffers at this place of a chunk, empty, with room for what so many members write."""
        kept = self.buffers[k]
        if place == len(kept):
            kept.append(Buffers(room))
        elif kept[place].members < room:
            kept[place] = Buffers(room)
        kept[place].scratch[:] = 0
        return kept[place]

    def close(self) -> None:
        """Let the threads go."""
        if self.pool is not None:
            self.pool.shutdown()


class Buffers:
    """What one range of members writes in a phase; the next phase writes over it."""

    def __init__(self, members: int) -> None:
        self.members = members
        self.items = table(ITEM, members // 2 + LEAST_ROOM)
        self.intents = table(INTENT, members // 2 + LEAST_ROOM)
        self.acts = table(ACT, members + LEAST_ROOM)
        self.scratch = np.zeros(SCRATCH, np.int64)
        self.looks = table(LOOK, MOST_LOOKS)


class Shelf:
    """Tables that are written anew every day. Their room is kept: fresh memory costs more than what is written into it."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def table(self, name: str, dtype: np.dtype[Any], rows: int) -> Any:
        """Return `rows` rows with whatever stands in them."""
        if name not in self.kept or len(self.kept[name]) < rows:
            self.kept[name] = table(dtype, rows + rows // 4)
        return self.kept[name][:rows]

    def joined(self, name: str, parts: Sequence[Any]) -> Any:
        """Return rows one after another."""
        rows = self.table(name, parts[0].dtype, sum(map(len, parts)))
        np.concatenate(parts, out=rows)
        return rows

    def extended(self, name: str, rows: Any, more: int) -> Any:
        """Return these rows, which may be the beginning of the table already, with room for more behind them."""
        longer = self.table(name, rows.dtype, len(rows) + more)
        if longer.ctypes.data != rows.ctypes.data:
            longer[: len(rows)] = rows
        return longer


def joined(parts: Sequence[Any]) -> Any:
    """Return a copy of rows one after another, as records."""
    return np.concatenate(parts).view(np.recarray)


def kept(parts: Sequence[Any]) -> Any:
    """Return a copy of rows one after another, which is to be kept for long: a table."""
    rows = table(parts[0].dtype, sum(map(len, parts)))
    np.concatenate(parts, out=rows)
    return rows


def enter(world: World, arm: Scenario) -> None:
    """Let an arm begin: from this morning each member sees the design assigned to them."""
    world.book = Book(*arm.rows())
    cells = new_tally(len(arm.style_names), len(arm.design_names), arm.warm_up, len(world.arrivals))
    world.tally = cells._replace(daily=world.tally.daily, delays=world.tally.delays)
    m = world.graph.members
    assign_designs(m, arm, world.population_seed)
    m.design_now = m.design
    m.at_switch = world.graph.active
    there = world.graph.active == 1
    m.selectivity_level = terciles(m.selectivity, there)
    age = (world.day - m.load_day).astype(float)
    half_life = float(world.book.rules.learning_load_half_life[0])
    m.inbox_level = terciles(m.load * np.exp2(-age / half_life), there)


def terciles(values: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return 1, 2 or 3 for each value by the terciles of those who are there."""
    if not there.any():
        return np.ones(len(values), np.int32)
    return 1 + np.searchsorted(np.quantile(values[there], [1.0 / 3.0, 2.0 / 3.0]), values, side="right").astype(np.int32)


def live(engine: Engine, until: int, progress: Callable[[int], None] | None) -> None:
    """Step to the morning of day `until`."""
    while engine.world.day < until:
        engine.step()
        if progress is not None:
            progress(engine.world.day)


def outcome_of(world: World) -> Outcome:
    """Return the end of a run as columns. The world ends with it: only ties are kept of its pairs, where they stand."""
    g = world.graph
    ties = int(ties_first(g.pairs, g.sizes[PAIRS]))
    g.sizes[PAIRS] = ties
    release(g.pairs, ties)
    return Outcome(
        g.members[: world.present], g.active[: world.present], g.degree[: world.present], g.pairs[:ties], world.tally, world.events[: world.items_sent if world.keep_events else 0],
        world.names,
    )  # fmt: skip


def simulate_arms(
    scenario: Scenario, designs: Sequence[str | Design | Scenario | None], seed: int = 1, population_seed: int | None = None, threads: int = 1, *,
    events: bool = False, network: Any = None, progress: Callable[[int], None] | None = None,
) -> list[History]:  # fmt: skip
    """Run several designs that share one warm-up, population and luck; return a history each.

    Args:
        scenario: what to run; each arm has its own design in place of the scenario's.
        designs: names that the scenario or the package knows, paths of TOML files, `Design`s, or None for the scenario's own.
            A `Scenario` brings all its numbers, which hold from the switch on; its population must be the same.
        seed: of the dynamics; a whole number from 0 to 2**63 - 1.
        population_seed: of members, network and arrivals; the same as `seed` if not given.
        threads: any number gives the same bytes.
        events: keep every item (48 bytes each).
        network: a networkx graph or a `NetworkSource` in place of a generated network.
        progress: called with the number of days lived.

    Raises:
        BadInput: if a design is unknown or the network cannot be used.
        ValueError: if an arm that is a scenario has other styles, or another length.
    """
    population_seed = seed if population_seed is None else population_seed
    arms = [arm_of(scenario, design) for design in designs]
    source = source_of(scenario, network)
    started = time.perf_counter()
    world = begin(scenario, seed, population_seed, source, events=events)
    generated = time.perf_counter()
    engine = Engine(world, threads)
    live(engine, scenario.warm_up, progress)
    engine.close()
    warm = time.perf_counter()
    histories, worlds = [], [world]
    del world
    for k, arm in enumerate(arms):
        twin = worlds.pop() if k == len(arms) - 1 else worlds[0].copy()
        at = time.perf_counter()
        enter(twin, arm)
        engine = Engine(twin, threads)
        live(engine, scenario.warm_up + scenario.days, progress)
        engine.close()
        lived = time.perf_counter()
        timings = {"generation": generated - started, "days": warm - generated + lived - at}
        outcome = outcome_of(twin)
        del engine, twin  # inboxes, neighbour lists and the index of pairs make room for the measures
        history = make_history(arm, seed, population_seed, arm.design, outcome, timings)
        timings["measures"] = time.perf_counter() - lived
        histories.append(history)
    return histories


def arm_of(scenario: Scenario, arm: str | Design | Scenario | None) -> Scenario:
    """Return the scenario of an arm, which begins where the warm-up of `scenario` ends."""
    if arm is None:
        return scenario
    if not isinstance(arm, Scenario):
        return scenario.with_design(arm)
    for name in ("style_names", "style_shares", "members", "warm_up", "days", "network_file"):
        if getattr(arm, name) != getattr(scenario, name):
            raise ValueError(f"an arm begins with the members of the scenario; {name} must be the same")
    return arm


def source_of(scenario: Scenario, network: Any) -> NetworkSource | None:
    """Return the network to begin with: given, or named by the scenario, or None to generate one."""
    if isinstance(network, NetworkSource):
        return network
    if network is not None:
        return from_networkx(network)
    return read_network(scenario.network_file) if scenario.network_file else None


def simulate(
    scenario: Scenario, seed: int = 1, population_seed: int | None = None, design: str | Design | None = None, threads: int = 1, *,
    events: bool = False, network: Any = None, progress: Callable[[int], None] | None = None,
) -> History:  # fmt: skip
    """Run one history; see `simulate_arms` for the arguments. Without `design`, the scenario's own."""
    return simulate_arms(
        scenario, [design], seed, population_seed, threads, events=events, network=network, progress=progress
    )[0]  # fmt: skip


def warm_kernels(progress: Callable[[str], None] | None = None) -> None:
    """Compile everything, or load it from the cache, by a run of a few members."""
    from sim.scenario.scenario import load_scenario

    for line, members in (("the population", 0), ("the phases of a day", 50)):
        if progress is not None:
            progress(line)
        # until intents are judged and pairs forgotten
        small = load_scenario("baseline").with_(members=members, warm_up=1, days=TALK_WINDOW + 1)
        simulate_arms(small, [small.design, small.design])
