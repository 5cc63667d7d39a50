"""The model as a Mesa model: one step a day, the phases in the order of ODD.md, over objects."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import mesa
import numpy as np

from sim import randomness as rnd
from sim.agents.conversion import final_state_of, pairs_of, rows_of
from sim.agents.delivery import Delivery
from sim.agents.entities import Act, Item
from sim.agents.environment import Environment
from sim.agents.intents import Intents
from sim.agents.joining import Joining, groups_of
from sim.agents.member import Member
from sim.agents.moderation import Moderation
from sim.agents.reporters import collector
from sim.agents.settlement import Settlement
from sim.agents.space import network_space
from sim.arguments import checked_class, checked_scenario, checked_seed, checked_truth, dynamics_seed
from sim.decisions.codes import AWAY, BY_EMPLOYER, BY_SCHOOL, WAITING
from sim.decisions.consequences import goes_quiet, is_back, leaves, opted_until
from sim.decisions.constants import COMPACTION_DAYS, NEVER
from sim.decisions.counters import D_ACTIVE, D_ALL_INTENTS, D_DEGREES, D_QUIET, D_RESTRICTED, D_SESSIONS, D_TURNS
from sim.decisions.joining import degree_of_known
from sim.decisions.visibility import about_after, about_kept
from sim.errors import BadInput, must
from sim.garbage import not_looked_for
from sim.notebook import html_table
from sim.population.assignment import deal, opens
from sim.population.initialization import begin, source_of
from sim.results.history import History, make_history
from sim.results.measures import Catalogue, Measure, catalogue_of
from sim.scenario.scenario import Scenario, load_scenario
from sim.scenario.validation import plain
from sim.state.columns import MEMBER, PAIRS, TIES, Assignment
from sim.state.memory import table
from sim.state.tally import terciles

FEW = 200  # members of the baseline that is run where no scenario is given


class OutreachModel(Environment):
    """Members who write and connect, day by day: a Mesa model for `step`, `run_model`, `batch_run` and `SolaraViz`.

    `running` is True until the last day is over. `datacollector` has a row a day: every daily measure of
    `History.daily` in its unit, as it is known that evening, and `ties`; a measure that waits for answers is that of the
    day whose window closed that evening (nan before the first). `grid` is the network as a space that Mesa draws. The
    model can be pickled at any day, and goes on to the same history.

    Args:
        scenario: what to run; the baseline with 200 members if not given.
        rng: the dynamics seed, a whole number from 0 to 2**63 - 1, or what gives one: a NumPy `Generator`, which moves on,
            or a `SeedSequence`. Without it a fresh one is drawn. `model.seed` has the number. Draws are addressed by it, so
            Mesa's own generators are never used.
        population_seed: of members, network and arrivals; the same as `model.seed` if not given.
        member_class: `Member` or a subclass with a decision of its own.
        design: in place of the scenario's.
        network: a networkx graph or a `NetworkSource` in place of a generated network.
        events: keep every item and every intent.
        seed: another name for `rng`, which some versions of Mesa use.
        agent_data: collect a row of every member every day as well, with names in place of codes. Off unless asked for:
            it takes as long as the day itself, and `batch_run` then returns a row a member.
        measures: of one's own, made by `sim.measure`: they stand in the history, behind the shipped ones.

    Raises:
        BadInput: if an argument is not as said.

    >>> from sim import OutreachModel, load_scenario
    >>> model = OutreachModel(load_scenario(members=30, warm_up=2, days=3), rng=1)
    >>> model.run_model()
    >>> model.running, model.day, len(model.datacollector.get_model_vars_dataframe())
    (False, 5, 5)
    """

    NEVER = NEVER

    def __init__(
        self,
        scenario: Scenario | None = None,
        rng: Any = None,
        population_seed: int | None = None,
        member_class: type[Member] = Member,
        *,
        design: Any = None,
        network: Any = None,
        events: bool = True,
        measures: Catalogue | Iterable[Measure] = (),
        seed: Any = None,
        agent_data: bool = False,
    ) -> None:
        self.catalogue = catalogue_of(measures)
        setting = checked_scenario(load_scenario("baseline", members=FEW) if scenario is None else scenario)
        setting = setting if design is None else setting.with_design(design)
        number = dynamics_seed(rng, seed)
        population = number if population_seed is None else checked_seed(population_seed, "population_seed")
        super().__init__(setting, number, population, events=checked_truth(events, "events"))
        self.switched = False
        self._space: tuple[int, Any] | None = None  # of which day, and the space
        self._begin(checked_class(member_class, Member, "member_class"), network)
        self.delivery, self.settlement = Delivery(self), Settlement(self)
        self.moderation, self.intents = Moderation(self), Intents(self)
        self.datacollector = collector(agent_data=checked_truth(agent_data, "agent_data"))
        self.running = self.day < self.horizon

    def _begin(self, member_class: type[Member], network: Any) -> None:
        """Take the population and the network at the start, which both engines share, as objects."""
        world = begin(self.setting, self.seed, self.population_seed, source_of(self.setting, network))
        g = world.graph
        self.tally, self.names = world.tally, world.names
        columns = {name: g.members[name].tolist() for name in rows_of()}
        self.roster = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
        self.arrivals = [int(n) for n in world.arrivals]
        degrees = [degree_of_known(world.mean_degree, crowd) for crowd in world.crowds.tolist()]
        self.joining = Joining(self, member_class, self.roster, degrees)
        self.by_industry = [[] for _ in g.industry_size]
        self.joining.groups = {BY_EMPLOYER: groups_of(g.employers), BY_SCHOOL: groups_of(g.schools)}
        for i in range(world.present):
            member = self.joining.enter(i)
            member.neighbours = [int(j) for j in g.pool[g.start[i] : g.start[i] + g.length[i]]]
            member.connections = {j for j in member.neighbours if j >= 0}
            member.degree = int(g.degree[i])
        self.pair_of = pairs_of(g.pairs[: int(g.sizes[PAIRS])])
        self.graph.add_edges_from(key for key, pair in self.pair_of.items() if pair.tie)
        self.ties = int(g.sizes[TIES])

    @property
    def horizon(self) -> int:
        """How many days there are, those of the warm-up included."""
        return self.setting.warm_up + self.setting.days

    @property
    def grid(self) -> Any:
        """The network of today as a `mesa.discrete_space.Network`: a cell a member, which holds them while they are active.

        `make_space_component` and `draw_space` find it here. It is made when it is asked for, once a day.
        """
        if self._space is None or self._space[0] != self.day:
            self._space = self.day, network_space(self)
        return self._space[1]

    def _under(self) -> str:
        """Return the design of today, and after the switch, as words."""
        after = " and ".join(sorted(self.setting.design_shares)) or self.setting.design
        return plain(after if self.switched else f"{self.setting.warm_up_design}, then {after}", 120)

    def _present(self) -> int:
        return sum(member.active for member in self.members)

    def __repr__(self) -> str:
        what = f"{type(self).__name__} of '{plain(self.setting.name)}' under {self._under()}, seed {self.seed}"
        return f"<{what}: day {self.day} of {self.horizon}, {self._present()} active members, {self.ties} ties>"

    def _repr_html_(self) -> str:
        """Return what one would look at first: the day, who is there, and how many connections."""
        degree = 2.0 * self.ties / max(1, self._present())
        rows = [
            ("day", f"{self.day} of {self.horizon}, the switch on day {self.setting.warm_up}"),
            ("active members", self._present()),
            ("ties", self.ties),
            ("mean degree", f"{degree:.4g}"),
            ("design", self._under()),
            ("seed", self.seed),
        ]
        return html_table(f"{type(self).__name__} of {self.setting.name}", rows)

    def __getstate__(self) -> dict[str, Any]:
        """Return all but the drawn space, whose cells point at one another in rings too deep to follow."""
        return {**self.__dict__, "_space": None, "_last_id": max((agent.unique_id for agent in self.agents), default=0)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        last = state.pop("_last_id")
        self.__dict__.update(state)
        if hasattr(mesa.Agent, "_ids"):  # Mesa before 3.5 counts agents outside of the model
            mesa.Agent._ids[self] = itertools.count(last + 1)  # noqa: SLF001  (there is no public way)

    # the day

    def clear_lists(self) -> None:
        """Take dead entries out of the neighbour lists."""
        for member in self.members:
            member.neighbours = [j for j in member.neighbours if j >= 0]

    def step(self) -> None:
        """Live through one day.

        Raises:
            BadInput: if the last day is over, as `running` says.
        """
        if self.day >= self.horizon:
            raise BadInput(must("step", "not go past the scenario's last day; ask for more `days`", f"day {self.day} of {self.horizon}"))
        if self.day == self.setting.warm_up and not self.switched:
            self.switch()
        elif self.assignment is not None and (period := opens(self.assignment, self.day)) is not None:
            self.hand_out(self.assignment, period)
        self._keys.clear()
        if self.day % COMPACTION_DAYS == 0:
            self.clear_lists()
        greetings = self.joining.arrive(self.arrivals[self.day])
        acts = self.reach_out()
        acts += self.read()
        self.settlement.settle(acts, self.talk(), greetings)
        self.moderation.moderate(self.settlement.reports)
        self.drift()
        self.intents.judge()
        self.day += 1
        self.datacollector.collect(self)
        if self.day >= self.horizon:
            self.running = False

    def run(self) -> History:
        """Live through all days and return the history.

        >>> from sim import OutreachModel, load_scenario
        >>> OutreachModel(load_scenario(members=30, warm_up=2, days=3), rng=1).run().seed
        1
        """
        self.run_model()
        return self.history()

    def run_model(self) -> None:
        """Live through all days, while `running` is True."""
        # what a run makes, it keeps: looking through it for garbage again and again took a third of the time
        with not_looked_for():
            while self.running:
                self.step()

    def switch(self) -> None:
        """Let the arm begin: each member, also those to come, is dealt a design."""
        n = len(self.roster)
        rows = table(MEMBER, n)
        rows.industry, rows.region, rows.style = ([r[name] for r in self.roster] for name in ("industry", "region", "style"))
        there = np.zeros(n, np.int8)
        there[: len(self.members)] = [m.active for m in self.members]
        loads = np.zeros(n)
        loads[: len(self.members)] = [m.load_now() for m in self.members]
        selective = terciles(np.array([r["selectivity"] for r in self.roster], float), there == 1)
        full = terciles(loads, there == 1)
        for i in range(n):
            self._note(i, {"at_switch": int(there[i]), "selectivity_level": int(selective[i]), "inbox_level": int(full[i])})
        self.assignment = deal(members=rows, scenario=self.setting, seed=self.population_seed, there=there == 1, ties=self._tie_rows)
        self.hand_out(self.assignment, 0)
        self.switched = True

    def hand_out(self, dealt: Assignment, period: int) -> None:
        """Give members the designs of a period."""
        for i, (viewer, profile) in enumerate(zip(dealt.viewer[period].tolist(), dealt.profile[period].tolist(), strict=True)):
            self._note(i, {"design": viewer, "design_now": viewer, "design_shown": profile})

    def _note(self, i: int, columns: dict[str, int]) -> None:
        """Set columns of a member, who may be still to come."""
        self.roster[i].update(columns)
        if i < len(self.members):
            self.members[i].__dict__.update(columns)

    def _tie_rows(self) -> Any:
        """Return the connections that there are, as rows of two ids, sorted."""
        return np.array(sorted(key for key, pair in self.pair_of.items() if pair.tie), np.int64).reshape(-1, 2)

    def reach_out(self) -> list[Act]:
        """Let members with a session act, then deliver what they sent and what was answered yesterday."""
        replies = [item for member in self.members for item in member.sending]
        self.intents_today = []
        sessions, kept = 0, about_kept(self.rules)
        for member in self.members:
            member.sending, member.acting = [], []
            member.attention = 0
            member.here = member.presence() if member.active else AWAY
            member.about = about_after(kept, member.about, member.here != AWAY)
            sessions += member.here != AWAY
        for member in self.members:
            if member.here != AWAY:
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

    def talk(self) -> list[Item]:
        """Let those who are there answer one another at once; return the answers that were heard. The others go out tomorrow."""
        queue = [item for member in self.members for item in member.sending]
        heard: list[Item] = []
        for item in queue:  # it grows
            member = self.members[item.recipient]
            if not member.hears(item):
                continue
            heard.append(item)
            self.delivery.hear(item)
            answer = member.take_turn(item)
            if answer is not None:
                answer.place = len(queue)
                queue.append(answer)
        for member in self.members:
            member.sending = []
        for item in queue:
            if item.outcome == WAITING:
                self.members[item.sender].sending.append(item)
        self.tally.daily[D_TURNS, self.day] = len(heard)
        return heard

    def drift(self) -> None:
        """Let members leave or close their inbox to strangers, and count who is there."""
        day, p = self.day, self.rules
        active = restricted = quiet = 0
        for m in self.members:
            if not m.active:
                continue
            annoyance = m.annoyance_now() if m.annoyance else 0.0
            if m.quiet and is_back(p, self.draw(rnd.RETURN, 0, m.id)):
                m.quiet = 0
            if leaves(p, annoyance, m.quiet != 0, self.draw(rnd.LEAVE, 0, m.id)):
                m.active, m.left = False, day
                self.drop_ties(m.id)
                continue
            if annoyance > 0.0:  # nobody else opts out: the draw is spared
                m.opted_until = opted_until(p, m.opted_until, annoyance, day, u=self.draw(rnd.OPT_OUT, 0, m.id))
            if goes_quiet(p, annoyance, self.draw(rnd.QUIET, 0, m.id)):
                m.quiet = 1
            quiet += m.quiet
            active += 1
            restricted += m.restricted_until > day
        daily = self.tally.daily
        daily[D_QUIET, day] = quiet
        daily[D_ACTIVE, day], daily[D_RESTRICTED, day], daily[D_DEGREES, day] = active, restricted, 2 * self.ties

    def history(self, *, events: bool = True) -> History:
        """Return the history so far, as the columnar engine does."""
        if self.day == self.setting.warm_up and not self.switched:
            self.switch()
        outcome = final_state_of(self, events=events and self.keep_events)
        return make_history(
            self.setting,
            self.seed,
            self.population_seed,
            outcome=outcome,
            timings={},
            catalogue=self.catalogue,
        )

    def close(self) -> None:
        """Let the agents go; Mesa keeps a counter for each model, and with it the model, until told."""
        for agent in list(self.agents):
            agent.remove()
        getattr(mesa.Agent, "_ids", {}).pop(self, None)  # Mesa before 3.5; there is no public way
