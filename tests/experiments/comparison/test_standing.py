"""On what a verdict stands, with digits that are known: binomial bounds of 20 and of 40 worlds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.comparison.standing import most_that_turn, standing
from sim.results.measures import MEASURES

M = MEASURES["intent_success"]


def of(effects, verdict="better", difference=0.02, m=M):
    pairs = np.array(effects)[:, None] + np.array([[1e-6, -1e-6]])
    return standing(pd.Series({"verdict": verdict, "difference": difference}), pairs, np.ones(len(pairs)), m)


@pytest.mark.parametrize(("worlds", "most"), [(40, 7.2158), (20, 13.9108), (3, 63.1597)])
def test_if_none_of_some_worlds_turned_so_many_may(worlds, most):
    assert most_that_turn(worlds) == pytest.approx(most, abs=1e-3)
    assert most_that_turn(worlds) == pytest.approx(100.0 * (1.0 - 0.05 ** (1.0 / worlds)))  # the chance that none of them would


def test_all_worlds_bear_it_out():
    found = of([0.01] * 40)
    assert found.short == "better in all 40"
    assert found.told("calibrated world") == "better in all 40 calibrated worlds (95%: at most 7% of worlds turn)"
    assert of([0.01] * 20).told("assumed draw") == "better in all 20 assumed draws (95%: at most 14% of draws turn)"


def test_some_worlds_turn():
    found = of([-0.01] * 3 + [0.01] * 37)
    assert found.short == "better at the defaults, turns in 3 of 40"
    assert found.told("calibrated world") == "better at the defaults, turns in 3 of 40 calibrated worlds (95%: 2 to 20% of worlds)"


@pytest.mark.parametrize(("turned", "is_open"), [(13, False), (14, True), (40, True)])
def test_where_as_many_may_turn_as_not_it_depends_on_what_nobody_has_measured(turned, is_open):
    found = of([-0.01] * turned + [0.01] * (40 - turned))
    assert found.open is is_open
    if is_open:
        assert found.short == f"depends on what nobody has measured: better in {40 - turned} of 40"
        assert "better at the defaults, but depends on what nobody has measured: turns in" in found.told("calibrated world")


def test_the_sign_is_that_of_the_defaults_and_not_of_most_worlds():
    assert of([-0.01] * 40, "worse", 0.02).same == 0
    assert of([-0.01] * 40, "worse", -0.02).all


def test_no_difference_that_matters_must_not_matter_in_the_worlds():
    m = MEASURES["retention"]
    assert m.smallest_effect == 0.005
    assert (
        of([0.004] * 9 + [0.006], "no difference that matters", 0.001, m).short
        == "no difference that matters at the defaults, turns in 1 of 10"
    )


def test_what_is_not_decided_or_has_too_few_worlds_stands_on_nothing():
    assert of([0.01] * 40, "not decided") is None
    assert of([0.01] * 2) is None
    assert of([0.01] * 3).all


def test_worlds_that_cannot_be_told_from_noise_keep_it():
    """All worlds are alike: without their noise none would turn, and surely so."""
    pairs = 0.01 + 0.05 * np.random.default_rng(1).normal(size=(40, 2))
    found = standing(pd.Series({"verdict": "better", "difference": 0.01}), pairs, np.ones(40), M)
    assert found.same == int((pairs.mean(axis=1) > 0.0).sum())
    assert not found.all
