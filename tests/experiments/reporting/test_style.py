"""Figures: the same bytes every time, colours that follow the reader, marks that say what colours say."""

from __future__ import annotations

import gc
import re

import pytest

from experiments.methods import paired
from experiments.reporting.palette import ARMS, DOTS, GROUND, INK, SIGNS, TONES, VERDICTS, shades
from experiments.reporting.style import NARROW, WIDE, arm_style, draw_all, for_page, mark_verdict, rendered, verdict_legend
from tests.helpers.reports import drawn, line


def test_a_figure_has_the_same_bytes_every_time(tmp_path):
    for name in ("a", "b"):
        drawn(tmp_path / name)
    for name in ("line.png", "line.svg", "line-narrow.svg"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_while_a_figure_is_drawn_no_garbage_is_looked_for():
    looked_for = []

    def drawing(found, screen):
        looked_for.append(gc.isenabled())
        return line(found, screen)

    assert gc.isenabled()
    rendered(drawing, None)
    assert looked_for == [False, False]
    assert gc.isenabled()


def test_what_has_nothing_to_draw_leaves_no_file(tmp_path):
    assert [f.name for f in draw_all([line, lambda _found, _screen: None], None, tmp_path)] == ["line"]
    assert len(list(tmp_path.iterdir())) == 3


def test_in_a_page_every_known_colour_follows_the_reader(tmp_path):
    drawn(tmp_path)
    svg = (tmp_path / "line.svg").read_text(encoding="utf-8")
    page = for_page(svg)
    assert GROUND in svg
    light, dark, body = re.split(r"@media \(prefers-color-scheme: dark\)\{|\}\}", page, maxsplit=2)
    told = [dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6});", part)) for part in (light, dark)]
    used = set(re.findall(r"var\(--([\w-]+)\)", body))
    assert {"ink", "card"} <= used
    assert told == [{name: getattr(shades()[name], scheme) for name in used} for scheme in ("light", "dark")]
    left = set(re.findall(r"#[0-9a-f]{6}", body))
    assert left & {shade.light for shade in shades().values()} == set()


def test_a_colour_stands_for_one_thing():
    lights = [shade.light for shade in shades().values()]
    assert len(set(lights)) == len(lights)  # or a page could not tell which dark one is meant


def test_screens_put_panels_below_one_another():
    assert (WIDE.grid(6, 2), WIDE.grid(1, 3), NARROW.grid(6, 2)) == ((3, 2), (1, 1), (6, 1))
    assert [screen.blank(3.0, part=0.5).get_size_inches().tolist() for screen in (WIDE, NARROW)] == [[4.2, 3.0], [4.0, 3.0]]


def test_arms_are_told_apart_by_more_than_colour():
    looks = [arm_style(k) for k in range(8)]
    assert len({look["color"] for look in looks}) == len({look["marker"] for look in looks}) == 8
    assert arm_style(8)["color"] == ARMS[0]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_has_one_mark_in_figures_and_one_in_words(verdict):
    from matplotlib.figure import Figure as Canvas

    ax = Canvas().subplots()
    mark = mark_verdict(ax, verdict, 1.0, 2.0)
    assert mark.get_marker() == DOTS[TONES[verdict]]
    assert mark.get_color() == VERDICTS[verdict]
    assert (mark.get_markerfacecolor() == GROUND) is (verdict == paired.NOT_DECIDED)
    assert SIGNS[TONES[verdict]]


@pytest.mark.parametrize(
    "verdicts",
    [
        [paired.BETTER, paired.WORSE, paired.NO_DIFFERENCE, paired.NOT_DECIDED, paired.HIGHER],
        ["borne out", "contradicted", "depends on the design", paired.NO_DIFFERENCE, paired.NOT_DECIDED, "assumed", "not tested"],
    ],
)
def test_marks_and_signs_differ_between_verdicts_of_a_page(verdicts):
    for table in (DOTS, SIGNS):
        assert len({table[TONES[verdict]] for verdict in verdicts}) == len(verdicts)


def test_a_legend_has_each_mark_that_is_there_once():
    labels = [mark.get_label() for mark in verdict_legend([paired.WORSE, paired.HIGHER, paired.WORSE, paired.LOWER])]
    assert labels == ["worse", "higher or lower"]
    assert INK not in VERDICTS.values()
