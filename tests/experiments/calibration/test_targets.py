"""Targets: met on their bounds, missed by what is beyond, undefined where nothing was seen; means and intervals over seeds."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.calibration import targets as calibration
from experiments.calibration.declared import ASSUMED, EMPIRICAL, OTHER, VENDOR, every_target
from experiments.calibration.patterns.messages import Found
from experiments.calibration.targets import Evidence, Target, figures_of, half_width, share_met, still_of, target_of, targets
from sim import load_scenario

ONE = every_target()[0]


@pytest.mark.parametrize(("got", "missed"), [(0.2, 0.0), (0.3, 0.0), (0.25, 0.0), (0.15, 0.05), (0.4, 0.1)])
def test_a_target_is_met_on_its_bounds(got, missed):
    target = Target("x", "because", 0.2, 0.3, got, 10.0)
    assert target.missed_by == pytest.approx(missed)
    assert target.met == (missed == 0.0)


def test_what_was_not_seen_is_not_met():
    target = Target("x", "because", 0.2, 0.3, math.nan, 0.0)
    assert math.isnan(target.missed_by)
    assert not target.met


def test_a_figure_is_the_mean_over_seeds_with_its_interval():
    found = target_of(ONE, [Found(0.2, 10.0), Found(0.3, 20.0), Found(0.4, 30.0)])
    assert (found.got, found.denominator) == (pytest.approx(0.3), 60.0)
    assert found.half_width == pytest.approx(4.302653 * 0.1 / math.sqrt(3.0))  # Student's t with two degrees of freedom
    assert (found.name, found.source, found.kind) == (ONE.pattern, ONE.source, ONE.kind)
    assert math.isnan(half_width(np.array([0.2])))


def test_what_one_run_could_not_tell_is_not_made_up_by_the_others():
    found = target_of(ONE, [Found(0.25, 10.0), Found(math.nan, 0.0)])
    assert math.isnan(found.got)
    assert not found.met


def test_only_empirical_targets_weigh_those_of_others_by_half():
    def made(kind, got):
        return Target("x", "y", 0.0, 1.0, got, 1.0, kind=kind)

    some = [made(EMPIRICAL, 0.5), made(OTHER, 2.0), made(OTHER, 0.5), made(VENDOR, 2.0), made(ASSUMED, 0.5), made(ASSUMED, 0.5)]
    assert [t.weight for t in some] == [1.0, 0.5, 0.5, 0.0, 0.0, 0.0]
    assert share_met(some) == pytest.approx(0.75)
    assert share_met([made(OTHER, 2.0), made(ASSUMED, 0.5)]) == 0.0
    assert math.isnan(share_met([made(ASSUMED, 0.5)]))


def test_a_calibration_is_a_year_of_the_warm_up_design():
    still = still_of(load_scenario(members=70))
    assert (still.members, still.warm_up, still.days, still.design) == (70, 180, 180, "both_equal")
    assert still_of(load_scenario(members=70), 90).members == 90


def test_figures_of_a_run_are_those_of_every_target(monkeypatch):
    monkeypatch.setattr(calibration, "DAYS", 65)
    still = still_of(load_scenario(), 150)
    found = figures_of(still, 1)
    assert set(found) == {one.name for one in every_target()}
    assert found["volume_delivered"].value > 0.1
    assert [t.name for t in targets(Evidence(still, (1,), [found]))] == [one.pattern for one in every_target()]
