"""What the change in successes per member is made of: answers worked out on paper, parts that add up, and what has no answer."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest

from experiments.comparison.result import RUN_COLUMNS
from experiments.comparison.split import (
    AGREE,
    CO_PRIMARY,
    FIRST,
    INTENTS,
    PARTS,
    SESSIONS,
    blocks,
    in_place,
    place,
    role_of,
    sentence,
    split_of,
)
from sim import load_scenario
from sim.decisions.constants import TALK_WINDOW
from sim.results.measures import GOAL, MEASURES, PRIMARY
from tests.helpers.summaries import ARM, REFERENCE, TWO_OF_THREE


def runs(**values):
    """Rows of runs: of each measure, an arm's values and the reference's, over pairs."""
    rows = [
        (pair, 1, 1, arm, name, "own", None, None, x)
        for name, sides in values.items()
        for arm, side in zip((ARM, REFERENCE), sides, strict=True)
        for pair, x in enumerate(side, 1)
    ]
    return pd.DataFrame(rows, columns=RUN_COLUMNS)


# sessions 2 a week under both; intents 6 in place of 4; successes 2.4 in place of 0.8: the share that succeeds is 0.4 in place of 0.2
DOUBLED = {
    SESSIONS: ([2.0, 2.0, 2.0], [2.0, 2.0, 2.0]),
    INTENTS: ([5.0, 6.0, 7.0], [4.0, 4.0, 4.0]),
    CO_PRIMARY: ([2.4, 2.4, 2.4], [0.8, 0.8, 0.8]),
}


def test_parts_are_logarithms_of_ratios_of_means_and_add_up():
    split = split_of(runs(**DOUBLED), ARM, REFERENCE)
    assert split.whole.estimate == pytest.approx(math.log(3.0))
    assert split.parts["sessions"].estimate == 0.0
    assert split.parts["intents a session"].estimate == pytest.approx(math.log(1.5))
    assert split.parts["intent success"].estimate == pytest.approx(math.log(2.0))
    assert sum(part.estimate for part in split.parts.values()) == pytest.approx(split.whole.estimate, abs=1e-12)


def test_fewer_sessions_with_more_intents_in_each_cancel_in_the_intents_of_a_member():
    halved = DOUBLED | {SESSIONS: ([1.0, 1.0, 1.0], [2.0, 2.0, 2.0])}
    parts = split_of(runs(**halved), ARM, REFERENCE).parts
    assert parts["sessions"].estimate == pytest.approx(-math.log(2.0))
    assert parts["intents a session"].estimate == pytest.approx(math.log(3.0))
    assert parts["intent success"].estimate == pytest.approx(math.log(2.0))


def test_the_interval_is_that_of_the_pairs_distances_in_means():
    """Intents of 5, 6, 7 lie -1/6, 0, 1/6 of their mean from it: a deviation of 1/6, over the root of three, times t."""
    split = split_of(runs(**DOUBLED), ARM, REFERENCE)
    half = TWO_OF_THREE / 6.0 / math.sqrt(3.0)
    part = split.parts["intents a session"]
    assert part.low == pytest.approx(math.log(1.5) - half, abs=1e-6)
    assert part.high == pytest.approx(math.log(1.5) + half, abs=1e-6)
    assert math.isnan(split.whole.low)  # equal in three pairs: that says nothing of others


def test_what_moves_both_arms_alike_leaves_the_interval_without_width():
    together = {name: ([0.5, 1.0, 1.5], [1.0, 2.0, 3.0]) for name in (SESSIONS, INTENTS, CO_PRIMARY)}
    split = split_of(runs(**{name: (one * 4, other * 4) for name, (one, other) in together.items()}), ARM, REFERENCE)
    assert split.whole.estimate == pytest.approx(-math.log(2.0))
    assert split.whole.high - split.whole.low == pytest.approx(0.0, abs=1e-12)
    assert split.parts["intent success"].estimate == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("missing", [SESSIONS, INTENTS, CO_PRIMARY])
def test_without_one_of_the_measures_there_is_no_split(missing):
    assert split_of(runs(**{name: x for name, x in DOUBLED.items() if name != missing}), ARM, REFERENCE) is None


def test_where_nothing_succeeds_there_is_no_split():
    assert split_of(runs(**DOUBLED | {CO_PRIMARY: ([0.0, 0.0, 0.0], [0.8, 0.8, 0.8])}), ARM, REFERENCE) is None


def test_a_pair_in_which_one_is_undefined_is_left_out():
    holed = DOUBLED | {INTENTS: ([5.0, 6.0, None], [4.0, 4.0, 4.0])}
    assert split_of(runs(**holed), ARM, REFERENCE).parts["intents a session"].estimate == pytest.approx(math.log(5.5 / 4.0))


def test_the_sentence_names_the_whole_and_each_part():
    """Twelve pairs: a deviation of the root of 2/99, over the root of twelve, times 2.201 makes 0.09."""
    four = {name: (one * 4, other * 4) for name, (one, other) in DOUBLED.items()}
    assert sentence(split_of(runs(**four), ARM, REFERENCE), ARM) == (
        "Under message-first successes per member are × 3 (the same in every pair), the product of "
        "sessions × 1 (the same in every pair), intents a session × 1.50 (1.37 to 1.64) and intent success × 2.00 (1.83 to 2.19)."
    )


def test_the_page_has_a_sentence_and_a_table_an_arm():
    heading, said, table, agree = blocks(SimpleNamespace(arms=[REFERENCE, ARM], reference=REFERENCE, runs=runs(**DOUBLED)))
    assert heading.text == "Sessions, intents and success"
    assert (said, agree) == (sentence(split_of(runs(**DOUBLED), ARM, REFERENCE), ARM), AGREE)
    assert table.columns[0] == "Part"
    assert [(row[0], row[1].partition(" (")[0]) for row in table.rows] == [
        ("Sessions", "× 1"),
        ("Intents a session", "× 1.5"),
        ("Intent success", "× 2.0"),
        ("Successes per member", "× 3"),
    ]
    assert [row[2].partition(" (")[0] for row in table.rows] == ["+0", "+0.41", "+0.69", "+1.1"]
    assert blocks(SimpleNamespace(arms=[REFERENCE, ARM], reference=REFERENCE, runs=runs(**{SESSIONS: DOUBLED[SESSIONS]}))) == []


def test_the_measures_are_of_the_same_days():
    assert {MEASURES[name].window for name in (PRIMARY, CO_PRIMARY, INTENTS, SESSIONS)} == {TALK_WINDOW}
    assert f"{TALK_WINDOW} days before the horizon" in AGREE
    assert {name for powers in PARTS.values() for name in powers} == {CO_PRIMARY, INTENTS, SESSIONS}
    assert {name for m in MEASURES.fitting(load_scenario(days=TALK_WINDOW))[0] for name in [m.name]}.isdisjoint([*FIRST, INTENTS, SESSIONS])


def test_the_co_primary_measure_is_a_goal_and_stands_second():
    assert MEASURES[CO_PRIMARY].role == GOAL
    assert sorted(["reports", CO_PRIMARY, "partners", PRIMARY], key=place) == [PRIMARY, CO_PRIMARY, "reports", "partners"]
    assert [role_of(name, "goal") for name in (PRIMARY, CO_PRIMARY, "partners")] == ["primary goal", "co-primary goal", "goal"]


def test_rows_stand_by_their_measures_and_otherwise_as_they_were():
    rows = pd.DataFrame({"measure": ["b", CO_PRIMARY, "a", PRIMARY, "b", PRIMARY], "row": range(6)})
    assert in_place(rows).row.tolist() == [3, 5, 1, 0, 2, 4]
