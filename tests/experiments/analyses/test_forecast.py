"""What an analysis with a budget takes, from a pilot whose time is made up."""

from __future__ import annotations

import pytest

from experiments.analyses import forecast as forecasts
from experiments.analyses.base import Analysis
from experiments.analyses.forecast import ENDLESS, Plan, forecast
from experiments.runs.cost import memory_of
from experiments.runs.keys import arms_of
from experiments.runs.ledger import Ledger
from experiments.runs.record import Record, pack
from experiments.runs.request import Request
from experiments.runs.study import Point
from sim import load_scenario
from sim.results.measures import PRIMARY

SPREAD = [Point(k, {"reply.base": -float(k)}) for k in range(1, 10)]


def asked(minutes=10.0, members=1000, workers=2):
    scenario = load_scenario(members=members, days=90, warm_up=60)
    return Analysis(scenario, arms_of(scenario, ["connect_first", "message_first"]), PRIMARY, 1, workers, minutes)


def some(allowed):
    """A method that needs 30 to 60 pairs and has use for 200."""
    most = max(60, min(200, allowed))
    return Plan(most // 2, most)


@pytest.fixture
def pilots(monkeypatch):
    """A pair takes a worker six seconds; give what pilots were asked for."""
    seen = []

    def seconds(request, pairs, points):
        seen.append((request, pairs, list(points)))
        return 6.0

    monkeypatch.setattr(forecasts, "seconds_of_pair", seconds)
    return seen


def test_the_budget_is_converted_into_pairs_and_the_method_says_how_many_it_runs(pilots, tmp_path):
    found = forecast(asked(), some, points=SPREAD, ledger=tmp_path / "none", notes=["So it is."])
    lines = found.pop("lines")
    assert found == {
        "minutes": 10.0,
        "pairs_allowed": 180,  # nine tenths of ten minutes, at 6 seconds a pair on two workers
        "pairs_needed": 60,
        "pairs_useful": 200,
        "pairs": 180,
        "pairs_at_least": 90,
        "runs": 360,
        "runs_at_least": 180,
        "seconds": 540.0,
        "seconds_at_least": 270.0,
        "longer_than_budget": False,
        "workers": 2,
        "bytes": 2 * memory_of(asked().scenario, 1000),
    }
    assert lines == [
        "90 to 180 pairs of 2 arms: 180 to 360 runs of 150 days on 2 workers, about 4 minutes to 9 minutes and at most 0.6 GB.",
        (
            "From a pilot of 4 pairs with 500 members, the budget of 10 minutes allows about 180 pairs; the method needs 30 to 60, "
            "and has use for 200 at most."
        ),
        "So it is.",
    ]
    [(request, pairs, points)] = pilots
    assert (request.reference, pairs) == ("connect_first", 1)
    assert [point.values["reply.base"] for point in points] == [-1.0, -3.0, -5.0, -7.0]


@pytest.mark.parametrize(
    ("minutes", "line"),
    [
        (1.0, "The budget is less than that: the command takes longer than 1 minute."),  # 18 pairs, of 30 and more
        (2.5, "The budget may be less than that: the command may take longer than 2.5 minutes."),  # 45
        (3.5, None),  # 63
    ],
)
def test_a_budget_below_what_the_method_needs_is_said_to_be_exceeded(minutes, line, pilots, tmp_path):
    found = forecast(asked(minutes), some, points=SPREAD, ledger=tmp_path / "none")
    assert found["lines"][2:] == ([line] if line else [])
    assert found["longer_than_budget"] == (line is not None)


def test_a_method_without_end_has_no_most_and_no_budget_is_too_large(pilots, tmp_path):
    found = forecast(asked(1e300), lambda allowed: Plan(max(5, allowed), max(5, allowed)), points=SPREAD, ledger=tmp_path / "none")
    assert found["pairs_useful"] is None
    assert found["pairs"] == ENDLESS
    assert found["lines"][1].endswith("the method needs 5.")


def test_runs_of_one_arm_are_counted_as_runs(pilots, tmp_path):
    i = asked()
    scenario = i.arms["message_first"]
    one = Request(scenario, {"message_first": scenario}, "message_first")
    found = forecast(i, some, points=SPREAD, ledger=tmp_path / "none", request=one)
    assert (found["pairs"], found["runs"]) == (180, 180)
    assert found["lines"][0].startswith("90 to 180 runs of 150 days on 2 workers, about ")
    assert "a pilot of 4 runs with 500 members, the budget of 10 minutes allows about 180 runs;" in found["lines"][1]


def test_where_members_are_varied_the_pilot_stays_small_and_time_and_memory_grow(pilots, tmp_path):
    sizes = [Point(k, {"members": float(members)}) for k, members in enumerate((500, 1000, 4500), 1)]
    found = forecast(asked(), some, points=sizes, ledger=tmp_path / "none")
    assert pilots[0][1:] == (4, [])  # the scenario itself
    assert found["pairs_allowed"] == 108  # members and 500 for what a run takes anyway: 2,500 on the average, against 1,500
    assert found["bytes"] == 2 * memory_of(asked().scenario, 4500)
    both = [point._replace(values=point.values | {"reply.base": -2.0}) for point in sizes]
    forecast(asked(), some, points=both, ledger=tmp_path / "none")
    assert pilots[1][1:] == (1, [Point(k, {"reply.base": -2.0}) for k in (1, 2, 3)])


def test_a_ledger_that_has_runs_is_named(pilots, tmp_path):
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as book:
        assert len(forecast(asked(), some, points=SPREAD, ledger=path)["lines"]) == 2
        book.put([("0" * 64, pack(Record({}, {}, {})))])
    found = forecast(asked(), some, points=SPREAD, ledger=path)
    assert found["lines"][-1] == f"{path} has 1 run: those that are asked for again are not made again, though counted here."
