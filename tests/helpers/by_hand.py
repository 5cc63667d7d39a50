"""A few members without a will of their own, by either engine: a test says what is sent on a day and who reads."""

from __future__ import annotations

import networkx as nx
import numpy as np

from sim import load_scenario
from sim.agents import OutreachModel
from sim.agents.conversion import final_state_of
from sim.agents.entities import Intent, Item
from sim.columnar.engine import Engine, enter
from sim.columnar.engine import final_state_of as end_of_columns
from sim.columnar.phases.drift import drift
from sim.columnar.phases.moderation import moderate
from sim.columnar.phases.sessions import come_by
from sim.decisions.codes import AWAY, HERE, LATER, WAITING
from sim.decisions.constants import NEVER, NO_CREDITS, UNSEEN
from sim.decisions.inbox import is_open
from sim.population.initialization import begin, source_of
from sim.results.history import make_history
from sim.state.columns import INTENT, ITEM
from sim.state.memory import table

SURE = 60.0  # logit of the receptiveness of whoever answers
STYLE = "seller"  # promotes, so whoever is banned comes back
MEMBERS = 4
NOBODY_KNOWS_ANYBODY = nx.empty_graph(MEMBERS)


def scene(**changes):
    """Return a scenario of four sellers who do not know one another, read one item a visit and are never told of any.

    They answer at once or never, and nobody waits for an answer.
    """
    quiet = {
        "members": MEMBERS,
        "warm_up": 0,
        "days": 75,
        "population.growth": 0.0,
        "population.leaving": 0.0,
        "population.turnover": 0.0,
        "population.quieting": 0.0,
        "learning.leaving_annoyance": 0.0,
        "learning.quieting_annoyance": 0.0,
        "learning.opt_out": 0.0,
        "attention.notification": 0.0,
        "attention.budget": 1.0,
        "attention.rank_known": 0.0,
        "attention.sink_message": 60.0,
        "unwelcome.base": -6.0,
        "feed.length": 0,
        "invitation.base": 2.0,
        "moderation.filter_strength": 0.0,
        "moderation.automation_detection": 0.0,
        "thread.off_platform": 0.0,
        "thread.stay": 0.0,
        "thread.later": 0.0,
    }
    shares = {f"style_shares.{name}": float(name == STYLE) for name in load_scenario("baseline").style_names}
    return load_scenario("baseline").with_(**{**quiet, **shares, **changes})


class ByColumns:
    """The fast engine, a phase at a time."""

    def __init__(self, scenario, seed=5):
        self.scenario, self.world = scenario, begin(scenario, seed, seed, source_of(scenario, NOBODY_KNOWS_ANYBODY), events=True)
        enter(self.world, scenario)
        self.engine = Engine(self.world)
        self.clock = self.world.tally.clock  # day of the switch, day after the last

    def member(self, i):
        """Return a member, whose columns can be read and set."""
        return self.world.graph.members[i]

    def come_rarely(self):
        """Let nobody come by unless something brings them."""
        self.world.graph.rate[:] = 0.0

    def rule(self, name, value):
        """Set a number of the rules from now on."""
        self.world.book.rules[name] = value

    def here(self, i):
        """Return what brought a member today."""
        return int(self.world.graph.here[i])

    def inbox(self, i):
        """Return (outcome, day due) of each item that is in a member's inbox this evening and not settled."""
        return [(int(row.outcome), int(row.due)) for row in self.world.waiting if row.recipient == i and is_open(row.outcome)]

    def report(self, i, strikes):
        """Let a member have so many strikes of reports today."""
        self.member(i).strikes_today = strikes
        self.engine.reported[i] = 1

    def postpone(self, i, day):
        """Let what a member has put off be due on another day than the draw said."""
        self.world.waiting.due[(self.world.waiting.recipient == i) & (self.world.waiting.outcome == LATER)] = day

    def day(self, sent=(), readers=(), intents=()):
        """Live through a day on which these items go out and these members read, by themselves if `readers` is None.

        `sent`: (sender, recipient, kind, purpose, distance).
        """
        e, w = self.engine, self.world
        e.return_accounts()
        e.join()
        if readers is None:
            come_by(0, w.present, e.today(), book=w.book, g=w.graph)
        else:
            w.graph.here[:] = AWAY
            w.graph.attention[:] = 0
        e.done = np.zeros(len(w.agenda), np.uint8)
        arose = table(INTENT, len(intents))
        for n, intent in enumerate(intents):
            arose[n] = intent
        w.intents.append(arose)
        w.answered.append(np.zeros(len(intents), np.uint8))
        items = table(ITEM, len(sent))
        for n, (i, j, kind, purpose, distance) in enumerate(sent):
            row = items[n]
            row.sender, row.recipient, row.kind, row.purpose, row.distance = i, j, kind, purpose, distance
            row.sent, row.id, row.thanks, row.outcome, row.opened = w.day, -1, 0.5, WAITING, NEVER
            row.thread_distance, row.due, row.seen, row.credits = distance, NEVER, UNSEEN, NO_CREDITS
        e.deliver([items])
        w.graph.here[list(readers or ())] = HERE
        acts = e.read()
        reports = e.settle(acts, e.talk())
        moderate(e.today(), w.book, g=w.graph, t=w.tally, reports=reports, reported=e.reported)
        drift(e.today(), w.book, w.graph, w.tally)
        e.note_answers()
        e.judge()
        w.day += 1

    def history(self):
        """Return the history so far."""
        return make_history(self.scenario, 1, 1, end_of_columns(self.world), {})


def written(day, i, j, kind, purpose, distance):
    """Return an item as a member writes it."""
    return Item(i, j, day, kind, purpose, distance, 0, thread_distance=distance)


class ByAgents:
    """The Mesa engine, a phase at a time."""

    def __init__(self, scenario, seed=5):
        self.scenario, self.model = scenario, OutreachModel(scenario, seed, seed, network=NOBODY_KNOWS_ANYBODY)
        self.model.switch()
        self.clock = self.model.tally.clock

    def member(self, i):
        """Return a member."""
        return self.model.members[i]

    def come_rarely(self):
        """Let nobody come by unless something brings them."""
        for member in self.model.members:
            member.session_rate = 0.0

    def rule(self, name, value):
        """Set a number of the rules from now on."""
        setattr(self.model.rules, name, value)

    def here(self, i):
        """Return what brought a member today."""
        return int(self.model.members[i].here)

    def inbox(self, i):
        """Return (outcome, day due) of each item that is in a member's inbox this evening and not settled."""
        return [(int(item.outcome), item.due) for item in self.model.members[i].inbox if is_open(item.outcome)]

    def report(self, i, strikes):
        """Let a member have so many strikes of reports today."""
        self.member(i).strikes_today = strikes

    def postpone(self, i, day):
        """Let what a member has put off be due on another day than the draw said."""
        for item in self.model.members[i].inbox:
            item.due = day if item.outcome == LATER else item.due

    def day(self, sent=(), readers=(), intents=()):
        """Live through a day on which these items go out and these members read, by themselves if `readers` is None."""
        m = self.model
        m._keys.clear()
        m.joining.arrive(0)
        replies = [item for member in m.members for item in member.sending]
        for member in m.members:
            member.sending, member.acting, member.attention = [], [], 0
            member.here = member.presence() if readers is None else HERE if member.id in readers else AWAY
        m.intents.keep([Intent(*intent) for intent in intents])
        m.delivery.deliver(replies + [written(m.day, *one) for one in sent])
        acts = m.read()
        m.settlement.settle(acts, m.talk(), [])
        m.moderation.moderate(m.settlement.reports)
        m.drift()
        m.intents.judge()
        m.day += 1

    def history(self):
        """Return the history so far."""
        return make_history(self.scenario, 1, 1, final_state_of(self.model, events=True), {})


ENGINES = (ByColumns, ByAgents)
