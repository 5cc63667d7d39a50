"""What replicates say, from numbers made by hand: the parts of a bias, rates with their intervals, and decisions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from experiments.abtest.findings import binomial, find, margin_of, row_of
from experiments.abtest.metrics import METRICS
from experiments.abtest.replicate import name_of
from experiments.abtest.schemes import SCHEMES, readings_of
from tests.experiments.abtest.worlds_of import question


@pytest.mark.parametrize(("hits", "asked"), [(0, 20), (3, 20), (20, 20), (95, 100)])
def test_binomial_intervals_are_scipys_exact_ones(hits, asked):
    other = stats.binomtest(hits, asked).proportion_ci(0.95, method="exact")
    assert binomial(hits, asked) == pytest.approx((hits / asked, other.low, other.high), abs=1e-9)
    assert all(math.isnan(x) for x in binomial(0, 0))


def cells(scheme, *, effect, undisturbed, launch, error=0.1, draws=2, false=(1.0, 25.0), expected=None):
    """Return a replicate in which all metrics and readings have the same numbers; draws scatter by one hundredth."""
    found = {}
    for metric in METRICS:
        for credit, estimator in readings_of(SCHEMES[scheme]):
            for k in range(draws):
                found[name_of("test", metric, credit, estimator, k)] = (effect + 0.01 * k, error, 50.0)
                found[name_of("undisturbed", metric, credit, estimator, k)] = (undisturbed + 0.01 * k, error, None)
            found[name_of("truth", metric, credit)] = (2.0, 2.0 + launch, 100.0)
            found[name_of("a/a", metric, credit, estimator)] = (*false, None)
            if expected is not None:
                found[name_of("expected", metric, credit, estimator)] = (expected, None, 25.0)
            for k in range(draws):
                found[name_of("apart", metric, credit, k)] = (effect, 0.2, None)
    return found


def found_of(replicates, **changes):
    q = question(panels=(("bias", len(replicates), ("viewer",)),), **changes)
    return find(q, {"bias": [{"viewer": cells("viewer", **one)} for one in replicates]})


ONES = [{"effect": x, "undisturbed": 0.5 + x / 10, "launch": 0.4} for x in (0.6, 0.7, 0.8)]


def test_a_bias_is_attribution_and_interference():
    row = row_of(f := found_of(ONES), f.question.panels[0], "viewer", "partners")
    assert (row.control, row.truth, row.units) == (pytest.approx(2.0), pytest.approx(0.4), 100.0)
    assert row.estimate == pytest.approx(0.705)
    assert row.bias == pytest.approx(0.305)
    assert row.attribution == pytest.approx(0.5 + 0.07 + 0.005 - 0.4)
    assert row.interference == pytest.approx(row.bias - row.attribution)
    assert row.bias_low < row.bias < row.bias_high


def test_attribution_goes_by_many_deals_and_interference_by_the_same_one():
    row = row_of(f := found_of([{**one, "expected": 0.45} for one in ONES]), f.question.panels[0], "viewer", "partners")
    assert row.attribution == pytest.approx(0.45 - 0.4)
    assert row.attribution_low == row.attribution_high == pytest.approx(0.05)
    assert row.interference == pytest.approx(0.7 - 0.57)
    assert row.bias == pytest.approx(0.05 + 0.13)
    assert row.estimate == pytest.approx(0.4 + row.bias)
    assert row.spread == pytest.approx(np.std([0.6, 0.61, 0.7, 0.71, 0.8, 0.81], ddof=1))  # of tests as they are


def test_rates_count_tests():
    row = row_of(f := found_of(ONES), f.question.panels[0], "viewer", "partners")
    inside = [abs(x + 0.01 * k - 0.4) < 0.1 * stats.t.ppf(0.975, 50) for x in (0.6, 0.7, 0.8) for k in (0, 1)]
    assert row.coverage == pytest.approx(np.mean(inside)) == pytest.approx(1 / 6)
    assert (row.right_sign, row.power, row.shown_better) == (1.0, 1.0, 1.0)
    assert row.false_positives == pytest.approx(3 / 75)


def test_spread_is_parted_into_assignments_and_populations():
    row = row_of(f := found_of(ONES), f.question.panels[0], "viewer", "partners")
    assert row.spread_assignments == pytest.approx(np.std([0.0, 0.01], ddof=1))
    assert row.spread_populations == pytest.approx(math.sqrt(0.1**2 - row.spread_assignments**2 / 2))


def test_what_cannot_be_estimated_has_no_figures():
    gone = [{**one, "effect": math.nan} for one in ONES]
    f = found_of(gone)
    row = row_of(f, f.question.panels[0], "viewer", "partners")
    assert not row.estimable
    assert "estimate" not in f.summary or math.isnan(row.estimate)
    assert f.decisions.iloc[0].not_estimable.split(", ")[0] == "partners"


def test_less_unwelcome_is_better():
    decided = found_of(ONES).decisions.iloc[0]  # all metrics rise by 0.4, unwelcome items too: that is beyond the margin
    assert not decided.launch_deserves
    assert (decided.shipped, decided.wrong) == (0.0, 0.0)
    calm = found_of(ONES, scenario={"decision": {"better": ["partners"], "no_worse": {"unwelcome": 0.5}}})
    decided = calm.decisions.iloc[0]  # up to half of 2.0 may be lost, and 0.8 with its interval is less
    assert decided.launch_deserves
    assert decided.shipped == pytest.approx(
        np.mean([x + 0.01 * k + 0.1 * stats.t.ppf(0.975, 50) < 1.0 for x in (0.6, 0.7, 0.8) for k in (0, 1)])
    )


def test_margins_are_shares_of_the_control_or_smallest_effects():
    q = question(scenario={"decision": {"no_worse": {"retention": 0.1}}})
    assert margin_of(q, "retention", 0.6, 28) == pytest.approx(0.06)
    assert margin_of(question(), "unwelcome", 0.6, 28) == pytest.approx(0.08)
    assert margin_of(question(), "retention", 0.6, 28) == pytest.approx(0.005)


def test_egos_are_told_beside_all_members():
    q = question(panels=(("bias", 2, ("ego",)),))
    one = cells("ego", effect=0.1, undisturbed=0.1, launch=0.1)
    for k, number in enumerate((10.0, 14.0)):
        one |= {name_of("egos", k): (number, 5.0, 48.0), name_of("contacts of egos", k): (0.6 + 0.1 * k, 0.25, None)}
    row = find(q, {"bias": [{"ego": one}] * 2}).egos.iloc[0]
    assert (row.egos, row.degree, row.degree_of_all) == (12.0, 5.0, 48.0)
    assert (row.covered, row.clustered) == (pytest.approx(0.65), 0.25)


def test_what_shorter_blocks_miss_more_is_carried_over():
    """Per replicate: weeks miss 0.1 and 0.2, days 0.4 and 0.3, so 0.3 and 0.1 are carried over: 0.2, and an interval of one degree of freedom."""
    q = question(panels=(("bias", 2, ("switchback", "switchback-day")),))
    week, day = (
        [cells(scheme, effect=0.5 + x, undisturbed=0.5, launch=0.4) for x in missed]
        for scheme, missed in (("switchback", (0.1, 0.2)), ("switchback-day", (0.4, 0.3)))
    )
    found = find(q, {"bias": [{"switchback": a, "switchback-day": b} for a, b in zip(week, day, strict=True)]}).carried.set_index("metric")
    row = found.loc["responses"]
    assert (row.longer, row.shorter, row.carried) == (pytest.approx(0.15), pytest.approx(0.35), pytest.approx(0.2))
    assert row.carried_high - row.carried == pytest.approx(stats.t.ppf(0.975, 1) * np.std([0.3, 0.1], ddof=1) / math.sqrt(2))
    assert "partners" not in found.index  # a stock cannot be told by blocks
    assert not len(find(question(panels=(("bias", 2, ("switchback",)),)), {"bias": [{"switchback": a} for a in week]}).carried)


def test_every_test_has_a_row():
    f = found_of(ONES)
    assert len(f.estimates) == 3 * 2 * len(METRICS) * len(readings_of(SCHEMES["viewer"]))
    assert f.apart.on_treated.iloc[0] == pytest.approx(0.7)
    assert f.apart.spillover.iloc[0] == pytest.approx(0.2)


def test_how_many_units_are_exposed_in_effect_is_told_even_if_nothing_is_estimated():
    q, one = question(panels=(("bias", 2, ("viewer",)),)), cells("viewer", effect=0.1, undisturbed=0.1, launch=0.1)
    for k in (0, 1):
        one[name_of("test", "partners", "initiator", "hajek", k)] = (None, None, 10.0)
    s = find(q, {"bias": [{"viewer": one}, {"viewer": one}]}).summary
    here = s[(s.metric == "partners") & (s.credit == "initiator")].set_index("estimator")
    assert not here.estimable["hajek"]
    assert here.effective["hajek"] == 12.0
    assert here.effective["hajek-network"] == 52.0
    assert math.isnan(here.effective["difference"])


def test_ramps_that_tell_interference_are_counted_beside_those_that_cannot_have_any():
    q = question(panels=(("bias", 2, ("ramp",)),))
    one = cells("ramp", effect=0.1, undisturbed=0.1, launch=0.1)
    for metric in METRICS:
        one |= {name_of("increasing", metric, k): (0.01, 0.2 if k else 0.04, None) for k in (0, 1)}
    one[name_of("increasing", "retention", 0)] = (None, None, None)
    found = find(q, {"bias": [{"ramp": one}, {"ramp": one}]}).increasing.set_index("metric")
    assert (found.found["partners"], found.undisturbed["partners"]) == (1.0, 0.5)
    assert (found.found["retention"], found.undisturbed["retention"]) == (1.0, 0.0)
    assert not len(found_of(ONES).increasing)
