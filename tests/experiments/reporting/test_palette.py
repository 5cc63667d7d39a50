"""Colours: told apart with any eyes, text that can be read on any ground."""

from __future__ import annotations

import itertools

import pytest
from coloraide import Color

from experiments.reporting.palette import ARM, DRAWN, PAGE, VERDICT, Shade

VISIONS = (None, "protan", "deutan", "tritan")
LEAST_APART = 15.0  # in CIEDE2000: a difference that is seen at a glance
READABLE, VISIBLE = 4.5, 3.0  # contrast of text and of marks: WCAG 2.1, AA


def seen(colour, vision):
    return Color(colour) if vision is None else Color(colour).filter(vision)


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("ground", Shade._fields)
@pytest.mark.parametrize(
    "colours", [tuple(VERDICT[name] for name in ("better", "worse", "even", "moved")), ARM[:5]], ids=["verdicts", "arms"]
)
def test_colours_are_told_apart_with_any_eyes(colours, ground, vision):
    shown = [seen(getattr(shade, ground), vision) for shade in colours]
    assert min(a.delta_e(b, method="2000") for a, b in itertools.combinations(shown, 2)) > LEAST_APART


@pytest.mark.parametrize("name", ["ink", "soft", "link", "better", "worse", "moved"])
@pytest.mark.parametrize("ground", Shade._fields)
@pytest.mark.parametrize("behind", ["paper", "card"])
def test_text_can_be_read(name, ground, behind):
    colour = getattr((PAGE | VERDICT)[name], ground)
    assert Color(colour).contrast(getattr(PAGE[behind], ground), method="wcag21") >= READABLE


@pytest.mark.parametrize("ground", Shade._fields)
def test_marks_and_lines_can_be_seen(ground):
    for shade in (*VERDICT.values(), *ARM):
        assert Color(getattr(shade, ground)).contrast(getattr(PAGE["card"], ground), method="wcag21") >= VISIBLE


def test_a_band_is_behind_what_is_drawn_on_it():
    for ground in Shade._fields:
        behind = Color(getattr(DRAWN["band"], ground))
        assert behind.contrast(getattr(VERDICT["even"], ground), method="wcag21") >= VISIBLE
