"""Readings of a test, by hand: each fits its scheme, and what cannot be read is not."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from experiments.abtest import schemes
from experiments.abtest.counts import Counts
from experiments.abtest.readings import apart, covariate, egos_of, interference, read, truth
from experiments.abtest.replicate import anew
from experiments.abtest.sample import arms_of, seen
from experiments.abtest.schemes import SCHEMES, readings_of
from experiments.abtest.worlds import Periods, lived, periods_of
from experiments.methods import assigned
from tests.experiments.abtest.worlds_of import ARMS, arms, base, pure_worlds, question, world

PERIODS = Periods(begin=20, end=34, before=0, until=14)
ROWS = [(20, 0, 1), (21, 0, 2), (22, 1, 0), (25, 2, 3), (30, 3, 2), (30, 0, 3), (30, 4, 5)]
N = 6
TREATED = [True, False, True, False, True, False]


def sample(rows=ROWS, **changes):
    return seen(world(rows, N), arms(TREATED, **changes))


def shown(metric, credit, estimator=schemes.DIFFERENCE, kind=schemes.MEMBERS, of=None):
    return read(of or sample(), kind, metric, credit, estimator, PERIODS, share=0.5)


def test_a_count_is_a_difference_of_means():
    assert shown("responses", "initiator").effect == pytest.approx((3 + 1 + 1) / 3 - (1 + 1 + 0) / 3)
    assert shown("responses", "recipient").effect == pytest.approx((1 + 2 + 0) / 3 - (1 + 2 + 1) / 3)


def test_a_ratio_is_exact_and_has_the_error_of_its_shares():
    found = sample()
    answered = found.first.items.answered.copy()
    answered[[0, 2]] = False
    found = found._replace(parts=((Counts(found.first.items._replace(answered=answered), found.there), None),))
    one = shown("response_rate", "initiator", of=found)
    assert one.effect == pytest.approx(4 / 5 - 1 / 2)
    y, d = found.sums("response_rate", "initiator", 20, 34)
    shares, _ = assigned.linearised(y, d, np.array(TREATED))
    assert one.error == pytest.approx(assigned.difference(shares, np.array(TREATED)).error)


def test_clusters_and_egos_are_read_by_their_units():
    found = sample()
    clustered = found._replace(arms=found.arms._replace(unit=np.array([0, 1, 0, 1, 2, 3])))
    one = shown("responses", "initiator", schemes.CLUSTER, schemes.CLUSTERS, clustered)
    assert (one.effect, one.freedom) == (pytest.approx(1.0), pytest.approx(2.0))
    egos = found._replace(arms=found.arms._replace(ego=np.array([True, True, True, True, False, False])))
    assert shown("responses", "initiator", kind=schemes.EGOS, of=egos).effect == pytest.approx((3 + 1) / 2 - (1 + 1) / 2)


@pytest.mark.parametrize(("share", "rule"), [(0.5, "viewer"), (0.5, "both"), (0.2, "viewer")])
def test_a_mirrored_deal_treats_whom_the_other_does_not(share, rule):
    dealt = arms(np.zeros(4000, bool), rule=rule)
    one, other = (anew(dealt, share, 3, mirrored=mirrored) for mirrored in (False, True))
    for a, b in ((one.viewer[0], other.viewer[0]), (one.profile[0], other.profile[0])):
        assert (a == ~b).all() if share == 0.5 else not (a & b).any()
        assert a.mean() == pytest.approx(share, abs=0.03)
        assert b.mean() == pytest.approx(share, abs=0.03)
    assert (one.viewer != one.profile).any() == (rule == "both")


def test_egos_are_told_by_hand():
    """Two egos, 0 with contacts 1, 2, 4 and 3 with 4; of the first cluster (0, 1, 2) all are treated, of the second (3, 4) none."""
    found = sample()
    ties = np.array([[0, 1], [0, 2], [0, 4], [3, 4]])
    unit, ego = np.array([0, 0, 0, 1, 1, 2]), np.array([1, 0, 0, 1, 0, 0], bool)
    treated = np.array([[1, 1, 1, 0, 0, 1]], bool)
    told = egos_of(found._replace(ties=ties, arms=found.arms._replace(unit=unit, ego=ego, viewer=treated, profile=treated)))
    assert told == (2.0, pytest.approx((3 + 1) / 2), pytest.approx(8 / 6), pytest.approx((2 / 3 + 1) / 2), pytest.approx(5 / 6))


def test_cuped_leaves_newcomers_a_mean_of_their_own():
    found = sample(ROWS + [(5, i, (i + 1) % N) for i in range(N) for _ in range(i)])
    late = np.array([0, 0, 0, 0, 1, 1], bool)
    newer = found._replace(joined=np.where(late, PERIODS.before + 1, PERIODS.before))
    y, x = found.sums("responses", "initiator", 20, 34)[0], np.arange(6.0)
    expected = assigned.difference(assigned.adjusted(y, x, late), np.array(TREATED))
    assert shown("responses", "initiator", schemes.CUPED, of=newer) == pytest.approx(expected)
    assert shown("responses", "initiator", schemes.CUPED, of=found) != pytest.approx(expected)


def test_cuped_takes_out_what_was_there_before_and_needs_a_time_before():
    before = [(5, i, (i + 1) % N) for i in range(N) for _ in range(i)]
    found = sample(ROWS + before)
    assert covariate(found, "responses", "initiator", PERIODS).tolist() == [0, 1, 2, 3, 4, 5]
    y, x, treated = found.sums("responses", "initiator", 20, 34)[0], np.arange(6.0), np.array(TREATED)
    assert shown("responses", "initiator", schemes.CUPED, of=found).effect == pytest.approx(
        assigned.difference(assigned.adjusted(y, x), treated).effect
    )
    short = PERIODS._replace(before=10)
    assert covariate(found, "responses", "initiator", short) is None
    assert math.isnan(read(found, schemes.MEMBERS, "responses", "initiator", schemes.CUPED, short, share=0.5).effect)
    assert covariate(found, "retention", "initiator", PERIODS) is None


def test_contacts_are_who_wrote_to_whom_before():
    found = sample([*ROWS, (3, 5, 4), (4, 4, 5), (19, 2, 0)])
    assert found.first.contacts(PERIODS.begin).tolist() == [[0, 2], [4, 5]]


def test_blocks_take_turns_and_stocks_are_not_read_by_them():
    rows = [(20, 0, 1)] * 3 + [(27, 0, 1)] * 9 + [(34, 0, 1)] * 12 + [(41, 0, 1)] * 6
    turns = [[False] * N, [True] * N, [True] * N, [False] * N]
    found = seen(world(rows, N), arms(turns, starts=(20, 27, 34, 41)))
    periods = Periods(20, 48, 0, 6)
    one = read(found, schemes.BLOCKS, "responses", "item", schemes.DIFFERENCE, periods, share=0.5)
    assert one.effect == pytest.approx(4 * 6 / N)  # six more in a block, four blocks
    assert math.isnan(read(found, schemes.BLOCKS, "partners", "item", schemes.DIFFERENCE, periods, share=0.5).effect)


def test_a_ramp_is_read_in_the_step_in_which_both_arms_are_large():
    steps = [[False] * N, [True] + [False] * 5, TREATED, [True] * N]
    rows = [(20, 0, 1)] * 50 + [(34, 0, 1)] * 3 + [(35, 1, 0)] * 1 + [(41, 0, 1)] * 50
    found = seen(world(rows, N), arms(steps, starts=(20, 27, 34, 41)))
    one = read(found, schemes.STEPS, "responses", "initiator", schemes.DIFFERENCE, Periods(20, 48, 0, 6), share=0.5)
    assert one.effect == pytest.approx(4 * (3 / 3 - 1 / 3))  # in the unit of the whole test


def test_pairs_are_read_by_both_sides():
    rows = [(20, 0, 1), (20, 0, 3), (21, 1, 0), (22, 3, 2)]
    found = seen(world(rows, 4), arms([True, True, False, False], [True, False, True, False], rule="both"))
    one = read(found, schemes.PAIRS, "responses", "item", schemes.DIFFERENCE, PERIODS, share=0.5)
    assert one.effect == pytest.approx(4 / 4 * (1 - 0))  # 1 -> 0 has both sides treated, no item has both untreated


def test_what_has_no_items_is_not_read_by_items():
    assert math.isnan(shown("retention", "item").effect)
    assert math.isnan(shown("responses", "item").effect)  # of viewers it is the initiator's
    assert shown("response_rate", "item").effect == pytest.approx(0.0)


def test_the_truth_is_what_all_have_per_unit():
    zero, one = seen(world(ROWS[:3], N), arms(TREATED)), seen(world(ROWS, N), arms(TREATED))
    assert truth(zero, one, "responses", "initiator", PERIODS) == (3 / 6, 7 / 6)
    assert truth(zero, one, "responses", "item", PERIODS) == (3 / 6, 7 / 6)
    assert truth(zero, one, "retention", "item", PERIODS) == (1.0, 1.0)


def test_the_treated_and_the_untreated_are_held_against_themselves_under_control():
    test, control = sample(), seen(world(ROWS[:2], N), arms(TREATED))
    assert apart(test, control, "responses", "initiator", PERIODS) == (pytest.approx((5 - 2) / 3), pytest.approx(2 / 3))
    assert all(math.isnan(x) for x in apart(test, control, "responses", "item", PERIODS))


def test_exposure_is_by_who_wrote_or_by_connections():
    rows = [*ROWS, *((3, i, (i + 2) % N) for i in range(N))]
    lived = dataclasses.replace(world(rows, N), ties=np.array([[i, i + 1] for i in range(0, N, 2)]))
    found = seen(lived, arms(TREATED))
    wrote, connected = (shown("responses", "initiator", estimator, of=found) for estimator in (schemes.HAJEK, schemes.HAJEK_NETWORK))
    assert wrote.effect == pytest.approx((3 + 1 + 1) / 3 - (1 + 1 + 0) / 3)  # who wrote to one another has the same arm
    assert math.isnan(connected.effect)  # each is connected to one of the other arm, so nobody is exposed


def test_in_strata_differences_are_taken_within():
    strata = np.array([0, 0, 0, 0, 1, 1])
    wide = [(20, i, (i + 1) % 12) for i in range(12) for _ in range(i % 4)]
    treated = np.arange(12) % 2 == 0
    dealt = arms(treated)._replace(strata=np.repeat(strata, 2))
    found = seen(world(wide, 12), dealt)
    y = found.sums("responses", "initiator", 20, 34)[0]
    assert shown("responses", "initiator", of=found) == assigned.stratified(y, treated, dealt.strata)
    assert shown("responses", "initiator", of=found).error != assigned.difference(y, treated).error


def test_a_ramp_tells_of_others_by_those_who_keep_their_arm():
    n = 60
    first, second = np.arange(n) < 12, np.arange(n) < 30
    steps = [[False] * n, first, second, [True] * n]
    alike = [(20 + 7 * step, i, (i + 1) % n) for step in (1, 2) for i in range(n) for _ in range(1 + i % 3 + step)]
    gained = [(34, i, (i + 1) % n) for i in range(30, n) for _ in range(2)]
    lost = [(34, i, (i + 1) % n) for i in range(12, 30) for _ in range(9)]  # those who change their arm, of whom nothing is asked
    for rows, low, high in ((alike, 0.2, 1.0), (alike + gained, 0.0, 0.01), (alike + lost, 0.2, 1.0)):
        found = seen(world(rows, n), arms(steps, starts=(20, 27, 34, 41)))
        assert low <= interference(found, "responses", Periods(20, 48, 0, 6), 1) <= high
    assert math.isnan(interference(found, "retention", Periods(20, 48, 0, 6), 1))
    assert math.isnan(interference(found, "responses", Periods(20, 34, 0, 6), 1))


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["viewer", "profile", "pair", "industry", "region", "network", "leiden", "ego", "stratified"])
def test_randomisation_inference_on_a_world_is_right_in_one_of_twenty(scheme):
    """On a stored history arms are dealt out 10,000 times by the model's draws, and by NumPy's: of these, 5% lie beyond 95% of those."""
    control, _ = pure_worlds()
    periods, stratified = periods_of(base()), scheme == "stratified"
    scheme = "viewer" if stratified else scheme
    (test,) = question(draws=1, stratified=stratified).tests(question().main, scheme, 5)
    (lived_,) = lived(base(), [test], 5, 6)
    of = seen(control, arms_of(lived_, test, ARMS[1]))
    credit, estimator = readings_of(SCHEMES[scheme])[0]
    rng, kind = np.random.default_rng(3), SCHEMES[scheme].kind

    def size(dealt):
        """Return how large an effect looks; where few clusters leave few ways to deal, which of equal ones is larger is drawn."""
        return abs(read(of._replace(arms=dealt), kind, "responses", credit, estimator, periods, share=0.5).effect) + 1e-9 * rng.random()

    def by_numpy():
        unit, both = of.arms.unit, of.arms.rule == "both"
        if stratified:
            viewer = np.zeros(of.n, bool)
            for k in np.unique(of.arms.strata):
                here = rng.permutation(np.flatnonzero(of.arms.strata == k))
                viewer[here[: len(here) // 2 + (len(here) % 2 and rng.random() < 0.5)]] = True
        else:
            viewer = (rng.random(unit.max() + 1) < 0.5)[unit]
        return of.arms._replace(viewer=viewer[None, :], profile=rng.random((1, of.n)) < 0.5 if both else viewer[None, :])

    edge = np.nanquantile([size(by_numpy()) for _ in range(40_000)], 0.95)
    found = np.array([size(anew(of.arms, 0.5, seed)) for seed in range(10_000)])
    there = found[np.isfinite(found)]  # of so few communities all may have one arm: nothing is then estimated, here as there
    assert len(there) > 6000
    assert (there > edge).mean() == pytest.approx(0.05, abs=0.006)
