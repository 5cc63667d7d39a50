"""Estimators of a randomised test, against closed forms and statsmodels, and what they do under known effects."""

from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from experiments.methods import assigned
from experiments.methods.assigned import Dyads, Estimate


def halves(n, rng):
    treated = np.zeros(n, bool)
    treated[rng.permutation(n)[: n // 2]] = True
    return treated


def test_the_difference_is_statsmodels_own():
    rng = np.random.default_rng(1)
    y, treated = rng.exponential(2.0, 300), rng.random(300) < 0.3
    found = assigned.difference(y + treated, treated)
    other = CompareMeans(DescrStatsW((y + treated)[treated]), DescrStatsW((y + treated)[~treated]))
    low, high = other.tconfint_diff(usevar="unequal")
    assert found.bounds == pytest.approx((low, high), rel=1e-12)
    assert found.freedom == pytest.approx(other.dof_satt(), rel=1e-12)


def test_a_ratio_of_equal_denominators_is_a_mean():
    rng = np.random.default_rng(2)
    y, treated = rng.normal(size=80), halves(80, rng)
    shares, effect = assigned.linearised(y, np.full(80, 4.0), treated)
    assert np.allclose(shares, y / 4.0)
    assert effect == pytest.approx(assigned.difference(y / 4.0, treated).effect)


def test_the_delta_method_has_the_spread_of_ratios():
    rng, found, errors = np.random.default_rng(3), [], []
    for _ in range(600):
        d = rng.poisson(4.0, 200).astype(float)
        y, treated = rng.binomial(d.astype(int), 0.3).astype(float), halves(200, rng)
        shares, effect = assigned.linearised(y, d, treated)
        found.append(effect)
        errors.append(assigned.difference(shares, treated).error)
    assert np.mean(found) == pytest.approx(0.0, abs=4.0 * np.std(found) / math.sqrt(600))
    assert np.mean(errors) == pytest.approx(np.std(found), rel=0.1)


@pytest.mark.parametrize("correlation", [0.0, 0.6, 0.9])
def test_cuped_leaves_the_part_of_the_variance_that_the_theory_says(correlation):
    rng = np.random.default_rng(4)
    x = rng.normal(size=40_000)
    y = correlation * x + math.sqrt(1.0 - correlation**2) * rng.normal(size=40_000)
    assert assigned.adjusted(y, x).var() / y.var() == pytest.approx(1.0 - np.corrcoef(x, y)[0, 1] ** 2, rel=1e-9)
    assert assigned.adjusted(y, np.ones(40_000)) is y
    assert assigned.adjusted(y, x, np.zeros(40_000, bool)) == pytest.approx(assigned.adjusted(y, x))


def test_who_came_late_is_a_stratum_of_which_the_covariate_says_nothing():
    """By hand: the others follow 3 + 2x exactly, the late ones are 10 whatever their x; what is left is the mean of all, 55/8."""
    x = np.array([0.0, 1.0, 2.0, 3.0, 0.0, 0.0, 1.0, 1.0])
    late = np.arange(8) >= 4
    y = np.where(late, 10.0, 3.0 + 2.0 * x)
    assert assigned.adjusted(y, x, late) == pytest.approx(np.full(8, y.mean()))
    assert np.ptp(assigned.adjusted(y, x)) > 1.0  # without the stratum they mislead the slope
    assert assigned.adjusted(y, x, np.ones(8, bool)) == pytest.approx(y)  # all came late: nothing is known of any


def dense_cr2(y, treated, cluster):
    """Return the CR2 error by its definition: residuals of each cluster times the inverse root of its block of I - H."""
    x = np.column_stack([np.ones(len(y)), treated.astype(float)])
    bread = np.linalg.inv(x.T @ x)
    residual = y - x @ (bread @ x.T @ y)
    meat = np.zeros((2, 2))
    for g in np.unique(cluster):
        here = cluster == g
        block = np.eye(here.sum()) - x[here] @ bread @ x[here].T
        values, vectors = np.linalg.eigh(block)
        root = vectors @ np.diag(1.0 / np.sqrt(values)) @ vectors.T
        score = x[here].T @ root @ residual[here]
        meat += np.outer(score, score)
    return math.sqrt((bread @ meat @ bread)[1, 1])


def test_clusters_have_the_error_of_cr2_by_its_definition():
    rng = np.random.default_rng(5)
    cluster = rng.integers(0, 24, 300)
    treated, y = (cluster % 2 == 0), rng.normal(size=300) + 0.7 * rng.normal(size=24)[cluster]
    found = assigned.clustered(y, treated, cluster)
    assert found.error == pytest.approx(dense_cr2(y, treated, cluster), rel=1e-9)
    assert found.freedom == pytest.approx(dense_freedom(treated, cluster), rel=1e-9)
    assert found.freedom < 22.0


def dense_freedom(treated, cluster):
    """Return the degrees of freedom of Bell and McCaffrey by their definition: of the quadratic form of independent units."""
    n = len(treated)
    x = np.column_stack([np.ones(n), treated.astype(float)])
    bread = np.linalg.inv(x.T @ x)
    left = np.eye(n) - x @ bread @ x.T
    columns = []
    for g in np.unique(cluster):
        here = cluster == g
        values, vectors = np.linalg.eigh(left[np.ix_(here, here)])
        root = vectors @ np.diag(1.0 / np.sqrt(values)) @ vectors.T
        columns.append(left[here].T @ root @ x[here] @ bread[:, 1])
    form = np.column_stack(columns)
    inner = form.T @ form
    return np.trace(inner) ** 2 / (inner * inner).sum()


def test_clusters_of_very_different_sizes_leave_few_degrees_of_freedom_and_hold_their_level():
    rng, sizes = np.random.default_rng(8), np.array([200, 100, 40, 20, 10, 10, 5, 5, 5, 5])
    cluster, wrong, usual, few = np.repeat(np.arange(10), sizes), 0, 0, []
    for _ in range(2000):
        treated, y = np.isin(cluster, rng.permutation(10)[:5]), rng.normal(size=400) + 0.5 * rng.normal(size=10)[cluster]
        found = assigned.clustered(y, treated, cluster)
        wrong += found.differs
        usual += found._replace(freedom=8.0).differs  # clusters less two
        few.append(found.freedom)
    assert np.mean(few) < 5.0
    assert wrong < 200 < usual - 100


def test_of_many_small_clusters_the_error_is_statsmodels_own():
    rng = np.random.default_rng(6)
    cluster = np.repeat(np.arange(1500), 3)
    treated, y = (rng.random(1500) < 0.5)[cluster], rng.normal(size=4500) + rng.normal(size=1500)[cluster]
    fit = sm.OLS(y, sm.add_constant(treated.astype(float))).fit(cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": False})
    found = assigned.clustered(y, treated, cluster)
    assert found.effect == pytest.approx(fit.params[1], rel=1e-9)
    assert found.error == pytest.approx(fit.bse[1], rel=2e-3)  # CR2 is CR0 times 1 / (1 - 1/750) here, on average


def test_arms_with_too_few_cannot_be_told_apart():
    y = np.array([1.0, 2.0, 3.0])
    assert math.isnan(assigned.difference(y, np.array([True, False, False])).effect)
    assert math.isnan(assigned.clustered(y, np.array([True, True, False]), np.array([0, 1, 2])).effect)
    assert math.isnan(assigned.paired_blocks(np.array([1.0, 2.0]), np.array([True, False])).effect)
    assert not assigned.NOT_ESTIMABLE.differs


def test_blocks_are_compared_two_by_two():
    y, treated = np.array([1.0, 3.0, 6.0, 4.0, 9.0]), np.array([False, True, True, False, True])
    found = assigned.paired_blocks(y, treated)  # 3 - 1 and 6 - 4; the last has no other
    assert found == Estimate(2.0, 0.0, 1.0)


def all_pairs(n, effect, rng):
    """Return items between all ordered pairs, and what they are worth untreated and treated."""
    viewer, profile = (side.ravel() for side in np.meshgrid(np.arange(n), np.arange(n), indexing="ij"))
    worth = rng.normal(1.0, 0.3, n)[viewer] + rng.normal(0.0, 0.3, n)[profile] + rng.normal(0.0, 0.3, n * n)
    return viewer, profile, worth, worth + effect


def test_pairs_give_the_effect_of_treating_both_sides():
    rng, n, found = np.random.default_rng(7), 40, []
    viewer, profile, zero, one = all_pairs(n, 0.5, rng)
    for _ in range(400):
        v, p = halves(n, rng), halves(n, rng)
        x = np.where(v[viewer] & p[profile], one, zero)
        found.append(assigned.between_pairs(x, Dyads(viewer, profile, v, p)))
    effects = np.array([one.effect for one in found])
    truth = n * 0.5  # per member: its n profiles
    assert effects.mean() == pytest.approx(truth, abs=4.0 * effects.std() / 20.0)
    covered = np.mean([low <= truth <= high for low, high in (one.bounds for one in found)])
    assert covered > 0.93  # errors are those of a population: for these very members they are too long


def test_a_ratio_of_pairs_has_no_use_for_how_many_there_are():
    rng, n = np.random.default_rng(8), 30
    viewer, profile, zero, _ = all_pairs(n, 0.0, rng)
    v, p = halves(n, rng), halves(n, rng)
    x = np.where(v[viewer] & p[profile], 0.6, 0.2)
    found = assigned.between_pairs(x, Dyads(viewer, profile, v, p), np.ones(n * n))
    assert found.effect == pytest.approx(0.4)
    assert found.error == pytest.approx(0.0, abs=1e-9)
    assert assigned.between_pairs(zero, Dyads(viewer, profile, np.zeros(n, bool), p)) is assigned.NOT_ESTIMABLE


def ring(n, k):
    return np.array([(i, (i + step) % n) for i in range(n) for step in range(1, k + 1)])


def test_chances_of_exposure_are_those_of_a_binomial():
    ties = ring(50, 3)  # six contacts each
    found = assigned.exposure(np.ones(50, bool), ties, share=0.4, threshold=0.5)
    assert np.allclose(found.chance_treated, 0.4 * stats.binom.sf(2, 6, 0.4))
    assert np.allclose(found.chance_untreated, 0.6 * stats.binom.sf(2, 6, 0.6))
    assert found.treated.all()
    assert not found.untreated.any()


def linear_in_means(treated, ties, direct, spill, noise):
    """Return y = direct * own arm + spill * share of treated contacts + noise: the toy whose effect of treating all is the sum."""
    both = np.concatenate([ties, ties[:, ::-1]])
    on = np.bincount(both[:, 0], weights=treated[both[:, 1]].astype(float)) / np.bincount(both[:, 0])
    return direct * treated + spill * on + noise


def test_of_a_linear_in_means_world_a_difference_shows_the_direct_effect_and_exposure_more_of_all():
    rng, n, ties = np.random.default_rng(9), 2000, ring(2000, 2)
    noise, plain, weighted, whole = rng.normal(0.0, 0.5, n), [], [], []
    for _ in range(150):
        treated = rng.random(n) < 0.5
        y = linear_in_means(treated, ties, 1.0, 2.0, noise)
        plain.append(assigned.difference(y, treated).effect)
        found = assigned.exposure(treated, ties, 0.5, 1.0)
        estimate, effective = assigned.hajek(y, found)
        weighted.append(estimate.effect)
        whole.append(effective)
    assert np.mean(plain) == pytest.approx(1.0, abs=0.02)
    assert np.mean(weighted) == pytest.approx(3.0, abs=0.03)  # contacts are all treated, or none is
    assert np.mean(whole) == pytest.approx(2 * n / 2**5, rel=0.05)  # a member in 32 is exposed to either


def test_where_hardly_anybody_can_be_exposed_nothing_is_estimated():
    treated = np.random.default_rng(10).random(400) < 0.5
    found, effective = assigned.hajek(np.ones(400), assigned.exposure(treated, ring(400, 10), 0.5, 0.9))
    assert math.isnan(found.effect)
    assert effective == 0.0


def test_what_can_be_detected_is_two_point_eight_errors():
    assert assigned.detectable(1.0) == pytest.approx(1.959964 + 0.841621, rel=1e-6)


@pytest.mark.slow
def test_randomisation_inference_is_right_in_one_of_twenty():
    """The rank of an estimate among those of other assignments is uniform where nothing has an effect: 10,000 assignments."""
    rng, n = np.random.default_rng(11), 200
    y = rng.exponential(1.0, n)
    found = np.array([abs(assigned.difference(y, halves(n, rng)).effect) for _ in range(10_000)])
    other = np.array([abs(assigned.difference(y, halves(n, rng)).effect) for _ in range(10_000)])
    assert (found > np.quantile(other, 0.95)).mean() == pytest.approx(0.05, abs=0.006)


def test_of_strata_the_difference_is_statsmodels_own_with_all_interactions():
    rng = np.random.default_rng(9)
    strata, n = rng.integers(0, 4, 400), 400
    treated, y = rng.random(n) < 0.4, rng.normal(size=n) * (1 + strata) + 2.0 * strata
    dummies = np.column_stack([(strata == k) - (strata == k).mean() for k in range(1, 4)])
    x = np.column_stack([np.ones(n), treated, dummies, treated[:, None] * dummies])
    fit = sm.OLS(y, x).fit(cov_type="HC2")
    found = assigned.stratified(y, treated, strata)
    assert found.effect == pytest.approx(fit.params[1], rel=1e-9)
    assert found.error == pytest.approx(fit.bse[1], rel=1e-9)
    assert assigned.stratified(y, treated, np.zeros(n, int)) == pytest.approx(assigned.difference(y, treated))


def test_strata_that_are_too_small_are_taken_together():
    y, treated = np.array([1.0, 2.0, 5.0, 3.0, 9.0, 8.0]), np.array([True, False, True, False, True, False])
    assert assigned.stratified(y, treated, np.array([0, 0, 1, 1, 2, 2])) == pytest.approx(assigned.difference(y, treated))
    assert math.isnan(assigned.stratified(y, treated, np.array([0, 0, 0, 0, 2, 2])).effect)


@pytest.mark.parametrize("disturbed", [False, True])
def test_increasing_allocation_finds_what_comes_from_others_and_nothing_else(disturbed):
    """In a linear-in-means world the untreated gain as more are treated; a step that all share, and a fixed effect, make no difference."""
    rng, found = np.random.default_rng(10), []
    for k in range(200):
        treated, own = np.arange(120) < 40, rng.normal(size=120)
        first, second = (own + 0.7 * treated + day + 0.5 * rng.normal(size=120) for day in (0.0, 1.3))
        if disturbed:
            second = second + 0.5 * ~treated
        found.append(assigned.increasing_allocation(second - first, treated, k, times=199) < 0.05)
    assert (np.mean(found) > 0.9) if disturbed else (np.mean(found) == pytest.approx(0.05, abs=0.045))
    assert math.isnan(assigned.increasing_allocation(np.zeros(3), np.array([True, False, False]), 1))
