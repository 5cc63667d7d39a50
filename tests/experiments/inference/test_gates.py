"""Gates notice what is wrong, and pass what is right; the whole is looked at in test_calibration."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.inference import gates
from experiments.inference.gates import PSEUDO, check, conspicuous, held_out, predictions
from experiments.inference.posterior import fitted, without
from experiments.inference.prior import expit
from experiments.methods.information import information
from tests.experiments.inference.conftest import SLOPES

pytest.importorskip("sklearn")


def test_first_order_indices_are_those_of_a_linear_model(found):
    got = found.gates.first
    shares = SLOPES**2 / (SLOPES**2).sum(axis=1, keepdims=True)
    assert got[:, :3] == pytest.approx(shares, abs=0.12)
    assert np.abs(got[:, 3]).max() < 0.05
    assert found.gates.moving.tolist() == [True, True, True, False]


def test_what_moves_a_figure_is_not_halved_if_errors_of_observation_hide_it(found):
    of = found.fit.ready
    assert found.gates.halved.tolist() == [True, True, True, False]
    blurred = of._replace(noisy=of.noisy + 4.0 * np.random.default_rng(1).normal(size=of.noisy.shape))
    gates = check(fitted(blurred, np.zeros((0, 2, 6))), [], 1)
    assert gates.moving.tolist() == [True, True, True, False]
    assert not gates.halved.any()
    assert (gates.expected > 0.5).all()
    assert not gates.contracted
    assert gates.controls["the prior as posterior"]  # seen by what is wider than any fit to a pseudo-log


def test_what_is_foreseen_has_the_errors_of_the_figures_and_the_noise_of_runs(found):
    of, gates = found.fit.ready, found.gates
    covariance = of.data.covariance + np.diag(found.fit.noise**2)
    rng = np.random.default_rng(0)
    assert gates.information.spread == pytest.approx(information(expit(of.z), of.clean, covariance, rng).spread)
    # what a fit knows is about what is foreseen, of a model that is nearly straight
    assert gates.contraction[:3] == pytest.approx(gates.information.spread[:3], abs=0.08)
    assert gates.information.spread[3] > 0.95


def test_a_posterior_that_is_wider_than_for_any_pseudo_log_fails_the_contraction_though_it_is_halved(found):
    gates = found.gates
    assert gates.contracted
    assert (gates.widest >= gates.expected).all()
    odd = gates._replace(widest=np.where([False, True, False, False], 0.9 * gates.contraction, gates.widest))
    assert odd.wide.tolist() == [False, True, False, False]
    assert not odd.contracted
    assert not gates._replace(contraction=np.where([False, False, True, False], 0.51, gates.contraction)).contracted
    assert not gates._replace(halved=np.zeros(4, bool)).contracted
    still = gates._replace(contraction=np.where([False, False, False, True], 2.0, gates.contraction))
    assert still.contracted  # the last one moves nothing


def test_a_control_is_noticed_by_more_wide_numbers_than_a_log_has_by_chance():
    """Of 200 fits one is the widest in the first three numbers at once and three in another: 99 of 100 have one such number at most."""
    spreads = np.full((200, 6), 0.5)
    spreads[7, :3] = 0.6
    spreads[[20, 30, 40], [3, 4, 5]] = 0.6
    moving = np.ones(6, bool)
    wide = np.array([0.61, 0.61, 0.5, 0.5, 0.5, 0.5])
    assert conspicuous(wide, moving, spreads)
    assert not conspicuous(np.where(np.arange(6) == 0, 0.61, 0.5), moving, spreads)
    assert not conspicuous(np.full(6, 0.6), moving, spreads)  # as wide as the widest, and no wider
    assert not conspicuous(wide, np.array([True, False, True, True, True, True]), spreads)
    spreads[60, :2] = spreads[70, 3:5] = 0.7  # now two logs of 200 have two such numbers, and so may have 99 of 100
    wide[:2] = 0.71
    assert not conspicuous(wide, moving, spreads)
    wide[2] = 0.61
    assert conspicuous(wide, moving, spreads)
    still = np.tile(spreads, 2)  # twice as many numbers, the second half of which moves nothing: it counts on neither side
    assert conspicuous(np.tile(wide, 2), np.arange(12) < 6, still)


def test_each_control_is_judged_by_its_own_fit(found, monkeypatch):
    seen = []
    monkeypatch.setattr(gates, "conspicuous", lambda spread, *_: bool(seen.append(spread)))
    of = found.fit.ready
    controls = check(found.fit, [], 1).controls
    assert [controls[name] for name in ("the prior as posterior", "shuffled figures")] == [False, False]
    prior_alone, shuffled = seen
    assert prior_alone == pytest.approx(np.ones(of.z.shape[1]), abs=0.05)
    assert not np.array_equal(prior_alone, shuffled)


def test_a_third_of_the_figures_is_left_out_always_the_same():
    out = held_out(9, 1)
    assert out.sum() == 3
    assert np.array_equal(out, held_out(9, 1))
    assert not all(np.array_equal(out, held_out(9, seed)) for seed in range(2, 9))


def test_a_fit_without_figures_does_not_see_them(found):
    of, out = found.fit.ready, np.array([True, False, True, False, False, False])
    part = without(of, out)
    assert part.data.names == tuple(name for name, left in zip(of.data.names, out, strict=True) if not left)
    assert np.array_equal(part.noisy, of.noisy[:, ~out])


@pytest.mark.parametrize(("shift", "inside"), [(0.0, True), (5.0, False)])
def test_a_figure_is_predicted_if_it_lies_within_what_runs_and_its_error_allow(found, shift, inside):
    of, out = found.fit.ready, np.array([True, False, False, False, False, False])
    rng = np.random.default_rng(2)
    again = np.tile(of.data.values, (20, 1)) + 0.1 * rng.normal(size=(20, 6)) + shift
    (one,) = predictions(of, out, again)
    assert one.inside is inside
    assert one.predicted == pytest.approx(one.observed + shift, abs=0.1)
    again[:, 0] = np.nan
    assert not predictions(of, out, again)[0].inside


def test_as_many_pseudo_logs_are_fitted_as_there_may_be(found):
    assert found.gates.ranks.shape == (PSEUDO, 4)
    assert ((found.gates.ranks >= 0.0) & (found.gates.ranks <= 1.0 + 1e-9)).all()
