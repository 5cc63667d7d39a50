"""How much of a difference is assumed: steps that differ by one assumption, parts that add up to the whole."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.comparison import explain as explaining
from experiments.comparison.explain import ALL, ASSUMPTION, INTERACTION, NEUTRAL, explain, sentences, steps_of, turning
from experiments.runs.keys import arms_of
from experiments.runs.record import Record
from experiments.runs.request import Request
from sim import load_scenario
from sim.results.measures import MEASURES, PRIMARY
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
    table = explain(REQUEST, pairs_with(0.25), "scheduler", lambda *at: told.append(at))
    total = 4 * (len(names) + 1)
    assert told == [(4 * k + 3, total) for k in range(len(names) + 1)]  # the third pair of each step
    found = table.set_index("assumption").difference
    assert found[NEUTRAL] == pytest.approx(0.01)
    assert [found[name] for name in names] == pytest.approx([0.002 * (k + 1) for k in range(len(names))])
    assert found[ALL] == pytest.approx(0.25)
    assert found[INTERACTION] == pytest.approx(0.25 - 0.01 - 0.002 * len(names) * (len(names) + 1) / 2)
    assert found.drop(ALL).sum() == pytest.approx(found[ALL])
    assert (table.pairs == 4).all()
    assert sentences(table, "message_first", REQUEST.catalogue, 4)[0].endswith("over all 4 pairs.")


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
                "pairs": 4,
            }
            for kind, title, x in rows
        ]
    )


@pytest.mark.parametrize(("neutral", "words"), [(0.02, "the same sign as"), (-0.02, "the opposite sign of"), (0.0, "the opposite sign of")])
def test_the_sentences_name_what_adds_most_and_what_takes_away_most_and_on_how_many_pairs(neutral, words):
    first, second = sentences(made_up(neutral, 0.04), "message_first", MEASURES, pairs=20)
    assert first == (
        "Without any assumption that favours a channel, message-first changes intent success by "
        f"{100 * neutral:+.1f} points (95% confidence interval {100 * neutral - 1:+.1f} to {100 * neutral + 1:+.1f}), {words} the "
        "+4.0 points (+3.0 to +5.0) with all of them, over the first 4 of 20 pairs."
    )
    assert second == "Alone, “large” adds most (+2.0 points (+1.0 to +3.0)) and “largest” takes away most (-5.0 points (-6.0 to -4.0))."


def test_all_pairs_are_called_all_and_what_is_not_sure_is_not_told():
    table = made_up(0.02, 0.04)
    table.loc[table.kind == ASSUMPTION, ["ci_low", "ci_high"]] = (-0.1, 0.1)
    first, second = sentences(table, "message_first", MEASURES, pairs=4)
    assert first.endswith("over all 4 pairs.")
    assert second == "No assumption alone changes it decidedly."


@pytest.mark.parametrize(("whole", "told"), [(0.04, True), (0.06, False), (0.005, False)])  # 0.005 -+ 0.01 may be nothing
def test_an_assumption_that_outweighs_a_whole_difference_is_told(whole, told):
    found = sentences(
        pd.concat([made_up(0.0, 0.04), made_up(0.0, whole).assign(measure="unwelcome_read")]), "message_first", MEASURES, pairs=4
    )
    line = f"Unwelcome items read: “largest” alone changes it by more than the whole difference: -0.050 (-0.060 to -0.040) against +{whole:.3f} (+0.030 to +0.050) of all together."
    assert found[2:] == ([line] if told else [])


@pytest.mark.parametrize(("bare", "told"), [(-0.02, True), (-0.005, False), (0.02, False)])  # -0.005 -+ 0.01 may be nothing
def test_what_turns_without_the_assumptions_is_told(bare, told):
    table = pd.concat([made_up(0.0, 0.04), made_up(bare, 0.06).assign(measure="unwelcome_read")])
    none = "Without the assumptions that favour a channel no decided sign turns (over 4 pairs)."
    line = "Without the assumptions that favour a channel the sign of this turns (over 4 pairs; both are decided): unwelcome items read from +0.060 to -0.020."
    assert turning(table, "message_first", MEASURES, over="4 pairs") == [line if told else none]
    assert not any("turns" in one for one in sentences(table, "message_first", MEASURES, pairs=4))  # it is said once


def test_the_primary_measure_may_turn_too_and_an_arm_has_its_own():
    table = pd.concat([made_up(-0.02, 0.04), made_up(0.02, 0.04).assign(arm="both_equal")])
    (line,) = turning(table, "message_first", MEASURES, over="4 pairs")
    assert "the sign of this turns (over 4 pairs; both are decided): intent success from +4.0 points to -2.0 points." in line
    (other,) = turning(table, "both_equal", MEASURES, over="4 pairs")
    assert "no decided sign turns" in other


def measured(name, *, bare, alone, whole):
    """Rows of one measure, each a difference with its bounds: without assumptions, one assumption alone, the whole."""
    rows = [(NEUTRAL, "n", bare), (ASSUMPTION, "one", alone), (ALL, "all", whole)]
    columns = ["measure", "assumption", "title", "kind", "arm", "difference", "ci_low", "ci_high", "pairs"]
    return pd.DataFrame([(name, title, title, kind, "message_first", *x, 4) for kind, title, x in rows], columns=columns)


def told_of(*tables):
    every = pd.concat([made_up(0.0, 0.04), *tables])
    return [*turning(every, "message_first", MEASURES, over="4 pairs"), *sentences(every, "message_first", MEASURES, pairs=4)[1:]]


@pytest.mark.parametrize(
    ("bare", "whole", "told"),
    [
        ((-2.0, -3.0, -1.0), (2.0, 1.0, 3.0), True),
        ((2.0, 1.0, 3.0), (-2.0, -3.0, -1.0), True),
        ((-2.0, -4.0, 0.0), (2.0, 1.0, 3.0), False),  # a bound at zero decides nothing
        ((-2.0, -3.0, -1.0), (2.0, 0.0, 4.0), False),
        ((2.0, 0.0, 4.0), (-2.0, -3.0, -1.0), False),
        ((2.0, 1.0, 3.0), (-2.0, -4.0, 0.0), False),
    ],
)
def test_a_sign_turns_only_between_two_that_are_decided(bare, whole, told):
    found = told_of(measured("reports", bare=bare, alone=(0.0, -1.0, 1.0), whole=whole))
    assert any("the sign of this turns (over 4 pairs; both are decided): reports" in line for line in found) is told


@pytest.mark.parametrize(
    ("alone", "whole", "told"),
    [
        ((3.0, 1.0, 5.0), (2.0, 1.0, 3.0), True),
        ((-3.0, -5.0, -1.0), (-2.0, -3.0, -1.0), True),
        ((2.0, 1.0, 3.0), (2.0, 1.0, 3.0), False),  # as much is not more
        ((3.0, 0.0, 6.0), (2.0, 1.0, 3.0), False),
        ((-3.0, -6.0, 0.0), (2.0, 1.0, 3.0), False),
        ((3.0, 1.0, 5.0), (2.0, 0.0, 4.0), False),
        ((3.0, 1.0, 5.0), (-2.0, -4.0, 0.0), False),
    ],
)
def test_an_assumption_outweighs_only_where_both_are_decided(alone, whole, told):
    found = told_of(measured("reports", bare=(0.0, -1.0, 1.0), alone=alone, whole=whole))
    assert any(line.startswith("Reports: “one” alone changes it by more than the whole difference: ") for line in found) is told


def test_what_outweighs_most_stands_first_and_three_are_enough():
    ratios = {
        "reports": (4.0, 2.0),
        "partners": (9.0, 3.0),
        "unwelcome_read": (0.5, 0.2),
        "mean_connections": (60.0, 50.0),
    }  # 2, 3, 2.5, 1.2
    tables = [
        measured(name, bare=(0.0, -1.0, 1.0), alone=(one, 0.9 * one, 1.1 * one), whole=(whole, 0.9 * whole, 1.1 * whole))
        for name, (one, whole) in ratios.items()
    ]
    titles = [line.partition(":")[0] for line in told_of(*tables) if " alone changes it by more " in line]
    assert titles == ["Two-way partners per member", "Unwelcome items read", "Reports"]


def test_without_the_primary_measure_nothing_is_said():
    (line,) = sentences(made_up(0.1, 0.1).assign(measure="partners"), "message_first", MEASURES, pairs=4)
    assert "does not fit the horizon" in line
    assert explaining.EXPLAIN_PAIRS == 10


def test_a_title_with_a_comma_is_bracketed():
    tables = [
        measured(name, bare=(-2.0, -3.0, -1.0), alone=(5.0, 4.0, 6.0), whole=(2.0, 1.0, 3.0)) for name in ("unwelcome_p95", "reports")
    ]
    turning, _, *outweighing = told_of(*tables)
    assert turning == (
        "Without the assumptions that favour a channel the sign of these turns (over 4 pairs; both are decided): unwelcome items (95th percentile) from +2.0 to -2.0 "
        "and reports from +2.0 to -2.0."
    )
    assert (
        "Unwelcome items (95th percentile): “one” alone changes it by more than the whole difference: +5.0 (+4.0 to +6.0) against +2.0 (+1.0 to +3.0) of all together."
        in outweighing
    )
