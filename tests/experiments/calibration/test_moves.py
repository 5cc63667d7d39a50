"""Moves of parameters: a tenth of the range to both sides, stopped by bounds, whole numbers by one at least, styles all at once."""

from __future__ import annotations

import pytest

from experiments.calibration.moves import moved, moves_of
from experiments.calibration.targets import still_of
from experiments.space.factors import factors
from sim import load_scenario
from sim.errors import BadInput
from sim.scenario.validation import Limit

STILL = still_of(load_scenario())


def limit(kind, low, high):
    return Limit(kind, low, high, "unit", None, "source")


@pytest.mark.parametrize(
    ("value", "down", "up", "tenths"),
    [
        (5.0, 4.0, 6.0, 2.0),
        (1.0, 0.0, 2.0, 2.0),  # just as far as the bound
        (0.5, 0.0, 1.5, 1.5),
        (0.0, 0.0, 1.0, 1.0),  # at the bound: one side is where it stands
        (10.0, 9.0, 10.0, 1.0),
    ],
)
def test_a_tenth_of_the_range_to_both_sides(value, down, up, tenths):
    move = moved("a.b", {"a.b": value}, limit(float, 0.0, 10.0))
    assert (move.down, move.up, move.tenths) == ({"a.b": down}, {"a.b": up}, pytest.approx(tenths))


def test_whole_numbers_move_by_one_at_least():
    assert moved("a.b", {"a.b": 2}, limit(int, 0, 8)).up == {"a.b": 3}
    assert moved("a.b", {"a.b": 2}, limit(int, 0, 8)).tenths == pytest.approx(2.5)  # a tenth is .8: one is more than that
    assert moved("a.b", {"a.b": 20}, limit(int, 0, 40)).down == {"a.b": 16}


def test_styles_are_moved_all_at_once_each_within_its_bounds():
    (move,) = moves_of(STILL, ["style.personalised"])
    assert set(move.down) == {f"styles.{name}.personalised" for name in STILL.style_names}
    down, up = move.sides(STILL)
    for name in STILL.style_names:
        value = STILL.styles[name].personalised
        assert down.styles[name].personalised == pytest.approx(max(value - 0.1, 0.0))
        assert up.styles[name].personalised == pytest.approx(min(value + 0.1, 1.0))


def test_the_design_that_is_calibrated_is_moved_from_the_first_day_on():
    (move,) = moves_of(STILL, ["design.friction"])
    up = move.sides(STILL)[1]
    assert up.design == up.warm_up_design == "both_equal"
    assert up.designs["both_equal"].friction > STILL.designs["both_equal"].friction


def test_every_parameter_is_moved_and_both_sides_can_be():
    every = moves_of(STILL)
    wanted = {path.replace(f"styles.{name}", "style") for path in factors(STILL) for name in STILL.style_names if path != "members"}
    assert {move.path for move in every} == {path for path in wanted if not path.startswith("styles.")}
    for move in every:
        down, up = move.sides(STILL)
        assert down != up, move.path
        assert move.tenths > 0.5, move.path
        assert move.source


def test_an_unknown_parameter_is_refused_with_the_nearest():
    with pytest.raises(BadInput, match=r"reply\.base"):
        moves_of(STILL, ["repply.base"])
    assert [move.path for move in moves_of(STILL, ["reply.load", "reply.base", "reply.load"])] == ["reply.load", "reply.base"]
