"""The sections that are chosen by name: what stands for all of them until a file says otherwise."""

from __future__ import annotations

import pytest

from sim.scenario.library import list_designs, list_styles
from sim.scenario.parameters import SECTIONS
from sim.scenario.presets import Design, Moderation, Style
from sim.scenario.scenario import load_scenario
from sim.scenario.validation import limits


@pytest.mark.parametrize("section", [Design, Moderation, Style])
def test_no_section_that_is_chosen_by_name_is_one_of_the_rules_that_hold_for_all(section):
    assert section not in SECTIONS.values()
    assert limits(section)


def test_the_library_departs_from_what_stands_here():
    plain, scenario = Design(), load_scenario()
    assert set(scenario.designs) <= set(list_designs())
    assert len({design.primary for design in scenario.designs.values()}) > 1
    assert plain.primary == 0.0
    assert all(scenario.styles[name] != Style() for name in list_styles() if name in scenario.styles)
