"""Targets: met on their bounds, missed by what is beyond, undefined where nothing was seen."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from experiments.calibration.targets import Evidence, Target, delay_share, reply_spread
from sim import load_scenario
from sim.results.values import Value

SCENARIO = load_scenario(members=60, warm_up=2, days=3)


@pytest.mark.parametrize(("got", "missed"), [(0.2, 0.0), (0.3, 0.0), (0.25, 0.0), (0.15, 0.05), (0.4, 0.1)])
def test_a_target_is_met_on_its_bounds(got, missed):
    target = Target("x", "because", 0.2, 0.3, got, 10.0)
    assert target.missed_by == pytest.approx(missed)
    assert target.met == (missed == 0.0)


def test_what_was_not_seen_is_not_met():
    target = Target("x", "because", 0.2, 0.3, math.nan, 0.0)
    assert math.isnan(target.missed_by)
    assert not target.met


def history(top, bottom, counts):
    return SimpleNamespace(
        measures={"x": Value(top, bottom, None)},
        daily={"active": np.array([9.0, 9.0, 10.0, 10.0, 20.0])},
        raw_daily={"c": np.array(counts)},
        members={"degree": np.array([1, 2, 3]), "active": np.array([1, 0, 1])},
    )


def test_runs_are_pooled_by_their_denominators_after_the_warm_up():
    e = Evidence(SCENARIO, [history(1.0, 10.0, [99, 99, 1, 2, 3]), history(9.0, 10.0, [99, 99, 4, 5, 5])])
    assert e.pooled("x") == (0.5, 20.0)
    assert e.active_days() == 80.0
    assert e.volume("c") == 20.0 / 80.0
    assert e.members("degree").tolist() == [1, 3, 1, 3]
    assert math.isnan(Evidence(SCENARIO, [history(0.0, 0.0, [0])]).pooled("x")[0])


def mail(*rows):
    frame = pd.DataFrame(rows, columns=["kind", "recipient", "day_delivered", "day_answered", "outcome"])
    return SimpleNamespace(to_pandas=lambda _: frame)


def test_delays_are_counted_from_delivery_up_to_the_day_itself():
    e = Evidence(SCENARIO, [mail(("message", 1, 5, 6, "answered"), ("reply", 1, 5, 7, "answered"), ("message", 2, 5, -1, "read"))])
    assert delay_share(e, 1) == (0.5, 2.0)
    assert delay_share(e, 2) == (1.0, 2.0)
    nothing, answers = delay_share(Evidence(SCENARIO, [mail(("message", 2, 5, -1, "read"))]), 1)
    assert math.isnan(nothing)
    assert answers == 0.0


def test_reply_rates_are_of_members_with_ten_first_messages_or_more():
    def inbox(who, many, answered):
        return [("message", who, 1, 2, "answered" if k < answered else "read") for k in range(many)]

    e = Evidence(SCENARIO, [mail(*inbox(1, 10, 2), *inbox(2, 10, 6), *inbox(3, 9, 9), ("reply", 1, 1, 2, "answered"))])
    spread, rated = reply_spread(e)
    assert rated == 2.0
    assert spread == pytest.approx(math.sqrt(0.08))  # of 0.2 and 0.6
