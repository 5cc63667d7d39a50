"""Counters over counters and means over members, worked out by hand, over everybody and within a level."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest

from sim.decisions.codes import Purpose
from sim.decisions.counters import Counter
from sim.errors import MeasureFailed
from sim.results.computations import CounterRatio, Figure, MemberMean, OwnFigure
from sim.results.values import PURPOSE_AXIS, STYLE_AXIS, Dimension, Value

STYLES = Dimension("style", STYLE_AXIS, ("a", "b"), "style")
PURPOSES = Dimension("purpose", PURPOSE_AXIS, ("inquiry", "relationship", "promotion"))


class Run:
    """Counts of two styles: of the first, as written; of the second, ten times as many."""

    weeks = 2.0

    def __init__(self):
        by_purpose = np.zeros((len(Counter), 3))
        by_purpose[Counter.SUCCESS] = [1, 2, 0]
        by_purpose[Counter.INTENTS] = [4, 8, 16]
        self.sums = {PURPOSE_AXIS: 11 * by_purpose, STYLE_AXIS: np.stack([by_purpose, 10 * by_purpose], axis=2)}
        members = np.zeros(4, [("style", "i1"), ("got", "i4"), ("read", "i4")]).view(np.recarray)
        members.style, members.got, members.read = [0, 0, 1, 1], [2, 4, 6, 100], [1, 1, 1, 50]
        self.members, self.there = members, np.array([True, True, True, False])

    def counted_by(self, axis):
        return self.sums[axis]


RATIO = CounterRatio((Counter.SUCCESS,), (Counter.INTENTS,), purposes=(Purpose.INQUIRY, Purpose.RELATIONSHIP))


def test_a_ratio_sums_its_purposes_alone():
    assert RATIO.whole(Run()) == Value(33.0, 132.0, 0.25)
    assert CounterRatio((Counter.SUCCESS,), (Counter.INTENTS,), 100.0).whole(Run()) == Value(33.0, 308.0, 100.0 * 33.0 / 308.0)


def test_counters_of_either_side_are_added():
    both = CounterRatio((Counter.SUCCESS, Counter.INTENTS), (Counter.INTENTS,))
    assert both.whole(Run()) == Value(341.0, 308.0, 341.0 / 308.0)


def test_a_level_of_a_style_has_its_own_cells():
    assert RATIO.level(Run(), STYLES, 0) == Value(3.0, 12.0, 0.25)
    assert RATIO.level(Run(), STYLES, 1) == Value(30.0, 120.0, 0.25)


def test_only_purposes_that_it_sums_have_a_level_unless_others_are_named():
    assert RATIO.level(Run(), PURPOSES, Purpose.RELATIONSHIP) == Value(22.0, 88.0, 0.25)
    assert RATIO.level(Run(), PURPOSES, Purpose.PROMOTION) is None
    named = RATIO._replace(level_purposes=(Purpose.PROMOTION,))
    assert named.level(Run(), PURPOSES, Purpose.PROMOTION) == Value(0.0, 176.0, 0.0)
    assert named.level(Run(), PURPOSES, Purpose.INQUIRY) is None


def test_a_mean_is_over_those_who_were_there_at_the_switch():
    assert MemberMean("got").whole(Run()) == Value(12.0, 3.0, 4.0)
    assert MemberMean("got", less="read").whole(Run()) == Value(9.0, 3.0, 3.0)
    assert MemberMean("got", weekly=True, scale=10.0).whole(Run()) == Value(12.0, 6.0, 20.0)


def test_a_mean_of_a_level_needs_a_column_that_says_whose_it_is():
    assert MemberMean("got").level(Run(), STYLES, 0) == Value(6.0, 2.0, 3.0)
    assert MemberMean("got").level(Run(), STYLES, 1) == Value(6.0, 1.0, 6.0)
    assert MemberMean("got").level(Run(), PURPOSES, 0) is None


def test_a_figure_is_its_function_and_has_no_levels():
    figure = Figure(lambda run: Value(None, None, run.x))
    assert figure.whole(SimpleNamespace(x=7.0)) == Value(None, None, 7.0)
    assert figure.level(Run(), STYLES, 0) is None
    assert (figure.scale, figure.has_levels) == (1.0, False)
    assert (MemberMean("got").scale, MemberMean("got").has_levels, RATIO.scale, RATIO.has_levels) == (1.0, True, 1.0, True)


def own(function, scale=1.0):
    return OwnFigure("mine", function, "mine.py", scale)


def test_a_figure_of_ones_own_is_a_number_or_a_ratio():
    assert own(lambda _: np.float64(2.5)).whole(Run()) == Value(None, None, 2.5)
    assert own(lambda _: (3, 4), 100.0).whole(Run()) == Value(3.0, 4.0, 75.0)
    assert own(lambda _: (3, 0)).whole(Run()) == Value(3.0, 0.0, None)
    assert own(lambda _: None).whole(Run()) == Value(None, None, None)
    assert own(lambda _: Value(1, 2, 0.5)).whole(Run()) == Value(1.0, 2.0, 0.5)


@pytest.mark.parametrize(
    ("returned", "got"),
    [
        (True, "an object of type bool"),
        ("2", "an object of type str"),
        (1j, "an object of type complex"),
        ((1, "2"), "an object of type str"),
        ((1, 2, 3), "an object of type tuple"),
        (np.inf, "inf"),
        (10**400, "inf"),
        (np.nan, "nan"),
    ],
)
def test_what_is_no_figure_is_refused_with_its_name(returned, got):
    with pytest.raises(MeasureFailed, match=rf"^measure: `mine` must return .* \(got {got}\)$"):
        own(lambda _: returned).whole(Run())


def fails(_run):
    return calls()


def calls():
    return reads()


def reads():
    return json.loads("[")  # fails in a file of Python's own


def test_the_line_of_an_error_is_the_last_of_the_users_own_file():
    line = reads.__code__.co_firstlineno + 1
    with pytest.raises(MeasureFailed, match=rf"\(got JSONDecodeError: .*, line {line} of mine\.py\)$"):
        own(fails).whole(Run())
