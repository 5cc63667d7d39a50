"""Mechanisms seen from outside, in the record of a run: what they must do on average, and where they must do nothing."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sim import load_scenario, simulate
from sim.columnar.engine import Engine, enter
from sim.decisions.counters import D_SESSIONS
from sim.decisions.sessions import MOST_MOOD
from sim.population.initialization import begin

CALM = {  # nobody is restricted, so that senders stay as they are
    "moderation.burst_threshold": 500.0,
    "moderation.automation_detection": 0.0,
    "moderation.filter_strength": 0.0,
    "unwelcome.reported": 0.0,
    "population.session_rate_mean": 0.5,
    "learning.volume_reply": 0.0,
    "network.suggestions": 0.5,
}


def record_of(seed=7, **changes):
    """Return (events, members) of a run of a few hundred members."""
    scenario = load_scenario("baseline").with_(**{"members": 1000, "warm_up": 0, "days": 120, **CALM, **changes})
    history = simulate(scenario, seed, events=True)
    return history.to_pandas("events"), history.to_pandas("members")


def interval(differences):
    """Return (mean, half of the 99% interval) of differences within members."""
    x = np.asarray(differences, float)
    assert len(x) > 50, "too few to say"
    return x.mean(), 2.576 * x.std(ddof=1) / math.sqrt(len(x))


def quality_lost_on_busy_days(fatigue):
    """Return the interval of each sender's quality on days of five approaches or more, less that on days of one or two."""
    events, _ = record_of(**{"outreach.fatigue": fatigue, "style.intents": 4.0, "outreach.scarcity": 0.0})
    sent = events[(events.turn == 0) & (events.distance != "connected") & (events.acquainted == 0) & (events.kind != "follow-up")]
    count = sent.groupby(["sender", "day_sent"])["item"].transform("size")
    written = sent[(sent.kind == "message") | (sent.kind == "introduction")].assign(count=count)
    like = ["sender", "distance"]  # less of a stranger's profile can be seen
    busy = written[written["count"] >= 5].groupby(like).quality.mean()
    idle = written[written["count"] <= 2].groupby(like).quality.mean()
    return interval((busy - idle).dropna().groupby("sender").mean())


def test_on_a_day_of_many_approaches_each_is_written_worse_by_the_same_sender():
    mean, half = quality_lost_on_busy_days(0.5)
    assert mean + half < 0.0
    mean, half = quality_lost_on_busy_days(0.0)
    assert abs(mean) < half


def relevance_gained(credits_a_month):
    """Return the interval by which a sender's partners of the last third of a month's messages look more relevant than of the first."""
    allowance = 6
    events, members = record_of(
        **{
            "design.credits_a_month": credits_a_month,
            "design.credit_refund": 0.0,
            "design.messages_a_day": 1000.0,
            "design.invitations_a_week": 1000.0,
            "outreach.scarcity": 1.0,
            "outreach.fatigue": 0.0,
            "style.intents": 2.0,
        }
    )
    cold = events[events.kind.isin(["message", "introduction"]) & (events.distance != "connected")]
    month = (cold.day_sent - members.joined.to_numpy()[cold.sender]) // 30
    cold = cold.assign(month=month).sort_values(["day_sent", "place"])  # as they were written
    cold["before"] = cold.groupby(["sender", "month"]).cumcount()
    cold = cold[cold.relevance_seen.notna() & (cold.before < allowance)]
    thirds = pd.cut(cold.before, [-1, 1, 3, 5], labels=["first", "second", "third"])
    by_sender = cold.assign(third=thirds).pivot_table("relevance_seen", "sender", "third", observed=True)
    return [interval((by_sender[later] - by_sender[earlier]).dropna()) for earlier, later in (("first", "second"), ("second", "third"))]


def test_the_fewer_credits_are_left_the_more_relevant_is_whom_they_are_spent_on():
    for mean, half in relevance_gained(6.0):
        assert mean - half > 0.0


def test_where_messages_cost_no_credits_the_later_are_as_relevant_as_the_first():
    for mean, half in relevance_gained(0.0):
        assert abs(mean) < half


def test_credits_come_back_on_the_day_on_which_a_member_s_own_month_begins():
    events, members = record_of(
        **{
            "design.credits_a_month": 4.0,
            "design.credit_refund": 0.0,
            "style.intents": 3.0,
            "population.turnover": 0.01,
            "outreach.scarcity": 0.0,
        }
    )
    paid = events[events.credits_left.notna()].sort_values(["day_sent", "place"])
    month = (paid.day_sent - members.joined.to_numpy()[paid.sender]) // 30
    order = paid.groupby(["sender", month]).cumcount()
    assert (paid.credits_left == 4.0 - order).all()  # four in each month of one's own, one less with each message
    again = paid[(order == 0) & (month != month.groupby(paid.sender).transform("min"))]
    days = again.day_sent[again.day_sent.between(31, 119)] % 30
    assert len(days) > 100
    assert days.value_counts(normalize=True).max() < 0.2  # not for all on one day


def test_who_has_fewer_credits_than_nothing_left_writes_to_no_stranger():
    events, _ = record_of(**{"design.credits_a_month": 2.0, "design.credit_refund": 0.0, "style.intents": 3.0})
    assert events.credits_left.min() == 1.0  # what one has before the last message


def sessions_after(shock, days=200):
    """Return sessions by day of two worlds that are one for twenty days, until in one of them everybody is shocked."""
    quiet = {"learning.leaving_annoyance": 0.0, "learning.quieting_annoyance": 0.0, "learning.opt_out": 0.0, "style.intents": 0.0}
    moods = {"sessions.success": 0.3, "sessions.annoyance": -0.3, "sessions.half_life": 10.0, "learning.annoyance_half_life": 10.0}
    still = {"population.growth": 0.0, "population.turnover": 0.0, "population.leaving": 0.0, "style.keeps_up": 0.0, "style.updates": 0.0}
    scenario = load_scenario("baseline").with_(
        **{"members": 1500, "warm_up": 0, "days": 20 + days, "attention.notification": 0.0, **CALM, **quiet, **moods, **still}
    )
    world = begin(scenario, 3, 3, None, events=False)
    enter(world, scenario)
    engine = Engine(world)
    for _ in range(20):
        engine.step()
    worlds = [world, world.copy()]
    members = worlds[1].graph.members
    members[shock], members[f"{shock}_day"] = 1e3, 20
    for one in worlds:
        engine = Engine(one)
        for _ in range(days):
            engine.step()
    return [one.tally.daily[D_SESSIONS, 20:].astype(float) for one in worlds]


@pytest.mark.parametrize(("shock", "sign"), [("pleasure", 1.0), ("annoyance", -1.0)])
def test_a_shock_to_all_moods_is_bounded_and_over_after_some_half_lives(shock, sign):
    base, shocked = sessions_after(shock)
    first = shocked[:7].sum() / base[:7].sum()
    assert 1.0 < first**sign < math.exp(MOST_MOOD)
    assert shocked[-7:].sum() / base[-7:].sum() == pytest.approx(1.0, abs=0.02)


TWO_YEARS = {"members": 3000, "warm_up": 180, "days": 730}


@pytest.fixture(scope="module")
def two_years():
    """The history of two years of the baseline, in which as many join as leave, and some more."""
    return simulate(load_scenario("baseline").with_(**TWO_YEARS), 5, events=True)


def gini(x):
    """Return the Gini index of what each has."""
    x = np.sort(np.asarray(x, float))
    return 2.0 * (x * np.arange(1, len(x) + 1)).sum() / (len(x) * x.sum()) - (len(x) + 1) / len(x)


def received(history, first, last):
    """Return how many first messages and invitations of strangers each got who was a member all through these days."""
    events, members = history.to_pandas("events"), history.to_pandas("members")
    there = members[(members.joined <= first) & (members.active == 1)].id
    got = events[(events.role == "approach") & events.day_sent.between(first, last)].recipient.value_counts()
    return got.reindex(there, fill_value=0).to_numpy()


@pytest.mark.slow
def test_being_seen_does_not_run_away(two_years):
    """Whoever is written to is notified, comes by, and comes up more: yet attention is as unequal in the last quarters as in the first."""
    quarters = [received(two_years, first, first + 89) for first in (90, 270, 450, 630)]
    indices = [gini(got) for got in quarters]
    top = [np.sort(got)[-max(1, len(got) // 100) :].sum() / got.sum() for got in quarters]
    assert max(indices) - min(indices) < 0.06
    assert max(top) < 1.5 * min(top)
    assert min(indices) > 0.2


def drift_of_sessions(history, *, of_the_quiet_too):
    """Return by how much sessions a member and day change from the first half-year to the last four months."""
    daily = {name: np.asarray(history.raw_daily[name], float) for name in ("sessions", "active", "quiet")}
    members = daily["active"] if of_the_quiet_too else daily["active"] - daily["quiet"]
    rate = daily["sessions"] / members
    return rate[-120:].mean() / rate[60:180].mean() - 1.0


@pytest.mark.slow
def test_moods_let_sessions_drift_by_less_than_five_per_cent_in_two_years(two_years):
    assert abs(drift_of_sessions(two_years, of_the_quiet_too=False)) < 0.05


@pytest.mark.slow
def test_sessions_of_all_members_drift_by_less_than_five_per_cent_in_two_years(two_years):
    assert abs(drift_of_sessions(two_years, of_the_quiet_too=True)) < 0.05
