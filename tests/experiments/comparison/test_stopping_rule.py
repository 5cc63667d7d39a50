"""The stopping rule: twenty pairs at least, the same for all arms, and what is precise or decided by figures worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from experiments.comparison import stopping_rule
from experiments.comparison.stopping_rule import DECIDED, PRECISE, ends_here, enough, gather
from experiments.runs.keys import arms_of, pair_seeds, run_key
from experiments.runs.record import PICTURED, WHOLE, Record
from experiments.runs.request import Request
from sim import load_scenario
from sim.results.measures import MEASURES, PRIMARY

SMALLEST = MEASURES[PRIMARY].smallest_effect


def asked(until, pairs=2, arms=("a",)):
    return SimpleNamespace(pairs=pairs, until=until, precision=0.1, reference="base", order=["base", *arms])


def seen(many, mean, spread, *, other=None):
    """Pairs whose differences lie on both sides of a mean, in turn."""

    def record(x):
        return Record({PRIMARY: (None, None, x)}, {}, {})

    differences = [mean + (spread if k % 2 else -spread) for k in range(many)]
    found = [{"base": record(0.2), "a": record(0.2 + d)} for d in differences]
    if other is not None:
        for pair, k in zip(found, range(many), strict=True):
            pair["b"] = record(0.2 + (other if k % 2 else -other))
    return found


@pytest.mark.parametrize(("many", "expected"), [(4, False), (5, True), (6, True)])
def test_without_a_rule_there_are_as_many_as_were_asked_for(many, expected):
    assert enough(asked(None, pairs=5), seen(many, 0.0, 1.0)) == expected


@pytest.mark.parametrize("until", [PRECISE, DECIDED])
@pytest.mark.parametrize(("many", "expected"), [(19, False), (20, True)])
def test_a_rule_looks_from_twenty_pairs_on(until, many, expected):
    assert enough(asked(until), seen(many, 0.1, 1e-4)) == expected


@pytest.mark.parametrize("until", [PRECISE, DECIDED])
def test_a_rule_is_not_content_before_the_pairs_that_were_asked_for(until):
    assert not enough(asked(until, pairs=30), seen(29, 0.1, 1e-4))
    assert enough(asked(until, pairs=30), seen(30, 0.1, 1e-4))


# of 20 pairs at mean +- s: t is 2.093, the standard deviation s * sqrt(20 / 19), so the half-width 0.4802 s
@pytest.mark.parametrize(("spread", "expected"), [(0.99 * 0.1 / 1.1 / 0.4802, True), (1.01 * 0.1 / 1.1 / 0.4802, False)])
def test_precise_is_within_a_tenth_of_a_difference_of_one(spread, expected):
    assert enough(asked(PRECISE), seen(20, 1.0, spread)) == expected


@pytest.mark.parametrize(("share", "expected"), [(0.49, True), (0.51, False)])
def test_precise_near_zero_is_less_than_half_the_smallest_effect(share, expected):
    assert enough(asked(PRECISE), seen(20, 0.0, share * SMALLEST / 0.4802)) == expected


def test_a_small_difference_is_decided_once_it_surely_is_small():
    assert enough(asked(DECIDED), seen(20, 0.0, 0.1 * SMALLEST))
    assert not enough(asked(DECIDED), seen(20, 0.0, 20.0 * SMALLEST))


def test_all_arms_must_be_decided():
    assert enough(asked(DECIDED, arms=("a", "b")), seen(20, 0.1, 1e-4, other=1e-5))
    assert not enough(asked(DECIDED, arms=("a", "b")), seen(20, 0.1, 1e-4, other=0.3))


SCENARIO = load_scenario(members=60, days=90, warm_up=5)
ARMS = arms_of(SCENARIO, ["connect_first", "message_first"])


class Book:
    """In place of a ledger: records in a dictionary."""

    def __init__(self):
        self.records = {}

    def known(self, keys):
        return {key for key in keys if key in self.records}

    def get_many(self, keys):
        return {key: self.records[key] for key in keys}


class Runner:
    """In place of a scheduler: a run gives its pair's number, a tenth more for message-first."""

    def __init__(self):
        self.ledger, self.jobs = Book(), []

    def run(self, jobs, deliver, *, in_order):
        assert in_order
        for job in jobs:
            self.jobs.append(job)
            for arm, key in job.keys.items():
                self.ledger.records[key] = Record({PRIMARY: (None, None, job.pair + (0.1 if arm == "message_first" else 0.0))}, {}, {})
            if deliver(job):
                return


def test_pairs_are_asked_for_from_the_first_to_the_last_with_seeds_of_their_own():
    runner, told = Runner(), []
    request = Request(SCENARIO, ARMS, "connect_first", seed=7, pairs=4, max_pairs=9)
    found = gather(request, runner, lambda *at: told.append(at))
    assert [{arm: record.measures[PRIMARY][2] for arm, record in pair.items()} for pair in found] == [
        {"connect_first": k, "message_first": k + 0.1} for k in (1, 2, 3, 4)
    ]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    for number, job in enumerate(runner.jobs, 1):
        seeds, form = pair_seeds(7, number), PICTURED if number <= 3 else WHOLE
        assert (job.pair, job.seeds, job.form) == (number, seeds, form)
        assert job.keys == {arm: run_key(scenario, *seeds, form=form) for arm, scenario in ARMS.items()}
        assert job.arms == ARMS


@pytest.mark.parametrize(("members", "pictured"), [(20_000, True), (20_001, False)])
def test_single_members_are_kept_where_a_runs_items_can_be_held(members, pictured):
    request = Request(load_scenario(members=members, warm_up=50, days=200), ARMS, "connect_first")
    assert stopping_rule.form_of(request, 1).events is pictured


def test_with_a_rule_pairs_go_on_until_it_is_met_or_none_are_left():
    runner, told = Runner(), []
    request = Request(SCENARIO, ARMS, "connect_first", pairs=2, until=PRECISE, max_pairs=40)
    assert len(gather(request, runner, lambda *at: told.append(at))) == 20  # the same difference each time
    assert (told[0], told[-1]) == ((1, 40), (20, 40))
    few = Request(SCENARIO, ARMS, "connect_first", pairs=2, until=PRECISE, max_pairs=5)
    assert len(gather(few, Runner(), lambda *_: None)) == 5


def test_runs_that_the_ledger_has_are_not_asked_for():
    runner = Runner()
    request = Request(SCENARIO, ARMS, "connect_first", pairs=2)
    there = run_key(ARMS["message_first"], *pair_seeds(1, 2), form=PICTURED)
    runner.ledger.records[there] = Record({PRIMARY: (None, None, 9.0)}, {}, {})
    found = gather(request, runner, lambda *_: None)
    assert [list(job.keys) for job in runner.jobs] == [["connect_first", "message_first"], ["connect_first"]]
    assert list(runner.jobs[1].arms) == ["connect_first"]
    assert found[1]["message_first"].measures[PRIMARY][2] == 9.0


def test_all_is_there_if_pairs_one_to_the_last_asked_for_are(monkeypatch):
    monkeypatch.setattr(stopping_rule, "keys_of", lambda _request, pair: {"a": f"a{pair}", "b": f"b{pair}"})
    request = SimpleNamespace(pairs=2)

    def ledger(*keys):
        return SimpleNamespace(known=lambda wanted: set(wanted) & set(keys))

    assert stopping_rule.all_there(request, ledger("a1", "b1", "a2", "b2"))
    assert not stopping_rule.all_there(request, ledger("a1", "b1", "a2"))
    assert not stopping_rule.all_there(request, ledger("a1", "b1"))
    assert not stopping_rule.all_there(request, ledger("a2", "b2"))


# what is finished


def runs_of(pairs):
    """The runs of pairs as their folder has them."""
    rows = [(k, arm, PRIMARY, record.measures[PRIMARY][2]) for k, pair in enumerate(pairs, 1) for arm, record in pair.items()]
    return pd.DataFrame(rows, columns=["pair", "arm", "measure", "value"])


@pytest.mark.parametrize(("held", "expected"), [(4, False), (5, True), (6, False)])
def test_without_a_rule_it_ends_with_as_many_as_were_asked_for(held, expected):
    assert ends_here(asked(None, pairs=5), runs_of(seen(held, 0.0, 1.0)), held) == expected


# content from 20 pairs on; from the 25th on where so many are asked for; where it never is, with the most that are allowed
@pytest.mark.parametrize(
    ("held", "pairs", "most", "spread", "expected"),
    [
        (19, 2, 40, 1e-4, False),
        (20, 2, 40, 1e-4, True),
        (21, 2, 40, 1e-4, False),
        (24, 25, 40, 1e-4, False),
        (25, 25, 40, 1e-4, True),
        (26, 25, 40, 1e-4, False),
        (29, 2, 30, 10.0, False),
        (30, 2, 30, 10.0, True),
        (31, 2, 30, 10.0, False),
    ],
)
@pytest.mark.parametrize("until", [PRECISE, DECIDED])
def test_a_rule_ends_where_it_is_first_content_or_with_the_most_pairs(until, held, pairs, most, spread, expected):
    request = asked(until, pairs=pairs)
    request.most = most
    assert ends_here(request, runs_of(seen(held, 0.1, spread)), held) == expected
