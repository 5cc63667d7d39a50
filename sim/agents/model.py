"""The model as a Mesa model: one step a day, the phases in the order of ODD.md, over objects."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from typing import Any

import mesa
import numpy as np

from sim import randomness as rnd
from sim.agents.conversion import final_state_of, pairs_of, rows_of
from sim.agents.delivery import Delivery
from sim.agents.entities import Act
from sim.agents.environment import Environment
from sim.agents.intents import Intents
from sim.agents.joining import Joining
from sim.agents.member import Member
from sim.agents.moderation import Moderation
from sim.agents.settlement import Settlement
from sim.decisions.consequences import leaves, opt_out_end, opts_out
from sim.decisions.constants import COMPACTION_DAYS, NEVER
from sim.decisions.counters import D_ACTIVE, D_ALL_INTENTS, D_DEGREES, D_RESTRICTED, D_SESSIONS
from sim.population.cohort import assign_designs
from sim.population.initialization import begin, source_of
from sim.results.history import History, make_history
from sim.results.measures import Catalogue, Measure, catalogue_of
from sim.scenario.scenario import Scenario
from sim.state.columns import MEMBER, PAIRS, TIES
from sim.state.memory import table
from sim.state.tally import terciles


class OutreachModel(Environment):
    """Members who write and connect, day by day.

    Args:
        scenario: what to run.
        rng: the dynamics seed, a whole number; draws are addressed, so Mesa's own generators are never used.
        population_seed: of members, network and arrivals; the same as `rng` if not given.
        member_class: `Member` or a subclass with a decision of its own.
        design: in place of the scenario's.
        network: a networkx graph or a `NetworkSource` in place of a generated network.
        events: keep every item and every intent.
        measures: of one's own, made by `sim.measure`: they stand in the history, behind the shipped ones.
    """

    NEVER = NEVER

    def __init__(
        self,
        scenario: Scenario,
        rng: int = 1,
        population_seed: int | None = None,
        member_class: type[Member] = Member,
        *,
        design: Any = None,
        network: Any = None,
        events: bool = True,
        measures: Catalogue | Iterable[Measure] = (),
    ) -> None:
        self.catalogue = catalogue_of(measures)
        setting = scenario if design is None else scenario.with_design(design)
        super().__init__(setting, int(rng), int(rng if population_seed is None else population_seed), events=events)
        self.switched = False
        self._begin(member_class, network)
        self.delivery, self.settlement = Delivery(self), Settlement(self)
        self.moderation, self.intents = Moderation(self), Intents(self)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "active": lambda m: int(m.tally.daily[D_ACTIVE, m.day - 1]),
                "ties": lambda m: m.ties,
                "mean_degree": lambda m: 2.0 * m.ties / max(1, int(m.tally.daily[D_ACTIVE, m.day - 1])),
            }
        )

    def _begin(self, member_class: type[Member], network: Any) -> None:
        """Take the population and the network at the start, which both engines share, as objects."""
        world = begin(self.setting, self.seed, self.population_seed, source_of(self.setting, network))
        g = world.graph
        self.tally, self.names = world.tally, world.names
        columns = {name: g.members[name].tolist() for name in rows_of()}
        self.roster = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
        self.arrivals = [int(n) for n in world.arrivals]
        self.joining = Joining(self, member_class, self.roster, world.mean_degree)
        self.by_industry = [[] for _ in g.industry_size]
        for i in range(world.present):
            member = self.joining.enter(i)
            member.neighbours = [int(j) for j in g.pool[g.start[i] : g.start[i] + g.length[i]]]
            member.connections = {j for j in member.neighbours if j >= 0}
            member.degree = int(g.degree[i])
        self.pair_of = pairs_of(g.pairs[: int(g.sizes[PAIRS])])
        self.graph.add_edges_from(key for key, pair in self.pair_of.items() if pair.tie)
        self.ties = int(g.sizes[TIES])

    # the day

    def clear_lists(self) -> None:
        """Take dead entries out of the neighbour lists."""
        for member in self.members:
            member.neighbours = [j for j in member.neighbours if j >= 0]

    def step(self) -> None:
        """Live through one day."""
        if self.day == self.setting.warm_up and not self.switched:
            self.switch()
        self._keys.clear()
        if self.day % COMPACTION_DAYS == 0:
            self.clear_lists()
        self.joining.arrive(self.arrivals[self.day])
        acts = self.reach_out()
        acts += self.read()
        self.settlement.settle(acts)
        self.moderation.moderate(self.settlement.reports)
        self.drift()
        self.intents.judge()
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
        loads = np.zeros(n)
        loads[: len(self.members)] = [m.load_now() for m in self.members]
        selective = terciles(np.array([r["selectivity"] for r in self.roster], float), there == 1)
        full = terciles(loads, there == 1)
        for i, columns in enumerate(self.roster):
            new = {
                "design": int(rows.design[i]),
                "design_now": int(rows.design[i]),
                "at_switch": int(there[i]),
                "selectivity_level": int(selective[i]),
                "inbox_level": int(full[i]),
            }
            columns.update(new)
            if i < len(self.members):
                self.members[i].__dict__.update(new)
        self.switched = True

    def reach_out(self) -> list[Act]:
        """Let members with a session act, then deliver what they sent and what was answered yesterday."""
        replies = [item for member in self.members for item in member.sending]
        self.intents_today = []
        sessions = 0
        for member in self.members:
            member.sending, member.acting = [], []
            member.here = self.draw(rnd.SESSION, 0, member.id) < member.session_rate and member.active
            sessions += member.here
        for member in self.members:
            if member.here:
                member.reach_out()
        self.tally.daily[D_SESSIONS, self.day] = sessions
        self.tally.daily[D_ALL_INTENTS, self.day] = len(self.intents_today)
        self.intents.keep(self.intents_today)
        acts = [act for member in self.members for act in member.acting]
        sent = [item for member in self.members for item in member.sending]
        for member in self.members:
            member.sending, member.acting = [], []
        self.delivery.deliver(replies + sent)
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
                self.drop_ties(m.id)
                continue
            if annoyance > 0.0 and m.opted_until <= day and opts_out(p, annoyance, self.draw(rnd.OPT_OUT, 0, m.id)):
                m.opted_until = opt_out_end(p, day)
            active += 1
            restricted += m.restricted_until > day
        daily = self.tally.daily
        daily[D_ACTIVE, day], daily[D_RESTRICTED, day], daily[D_DEGREES, day] = active, restricted, 2 * self.ties

    def history(self, *, events: bool = True) -> History:
        """Return the history so far, as the columnar engine does."""
        if self.day == self.setting.warm_up and not self.switched:
            self.switch()
        outcome = final_state_of(self, events=events and self.keep_events)
        return make_history(self.setting, self.seed, self.population_seed, self.setting.design, outcome, {}, self.catalogue)

    def close(self) -> None:
        """Let the agents go; Mesa keeps a counter for each model, and with it the model, until told."""
        for agent in list(self.agents):
            agent.remove()
        getattr(mesa.Agent, "_ids", {}).pop(self, None)  # Mesa before 3.5; there is no public way
