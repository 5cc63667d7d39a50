"""What a comparison would take, from a pilot whose times and figures are made up."""

from __future__ import annotations

import math

import pytest

from experiments.comparison import forecast as forecasts
from experiments.methods import paired
from experiments.runs.cost import memory_of
from experiments.runs.keys import arms_of
from experiments.runs.pilot import PILOT_MEMBERS, Pilot
from experiments.runs.record import Record
from experiments.runs.request import Request
from sim import load_scenario
from sim.results.measures import MEASURES, PRIMARY


def asked(members, **more):
    scenario = load_scenario(members=members, days=90, warm_up=10)
    return Request(scenario, arms_of(scenario, ["connect_first", "message_first"]), "connect_first", pairs=20, **more)


@pytest.fixture
def seen(monkeypatch):
    """A pilot of two seconds a pair, in which differences are 0.01, 0.02, 0.03 and 0.04."""

    def record(x):
        return Record({PRIMARY: (None, None, x)}, {}, {})

    pairs = [{"connect_first": record(0.1), "message_first": record(0.1 + 0.01 * k)} for k in (1, 2, 3, 4)]

    def pilot(request, count):
        assert isinstance(request, Request)
        assert count == 4
        return Pilot(2.0, pairs, [])

    monkeypatch.setattr(forecasts, "small_pilot", pilot)


def test_time_grows_with_members_and_pairs_and_falls_with_workers(seen):
    small = forecasts.forecast(asked(PILOT_MEMBERS), explain=False)
    assert (small["runs"], small["seconds"]) == (40, 40.0)
    large = forecasts.forecast(asked(4 * PILOT_MEMBERS, workers=2), explain=False)
    assert (large["runs"], large["seconds"]) == (40, 50.0)  # 2,000 members and 500 for what a run takes anyway, against 500 and 500
    items = 4 * PILOT_MEMBERS * 100 * (0.65 + 100 / 1500)  # of 100 days; both workers hold those of two arms, 200 bytes each
    assert large["bytes"] == pytest.approx(2 * memory_of(asked(4 * PILOT_MEMBERS).scenario) + 4 * items * 200)
    fewer = forecasts.forecast(asked(PILOT_MEMBERS // 2), explain=False)
    assert fewer["seconds"] == 40.0  # the pilot was as small


def test_what_is_detectable_falls_with_the_root_of_the_size(seen):
    sd = math.sqrt(5.0 / 3.0) * 0.01
    small, large = (forecasts.forecast(asked(k * PILOT_MEMBERS), explain=False)["detectable"] for k in (1, 4))
    assert small == {PRIMARY: pytest.approx(paired.detectable_difference(sd, 20))}
    assert large[PRIMARY] == pytest.approx(small[PRIMARY] / 2.0)


def test_an_explanation_adds_ten_pairs_of_every_step_of_both_bounds_and_without_other_populations(seen):
    from experiments.comparison.explain import steps_of

    steps = len(steps_of(asked(PILOT_MEMBERS))) + 2 + 1
    found = forecasts.forecast(asked(PILOT_MEMBERS), explain=True)
    assert found["runs"] == 40 + 2 * 10 * steps
    assert found["bytes"] == 330e6 + 45e3 * PILOT_MEMBERS  # of a year's run with its messages, which the calibration reads
    assert "2 arms" in found["lines"][0]


def test_the_forecast_in_words(seen):
    found = forecasts.forecast(asked(4 * PILOT_MEMBERS, workers=2), explain=False)
    members = 4 * PILOT_MEMBERS
    # 300 MB, 4.4 kB a member, and 200 bytes of each of 72 items of two arms
    gigabytes = 2 * (0.3 + members * (4.4e-6 + 2 * 72 * 0.2e-6))
    # differences 0.01 to 0.04: standard deviation root 5 / 3 of a point, halved by four times as many members; over 20 pairs
    # t is 2.0930, and at 80% power 0.8610
    points = (2.09302 + 0.86095) * math.sqrt(5.0 / 3.0) / 2.0 / math.sqrt(20.0)
    assert found["lines"] == [
        f"20 pairs of 2 arms: 40 runs of 100 days on 2 workers, about 50 s and at most {gigabytes:.1f} GB.",
        f"From a pilot of 4 pairs with {PILOT_MEMBERS:,} members, the minimum detectable effects of 20 pairs at 80% power:",
        f"  Intent success: {points:.2f} points",
    ]


def test_the_forecast_of_what_is_no_share_has_its_unit(monkeypatch):
    def record(x):
        return Record(
            {"partners": (None, None, x), PRIMARY: (None, None, 0.1 * x), "message_share": (None, None, x), "reports": (None, None, None)},
            {},
            {},
        )

    pairs = [{"connect_first": record(1.0), "message_first": record(1.0 + k)} for k in (1.0, 2.0, 3.0, 4.0)]
    monkeypatch.setattr(forecasts, "small_pilot", lambda _request, _pairs: Pilot(1.0, pairs, []))
    found = forecasts.forecast(asked(PILOT_MEMBERS), explain=False)
    assert list(found["detectable"]) == [PRIMARY, "partners"]  # the primary measure first, context and what is undefined left out
    assert found["detectable"]["partners"] == pytest.approx((2.09302 + 0.86095) * math.sqrt(5.0 / 3.0) / math.sqrt(20.0), rel=1e-4)
    assert found["lines"][-1] == f"  Two-way partners per member: {found['detectable']['partners']:.3g} partners"


def test_nobody_takes_as_long_as_the_pilot(seen):
    assert forecasts.forecast(asked(0), explain=False)["seconds"] == 40.0


def test_pairs_in_which_a_measure_is_undefined_are_left_out_of_what_is_detectable(monkeypatch):
    values = [(1.0, 2.0), (3.0, 6.0), (None, 3.0), (1.0, None)]
    pairs = [
        {"connect_first": Record({"partners": (None, None, a)}, {}, {}), "message_first": Record({"partners": (None, None, b)}, {}, {})}
        for a, b in values
    ]
    monkeypatch.setattr(forecasts, "small_pilot", lambda _request, _pairs: Pilot(1.0, pairs, []))
    found = forecasts.forecast(asked(PILOT_MEMBERS), explain=False)["detectable"]
    assert found["partners"] == pytest.approx((2.09302 + 0.86095) * math.sqrt(2.0) / math.sqrt(20.0), rel=1e-4)  # of 1 and 3
    monkeypatch.setattr(forecasts, "small_pilot", lambda _request, _pairs: Pilot(1.0, pairs[1:], []))
    assert forecasts.forecast(asked(PILOT_MEMBERS), explain=False)["detectable"] == {}  # one difference says nothing


def test_the_primary_measure_stands_first_wherever_it_was_seen(monkeypatch):
    def record(x):
        return Record({"mean_connections": (None, None, x), PRIMARY: (None, None, x), "partners": (None, None, x)}, {}, {})

    some = {name: MEASURES[name] for name in ("mean_connections", PRIMARY, "partners")}
    pairs = [{"connect_first": record(0.0), "message_first": record(k)} for k in (1.0, 2.0)]
    monkeypatch.setattr(forecasts, "small_pilot", lambda _request, _pairs: Pilot(1.0, pairs, []))
    assert list(forecasts.forecast(asked(PILOT_MEMBERS, catalogue=some), explain=False)["detectable"]) == [
        PRIMARY,
        "mean_connections",
        "partners",
    ]
