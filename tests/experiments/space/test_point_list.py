"""Lists of points: a row a point, numbered or not, and every wrong cell with its line."""

from __future__ import annotations

import pytest

from experiments.space.factors import factors
from experiments.space.point_list import MOST_SHOWN, read_points
from sim import load_scenario
from sim.scenario.validation import Problems

KNOWN = factors(load_scenario())


def read(folder, text):
    path = folder / "points.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    problems = Problems("sweep.toml")
    return read_points(path, KNOWN, problems), problems.lines


def test_points_come_in_their_order_with_the_span_of_each_number(tmp_path):
    (axes, points), mistakes = read(tmp_path, "\ufeffpoint, reply.base ,members\r\n7,-2.5,300\r\n\r\n8,-3,200\r\n")
    assert mistakes == []
    assert points == ((-2.5, 300), (-3.0, 200))
    assert [(a.path, a.low, a.high, a.whole) for a in axes] == [("reply.base", -3.0, -2.5, False), ("members", 200, 300, True)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("reply.base\n", "no points"),
        ("point\n1\n", "no points"),
        ("repply.base\n1\n", "did you mean 'reply.base'"),
        ("reply.base,reply.base\n-1,-1\n", "twice"),
        ("reply.base,members\n-1\n", "line 2"),
        ("reply.base\n-1\nx\n", "line 3"),
        ("members\n200.5\n", "a whole number"),
        ("reply.base\n1e9\n", "reply.base"),
        (b"\xff\xfe\x00", "points.csv"),
    ],
    ids=repr,
)
def test_what_is_wrong_is_said_with_its_place(text, words, tmp_path):
    found, mistakes = read(tmp_path, text)
    assert found == ((), ())
    assert any(words in line for line in mistakes)
    assert all("points.csv" in line for line in mistakes)


def test_of_many_wrong_cells_the_first_are_named(tmp_path):
    _, mistakes = read(tmp_path, "reply.base\n" + "x\n" * (MOST_SHOWN + 5))
    assert len(mistakes) == MOST_SHOWN


def test_a_file_that_is_not_there_is_a_mistake(tmp_path):
    problems = Problems("sweep.toml")
    assert read_points(tmp_path / "none.csv", KNOWN, problems) == ((), ())
    assert len(problems.lines) == 1
