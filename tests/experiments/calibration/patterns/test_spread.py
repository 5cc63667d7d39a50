"""Inequality and spread by hand, and what the public log gives."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.calibration.patterns.messages import messages_of
from experiments.calibration.patterns.pairs import pairs_of
from experiments.calibration.patterns.spread import concentration, gini, rates_spread


def test_gini_by_hand():
    assert gini([3, 3, 3]) == pytest.approx(0.0)
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)  # one of four has all
    assert gini([1, 3]) == pytest.approx(0.25)
    assert math.isnan(gini([0, 0]))
    assert math.isnan(gini([]))


def test_concentration_is_over_ids_that_appear():
    """First messages: 1 to 2, 1 to 3. Member 4 only received, 5 only answered; 9 appeared before the table's time alone."""
    rows = [(9, 8, 0.0), (4, 5, 0.5), (5, 4, 1.5), (1, 2, 1.0), (1, 3, 2.0)]
    m = messages_of(*zip(*rows, strict=True), begin=1.0)
    p = pairs_of(m)
    assert concentration(m, p, "sent") == (pytest.approx(0.8), 5.0)  # one of five sent all
    assert concentration(m, p, "received") == (pytest.approx(0.6), 5.0)  # two of five received one each
    assert math.isnan(concentration(messages_of([], [], []), pairs_of(messages_of([], [], [])), "sent").value)


def rated(*members, end=100.0):
    """Return pairs in which member k got so many first messages and answered so many, a day later."""
    rows, writer = [], 1000
    for k, (many, answered) in enumerate(members):
        for place in range(many):
            rows.append((writer, k, 0.0))
            if place < answered:
                rows.append((k, writer, 1.0))
            writer += 1
    return pairs_of(messages_of(*zip(*rows, strict=True), end=end))


def test_noise_is_taken_out_of_a_spread():
    """Rates of .2 and .6 of ten each: variance .08, noise (.16 + .24) / 10 / 2 = .02."""
    p = rated((10, 2), (10, 6), (9, 9))
    assert rates_spread(p, noise=True) == (pytest.approx(math.sqrt(0.08)), 2.0)
    assert rates_spread(p) == (pytest.approx(math.sqrt(0.06)), 2.0)
    assert rates_spread(p, least=9).out_of == 3.0


def test_a_spread_is_nothing_where_chance_explains_it_all():
    assert rates_spread(rated((10, 5), (10, 6))).value == 0.0  # variance .005, noise .0245


def test_rates_count_answers_in_time_of_members_who_could_be_watched():
    p = rated((10, 2), (10, 6), end=30.0)
    assert rates_spread(p, noise=True).out_of == 2.0
    assert rates_spread(p, days=0.9, noise=True).value == 0.0  # nobody answers within less than a day
    assert math.isnan(rates_spread(p._replace(end=29.9)).value)
    assert rates_spread(p, side="sent").out_of == 0.0  # each wrote once


def test_members_with_one_chance_have_no_spread_beyond_noise():
    """4,000 members, 10 messages each, all with a chance of .3: the raw spread is sqrt(.21 / 10) = .145, the rest nearly nothing."""
    answered = np.random.default_rng(0).binomial(10, 0.3, 4000)
    p = rated(*((10, k) for k in answered))
    assert rates_spread(p, noise=True).value == pytest.approx(0.145, abs=0.005)
    assert rates_spread(p).value < 0.06


def test_what_the_public_log_gives(log):
    m, p = log
    assert concentration(m, p, "sent") == (pytest.approx(0.80, abs=5e-3), 1899.0)
    assert concentration(m, p, "received") == (pytest.approx(0.60, abs=6e-3), 1899.0)
    assert rates_spread(p, noise=True).value == pytest.approx(0.20, abs=5e-3)
    assert rates_spread(p, side="sent", noise=True).value == pytest.approx(0.21, abs=5e-3)
    assert rates_spread(p) == (pytest.approx(0.169, abs=1e-3), 438.0)
