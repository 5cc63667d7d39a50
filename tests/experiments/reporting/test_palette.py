"""Colours: told apart with any eyes, text that can be read on any ground."""

from __future__ import annotations

import itertools

import pytest
from coloraide import Color

from experiments.comparison.figures import assumptions
from experiments.comparison.figures.course import APART
from experiments.reporting import network_figures
from experiments.reporting.palette import ARM, DASHES, DRAWN, HATCHES, MARKS, PAGE, VERDICT, VERDICTS, WRITTEN, Shade, shades
from tests.helpers.drawings import READABLE, VISIBLE, apart

TEXT = ("ink", "soft", "link", "better", "worse", "moved")


def by_light(colour):
    return next(shade for shade in shades().values() if shade.light == colour)


@pytest.mark.parametrize(
    "colours", [tuple(VERDICT[name] for name in ("better", "worse", "even", "moved")), ARM[:APART]], ids=["verdicts", "arms"]
)
def test_colours_are_told_apart_with_any_eyes(colours):
    assert all(apart(*two) for two in itertools.combinations(colours, 2))


@pytest.mark.parametrize("beside", [DASHES, MARKS, HATCHES], ids=["lines", "marks", "bars"])
def test_arms_are_told_apart_by_colour_or_by_what_is_beside_it(beside):
    assert len(beside) == len(ARM)
    alike = [(a, b) for a, b in itertools.combinations(range(len(ARM)), 2) if not apart(ARM[a], ARM[b]) and beside[a] == beside[b]]
    assert alike == []
    assert len({str(one) for one in beside}) == len(ARM)


def test_on_a_map_each_arm_is_told_from_the_control():
    assert all(apart(ARM[0], arm) for arm in ARM[1:])


@pytest.mark.parametrize(
    "kinds",
    [[*network_figures.LOOKS.values()], [kind[:2] for kind in assumptions.KINDS.values()]],
    ids=["inbox", "assumptions"],
)
def test_parts_of_bars_are_told_apart_by_colour_or_hatch(kinds):
    for (colour, hatch), (other, beside) in itertools.combinations(kinds, 2):
        assert hatch != beside or apart(by_light(colour), by_light(other)), (colour, other)


@pytest.mark.parametrize("name", TEXT)
@pytest.mark.parametrize("ground", Shade._fields)
@pytest.mark.parametrize("behind", ["paper", "card"])
def test_text_can_be_read(name, ground, behind):
    colour = getattr((PAGE | VERDICT)[name], ground)
    assert Color(colour).contrast(getattr(PAGE[behind], ground), method="wcag21") >= READABLE


def test_every_verdict_is_written_in_a_colour_that_can_be_read():
    assert set(WRITTEN) == set(VERDICTS)
    assert set(WRITTEN.values()) <= {(PAGE | VERDICT)[name].light for name in TEXT}


@pytest.mark.parametrize("ground", Shade._fields)
def test_marks_and_lines_can_be_seen(ground):
    for shade in (*VERDICT.values(), *ARM):
        assert Color(getattr(shade, ground)).contrast(getattr(PAGE["card"], ground), method="wcag21") >= VISIBLE


def test_a_band_is_behind_what_is_drawn_on_it():
    for ground in Shade._fields:
        behind = Color(getattr(DRAWN["band"], ground))
        assert behind.contrast(getattr(VERDICT["even"], ground), method="wcag21") >= VISIBLE
