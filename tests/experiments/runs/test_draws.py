"""Draws that fit what was measured: which are read, which worlds are taken, and where shares of them lie."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.runs.draws import Draws, draws_asked, noted, read_draws, without, worlds_asked
from experiments.runs.keys import arms_of
from experiments.runs.streams import TAKEN_AGAIN
from experiments.runs.study import Point
from sim.errors import BadInput
from sim.scenario.scenario import load_scenario

ARMS = arms_of(load_scenario(members=60, warm_up=5, days=62), ["connect_first", "message_first"])
THREE = "draw,reply.base,design.friction,weight\n1,-3.0,1.0,1\n4,-2.5,2.0,1\n7,-2.0,0.5,2\n"


@pytest.fixture
def draws(tmp_path):
    def made(text):
        path = tmp_path / "draws.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return made


def test_a_file_or_a_folder_is_read_with_its_weights(draws):
    path = draws(THREE)
    found = read_draws(path, ARMS)
    assert [one.number for one in found.points] == [1, 4, 7]
    assert found.names == ["reply.base", "design.friction"]
    assert found.weights == (0.25, 0.25, 0.5)
    assert found.weighted
    assert read_draws(path.parent, ARMS).digest == found.digest
    assert read_draws(draws(THREE.replace("0.5,2", "0.5,3")), ARMS).digest != found.digest
    for nothing in (None, "none"):
        assert read_draws(nothing, ARMS) is None
        assert not draws_asked(nothing)
    assert noted(None) == {}
    assert noted(found) == {"draws": found.digest}
    assert noted(found, 7) == {"draws": found.digest, "worlds": 7}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("draw,reply.bass\n1,-3\n2,-3\n3,-3\n", r"column 'reply.bass'` must be a parameter .*did you mean 'reply.base'"),
        ("draw,reply.base\n1,-3\n2,-3\n", "`--draws` must have 3 draws or more"),
        ("draw,reply.base\n1,-3\n1,-3\n2,-3\n", "column draw` must number the draws, each once"),
        ("draw,reply.base\n0,-3\n1,-3\n2,-3\n", "column draw` must number the draws, each once"),
        (f"draw,reply.base\n{TAKEN_AGAIN},-3\n1,-3\n2,-3\n", "column draw` must number the draws, each once"),
        ("draw,reply.base\n1,-3\n2,x\n3,-3\n", "column reply.base` must have a number in each row"),
        ("draw,reply.base,weight\n1,-3,1\n2,-3,0\n3,-3,1\n", "column weight` must have a number above 0 in each row"),
        ("draw,design.primary\n1,0\n2,0\n3,0\n", "column design.primary` must be a number in which the arms do not differ"),
        ("draw,reply.base\n1,-3\n2,-99\n3,-3\n", "draw 2: `reply.base` must be a number from -6 to 2"),
        ("draw\n1\n2\n3\n", "must have a column for each parameter"),
        ("", "`--draws` must be the draws.csv of a calibration"),
    ],
)
def test_what_are_no_draws_is_refused_in_a_line(draws, text, said):
    with pytest.raises(BadInput, match=said) as error:
        read_draws(draws(text), ARMS)
    assert "\n" not in str(error.value)
    assert "draws.csv" in str(error.value)


def test_no_file_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"must be the draws.csv of a calibration, its folder, or none"):
        read_draws(tmp_path / "nowhere.csv", ARMS)


def made(columns, weights=None):
    rows = list(zip(*columns.values(), strict=True))
    points = tuple(Point(k, dict(zip(columns, row, strict=True))) for k, row in enumerate(rows, 1))
    weights = weights or [1.0] * len(points)
    return Draws(points, tuple(w / sum(weights) for w in weights), "draws.csv")


def test_worlds_are_the_first_draws_or_as_often_as_they_weigh():
    plain = made({"reply.base": [-3.0, -2.0, -1.0, 0.0]})
    assert [one.number for one in plain.taken(2)] == [1, 2]
    assert [one.number for one in plain.taken(9)] == [1, 2, 3, 4]
    heavy = made({"reply.base": [-3.0, -2.0, -1.0, 0.0]}, [1.0, 5.0, 1.0, 1.0])
    found = heavy.taken(4)  # at 1/8, 3/8, 5/8 and 7/8 of the weight
    assert [one.number for one in found] == [1, 2, 2 + TAKEN_AGAIN, 3]
    assert [one.values["reply.base"] for one in found] == [-3.0, -2.0, -2.0, -1.0]
    shares = [one.values["reply.base"] for one in made({"reply.base": list(range(100))}, [1.0] * 50 + [3.0] * 50).taken(40)]
    assert sum(x >= 50 for x in shares) == 30


def test_shares_of_the_draws_lie_between_them_by_weight():
    plain = made({"reply.base": [3.0, 1.0, 2.0]})
    assert plain.quantile("reply.base", np.array([0.0, 0.25, 0.5, 1.0])).tolist() == [1.0, 1.5, 2.0, 3.0]
    heavy = made({"reply.base": [1.0, 2.0, 3.0]}, [2.0, 1.0, 1.0])  # middles at 1/4, 5/8, 7/8: 2 lies at three fifths of the way
    assert heavy.quantile("reply.base", np.array([0.0, 0.6, 1.0])) == pytest.approx([1.0, 2.0, 3.0])


def test_the_strongest_rank_correlation_is_named():
    x = np.arange(20.0)
    found = made({"reply.base": x, "reply.load": -np.exp(x), "reply.known": np.ones(20), "thread.base": np.resize([0.0, 1.0], 20)})
    r, one, other = found.together()
    assert (r, one, other) == (pytest.approx(-1.0), "reply.base", "reply.load")
    assert made({"reply.base": x}).together() is None


def test_what_something_else_sets_is_taken_out_of_a_world():
    assert without(Point(3, {"a": 1.0, "b": 2.0}), "b", "c") == Point(3, {"a": 1.0})


def test_of_fewer_worlds_than_three_there_is_no_spread():
    assert worlds_asked(3) == 3
    for few in (2, 0, 3.5):
        with pytest.raises(BadInput, match="`--worlds` must be at least 3"):
            worlds_asked(few)
