"""How much of a difference is assumed: steps that differ by one assumption, parts that add up to the whole."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.comparison import explain as explaining
from experiments.comparison.explain import ALL, ASSUMPTION, INTERACTION, NEUTRAL, explain, sentence, steps_of
from experiments.runs.keys import arms_of
from experiments.runs.record import Record
from experiments.runs.request import Request
from sim import load_scenario
from sim.results.measures import PRIMARY
from sim.scenario.assumptions import assumptions_of, neutralised, with_assumption

SCENARIO = load_scenario(members=60, days=90, warm_up=5)
REQUEST = Request(SCENARIO, arms_of(SCENARIO, ["connect_first", "message_first"]), "connect_first", pairs=4)


def test_each_step_is_the_neutral_one_with_one_assumption_back():
    steps = steps_of(REQUEST)
    arms = REQUEST.arms
    assert next(iter(steps)) == NEUTRAL
    assert set(steps) - {NEUTRAL} == {name for arm in arms.values() for name in assumptions_of(arm)}
    for name, found in steps.items():
        assert list(found) == list(arms)
        for arm, scenario in arms.items():
            neutral = neutralised(scenario)
            assert found[arm] == (with_assumption(neutral, scenario, name) if name in assumptions_of(scenario) else neutral)


def pairs_with(difference, many=4):
    def record(x):
        return Record({PRIMARY: (None, None, x)}, {}, {})

    return [{"connect_first": record(0.1), "message_first": record(0.1 + difference)} for _ in range(many)]


def test_parts_and_what_they_do_together_add_up_to_the_whole(monkeypatch):
    names = [name for name in steps_of(REQUEST) if name != NEUTRAL]
    gathered = iter([0.01, *(0.01 + 0.002 * (k + 1) for k in range(len(names)))])  # neutral, then each adds 0.002, 0.004, ...

    def gather(part, scheduler, progress):
        assert (part.pairs, part.until, scheduler) == (4, None, "scheduler")
        progress(3, 99)
        return pairs_with(next(gathered))

    monkeypatch.setattr("experiments.comparison.stopping_rule.gather", gather)
    told = []
    table, words = explain(REQUEST, pairs_with(0.25), "scheduler", lambda *at: told.append(at))
    total = 4 * (len(names) + 1)
    assert told == [(4 * k + 3, total) for k in range(len(names) + 1)]  # the third pair of each step
    found = table.set_index("assumption").difference
    assert found[NEUTRAL] == pytest.approx(0.01)
    assert [found[name] for name in names] == pytest.approx([0.002 * (k + 1) for k in range(len(names))])
    assert found[ALL] == pytest.approx(0.25)
    assert found[INTERACTION] == pytest.approx(0.25 - 0.01 - 0.002 * len(names) * (len(names) + 1) / 2)
    assert found.drop(ALL).sum() == pytest.approx(found[ALL])
    assert (table.pairs == 4).all()
    assert len(words) == 1


def made_up(neutral, whole):
    rows = [
        (NEUTRAL, "n", neutral),
        (ASSUMPTION, "small", 0.01),
        (ASSUMPTION, "largest", -0.05),
        (ASSUMPTION, "large", 0.02),
        (ALL, "all", whole),
    ]
    return pd.DataFrame(
        [
            {
                "measure": PRIMARY,
                "assumption": title,
                "title": title,
                "kind": kind,
                "arm": "message_first",
                "difference": x,
                "ci_low": x - 0.01,
                "ci_high": x + 0.01,
            }
            for kind, title, x in rows
        ]
    )


@pytest.mark.parametrize(("neutral", "words"), [(0.02, "the same sign"), (-0.02, "the opposite sign"), (0.0, "the opposite sign")])
def test_the_sentence_names_the_two_that_add_most_whatever_their_sign(neutral, words):
    said = sentence(made_up(neutral, 0.04), "message_first")
    assert f"{100 * neutral:+.2f} points" in said
    assert words in said
    assert said.endswith("most is added by “largest” (-5.00 points) and “large” (+2.00 points).")


def test_without_the_primary_measure_nothing_is_said():
    assert "does not fit the horizon" in sentence(made_up(0.1, 0.1).assign(measure="partners"), "message_first")
    assert explaining.EXPLAIN_PAIRS == 10
