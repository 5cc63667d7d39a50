"""Roots of curves that are known, found through noise: an interval covers as often as it says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.methods import root_finding

X = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])


def test_a_line_fitted_to_six_points_by_hand():
    """Of 1, 2, 4, 4, 6, 7 at 0 to 5: slope 21 / 17.5, residuals squared 0.8, so the slope's variance is 0.2 / 17.5."""
    y = np.array([1.0, 2.0, 4.0, 4.0, 6.0, 7.0])
    fit = root_finding.fitted(X, y, 1)
    assert fit.coefficients.tolist() == pytest.approx([1.2, 1.0])
    assert fit.freedom == 4
    assert fit.covariance[0, 0] == pytest.approx(0.2 / 17.5)
    assert fit.covariance[1, 1] == pytest.approx(0.2 * (1.0 / 6.0 + 2.5**2 / 17.5))  # at 0, 2.5 from the mean
    assert fit.covariance[0, 1] == pytest.approx(-0.2 * 2.5 / 17.5)
    assert root_finding.fitted(X[:2], y[:2], 1).freedom == 1  # as many points as coefficients
    # the root -1 / 1.2: the standard error of the line there, by its slope
    spread = math.sqrt(0.2 * (1.0 / 6.0 + (2.5 + 1.0 / 1.2) ** 2 / 17.5))
    assert root_finding.error_of(fit, -1.0 / 1.2) == pytest.approx(spread / 1.2)
    assert root_finding.error_of(polynomial(0.0, 1.0), 0.0) == math.inf


def test_the_band_of_a_line_is_its_t_times_its_error():
    y = np.array([1.0, 2.0, 4.0, 4.0, 6.0, 7.0])
    mean, band = root_finding._banded(root_finding.fitted(X, y, 1), np.array([2.5, 4.5]), 0.95)
    assert mean == pytest.approx([4.0, 6.4])
    # t tables: 2.7764 at four degrees of freedom
    assert band == pytest.approx([2.776445 * math.sqrt(0.2 / 6.0), 2.776445 * math.sqrt(0.2 * (1.0 / 6.0 + 4.0 / 17.5))], rel=1e-6)
    assert root_finding._banded(root_finding.fitted(X, y, 1), np.array([2.5]), 0.99)[1] == pytest.approx(
        4.604095 * math.sqrt(0.2 / 6.0), rel=1e-6
    )


@pytest.mark.parametrize(("curve", "degree"), [(lambda x: 2.0 - x, 1), (lambda x: (x - 1.0) ** 2, 2), (lambda x: x**3 - 3.0 * x, 3)])
def test_the_best_fit_has_the_degree_of_the_curve(curve, degree):
    x = np.linspace(-3.0, 3.0, 30)
    fit = root_finding.best_fit(x, curve(x) + 0.01 * np.random.default_rng(1).standard_normal(30))
    assert len(fit.coefficients) == degree + 1


def polynomial(*coefficients):
    size = len(coefficients)
    return root_finding.Fit(np.array(coefficients), np.zeros((size, size)), 20)


@pytest.mark.parametrize(
    ("coefficients", "low", "high", "roots"),
    [
        ((1.0, -4.0, 3.0), 0.0, 6.0, [1.0, 3.0]),  # (x - 1) (x - 3)
        ((1.0, -4.0, 3.0), 2.0, 6.0, [3.0]),
        ((1.0, -4.0, 3.0), 0.0, 3.0, [1.0]),  # the end of the range does not count
        ((1.0, -4.0, 3.0), 1.0, 6.0, [3.0]),
        ((1.0, -4.0, 4.0), 0.0, 6.0, []),  # it touches zero at 2
        ((1.0, 0.0, 1.0), -6.0, 6.0, []),  # roots i and -i
        ((-1.0, 2.0), 0.0, 6.0, [2.0]),
    ],
)
def test_crossings_of_polynomials(coefficients, low, high, roots):
    assert root_finding.crossings(polynomial(*coefficients), low, high) == pytest.approx(roots)


def test_a_change_within_a_line_ends_where_zero_is_just_outside_its_band():
    """For a line that is Fieller's interval: there the line is its t times its standard error."""
    rng = np.random.default_rng(7)
    x = np.linspace(0.0, 6.0, 40)
    y = 0.5 * (2.0 - x) + 0.3 * rng.standard_normal(40)
    fit = root_finding.fitted(x, y, 1)
    found = root_finding.change_within(fit, 0.0, 6.0, 2.0)
    assert (found.before, found.after) == (1, -1)
    assert found.low < found.root < found.high
    step = 6.0 / 1200.0
    for end, inside in ((found.low, step), (found.high, -step)):
        (outer, inner), bands = root_finding._banded(fit, np.array([end, end + inside]), 0.95)
        assert abs(outer) > bands[0]
        assert abs(inner) <= bands[1]
    assert found.root == pytest.approx(-fit.coefficients[1] / fit.coefficients[0])
    strict = root_finding.change_within(fit, 0.0, 6.0, 2.0, level=0.99)
    assert strict.low < found.low < found.high < strict.high


@pytest.mark.parametrize(
    ("line", "expected"),  # with no band at all, sure is all but zero itself
    [
        (((1.0, -2.0), 0.0, 6.0), (2.0, -1, 1)),
        (((-1.0, 2.0), 0.0, 6.0), (2.0, 1, -1)),
        (((1.0, 2.0), 0.0, 6.0), (math.nan, 0, 1)),  # above zero all over: what is open lies below
        (((-1.0, -2.0), 0.0, 6.0), (math.nan, 0, -1)),
    ],
)
def test_signs_on_both_sides_of_a_change(line, expected):
    (coefficients, low, high), (root, before, after) = line, expected
    found = root_finding.change_within(polynomial(*coefficients), low, high, 3.0)
    assert (found.before, found.after) == (before, after)
    assert found.root == pytest.approx(root, nan_ok=True)
    if before:
        assert (found.low, found.high) == pytest.approx((2.0, 2.0), abs=0.0051)


def test_of_two_changes_the_nearest_to_the_centre_is_taken():
    fit = polynomial(1.0, -6.0, 5.0)  # (x - 1) (x - 5)
    for centre, root, signs in ((0.5, 1.0, (1, -1)), (2.9, 1.0, (1, -1)), (3.1, 5.0, (-1, 1))):
        found = root_finding.change_within(fit, 0.0, 6.0, centre)
        assert found.root == pytest.approx(root)
        assert (found.before, found.after) == signs


def test_what_a_band_leaves_open_goes_on_to_the_end():
    wide = root_finding.Fit(np.array([1.0, -5.0]), np.array([[0.0, 0.0], [0.0, 1.0]]), 20)  # x - 5, its band 2.086 all over
    found = root_finding.change_within(wide, 0.0, 6.0, 5.0)
    assert (found.before, found.after, found.high) == (-1, 0, 6.0)
    assert found.low == pytest.approx(5.0 - 2.086, abs=0.006)
    found = root_finding.change_within(wide, 4.0, 10.0, 5.0)
    assert (found.before, found.after, found.low) == (0, 1, 4.0)
    assert found.high == pytest.approx(5.0 + 2.086, abs=0.006)
    found = root_finding.change_within(wide, 4.0, 6.0, 5.0)
    assert (found.before, found.after, found.low, found.high) == (0, 0, 4.0, 6.0)


@pytest.mark.parametrize(("peak", "expected"), [(3.0 - 0.0025, (1, 0, 6.0)), (3.0 + 0.0025, (0, 1, 0.0))])
def test_of_two_open_ends_the_wider_is_left_open(peak, expected):
    """Surely above zero around a peak: half a place away from the middle, one place more is open on the other side."""
    covariance = np.zeros((3, 3))
    covariance[2, 2] = 1.0  # its band is 2.086 all over: 3 - 0.2 (x - peak)^2 clears it within 2.1 of the peak
    hill = root_finding.Fit(np.array([-0.2, 0.4 * peak, 3.0 - 0.2 * peak * peak]), covariance, 20)
    found = root_finding.change_within(hill, 0.0, 6.0, peak)
    assert (found.before, found.after) == expected[:2]
    assert (found.high if found.before else found.low) == expected[2]


@pytest.mark.parametrize(("near", "root"), [(None, 4.0), (2.0, 1.5), (6.0, 4.0)])
def test_of_two_roots_the_one_near_the_middle_is_found_unless_another_place_is_asked_for(near, root):
    found = root_finding.find_root(lambda x: (x - 1.5) * (x - 4.0), 0.0, 6.0, near=near)  # the middle is 3
    assert found.root == pytest.approx(root)
    assert found.others == 1


@pytest.mark.parametrize(("shift", "sign"), [(5.0, 1), (-5.0, -1), (0.0, 0)])
def test_the_sign_of_what_keeps_clear_of_zero(shift, sign):
    x = np.linspace(0.0, 6.0, 30)
    y = 0.5 * (x - 3.0) + shift + 0.1 * np.random.default_rng(2).standard_normal(30)
    assert root_finding.sign_of(x, y, 0.0, 6.0) == sign


@pytest.mark.parametrize(("level", "sure"), [(0.25, (0, 0, 0)), (0.35, (1, 0, 0)), (0.45, (1, 1, 0)), (0.55, (1, 1, 1))])
def test_a_sign_is_sure_only_once_a_cubic_is_sure_of_it_too(level, sure):
    """The more a curve can bend, the wider is its band at the ends: that of a line is cleared first."""
    x = np.linspace(0.0, 6.0, 30)
    y = level + np.tile([0.3, -0.3], 15)
    assert tuple(root_finding._clear(root_finding.fitted(x, y, degree), 0.0, 6.0) for degree in (1, 2, 3)) == sure
    assert root_finding.sign_of(x, y, 0.0, 6.0) == min(sure)
    assert root_finding.sign_of(x, -y, 0.0, 6.0) == -min(sure)


def test_the_sign_is_asked_of_slopes_and_bends_never_of_the_mean_alone():
    """Over -3 to 3 a line through 0 is zero in the mean; from 1 on it is surely above, in whatever curve is fitted."""
    x = np.linspace(-3.0, 3.0, 30)
    y = x + np.tile([0.1, -0.1], 15)
    assert root_finding.sign_of(x, y, 1.0, 3.0) == 1
    assert root_finding.sign_of(x, y, -3.0, -1.0) == -1
    assert root_finding.sign_of(x, y, -3.0, 3.0) == 0


def test_where_a_fit_is_hardest_to_tell_from_zero():
    assert root_finding.nearest_to_zero(polynomial(1.0, -6.0, 11.0), 0.0, 6.0) == pytest.approx(3.0)  # (x - 3)^2 + 2
    # 1 + x, whose error is a tenth of x: farthest from zero at 1, and yet least told from it there
    unsure = root_finding.Fit(np.array([1.0, 1.0]), np.array([[0.01, 0.0], [0.0, 0.0]]), 20)
    assert root_finding.nearest_to_zero(unsure, 0.0, 1.0) == 1.0


def test_of_two_roots_within_a_window_the_wanted_one_is_found():
    assert root_finding.find_root(lambda x: (x - 2.5) * (x - 3.3), 0.0, 6.0).root == pytest.approx(3.3, abs=1e-6)  # the middle is 3
    assert root_finding.find_root(lambda x: (x - 2.5) * (x - 3.3), 0.0, 6.0, near=2.6).root == pytest.approx(2.5, abs=1e-6)


@pytest.mark.parametrize("low", [0.0, 10.0])
def test_places_are_the_middles_of_even_parts_wherever_the_range_begins(low):
    asked = []
    found = root_finding.find_root(lambda x: asked.append(x) or x - low - 2.31, low, low + 6.0)
    assert asked[0] == pytest.approx(low + (np.arange(30) + 0.5) / 5.0)
    assert len(asked[1]) == 70
    # the second stage: 0.18 of the range on both sides of the first guess
    assert asked[1] == pytest.approx(low + 2.31 - 1.08 + 2.16 * (np.arange(70) + 0.5) / 70.0)
    assert (found.kind, found.sign, found.others, len(found.x), len(found.y)) == (root_finding.CHANGES, -1, 0, 100, 100)
    assert found.root == pytest.approx(low + 2.31)
    assert found.found


def test_how_many_places_there_are_at_least():
    few = []
    root_finding.find_root(lambda x: few.append(len(x)) or x - 2.31, 0.0, 6.0, points=20)
    assert few == [8, 12]  # eight at least


@pytest.mark.parametrize("low", [0.0, 10.0])
def test_six_places_around_a_root_are_enough_for_a_parabola_of_their_own(low):
    """Of eight places over the range the window has two, one twice as wide six: the interval comes from these."""
    noise = np.array([-0.5, 0.1, -0.1, 0.05, -0.05, 0.1, -0.1, 0.5])  # it leaves the root where it is

    def seen_at(x):
        return x - low - 4.0 + noise if len(x) == 8 else np.zeros(0)

    found = root_finding.find_root(seen_at, low, low + 8.0, points=8, more=lambda _: 0)
    fit = root_finding.best_fit(found.x, found.y)
    centre = min(root_finding.crossings(fit, low, low + 8.0), key=lambda r: abs(r - low - 4.0))
    half = min(0.5, max(0.18, 2.0 * root_finding.error_of(fit, centre) / 8.0)) * 8.0
    inside = np.abs(found.x - centre) <= 2.0 * half
    assert (np.abs(found.x - centre) <= half).sum() < 6
    assert inside.sum() == 6
    expected = root_finding.change_within(root_finding.fitted(found.x[inside] - centre, found.y[inside], 2), -2.0 * half, 2.0 * half, 0.0)
    assert (found.root, found.low, found.high) == pytest.approx((centre + expected.root, centre + expected.low, centre + expected.high))
    assert found.kind == root_finding.CHANGES


@pytest.mark.parametrize("low", [0.0, 10.0])
def test_around_a_root_that_is_less_certain_more_is_looked_at(low):
    """Noise of plus and minus 4 leaves a line's root at 0.235 of the range either way, by twice its error: more than 0.18."""
    noise = np.tile([-4.0, 4.0], 15)
    asked = []
    root_finding.find_root(lambda x: asked.append(x) or x - low - 2.31 + (noise if len(x) == 30 else 0.0), low, low + 6.0)
    fit = root_finding.fitted(asked[0], asked[0] - low - 2.31 + noise, 1)
    root = -fit.coefficients[1] / fit.coefficients[0]
    half = 2.0 * root_finding.error_of(fit, root)
    assert half / 6.0 == pytest.approx(0.2353, abs=1e-4)
    assert asked[1] == pytest.approx(root - half + 2.0 * half * (np.arange(70) + 0.5) / 70.0)


@pytest.mark.parametrize("turned", [False, True])
def test_what_is_left_open_is_the_widest_of_a_line_a_parabola_and_a_cubic(turned):
    """The best guess is the parabola's; a sign is told where none of them leaves open what is below."""
    x = 10.1 + np.arange(30) / 5.0
    y = 0.5 * (x - 15.5) + np.tile([0.3, -0.3, 0.1], 10)
    y = -y[::-1] if turned else y  # what is open lies at the range's other end
    line, parabola, cubic = (root_finding.change_within(root_finding.fitted(x, y, k), 10.0, 16.0, 13.0, level=0.99) for k in (1, 2, 3))
    found = root_finding._left_open(x, y, low=10.0, high=16.0, centre=13.0)
    assert (found.kind, found.others, len(found.x), len(found.y)) == (root_finding.OPEN, 0, 30, 30)
    assert found.root == parabola.root not in (line.root, cubic.root)
    if turned:
        assert (line.before, parabola.before, cubic.before) == (-1, 0, 0)
        assert (found.low, found.high, found.sign) == (10.0, cubic.high, 0)
        assert cubic.high > max(line.high, parabola.high)
    else:
        assert (line.before, parabola.before, cubic.before) == (-1, -1, -1)
        assert (found.low, found.high, found.sign) == (cubic.low, 16.0, -1)
        assert cubic.low < min(line.low, parabola.low)


def test_five_places_are_too_few_and_six_are_enough():
    def all_but(many):
        def seen_at(x):
            y = x - 2.31
            y[many:] = math.nan
            return y

        return root_finding.find_root(seen_at, 0.0, 6.0, points=20)

    few = all_but(5)
    assert (few.kind, len(few.x), few.low, few.high, few.sign, few.others) == (root_finding.OPEN, 5, 0.0, 6.0, 0, 0)
    assert math.isnan(few.root)
    assert len(all_but(6).x) == 12


CURVES = {
    "a line": (lambda x: 0.02 * (x - 2.3), 2.3, 0.02),
    "saturating": (lambda x: 0.05 * np.tanh(x - 2.3), 2.3, 0.02),
    "bent": (lambda x: 0.01 * (x - 2.3) * (x + 1.0), 2.3, 0.03),
    "exponential": (lambda x: 0.05 * (1.0 - np.exp(-(x - 1.2))), 1.2, 0.03),
}


def seen(curve, noise, seed):
    rng = np.random.default_rng(seed)
    return lambda x: curve(x) + noise * rng.standard_normal(len(x))


def coverage(name, repeats):
    curve, truth, noise = CURVES[name]
    found = [root_finding.find_root(seen(curve, noise, k), 0.0, 6.0) for k in range(repeats)]
    assert np.mean([r.found for r in found]) > 0.97
    return np.mean([r.low <= truth <= r.high for r in found])


@pytest.mark.parametrize("name", CURVES)
def test_the_interval_of_a_root_covers_it(name):
    assert 0.90 <= coverage(name, 200) <= 0.99


@pytest.mark.slow
@pytest.mark.parametrize("name", CURVES)
def test_the_interval_of_a_root_covers_it_95_times_of_a_hundred(name):
    assert 0.93 <= coverage(name, 3000) <= 0.97


def kinds(curve, noise, repeats):
    found = [root_finding.find_root(seen(curve, noise, k), 0.0, 6.0) for k in range(repeats)]
    return found, {kind: np.mean([r.kind == kind for r in found]) for kind in (root_finding.CHANGES, root_finding.NONE, root_finding.OPEN)}


@pytest.mark.parametrize("end", [5.4, 5.9, 0.05])
def test_a_root_at_the_edge_is_covered_and_never_called_no_change(end):
    found, share = kinds(lambda x: 0.02 * (x - end), 0.03, 150)
    assert share[root_finding.NONE] < 0.05
    assert np.mean([r.low <= end <= r.high for r in found if r.kind != root_finding.NONE]) > 0.9
    assert share[root_finding.OPEN] > 0.05  # what lies beyond the range may matter, and is told


@pytest.mark.parametrize("beyond", [6.3, -0.5])
def test_a_root_beyond_the_range_is_not_called_one_within(beyond):
    _, share = kinds(lambda x: 0.02 * (x - beyond), 0.03, 150)
    assert share[root_finding.CHANGES] < 0.09


@pytest.mark.slow
@pytest.mark.parametrize("beyond", [6.3, -0.5])
def test_a_root_beyond_the_range_is_called_one_within_at_most_five_times_of_a_hundred(beyond):
    _, share = kinds(lambda x: 0.02 * (x - beyond), 0.03, 2000)
    assert share[root_finding.CHANGES] < 0.05


def test_where_nothing_differs_nothing_is_called():
    found, share = kinds(lambda x: 0.0 * x, 1.0, 150)
    assert share[root_finding.CHANGES] < 0.11  # of either sign: 5% each way are what three looks at 95% may give
    assert share[root_finding.NONE] < 0.05
    assert all(len(r.x) == 100 for r in found if r.kind == root_finding.OPEN)  # all that was allowed was spent on it
    exact = root_finding.find_root(lambda x: 0.0 * x, 0.0, 6.0)
    assert (exact.kind, exact.sign, exact.low, exact.high) == (root_finding.OPEN, 0, 0.0, 6.0)


def test_a_curve_that_touches_zero_does_not_change_its_sign():
    _, share = kinds(lambda x: 0.02 * (x - 3.0) ** 2, 0.02, 150)
    assert share[root_finding.CHANGES] < 0.11


def test_where_there_is_no_root_there_is_none_and_the_sign_is_told():
    found = root_finding.find_root(seen(lambda x: 1.0 + 0.1 * x, 0.1, 1), 0.0, 6.0)
    assert found.kind == root_finding.NONE
    assert found.sign == 1
    assert len(found.x) == 30  # nothing is spent on looking closer


def test_whole_numbers_are_looked_at_where_they_are():
    asked = []

    def steps(x):
        asked.extend(x)
        return 0.5 * (x - 4.6) + 0.3 * np.random.default_rng(len(x)).standard_normal(len(x))

    found = root_finding.find_root(steps, 0.0, 8.0, whole=True)
    assert set(asked) <= set(range(9))
    assert found.low <= 4.6 <= found.high
    assert found.high - found.low < 1.0


def test_how_many_closer_points_there_may_be_is_asked_once_the_first_are_seen():
    planned = []
    found = root_finding.find_root(seen(*CURVES["a line"][::2], 1), 0.0, 6.0, more=lambda count: planned.append(count) or 15)
    assert planned == [70]
    assert len(found.x) == 45


def test_where_everything_fails_nothing_is_decided():
    assert root_finding.find_root(lambda x: np.full(len(x), np.nan), 0.0, 6.0).kind == root_finding.OPEN


def test_of_several_roots_the_nearest_is_taken_and_the_others_are_counted():
    found = root_finding.find_root(seen(lambda x: (x - 1.0) * (x - 3.0) * (x - 5.0), 0.2, 2), 0.0, 6.0, near=4.6)
    assert found.low <= 5.0 <= found.high
    assert found.others == 2


def test_failed_points_are_left_out():
    def half(x):
        y = 0.02 * (x - 2.3)
        y[::2] = np.nan
        return y

    found = root_finding.find_root(half, 0.0, 6.0)
    assert found.root == pytest.approx(2.3, abs=1e-6)
    assert len(found.x) == 50
