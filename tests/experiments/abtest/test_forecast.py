"""What a question takes: the time cuts all panels alike, and runs are counted."""

from __future__ import annotations

from experiments.abtest.forecast import forecast, scaled
from tests.experiments.abtest.worlds_of import question


def test_the_time_cuts_all_panels_alike_and_never_below_two():
    q = question(panels=(("bias", 20, ("viewer",)), ("tests", 200, ("viewer",))))
    seconds = {"bias": 10.0, "tests": 1.0}
    assert scaled(q, seconds, 400.0) == {"bias": 20, "tests": 200}
    assert scaled(q, seconds, 200.0) == {"bias": 10, "tests": 100}
    assert scaled(q, seconds, 0.0) == {"bias": 2, "tests": 2}


def test_a_forecast_counts_what_would_be_run():
    told = forecast(question(scenario={"members": 60, "warm_up": 10, "days": 22}), 10.0)
    assert told["replicates"] == {"bias": 2}
    assert told["lines"][1].startswith("bias: 2 replicates of 3 schemes (16 runs of 60 members)")
