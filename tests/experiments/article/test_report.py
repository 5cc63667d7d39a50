"""The article's table, picture and page."""

from __future__ import annotations

import json
import math
import re

import pytest

from experiments.article import verdicts
from experiments.article.contrasts import contrasts_of
from experiments.article.report import FURTHEST, MARGIN, WIDTH, draw_score, write_article, write_findings
from experiments.article.verdicts import BORNE_OUT, CONTRADICTED, DEPENDS, NOT_TESTED, Finding, Reading
from experiments.article.worlds import Over
from experiments.methods.paired import Interval
from experiments.reporting.palette import DOTS, SIGNS, TONES, VERDICTS
from experiments.reporting.style import NARROW, SMALLEST, WIDE, draw
from experiments.runs.draws import Draws
from experiments.runs.study import Point
from tests.helpers.light import light
from tests.helpers.reports import Reader, assert_stands_alone

COLUMNS = "heading,number,claim,reading,primary,design,measure,difference,ci_low,ci_high,pairs,verdict,mechanism"


def test_the_article_has_its_output_files(folder):
    assert {"article.csv", "article.html", "scenario.toml", "figures/score.png", "figures/score-narrow.svg"} <= {
        path.relative_to(folder).as_posix() for path in folder.rglob("*")
    }
    text = (folder / "article.csv").read_text()
    assert text.splitlines()[0] == COLUMNS
    assert "nan" not in text
    assert_stands_alone(Reader((folder / "article.html").read_text(encoding="utf-8")))


def finding(statements, scenario, name, verdict, *differences):
    contrasts = [c for c in contrasts_of(statements[name], scenario) if c.primary]
    readings = [Reading(c, Interval(*d), 0.25, 0.2, 10, verdict) for c, d in zip(contrasts, differences, strict=False)]
    return Finding(statements[name], readings, verdict)


@pytest.fixture(scope="module")
def page(statements, scenario, tmp_path_factory):
    """The page of four statements: one borne out, one against, one beyond the scale and with nothing to count, one without a test."""
    unit = statements["4.1"].smallest
    found = [
        finding(statements, scenario, "4.1", BORNE_OUT, (3.0 * unit, unit, 10.0 * unit), (unit, 0.0, 2.0 * unit)),
        finding(statements, scenario, "4.6", DEPENDS, (1000.0, 900.0, 1100.0), (math.nan, math.nan, math.nan)),
        finding(statements, scenario, "2.5", CONTRADICTED, (0.2, 0.1, 0.3)),
        Finding(statements["5.3"], [], NOT_TESTED),
    ]
    folder = tmp_path_factory.mktemp("page")
    with light():
        write_article(found, [("Seed", "1")], folder)
    return (folder / "article.html").read_text(encoding="utf-8")


def drawn(page, name):
    """Return the part of a page that draws a statement's effect."""
    return re.search(rf'id="p{re.escape(name)}".*?<svg(.*?)</svg>', page, re.DOTALL)[1]


def test_each_row_has_its_verdict_first_with_mark_word_and_tone(page):
    for name, tone, sign, word in (
        ("4.1", "better", "▲", "borne out"),
        ("4.6", "depends", "◆", "depends on the design"),
        ("2.5", "worse", "▼", "contradicted"),
        ("5.3", "untested", "×", "not tested"),
    ):
        row = re.search(rf'id="p{re.escape(name)}"[^>]*>\s*<summary>(.*?)<span class="claim">', page, re.DOTALL)[1]
        assert f'class="verdict {tone}"' in row
        assert re.sub(r"<[^>]+>|&nbsp;|\s+", " ", row).split() == [sign, *word.split()]


def test_right_of_zero_bears_the_statement_out_and_designs_have_a_mark_each(page):
    higher = drawn(page, "4.1")
    assert re.search(r'class="control"><line [^>]*/>\s*<circle cx="([\d.]+)"', higher)
    assert re.search(r'class="treatment"><line [^>]*/>\s*<rect x="([\d.]+)"', higher)
    assert 'class="both"' not in higher
    # three smallest effects: asinh(3) / asinh(60) = 1.81845 / 4.78756 of half the width without its margin, right of the middle
    assert f'<circle cx="{160.0 + 154.0 * 1.81845 / 4.78756:.1f}"' in higher
    assert (WIDTH, MARGIN, FURTHEST) == (320.0, 6.0, 60.0)
    between = drawn(page, "2.5")  # ten smallest effects higher, where lower would bear it out
    assert f'd="M{160.0 - 154.0 * math.asinh(10.0) / math.asinh(60.0) - 5.4:.1f} ' in between


def test_what_lies_beyond_the_scale_has_an_arrow_and_what_has_no_figure_has_no_mark(page):
    beyond = drawn(page, "4.6")  # reports: lower would bear it out
    assert beyond.count("<g ") == 1
    assert '"M6 4.0l-6 4 6 4z"' in beyond
    assert "the interval goes on beyond the scale" in page
    assert "no figure: in no pair of runs was there anything that reports counts" in page


def test_each_heading_repeats_the_scale_and_says_what_lies_where(page):
    assert page.count('class="scale"') == 2  # "Next steps" has nothing drawn
    assert page.count("◂ contradicts") == page.count("bears it out ▸") == 2
    assert "position: sticky" in page


def test_effects_have_no_colours_of_their_own(page):
    body = page[page.index("<body>") :]
    assert not re.search(r"#[0-9a-f]{6}", re.sub(r"data:image[^\"]*", "", body))
    assert "fill: var(--arm-1); stroke: var(--arm-1)" in page


def test_an_opened_statement_defines_its_measure_and_its_parameters(page):
    words = Reader(page).words
    assert any(word.startswith("Positive response to messages. Positive response within the channel") for word in words)
    assert "style.personalised" in words
    assert "component (assumption: because no figure is published)" in words


# the picture ----------------------------------------------------------------------------------------------------------


def test_every_verdict_has_a_mark_of_its_own():
    tones = [TONES[verdict] for verdict in verdicts.VERDICTS]
    assert len({DOTS[tone] for tone in tones}) == len({SIGNS[tone] for tone in tones}) == len(verdicts.VERDICTS) == 7
    assert set(verdicts.VERDICTS) <= set(VERDICTS)


def some(statements):
    names = ("4.1", "4.2", "5.3", "0.1")
    return [
        Finding(statements[name], [], verdict) for name, verdict in zip(names, (CONTRADICTED, BORNE_OUT, NOT_TESTED, DEPENDS), strict=True)
    ]


@pytest.mark.parametrize("screen", [WIDE, NARROW])
def test_the_picture_has_a_mark_a_statement_and_all_its_marks_in_the_legend(statements, screen):
    canvas, told = draw(draw_score, some(statements), screen)
    [ax] = canvas.axes
    # best first in each line; 0.1 stands beside the 92
    assert [(*line.get_xdata(), *line.get_ydata(), line.get_marker()) for line in ax.lines] == [(1, 0, "^"), (2, 0, "v"), (1, 1, "x")]
    [legend] = canvas.legends
    assert [text.get_text() for text in legend.get_texts()] == [BORNE_OUT, CONTRADICTED, NOT_TESTED]
    assert told.headline == "1 of 2 tested statements is borne out, 1 contradicted"
    assert told.caption.endswith(" 1 statement on what differs between messaging and connecting is not counted.")
    canvas.draw_without_rendering()
    assert min(text.get_fontsize() for text in (*ax.texts, *ax.get_xticklabels(), *ax.get_yticklabels(), *legend.get_texts())) >= SMALLEST


def test_the_page_of_one_statement_is_open_and_shows_no_score(statements, scenario, tmp_path):
    with light():
        write_article([finding(statements, scenario, "2.5", CONTRADICTED, (0.2, 0.1, 0.3))], [], tmp_path)
    page = (tmp_path / "article.html").read_text(encoding="utf-8")
    assert "<img" not in page
    assert '<details class="point" id="p2.5" open>' in page
    assert (tmp_path / "figures" / "score.png").exists()


def test_worlds_that_cannot_be_told_from_noise_have_no_tally_anywhere(statements, scenario, tmp_path):
    found = [finding(statements, scenario, name, CONTRADICTED, (0.2, 0.1, 0.3)) for name in ("2.5", "4.1")]
    over = {"2.5": Over([CONTRADICTED] * 5, told=False), "4.1": Over([CONTRADICTED] * 5, told=True)}
    draws = Draws(tuple(Point(k, {}) for k in range(5)), (0.2,) * 5, "draws.csv")
    with light():
        result = write_findings(found, [], tmp_path, over=over, draws=draws)
    assert result.data["worlds"] == {"2.5": None, "4.1": {CONTRADICTED: 5}}
    untold, what = result.data["over_worlds"][-2:]
    assert untold == "For 1 verdict, worlds cannot be told from noise."
    assert what.startswith("These draws are assumptions, and no worlds that fit: ")
    assert result.data["draws"]["range"] == "range over assumptions"
    assert json.loads((tmp_path / "findings.json").read_text(encoding="utf-8")) == result.data
    page = (tmp_path / "article.html").read_text(encoding="utf-8")
    assert page.count("Worlds cannot be told from noise.") == 1
    assert page.count("Contradicted in 5 of 5 worlds.") == 1
    assert page.count(what) == 1


def test_nothing_is_drawn_of_no_statement():
    assert draw(draw_score, [], WIDE) is None
