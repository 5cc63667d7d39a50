"""Whether a scenario's size is enough: which sizes get how many pairs, and what is said of laws that are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.analyses.base import Analysis
from experiments.analyses.scale import report
from experiments.analyses.scale.analysis import Scale, pairs_at, sizes_of, verdicts_of
from experiments.methods.paired import Interval
from experiments.methods.size_laws import GROWS, LEVEL, LIMIT, RELATIVE, STEADY, AtSize
from experiments.runs.cost import ANYWAY
from experiments.runs.keys import arms_of
from sim import load_scenario
from sim.errors import BadInput
from tests.helpers.analyses import TINY, status
from tests.helpers.drawings import both, legend

REFUSED = [
    (
        ["scale", "--sizes", "20,40,60"],
        "`--sizes` must be 4 different sizes or more, such as 2000,5000,10000,20000: the largest is held out (got 20, 40, 60)",
    ),
    (["scale", "--sizes", "20,40,60,60"], "`--sizes` must be 4 different sizes or more"),
    (["scale", "--sizes", "2,40,60,80"], "`--sizes` must be whole numbers of at least 3 members (got 2, 40, 60, 80)"),
    (["scale", "--sizes", "20,4e3"], "`--sizes` must be whole numbers with commas between, such as 2000,5000,10000,20000 (got '20,4e3')"),
    (["scale", "--pairs", "4"], "`--pairs` must be from 5 to 10,000 (got 4)"),
    (["scale", "--days", "10"], "`--days` must be at least 61 for intent_success (got 10)"),
    (["scale", "--budget", "0"], "`--budget` must be minutes above 0 (got 0.0)"),
]


def small(_folder):
    return ["scale", "--sizes", "20,40,60,80", "--pairs", "6", *TINY]


@pytest.fixture(scope="module")
def analysis():
    scenario = load_scenario(members=1000, days=65, warm_up=5)
    return Analysis(scenario, arms_of(scenario, ["connect_first", "message_first"]), "intent_success", 1, 1, 1.0)


def test_sizes_are_about_the_scenarios_own_unless_given(analysis):
    assert sizes_of(analysis, None) == [200, 500, 1000, 2000]
    assert sizes_of(analysis, [90, 30, 60, 120]) == [30, 60, 90, 120]
    for wrong in ([30, 60, 90, 120.5], [30, 60, 90, True]):
        with pytest.raises(BadInput, match="`--sizes` must be whole numbers"):
            sizes_of(analysis, wrong)


def test_each_size_gets_as_much_time_within_bounds():
    sizes = [500, 1500, 3500, 7500]  # with what a run takes anyway 1, 2, 4 and 8 thousand
    assert ANYWAY == 500
    assert pairs_at(sizes, 16, 100) == [15, 7, 5, 5]  # 16 of 3,750 are 60,000, a quarter of which is 15,000
    assert pairs_at(sizes, 16, 10) == [10, 7, 5, 5]
    assert pairs_at(sizes, 0, 10) == [5, 5, 5, 5]


def made(analysis, relative, level, half=0.002):
    """Return a comparison with these relative effects and levels."""
    sizes = [500, 1000, 2000, 5000, 10000]
    rows = [
        AtSize(size, 8, Interval(y, y - half, y + half), Interval(x * y, x * y - half, x * y + half), Interval(x, x - half, x + half))
        for size, x, y in zip(sizes, relative, level, strict=True)
    ]
    seen = {"intent_success": rows, "retention": rows}
    return Scale(analysis, sizes, seen, verdicts_of(seen))


SIZES = np.array([500.0, 1000.0, 2000.0, 5000.0, 10000.0])


def test_what_is_said_is_what_the_law_is(analysis):
    found = made(analysis, 0.10 - 20.0 / SIZES, [0.2] * 5)
    assert found.verdicts["intent_success", RELATIVE].kind == LIMIT
    assert found.verdicts["intent_success", LEVEL].kind == STEADY
    head, level, relative, others = report.answer(found)
    assert head.startswith(
        "From 500 to 10,000 members, intent success under connect-first goes from 20.00% to 20.00%, and the relative effect of message-first from +6.00% to +9.80%."
    )
    assert level.startswith("The level does not change with size as far as can be told: by no more than ")
    assert relative.startswith("At 1,000 members the relative effect is within 2.1% of its limit, +10.00% (95% confidence interval")
    assert relative.endswith("(by a + b / members, by which it is 2% off).")
    assert others == "Of the relative effect on the other goals and guardrails, it levels off for retention."
    assert found.data["laws"][1]["left"] == pytest.approx(found.verdicts["intent_success", RELATIVE].left(1000)[1])


def test_growth_and_doubt_are_said(analysis):
    tens = np.log10(SIZES)
    grows = made(analysis, 0.02 * tens, [0.2] * 5)
    assert grows.verdicts["intent_success", RELATIVE].kind == GROWS
    assert report.answer(grows)[2].startswith(
        "The relative effect goes on with size, without a limit within these: by +2.00% (95% confidence"
    )
    doubt = made(analysis, 0.02 * tens, [0.2] * 5, half=0.02)
    assert "a law that levels off and one that goes on both predict the largest size" in report.answer(doubt)[2]
    undefined = made(analysis, [np.nan] * 5, [0.2] * 5)
    assert "cannot be said: it is undefined" in report.answer(undefined)[2]
    assert report.answer(undefined)[3].endswith("it cannot be said for retention.")
    assert {"limit", "within", "tenfold", "levels_predicted", "goes_on_holds", "seen"} <= set(report.laws_table(grows).columns)


def test_every_mark_of_the_figure_is_in_the_legend(analysis):
    for one in both(report.draw, made(analysis, 0.10 - 20.0 / SIZES, [0.2] * 5)):
        assert legend(one) == {"95% confidence interval", "seen", "the scenario's own size", "levels off: a + b / members"}
        upper, lower = one.canvas.axes[:2]
        assert upper.get_ylabel() == "relative effect, %"
        assert lower.get_xlabel() == "members"


def test_a_small_run_has_a_row_a_measure_and_size(tmp_path):
    out = tmp_path / "out"
    words = ["1e-6" if word == "0.02" else word for word in small(tmp_path)]
    assert status(*words, "--out", out) == 0
    table = pd.read_csv(out / "scale.csv")
    assert table[table.measure == "intent_success"]["size"].to_list() == [20, 40, 60, 80]
    assert set(table.pairs) <= {0, 1, 2, 3, 4, 5}
    assert table.measure.iloc[0] == "intent_success"
