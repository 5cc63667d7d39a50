"""What fits, and what misses."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from experiments.calibration.patterns.messages import Found
from experiments.inference.bank import Bank
from experiments.inference.posterior import agreeing, aims, fitted, is_inside, kept, misses, moved_on, ready, strangeness
from experiments.inference.prior import logit
from tests.experiments.inference.conftest import SLOPES, TITLES, data_at, prior


def test_a_draw_is_kept_if_it_misses_no_figure_by_more_than_three_standard_errors():
    missed = np.array([[0.0, 2.9], [0.0, 3.1], [-3.1, 0.0], [np.nan, 0.0], [-2.9, 3.0]])
    assert kept(missed).tolist() == [True, False, False, False, True]


def test_data_that_no_draw_has_together_are_strange():
    rng = np.random.default_rng(1)
    x = rng.normal(size=500)
    bank = np.column_stack([x, x + 0.1 * rng.normal(size=500)])
    assert strangeness(bank, np.array([1.0, 1.0])) < 0.8
    assert strangeness(bank, np.array([1.0, -1.0])) == 1.0  # each usual by itself, never together


def test_a_figure_that_many_runs_lack_is_left_out_and_then_the_runs_that_lack_one():
    of, data = prior(), data_at([0, 0, 0], error=1.0)  # figures of 0 are wanted: draws 0 to 3 show them
    values = of.sample(40, 1)
    figures = [{name: Found(float(k), 9.0) for name in TITLES} for k in range(40)]
    for k in range(10):
        figures[k]["figure 2"] = Found(np.nan, 0.0)
    figures[20]["figure 0"] = Found(np.nan, 0.0)
    figures[21] = None
    found = ready(Bank(values, figures), data, of, 1)
    assert found.left_out == ("figure 2",)
    assert found.beyond == ()
    assert found.data.names == tuple(name for name in TITLES if name != "figure 2")
    assert len(found.z) == 38
    assert found.clean[20].tolist() == [22.0] * 5
    assert (found.noisy - found.clean).std() == pytest.approx(data.errors[0], rel=0.25)
    data.values[4] = -1.0  # draws 0 to 2, two of which are one in twenty
    assert ready(Bank(values, figures), data, of, 1).beyond == ()
    data.values[4] = -2.0  # draws 0 and 1
    assert ready(Bank(values, figures), data, of, 1).beyond == ()
    data.values[4] = -2.5  # draw 0 alone: near to one of forty, as anything is to the nearest of many
    assert ready(Bank(values, figures), data, of, 1).beyond == ("figure 4",)
    data.values[4] = 0.0
    again = ready(Bank(values, figures), data, of, 1)
    assert np.array_equal(again.noisy, found.noisy)


def test_a_figure_with_a_tiny_error_amid_the_draws_is_not_beyond_the_model():
    of, data = prior(), data_at([0, 0, 0], error=1e-3)
    values = of.sample(40, 1)
    figures = [{name: Found(float(k), 9.0) for name in TITLES} for k in range(40)]
    data.values[:] = 7.5  # within three errors of none
    assert ready(Bank(values, figures), data, of, 1).beyond == ()
    data.values[3] = 39.5
    assert ready(Bank(values, figures), data, of, 1).beyond == ("figure 3",)
    data.values[3] = -0.5
    assert ready(Bank(values, figures), data, of, 1).beyond == ("figure 3",)


def test_the_central_99_per_cent_end_where_one_of_two_hundred_is_beyond():
    draws = np.arange(400.0)[:, None] + np.array([0.0, np.nan])
    draws[:100, 1] = np.arange(100.0)
    assert is_inside(draws, np.array([1.0, 0.5])).tolist() == [True, True]
    assert is_inside(draws, np.array([0.5, -0.5])).tolist() == [False, False]
    assert is_inside(draws, np.array([398.0, 99.5])).tolist() == [True, False]


def with_values(of, values):
    """Return a bank with other data."""
    return of._replace(data=dataclasses.replace(of.data, values=np.asarray(values, float)))


def test_a_figure_that_the_others_contradict_is_named_and_left_out(found):
    of = found.fit.ready
    assert agreeing(of).against == ()
    values = of.data.values.copy()
    values[3] += 3.0  # of the third number, which figures 2 and 5 tell too; each error is 0.3
    left = agreeing(with_values(of, values))
    assert [one.title for one in left.against] == ["figure 3"]
    assert left.data.names == tuple(name for name in TITLES if name != "figure 3")
    assert left.clean.shape == left.noisy.shape == (len(of.z), 5)
    (one,) = left.against
    assert one.observed == pytest.approx(values[3])
    assert one.expected == pytest.approx(of.data.values[3], abs=0.5)
    assert one.off > 3.0
    assert fitted(left, np.zeros((0, 2, 5))).together


def test_where_more_than_a_fifth_of_the_figures_are_contradicted_the_model_is_wrong_and_none_is_left_out(found):
    of = found.fit.ready
    values = of.data.values + np.array([0.0, 9.0, 0.0, 9.0, 0.0, -9.0])
    asked = agreeing(with_values(of, values))
    assert len(asked.against) == 2
    assert asked.data.names == TITLES
    fit = fitted(asked, np.zeros((0, 2, 6)))
    assert fit.quarrel
    assert not fit.together


def test_draws_that_a_straight_line_led_astray_are_moved_by_what_their_runs_show():
    """Figures bend with the numbers: a second step comes nearer to what each draw should show. Straight figures need none."""
    of, data = prior(), data_at([0.5, -0.5, 0.3], error=0.05)

    def shown(values, bend):
        z = logit(of.unit(values))[:, :3] @ SLOPES.T
        return z + bend * (z - data.values) ** 2

    for bend, least in ((0.15, 1.4), (0.0, 0.0)):
        draws = of.sample(512, 1)
        bank = Bank(draws, [{name: Found(float(x), 1.0) for name, x in zip(TITLES, row, strict=True)} for row in shown(draws, bend)])
        fit = fitted(ready(bank, data, of, 1), np.zeros((0, 2, len(TITLES))))
        once = aims(fit, 60)
        seen = shown(of.at(once.z), bend)
        twice = moved_on(fit, once, seen)
        before, after = (np.sqrt(((figures - once.figures) ** 2).mean()) for figures in (seen, shown(of.at(twice.z), bend)))
        assert before > least * after
        if not bend:
            assert np.abs(misses(fit, seen)).max() < 4.0
            assert of.at(twice.z) == pytest.approx(of.at(once.z), rel=0.2)
    lost = seen.copy()
    lost[0] = np.nan  # figures that a run lacks move nothing
    assert np.array_equal(moved_on(fit, once, lost).z[0], once.z[0])
    assert np.array_equal(moved_on(fit, once, lost).z[1:], twice.z[1:])
