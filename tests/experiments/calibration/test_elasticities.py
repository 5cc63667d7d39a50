"""Elasticities by hand: the effect in tolerances a tenth of the range, what noise is usual, and from when on an effect counts."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.calibration import elasticities as module
from experiments.calibration.declared import ASSUMED, EMPIRICAL, Declared
from experiments.calibration.elasticities import Sides, effects_of, elasticities, own_error, sides_of, usual_error
from experiments.calibration.moves import Move, moves_of
from experiments.calibration.patterns.messages import Found
from experiments.calibration.targets import still_of
from sim import load_scenario


def target(name, kind=EMPIRICAL, tolerance=0.1):
    rest = {"measured": "m", "by": "b", "population": "p", "definition": "d", "computed_by": "measure", "unit": "share"}
    return Declared(name, name.upper(), kind, low=0.5 - tolerance, high=0.5 + tolerance, **rest)


def sides(name, tenths=2.0):
    return Sides(Move(name, {}, {}, tenths, "s"), (f"{name} down 1", f"{name} down 2"), (f"{name} up 1", f"{name} up 2"))


def figures(name, down, up, target_name="x"):
    keys = [*sides(name).down, *sides(name).up]
    return {key: {target_name: Found(value, 10.0)} for key, value in zip(keys, (*down, *up), strict=True)}


def test_an_effect_is_in_tolerances_a_tenth_of_the_range():
    """From .4 to .5 over two tenths: .05 a tenth, half a tolerance of .1. Over one tenth, as at a bound, twice as much."""
    got = effects_of(sides("a"), figures("a", (0.4, 0.4), (0.5, 0.6)), target("x"))
    assert got == pytest.approx([0.5, 1.0])
    assert effects_of(sides("a", tenths=1.0), figures("a", (0.4, 0.4), (0.5, 0.6)), target("x")) == pytest.approx([1.0, 2.0])
    assert effects_of(sides("a"), figures("a", (0.4, 0.4), (0.5, 0.6)), target("x", tolerance=0.2)) == pytest.approx([0.25, 0.5])
    lost = figures("a", (0.4, 0.4), (0.5, 0.6))
    del lost["a up 2"]
    assert np.isnan(effects_of(sides("a"), lost, target("x"))).tolist() == [False, True]


def test_errors_over_seeds():
    assert own_error(np.array([0.1, 0.3])) == pytest.approx(0.1)  # sd .1414 over the root of two
    assert usual_error(np.zeros((3, 2))) == 0.0
    assert usual_error(np.array([[0.0, 0.0], [math.nan, 1.0]])) == 0.0  # nothing moved, or nothing told
    # the median variance is .02; that of one degree of freedom has its median at .4549 of its mean
    assert usual_error(np.array([[0.1, 0.3], [0.2, 0.4], [0.0, 0.0]])) == pytest.approx(math.sqrt(0.02 / 0.4549 / 2), rel=1e-3)


def test_usual_errors_are_those_that_were_put_there():
    noise = np.random.default_rng(1).normal(0.0, 0.3, (2000, 3))
    assert usual_error(noise) == pytest.approx(0.3 / math.sqrt(3.0), rel=0.05)


@pytest.mark.parametrize(
    ("kind", "down", "up", "told", "constrains"),
    [
        (EMPIRICAL, (0.4, 0.4), (0.5, 0.5), True, True),
        (ASSUMED, (0.4, 0.4), (0.5, 0.5), True, False),  # it moves, and says nothing
        (EMPIRICAL, (0.4, 0.4), (0.4201, 0.4201), True, True),  # a tenth of the tolerance
        (EMPIRICAL, (0.4, 0.4), (0.4199, 0.4199), False, False),
        (EMPIRICAL, (0.5, 0.5), (0.4, 0.4), True, True),  # to the other side
        (EMPIRICAL, (0.4, 0.4), (0.45, 0.55), False, False),  # within the noise of its own
        (EMPIRICAL, (0.4, 0.4), (0.5, math.nan), False, False),
    ],
)
def test_what_counts(kind, down, up, told, constrains, monkeypatch):
    monkeypatch.setattr(module, "every_target", lambda: (target("x", kind),))
    (found,) = elasticities([sides("a")], figures("a", down, up))
    assert (found.told, found.constrains) == (told, constrains)


def test_noise_that_is_usual_for_a_target_counts_against_a_lucky_pair_of_seeds(monkeypatch):
    monkeypatch.setattr(module, "every_target", lambda: (target("x"),))
    lucky = figures("a", (0.4, 0.4), (0.43, 0.43))  # .15 tolerances, on both seeds
    noisy = figures("b", (0.4, 0.4), (0.3, 0.5)) | figures("c", (0.4, 0.4), (0.5, 0.3))
    assert elasticities([sides("a")], lucky)[0].told
    found = elasticities([sides("a"), sides("b"), sides("c")], lucky | noisy)
    assert [one.told for one in found] == [False, False, False]
    assert found[0].effect == pytest.approx(0.15)


def test_moves_that_a_bound_stops_share_the_runs_of_the_scenario_as_it_stands():
    still = still_of(load_scenario(members=50))
    stopped = [move for move in moves_of(still) if move.path in ("design.open_messages", "design.notes", "reply.base")]
    every, runs = sides_of(still, stopped, (1, 2))
    assert [len(one.down) for one in every] == [2, 2, 2]
    assert len(runs) == 2 * (1 + 1 + 2 + 1)  # two stand at their bound and share the other side
    assert {seed for _, seed in runs.values()} == {1, 2}
