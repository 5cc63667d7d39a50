"""Maps over parameters: who has more is told by colour, by the ends of the bar, and by nothing that is not in the legend."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex

from experiments.reporting.palette import ARMS
from experiments.reporting.style import NARROW, WIDE, draw
from experiments.space.factors import factor
from experiments.sweep import maps
from sim import load_scenario
from sim.results.measures import MEASURES
from tests.helpers.drawings import titles


@pytest.mark.parametrize("treatment", [1, 2])
def test_a_scale_goes_from_the_controls_colour_over_nearly_nothing_to_the_treatments(treatment):
    found = maps.scale(np.array([-1.0, 0.5, 4.0]), treatment)
    assert found.edges[0] == -found.edges[-1]
    assert found.edges[-1] >= 4.0
    assert 0.0 in found.edges
    low, faint, high = (found.colours(found.norm(x)) for x in (-3.99, 0.01, 3.99))
    assert (to_hex(low), to_hex(high)) == (ARMS[0], ARMS[treatment])
    assert (low[3], high[3]) == (1.0, 1.0)
    assert faint[3] < 0.1


def test_a_scale_of_no_difference_at_all_is_one():
    assert np.ptp(maps.scale(np.zeros(3), 1).edges) > 0.0


@pytest.mark.parametrize("screen", [WIDE, NARROW])
def test_the_ends_of_a_bar_say_which_arm_has_more(screen):
    def drawing(values, screen):
        canvas = screen.blank(4.0)
        ax = canvas.subplots()
        found = maps.scale(values, 1)
        dots = ax.scatter(values, values, c=values, cmap=found.colours, norm=found.norm)
        maps.draw_bar(canvas, ax, dots, found.edges, label="points", ends=("connect_first", "message_first"), screen=screen)
        return canvas

    bar = draw(drawing, np.array([-2.0, 2.0]), screen).axes[1]
    assert titles(bar) == ("◀ connect-first has more", "message-first has more ▶")
    assert 0.0 in bar.get_xticks()


@pytest.mark.parametrize(("right", "there"), [(0.0, True), (-3.0, False)])
def test_the_scenario_has_its_star_where_it_is_on_the_map(right, there):
    base, friction = (factor(load_scenario(), path) for path in ("reply.base", "design.friction"))
    ax = WIDE.blank(3.0).subplots()
    ax.set(xlim=(-5.0, right), ylim=(0.0, 4.0))
    maps.star(ax, base, friction)  # -2.95, 1.5
    assert len(ax.lines) == there


def test_axes_have_units_and_shares_are_percentage_points():
    assert maps.axis_of(factor(load_scenario(), "reply.base"), 30) == "the base chance of a reply\n(reply.base), log-odds"
    assert maps.axis_of_difference(MEASURES["intent_success"]) == (100.0, "difference in intent success, percentage points")
    assert maps.axis_of_difference(MEASURES["unwelcome_read"]) == (1.0, "difference in unwelcome items read, items a member and week")
