"""From records to rows: known differences, what is left out, and which days are marked apart."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.comparison import tables
from experiments.comparison.result import DAILY_COLUMNS, LEVEL_COLUMNS, RUN_COLUMNS, SUMMARY_COLUMNS
from experiments.methods import paired
from experiments.runs.keys import pair_seeds
from experiments.runs.record import Record
from sim.results.measures import CONTEXT, MEASURES, PRIMARY
from tests.helpers.summaries import ARM, DECIDED, FIVE_OF_FOUR, FIVE_OF_THREE, OPEN, REFERENCE, TWO_OF_THREE, three_pairs
from tests.helpers.summaries import record as record_of

ARMS = ["base", "a"]


def record(primary, partners=None, levels=None, daily=None):
    cells = {PRIMARY: (1.0, 2.0, primary)} | ({"partners": (1.0, 2.0, partners)} if partners is not None else {})
    return Record(cells, levels or {}, daily or {})


def pairs_of(*rows):
    return [{"base": record(*base), "a": record(*a)} for base, a in rows]


def test_every_run_has_a_row_a_measure_in_the_order_of_the_plan():
    found = tables.runs_table(pairs_of(((0.1,), (0.2,)), ((0.3,), (None,))), ARMS, seed=7)
    assert list(found.columns) == RUN_COLUMNS
    assert found.pair.tolist() == [1, 1, 2, 2]
    assert found.arm.tolist() == ["base", "a", "base", "a"]
    assert tuple(found.loc[2, ["population_seed", "seed"]]) == pair_seeds(7, 2)
    assert found.value[:3].tolist() == [0.1, 0.2, 0.3]
    assert math.isnan(found.value[3])


def test_a_known_difference_with_its_interval():
    found = tables.summary_table(pairs_of(((0.10,), (0.12,)), ((0.20,), (0.24,)), ((0.30,), (0.36,))), ARMS, "base")
    assert list(found.columns) == SUMMARY_COLUMNS
    row = found.iloc[0]
    assert (row.measure, row.arm, row.reference, row.pairs) == (PRIMARY, "a", "base", 3)
    assert (row["mean"], row.mean_reference, row.difference) == (pytest.approx(0.24), pytest.approx(0.20), pytest.approx(0.04))
    half = 4.302653 * 0.02 / math.sqrt(3)  # t of three pairs
    assert (row.ci_low, row.ci_high) == (pytest.approx(0.04 - half), pytest.approx(0.04 + half))
    assert row.ratio == pytest.approx(1.2)
    assert row.verdict == paired.NOT_DECIDED


def test_a_measure_that_only_one_pair_has_is_left_out_unless_one_is_enough():
    rows = pairs_of(((0.1, 3.0), (0.2, 4.0)), ((0.1,), (0.2,)))
    for pair in rows[1:]:
        for arm in ARMS:
            pair[arm].measures["partners"] = (None, None, None)
    assert tables.summary_table(rows, ARMS, "base").measure.tolist() == [PRIMARY]
    assert tables.summary_table(rows, ARMS, "base", least=1).measure.tolist() == [PRIMARY, "partners"]


def test_values_are_nan_where_undefined():
    found = tables.values(pairs_of(((0.1,), (None,))), "a", PRIMARY)
    assert np.isnan(found).tolist() == [True]


def test_nothing_to_contrast_is_no_row():
    assert tables.contrasts([], "a", reference="base", first=np.zeros((0, 2)), second=np.zeros((0, 2))) == []


@pytest.mark.parametrize(("there", "many", "told"), [(5, 8, True), (4, 8, False), (3, 3, True), (2, 3, False)])
def test_a_level_is_told_if_five_pairs_have_it_or_all_of_fewer(there, many, told):
    key = ("style", "seller", PRIMARY)
    rows = [
        {arm: record(0.1, levels={key: (1.0, 2.0, 0.1 * (k + 1 + n) if k < there else None)}) for n, arm in enumerate(ARMS)}
        for k in range(many)
    ]
    found = tables.levels_table(rows, ARMS, "base")
    assert list(found.columns) == LEVEL_COLUMNS
    assert found.level.tolist() == (["seller"] if told else [])
    if told:
        assert found.difference[0] == pytest.approx(0.1)


def test_days_are_warm_up_launch_and_after():
    path = {"x": np.arange(40.0)}
    found = tables.daily_table([{arm: record(0.1, daily=path) for arm in ARMS}] * 2, ARMS, warm_up=5)
    assert list(found.columns) == DAILY_COLUMNS
    one = found[found.arm == "a"]
    assert one.groupby("part", sort=False).day.agg(["min", "max"]).to_numpy().tolist() == [[0, 4], [5, 34], [35, 39]]
    assert (one["mean"] == one.ci_low).all()  # both pairs are the same


ROOT_3 = math.sqrt(3.0)
BETTER, WORSE, HIGHER, LOWER, SAME, NOT_DECIDED = (
    "better",
    "worse",
    "higher",
    "lower",
    "no difference that matters",
    "not decided",
)


@pytest.mark.parametrize(
    ("rows", "sign", "verdicts"),
    [
        (DECIDED, 1.0, [BETTER, HIGHER, BETTER, WORSE, BETTER, WORSE]),
        (DECIDED, -1.0, [WORSE, LOWER, WORSE, BETTER, WORSE, BETTER]),  # the arms change places
        (OPEN, 1.0, [NOT_DECIDED, SAME, NOT_DECIDED, SAME, NOT_DECIDED, SAME]),
        (OPEN, -1.0, [NOT_DECIDED, SAME, NOT_DECIDED, SAME, NOT_DECIDED, SAME]),
    ],
)
def test_rows_and_verdicts_of_a_summary_made_by_hand(rows, sign, verdicts):
    arm, reference = (ARM, REFERENCE) if sign > 0.0 else (REFERENCE, ARM)
    found = tables.summary_table(three_pairs(rows), [reference, arm], reference)
    assert found.measure.tolist() == list(rows)
    assert found.verdict.tolist() == verdicts
    assert set(zip(found.arm, found.reference, found.pairs, strict=True)) == {(arm, reference, 3)}
    for row, (name, figures) in zip(found.itertuples(), rows.items(), strict=True):
        base, wide, mean, narrow = figures
        both = (base + mean, base) if sign > 0.0 else (base, base + mean)
        assert (row.group, row.unit, row.role) == (MEASURES[name].group, MEASURES[name].unit, MEASURES[name].role)
        assert (row.mean, row.mean_reference) == pytest.approx(both)
        # three values in equal steps have that step as their standard deviation
        half = (TWO_OF_THREE if name == PRIMARY else FIVE_OF_THREE) * narrow / ROOT_3
        assert (row.difference, row.ci_low, row.ci_high) == pytest.approx((sign * mean, sign * mean - half, sign * mean + half), rel=1e-5)
        assert row.pairing_gain == pytest.approx(((wide + narrow) ** 2 + wide**2) / narrow**2)
        # of the ratio: the step of y1 - ratio * y0, by the mean of y0
        ratio, (step_1, step_0) = both[0] / both[1], (wide + narrow, wide) if sign > 0.0 else (wide, wide + narrow)
        factor = math.exp(TWO_OF_THREE * abs(step_1 - ratio * step_0) / both[1] / ROOT_3 / ratio)
        assert (row.ratio, row.ratio_ci_low, row.ratio_ci_high) == pytest.approx((ratio, ratio / factor, ratio * factor), rel=1e-5)


def test_a_measure_that_some_pairs_lack_is_widened_to_the_same_critical_value():
    """Five measures over four pairs, and one that three have: its own t would be 4.303, that of all together is 5.841."""
    rows = {name: figures for name, figures in DECIDED.items() if name != PRIMARY} | {"deals": DECIDED["partners"]}
    pairs = [*three_pairs(rows), {arm: record_of(dict.fromkeys(rows, 1.0)) for arm in (ARM, REFERENCE)}]
    pairs[3][ARM].measures["deals"] = (None, None, None)
    found = tables.summary_table(pairs, [REFERENCE, ARM], REFERENCE).set_index("measure")
    assert (found.pairs["deals"], found.pairs["partners"]) == (3, 4)
    assert (found.ci_high["deals"] - found.difference["deals"]) == pytest.approx(FIVE_OF_FOUR * 0.05 / ROOT_3, rel=1e-5)
    assert (found.difference["deals"] - found.ci_low["deals"]) == pytest.approx(FIVE_OF_FOUR * 0.05 / ROOT_3, rel=1e-5)
    assert found.difference["deals"] == pytest.approx(0.4)
    d = [0.35, 0.4, 0.45, 0.0]
    assert (found.ci_high["partners"] - found.difference["partners"]) == pytest.approx(FIVE_OF_FOUR * np.std(d, ddof=1) / 2.0, rel=1e-5)


def test_a_measure_with_a_larger_t_of_its_own_keeps_it():
    rows = {name: figures for name, figures in DECIDED.items() if name != PRIMARY} | {"deals": DECIDED["partners"]}
    pairs = three_pairs(rows)
    pairs[1][ARM].measures["deals"] = (None, None, None)
    found = tables.summary_table(pairs, [REFERENCE, ARM], REFERENCE).set_index("measure")
    # two pairs, 0.35 and 0.45: t is 12.706 at one degree of freedom, more than the 9.925 of all together
    assert (found.ci_high["deals"] - found.difference["deals"]) == pytest.approx(12.706205 * math.sqrt(0.005) / math.sqrt(2.0), rel=1e-5)


def test_a_single_pair_has_differences_without_intervals():
    found = tables.summary_table(three_pairs(DECIDED)[2:], [REFERENCE, ARM], REFERENCE, least=1).set_index("measure")
    assert found.difference.tolist() == pytest.approx([f.mean + f.narrow for f in DECIDED.values()])
    assert found.ci_low.isna().all()
    assert set(found.verdict) == {NOT_DECIDED}


def test_each_arm_has_its_rows_in_the_order_of_the_plan():
    pairs = [{"x": record_of({PRIMARY: 0.1 * k}), "base": record_of({PRIMARY: 0.0}), "a": record_of({PRIMARY: 0.2 * k})} for k in (1, 2)]
    found = tables.summary_table(pairs, ["x", "base", "a"], "base")
    assert found.arm.tolist() == ["x", "a"]
    assert found.difference.tolist() == pytest.approx([0.15, 0.3])
    levels = [
        {arm: record(0.1, levels={("style", "seller", PRIMARY): (1.0, 2.0, 0.1 * n * k)}) for n, arm in enumerate(("x", "base", "a"))}
        for k in (1, 2)
    ]
    found = tables.levels_table(levels, ["x", "base", "a"], "base")
    assert found.arm.tolist() == ["x", "a"]
    assert found.difference.tolist() == pytest.approx([-0.15, 0.15])


def test_a_level_that_the_reference_lacks_in_a_pair_is_not_counted_there():
    key = ("purpose", "inquiry", PRIMARY)
    rows = [
        {"base": record(0.1, levels={key: (1.0, 2.0, 0.1)} if k else {}), "a": record(0.1, levels={key: (1.0, 2.0, 0.2)})} for k in range(6)
    ]
    found = tables.levels_table(rows, ARMS, "base").iloc[0]
    assert (found.dimension, found.level, found.measure, found.pairs) == ("purpose", "inquiry", PRIMARY, 5)


def test_the_band_of_a_day():
    rows = [{"base": record(0.1, daily={"x": np.array([y, 0.0])})} for y in (1.0, 3.0)]
    found = tables.daily_table(rows, ["base"], warm_up=1)
    # of 1 and 3: mean 2, standard deviation root 2, over root 2, t at one degree of freedom 12.706
    assert found.loc[0, ["mean", "ci_low", "ci_high"]].tolist() == pytest.approx([2.0, 2.0 - 12.706205, 2.0 + 12.706205])
    assert found.part.tolist() == ["warm-up", "launch"]
    assert tables.LAUNCH == 30


def test_rows_of_runs_are_numbered_from_one_with_the_seeds_of_their_pair():
    found = tables.runs_table(three_pairs(OPEN), [REFERENCE, ARM], seed=3)
    assert [tuple(row) for row in found[["population_seed", "seed"]].drop_duplicates().to_numpy()] == [pair_seeds(3, k) for k in (1, 2, 3)]
    assert found.group.tolist()[: len(OPEN)] == [MEASURES[name].group for name in OPEN]
    assert found.measure.tolist() == list(OPEN) * 6


def test_two_pairs_are_enough_for_intervals_of_measures_together():
    rows = {name: figures for name, figures in DECIDED.items() if name != PRIMARY}
    found = tables.summary_table(three_pairs(rows)[:2], [REFERENCE, ARM], REFERENCE)
    # 0.995 at one degree of freedom: 63.657; two values in one step have root 2 / 2 of it as their standard deviation
    half = [63.656741 * f.narrow / math.sqrt(2.0) / math.sqrt(2.0) for f in rows.values()]
    assert (found.ci_high - found.difference).tolist() == pytest.approx(half, rel=1e-5)


def test_an_interval_of_two_pairs_is_widened_too_where_many_are_looked_at_together():
    others = [
        "partners",
        "reports",
        "retention",
        "clustering",
        "meetings",
        "far_partners",
        "living_ties",
        "mean_distance",
        "two_hop_reach",
        "collaborations",
    ]
    rows = dict.fromkeys([*others, "deals"], DECIDED["partners"])
    pairs = three_pairs(rows)
    pairs[2][ARM].measures["deals"] = (None, None, None)
    found = tables.summary_table(pairs, [REFERENCE, ARM], REFERENCE).set_index("measure")
    # ten measures over three pairs: 0.9975 at two degrees of freedom is 14.089, more than the 12.706 of two pairs alone
    half = 14.088966 * (0.05 / math.sqrt(2.0)) / math.sqrt(2.0)
    assert found.loc["deals", ["ci_low", "ci_high"]].tolist() == pytest.approx([0.375 - half, 0.375 + half], rel=1e-4)


def test_where_no_measure_is_whole_each_keeps_its_own_interval():
    rows = {"deals": DECIDED["partners"]}
    pairs = [*three_pairs(rows), {arm: record_of({"deals": None}) for arm in (ARM, REFERENCE)}]
    found = tables.summary_table(pairs, [REFERENCE, ARM], REFERENCE).iloc[0]
    assert found.ci_high - found.difference == pytest.approx(TWO_OF_THREE * 0.05 / ROOT_3, rel=1e-5)


def test_two_pairs_with_equal_differences_have_no_interval_and_no_verdict():
    found = tables.summary_table(pairs_of(((0.25, 1.0), (0.75, 1.0)), ((0.25, 2.0), (0.75, 2.0))), ARMS, "base").set_index("measure")
    for name, difference in ((PRIMARY, 0.5), ("partners", 0.0)):
        assert found.difference[name] == difference
        assert math.isnan(found.ci_low[name])
        assert found.verdict[name] == paired.NOT_DECIDED


def test_every_arm_against_every_other():
    arms = {"base": (0.0, 0.0, 0.0, 0.0), "a": (0.09, 0.11, 0.09, 0.11), "b": (0.29, 0.31, 0.31, 0.29)}
    pairs = [{arm: record(values[k]) for arm, values in arms.items()} for k in range(4)]
    found = tables.verdict_matrix(tables.runs_table(pairs, list(arms), seed=1), list(arms), MEASURES[PRIMARY])
    assert set(found) == {(one, other) for one in arms for other in arms if one != other}
    # 0.1 -+ t(0.95 + 0.05 * 2 / 3, two-sided: 4.8567 at three degrees of freedom) * 0.011547 / 2
    one = found["a", "base"]
    assert one.interval == pytest.approx((0.1, 0.1 - 0.028040, 0.1 + 0.028040), abs=2e-6)
    assert (one.verdict, found["base", "a"].verdict) == (paired.BETTER, paired.WORSE)
    assert found["base", "a"].interval == pytest.approx((-0.1, -0.128040, -0.071960), abs=2e-6)
    assert found["b", "a"].interval.estimate == pytest.approx(0.2)


def test_an_arm_against_another_is_a_row_as_texts_take_it():
    found = tables.Versus(paired.Interval(0.1, 0.05, 0.2), paired.BETTER).row("share")
    assert found.to_dict() == {"unit": "share", "difference": 0.1, "ci_low": 0.05, "ci_high": 0.2}


def test_of_a_single_pair_no_arm_is_told_from_another():
    runs = tables.runs_table(pairs_of(((0.1,), (0.2,))), ARMS, seed=1)
    assert tables.verdict_matrix(runs, ARMS, MEASURES[PRIMARY]) == {}


def test_differences_are_those_of_goals_and_guardrails_in_pairs_that_have_them():
    context = next(one.name for one in MEASURES.values() if one.role == CONTEXT)
    pairs = [
        {
            arm: record_of({PRIMARY: 0.5 + add, "partners": math.nan if k == 1 else 3.0 - add, context: add})
            for arm, add in (("base", 0.0), ("a", 0.25))
        }
        for k in range(3)
    ]
    found = {(arm, name): d.tolist() for arm, name, d in tables.differences([pairs, pairs], ["base", "a"], MEASURES)}
    assert found == {("a", PRIMARY): [[0.25] * 3] * 2, ("a", "partners"): [[-0.25] * 2] * 2}
