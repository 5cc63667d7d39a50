"""The model as a Mesa model: one step a day, the phases in the order of ODD.md, over objects."""

from __future__ import annotations

import gc
from typing import Any

import mesa
import networkx as nx
import numpy as np

from sim import randomness as rnd
from sim.agents import draws
from sim.agents.joining import Arrival
from sim.agents.conversion import outcome_of, pairs_of, rows_of
from sim.agents.intents import Judgement
from sim.agents.member import Member
from sim.agents.moderation import Moderation
from sim.agents.delivery import Postroom
from sim.agents.settlement import Settlement
from sim.agents.entities import Act, Item, Pair
from sim.population.initialization import begin
from sim.decisions.consequences import leaves, opts_out
from sim.decisions.common import CONNECTED, SECOND_DEGREE, STRANGER, are_competitors, profile_noise, relevance, seen_relevance
from sim.decisions.joining import race_time, race_weight
from sim.columnar.engine import source_of, terciles
from sim.results.history import History, make_history
from sim.state.network import RACE
from sim.population.cohort import assign_designs
from sim.state.tally import (
    D_ACTIVE, D_ALL_INTENTS, D_DEGREES, D_RESTRICTED, D_SESSIONS,
)  # fmt: skip
from sim.scenario.scenario import Scenario
from sim.state.columns import MEMBER, NEVER, table
from sim.state.world import COMPACTION_DAYS


class OutreachModel(mesa.Model):
    """Members who write and connect, day by day.

    Args:
        scenario: what to run.
        rng: the dynamics seed, a whole number; draws are addressed, so Mesa's own generators are never used.
        population_seed: of members, network and arrivals; the same as `rng` if not given.
        member_class: `Member` or a subclass with a decision of its own.
        design: in place of the scenario's.
        network: a networkx graph or a `NetworkSource` in place of a generated network.
        events: keep every item.
    """

    NEVER = NEVER

    def __init__(
        self, scenario: Scenario, rng: int = 1, population_seed: int | None = None, member_class: type[Member] = Member, *,
        design: Any = None, network: Any = None, events: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(rng=rng)
        # not `scenario`: Mesa 3.5 keeps something of its own under that name
        self.setting = scenario if design is None else scenario.with_design(design)
        self.seed, self.population_seed = int(rng), int(rng if population_seed is None else population_seed)
        self.member_class, self.keep_events = member_class, events
        rows = self.setting.namespaces()
        self.rules, self.styles, self.designs, self.moderations = rows[0][0], rows[1], rows[2], rows[3]
        self.day, self.switched = 0, False
        self.graph = nx.Graph()
        self.members: list[Member] = []
        self.pair_of: dict[tuple[int, int], Pair] = {}
        self.closed: list[Member] = []
        self.events: list[list[Any]] = []
        self.ties = 0
        self._keys: dict[tuple[int, int], int] = {}
        self._facts: dict[tuple[int, int], tuple[float, bool]] = {}
        self._lasting = rnd.day_key(self.population_seed, rnd.FIT, 0, 0)
        self._begin(network)
        self.post, self.settlement, self.moderation, self.judgement = Postroom(self), Settlement(self), Moderation(self), Judgement(self)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "active": lambda m: int(m.tally.daily[D_ACTIVE, m.day - 1]), "ties": lambda m: m.ties,
                "mean_degree": lambda m: 2.0 * m.ties / max(1, int(m.tally.daily[D_ACTIVE, m.day - 1])),
            }
        )  # fmt: skip

    def _begin(self, network: Any) -> None:
        """Take the population and the network at the start, which both engines share, as objects."""
        world = begin(self.setting, self.seed, self.population_seed, source_of(self.setting, network))
        g = world.graph
        self.tally, self.names = world.tally, world.names
        self.arrival = Arrival(self, [int(n) for n in world.arrivals], world.mean_degree)
        columns = {name: g.members[name].tolist() for name in rows_of()}
        self.roster = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
        self.by_industry: list[list[int]] = [[] for _ in world.graph.industry_size]
        for i in range(world.present):
            member = self.enter(i)
            member.neighbours = [int(j) for j in g.pool[g.start[i] : g.start[i] + g.length[i]]]
            member.connections = {j for j in member.neighbours if j >= 0}
            member.degree = int(g.degree[i])
        self.pair_of = pairs_of(g.pairs[: int(g.sizes[0])])
        self.graph.add_edges_from(key for key, pair in self.pair_of.items() if pair.tie)
        self.ties = int(g.sizes[3])

    def enter(self, i: int) -> Member:
        """Let member i of the roster in."""
        member = self.member_class(self, i, self.roster[i])
        member.active = True
        self.members.append(member)
        self.by_industry[member.industry].append(i)
        self.graph.add_node(i)
        return member

    # draws and relations

    def key(self, decision: int, count: int) -> int:
        """Return today's key of a decision."""
        found = self._keys.get((decision, count))
        if found is None:
            found = self._keys[decision, count] = rnd.day_key(self.seed, decision, count, self.day)
        return found

    def bits(self, decision: int, count: int, i: int) -> int:
        """Return the random bits of a member for a decision today."""
        return draws.member_bits(self.key(decision, count), i)

    def draw(self, decision: int, count: int, i: int) -> float:
        """Return the draw of a member for a decision today."""
        return draws.member_draw(self._keys.get((decision, count)) or self.key(decision, count), i)

    def pair_bits(self, decision: int, i: int, j: int) -> int:
        """Return the random bits of the ordered pair (i, j) for a decision today."""
        return draws.pair_bits(self.key(decision, 0), i, j)

    def draw_pair(self, decision: int, count: int, i: int, j: int) -> float:
        """Return the draw of the ordered pair (i, j) for a decision today."""
        return draws.pair_draw(self._keys.get((decision, count)) or self.key(decision, count), i, j)

    def facts(self, i: int, j: int) -> tuple[float, bool]:
        """Return (how much i and j have to say to each other, whether they compete directly): for good."""
        pair = (i, j) if i < j else (j, i)
        found = self._facts.get(pair)
        if found is None:
            a, b = self.members[i], self.members[j]
            h = draws.pair_bits(self._lasting, *pair)
            same, levels = a.industry == b.industry, abs(a.seniority - b.seniority)
            competitors = are_competitors(self.rules, same, levels, h)
            found = self._facts[pair] = relevance(self.rules, same, levels, competitors, h), competitors
        return found

    def relevance(self, i: int, j: int) -> float:
        """Return how much i and j have to say to each other."""
        return self.facts(i, j)[0]

    def seen_relevance(self, i: int, j: int) -> float:
        """Return the relevance of j as i sees it on the profile."""
        noise = profile_noise(draws.pair_bits(self._lasting, min(i, j), max(i, j)), int(i > j))
        return seen_relevance(self.rules, self.relevance(i, j), j in self.members[i].connections, self.mutual(i, j), noise)

    def known(self, i: int, j: int) -> Pair | None:
        """Return what i and j have had under their present accounts, or None."""
        pair = self.pair_of.get((i, j) if i < j else (j, i))
        if pair is None or pair.last < self.members[i].account_day or pair.last < self.members[j].account_day:
            return None
        return pair

    def pair(self, i: int, j: int) -> Pair:
        """Return what i and j have had; they must have met."""
        return self.pair_of[(i, j) if i < j else (j, i)]

    def claim(self, i: int, j: int) -> Pair:
        """Return what i and j have had, from now on if nothing."""
        pair = self.known(i, j)
        if pair is None:
            lo, hi = min(i, j), max(i, j)
            pair = self.pair_of[lo, hi] = Pair(lo, hi)
        return pair

    def mutual(self, i: int, j: int) -> int:
        """Return how many connections i and j have in common."""
        return len(self.members[i].connections & self.members[j].connections)

    def distance(self, pair: Pair | None, mutual: int) -> int:
        """Return 1 for connected, 2 with a connection in common, 3 beyond."""
        if pair is not None and pair.tie:
            return CONNECTED
        return SECOND_DEGREE if mutual > 0 else STRANGER

    def attachment_pick(self, key: int, pair_key: int, i: int, limit: int) -> int:
        """Return the winner of a race among ids below `limit`, weighted by degree; -1 if nobody can run."""
        h = draws.member_bits(key, i)
        best, best_time = -1, 0.0
        for k in range(RACE):
            j = draws.entrant(h, k, limit)
            if not self.members[j].active or j == i:
                continue
            time = race_time(draws.pair_draw(pair_key, i, j), race_weight(self.rules, self.members[j].degree))
            if best < 0 or time < best_time:
                best, best_time = j, time
        return best

    def connect(self, pair: Pair, strength: float) -> None:
        """Make a connection."""
        pair.tie, pair.pending = True, [False, False]
        pair.since = pair.last = pair.touched = self.day
        pair.strength = strength
        for a, b in ((pair.lo, pair.hi), (pair.hi, pair.lo)):
            self.members[a].neighbours.append(b)
            self.members[a].connections.add(b)
            self.members[a].degree += 1
        self.graph.add_edge(pair.lo, pair.hi)
        self.ties += 1

    def disconnect(self, pair: Pair) -> None:
        """Undo a connection; the pair is remembered."""
        for a, b in ((pair.lo, pair.hi), (pair.hi, pair.lo)):
            near = self.members[a].neighbours
            near[near.index(b)] = -1
            self.members[a].connections.remove(b)
            self.members[a].degree -= 1
        pair.tie = False
        self.graph.remove_edge(pair.lo, pair.hi)
        self.ties -= 1

    def drop_ties(self, member: Member) -> None:
        """Take a member's connections away."""
        for j in [j for j in member.neighbours if j >= 0]:
            self.disconnect(self.pair(member.id, j))
        member.neighbours, member.degree = [], 0

    def clear_lists(self) -> None:
        """Take dead entries out of the neighbour lists."""
        for member in self.members:
            member.neighbours = [j for j in member.neighbours if j >= 0]

    # the day

    def step(self) -> None:
        """Live through one day."""
        if self.day == self.setting.warm_up and not self.switched:
            self.switch()
        self._keys.clear()
        if self.day % COMPACTION_DAYS == 0:
            self.clear_lists()
        self.arrival.arrive()
        acts = self.reach_out()
        acts += self.read()
        self.settlement.settle(acts)
        self.moderation.moderate(self.settlement.reports)
        self.drift()
        self.judgement.judge()
        self.day += 1
        self.datacollector.collect(self)

    def run(self) -> History:
        """Live through all days and return the history."""
        # what a run makes, it keeps: looking through it for garbage again and again took a third of the time
        collects = gc.isenabled()
        gc.disable()
        try:
            while self.day < self.setting.warm_up + self.setting.days:
                self.step()
            return self.history()
        finally:
            if collects:
                gc.enable()

    def switch(self) -> None:
        """Let the arm begin: each member, also those to come, sees the design assigned to them."""
        n = len(self.roster)
        rows = table(MEMBER, n)
        rows.industry = [r["industry"] for r in self.roster]
        assign_designs(rows, self.setting, self.population_seed)
        there = np.zeros(n, np.int8)
        there[: len(self.members)] = [m.active for m in self.members]
        load = np.zeros(n)
        load_day = np.zeros(n)
        load[: len(self.members)] = [m.load for m in self.members]
        load_day[: len(self.members)] = [m.load_day for m in self.members]
        loads = load * np.exp2(-(float(self.day) - load_day) / self.rules.learning_load_half_life)
        selective = terciles(np.array([r["selectivity"] for r in self.roster], float), there == 1)
        full = terciles(loads, there == 1)
        for i, columns in enumerate(self.roster):
            new = {
                "design": int(rows.design[i]), "design_now": int(rows.design[i]), "at_switch": int(there[i]),
                "selectivity_level": int(selective[i]), "inbox_level": int(full[i]),
            }  # fmt: skip
            columns.update(new)
            if i < len(self.members):
                self.members[i].__dict__.update(new)
        self.switched = True

    def reach_out(self) -> list[Act]:
        """Let members with a session act, then deliver what they sent and what was answered yesterday."""
        replies = [item for member in self.members for item in member.sending]
        self.judgement.begin_day()
        sessions = 0
        for member in self.members:
            member.sending, member.acting = [], []
            member.here = self.draw(rnd.SESSION, 0, member.id) < member.session_rate and member.active
            sessions += member.here
        for member in self.members:
            if member.here:
                member.reach_out()
        self.tally.daily[D_SESSIONS, self.day] = sessions
        self.tally.daily[D_ALL_INTENTS, self.day] = self.judgement.end_outreach()
        acts = [act for member in self.members for act in member.acting]
        sent = [item for member in self.members for item in member.sending]
        for member in self.members:
            member.sending, member.acting = [], []
        self.post.deliver(replies + sent)
        self.settlement.connect(self.post.ties)
        return acts

    def read(self) -> list[Act]:
        """Let members read and answer; what they write goes out tomorrow."""
        for member in self.members:
            member.visit_inbox()
        return [act for member in self.members for act in member.acting]

    def drift(self) -> None:
        """Let members leave or close their inbox to strangers, and count who is there."""
        day, p = self.day, self.rules
        active = restricted = 0
        for m in self.members:
            if not m.active:
                continue
            annoyance = m.annoyance_now() if m.annoyance else 0.0
            if leaves(p, annoyance, self.draw(rnd.LEAVE, 0, m.id)):
                m.active, m.left = False, day
                self.drop_ties(m)
                continue
            if annoyance > 0.0 and m.opted_until <= day and opts_out(p, annoyance, self.draw(rnd.OPT_OUT, 0, m.id)):
                m.opted_until = day + int(p.learning_opt_back_days)
            active += 1
            restricted += m.restricted_until > day
        daily = self.tally.daily
        daily[D_ACTIVE, day], daily[D_RESTRICTED, day], daily[D_DEGREES, day] = active, restricted, 2 * self.ties

    def note_event(self, item: Item, day: int) -> None:
        """Keep an item's row: sent, delivered or not."""
        if self.keep_events:
            landed = day if item.outcome == 0 else NEVER
            self.events.append([item, landed, NEVER, NEVER])

    def history(self, *, events: bool = True) -> History:
        """Return the history so far, as the columnar engine does."""
        if self.day == self.setting.warm_up and not self.switched:
            self.switch()
        outcome = outcome_of(self, events=events and self.keep_events)
        return make_history(self.setting, self.seed, self.population_seed, self.setting.design, outcome, {})

    def close(self) -> None:
        """Let the agents go; Mesa keeps a counter for each model, and with it the model, until told."""
        for agent in list(self.agents):
            agent.remove()
        getattr(mesa.Agent, "_ids", {}).pop(self, None)  # Mesa before 3.5; there is no public way
