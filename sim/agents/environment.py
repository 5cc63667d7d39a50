"""What the model offers its members and its phases: the day, draws, rules, who knows whom, and what is agreed on today.

It stands below members and phases, which import it; it knows neither.
"""

from __future__ import annotations

from typing import Any

import mesa
import networkx as nx

from sim import randomness as rnd
from sim.agents import draws
from sim.agents.entities import Event, Intent, Item, Pair, Task
from sim.decisions.codes import STRANGER, WAITING
from sim.decisions.common import distance_of, profile_noise, relation, seen_relevance
from sim.decisions.consequences import strengthened
from sim.decisions.constants import NEVER
from sim.decisions.threads import exchanges_after, is_of_earlier_account, tie_gain
from sim.scenario.scenario import Scenario
from sim.state.columns import Assignment, Names
from sim.state.tally import Tally, cell, since_switch


class Environment(mesa.Model):
    """The platform on which members meet.

    Args:
        setting: the scenario, with the design that holds from the switch on.
        seed: of the dynamics; draws are addressed, so Mesa's own generators are never used.
        population_seed: of members, network and arrivals.
        events: keep every item and every intent.
    """

    def __init__(self, setting: Scenario, seed: int, population_seed: int, *, events: bool) -> None:
        super().__init__(rng=seed)
        # not `scenario`: Mesa 3.5 keeps something of its own under that name
        self.setting = setting
        self.seed, self.population_seed, self.keep_events = seed, population_seed, events
        (self.rules,), self.styles, self.designs, self.moderations, self.pairing = setting.namespaces()
        self.day = 0
        self.tally: Tally
        self.names: Names
        self.assignment: Assignment | None = None  # who has which design, once the arm has begun
        self.members: list[Any] = []  # Member, by id
        self.closed: list[Any] = []  # banned members who will be back
        self.by_industry: list[list[int]] = []  # ids
        self.listed: list[Any] = []  # rows of an alias table, by prominence: whom a search anywhere finds
        self.listed_by_industry: list[list[Any]] = []
        self.graph = nx.Graph()
        self.ties = 0
        self.pair_of: dict[tuple[int, int], Pair] = {}
        self.events: list[Event] = []
        # what a phase leads to, applied at its end
        self.agreed: list[tuple[int, int, bool]] = []  # connections: two ids, whether from obligation
        self.planned: list[tuple[int, Task]] = []  # tasks to come, with their owner
        self.intents_today: list[Intent] = []
        self._keys: dict[tuple[int, int], int] = {}
        self._relations: dict[tuple[int, int], tuple[float, bool]] = {}
        self._lasting = rnd.day_key(population_seed, rnd.FIT, 0, 0)

    @property
    def grid(self) -> Any:
        """The network of today as Mesa's space, which `mesa.visualization` draws; made when it is asked for."""
        raise NotImplementedError

    # draws

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

    def pair_bits(self, decision: int, count: int, i: int, j: int) -> int:
        """Return the random bits of the ordered pair (i, j) for a decision today."""
        return draws.pair_bits(self.key(decision, count), i, j)

    def draw_pair(self, decision: int, count: int, i: int, j: int) -> float:
        """Return the draw of the ordered pair (i, j) for a decision today."""
        return draws.pair_draw(self._keys.get((decision, count)) or self.key(decision, count), i, j)

    # what two members are to each other

    def facts(self, i: int, j: int) -> tuple[float, bool]:
        """Return (how much i and j have to say to each other, whether they compete directly): for good."""
        pair = (i, j) if i < j else (j, i)
        found = self._relations.get(pair)
        if found is None:
            a, b = self.members[i], self.members[j]
            h = draws.pair_bits(self._lasting, *pair)
            found = self._relations[pair] = relation(self.rules, a.industry == b.industry, abs(a.seniority - b.seniority), h)
        return found

    def relevance(self, i: int, j: int) -> float:
        """Return how much i and j have to say to each other."""
        return self.facts(i, j)[0]

    def seen_relevance(self, i: int, j: int) -> float:
        """Return the relevance of j as i sees it on the profile."""
        noise = profile_noise(draws.pair_bits(self._lasting, min(i, j), max(i, j)), int(i > j))
        return seen_relevance(
            p=self.rules, true=self.relevance(i, j), connected=j in self.members[i].connections, mutual=self.mutual(i, j), noise=noise
        )

    def known(self, i: int, j: int) -> Pair | None:
        """Return what i and j have had under their present accounts, or None."""
        pair = self.ever(i, j)
        if pair is None or is_of_earlier_account(pair.last, self.members[i].account_day, self.members[j].account_day):
            return None
        return pair

    def pair(self, i: int, j: int) -> Pair:
        """Return what i and j have had; they must have met."""
        return self.pair_of[(i, j) if i < j else (j, i)]

    def claim(self, i: int, j: int) -> Pair:
        """Return what i and j have had, from now on if nothing; what the same two persons count once is kept."""
        pair = self.known(i, j)
        if pair is None:
            before = self.ever(i, j)
            lo, hi = min(i, j), max(i, j)
            pair = self.pair_of[lo, hi] = Pair(lo, hi)
            if before is not None:
                pair.two_way, pair.met, pair.answered = before.two_way, before.met, before.answered
        return pair

    def ever(self, i: int, j: int) -> Pair | None:
        """Return what i and j have had under whatever account they last had it, or None."""
        return self.pair_of.get((i, j) if i < j else (j, i))

    def mutual(self, i: int, j: int) -> int:
        """Return how many connections i and j have in common."""
        return len(self.members[i].connections & self.members[j].connections)

    def distance(self, pair: Pair | None, mutual: int) -> int:
        """Return 1 for connected, 2 with a connection in common, 3 beyond."""
        return distance_of(pair is not None and pair.tie, mutual)

    def listed_pick(self, rows: list[Any], decision: int, count: int, i: int) -> int:
        """Return whom a member finds in an alias table today; -1 in an empty one."""
        return self.pick_listed(rows, self.bits(decision, count, i))

    def pick_listed(self, rows: list[Any], h: int) -> int:
        """Return whom hash `h` finds in an alias table; -1 in an empty one."""
        if not rows:
            return -1
        own, one, other = rows[rnd.pick(h, len(rows))]
        return int(one if rnd.uniform(rnd.sub_hash(h, 0)) < own else other)

    # connections

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

    def connect_agreed(self) -> None:
        """Make the connections agreed on in this phase."""
        for i, j, obliged in self.agreed:
            pair = self.known(i, j)
            if pair is None or pair.tie or not self.members[i].active or not self.members[j].active:
                continue
            gain = tie_gain(self.rules, obliged)
            self.connect(pair, strengthened(self.rules, pair.strength, self.day - pair.touched, gain))
            pair.weak = obliged
        self.agreed = []

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

    def drop_ties(self, i: int) -> None:
        """Take a member's connections away."""
        member = self.members[i]
        for j in [j for j in member.neighbours if j >= 0]:
            self.disconnect(self.pair(i, j))
        member.neighbours, member.degree = [], 0

    # records

    def cell(self, item: Item) -> int:
        """Return the cell in which an item counts."""
        return self._cell(item, item.distance)

    def cell_of_thread(self, item: Item) -> int:
        """Return the cell in which an answer to an item counts: that of the message of its thread."""
        return self._cell(item, item.thread_distance)

    def _cell(self, item: Item, distance: int) -> int:
        a, b = self.members[item.sender], self.members[item.recipient]
        return cell(
            self.tally,
            a.style,
            item.purpose,
            distance,
            selectivity=b.selectivity_level,
            inbox=b.inbox_level,
            design=a.design,
        )

    def note_exchange(self, pair: Pair) -> None:
        """Count an exchange, and the two as partners if it is their first since the switch."""
        pair.exchanges = exchanges_after(pair.exchanges)
        pair.met += 1
        if since_switch(self.tally, self.day) and not pair.two_way:
            pair.two_way = True
            for i in (pair.lo, pair.hi):
                self.members[i].partners += 1
                self.members[i].far_partners += pair.distance == STRANGER

    def note_event(self, item: Item, day: int) -> None:
        """Keep an item's row: sent, delivered or not."""
        if self.keep_events:
            landed, pair = day if item.outcome == WAITING else NEVER, self.known(item.sender, item.recipient)
            item.acquainted = pair is not None and pair.known
            item.sender_design, item.recipient_design = self.members[item.sender].design_now, self.members[item.recipient].design_shown
            self.events.append(Event(item, landed))
