"""A calibration in words, tables, figures and on a page."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments.inference import report, tables
from experiments.inference.data import LOG, SHIPPED
from experiments.inference.figures import draw_figures, draw_numbers, draw_ranks
from experiments.inference.fitted import LITTLE_TOLD
from experiments.inference.posterior import Against
from experiments.methods.information import combined_spread
from experiments.reporting.style import NARROW, WIDE, draw
from sim.scenario.scenario import load_scenario
from tests.experiments.inference.conftest import PATHS
from tests.helpers.drawings import cut_off, written


def test_the_answer_says_what_fits_what_is_known_and_what_is_not(found):
    said = report.answer(found)
    assert said[0].startswith("40 worlds with 4 assumed numbers drawn anew: of 60 adjusted draws that were run again, ")
    missing = replace(found, dropped=9, astray=np.array([0, 7, 2, 8, 0, 0]))
    assert report.answer(missing)[0].endswith(
        ", 51 show all of 6 figures within 3 standard errors. Of the 9 others 8 miss figure 3 and 7 miss figure 1."
    )
    narrowed = (
        "the base chance of a reply, the base chance that an exchange goes on and the inequality of members in how readily they are found"
    )
    assert said[1] == "The figures are taken to have come about under message_first (as given)."
    assert said[3] == f"The data narrow 3 of 4 numbers to half of their spread or less: {narrowed}."
    assert (
        said[4]
        == "They say nothing about the share of members who mute notifications: there the worlds differ as much as before, but for chance."
    )
    assert said[2] == "All gates are passed, and all controls, which are wrong on purpose, are noticed."
    assert said[6] == "A note."
    assert report.passed(found)
    assert report.question(found) == "Which worlds fit toy.toml?"


def test_it_is_said_whether_the_design_of_a_log_is_given_or_assumed(found, tmp_path):
    def at(**changes):
        return replace(found, question=found.question._replace(data=replace(found.question.data, **changes)))

    assumed = at(kind=LOG, design=None)
    told = "The log is taken to have come about under {} (assumed, that of the scenario's days before the switch: --design says otherwise)."
    told = told.format(found.question.scenario.warm_up_design)
    assert report.answer(assumed)[1] == told
    report.write(assumed, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "--design says otherwise" in page[: page.index("<figure")]
    assert report.answer(at(kind=LOG, design="connect_first"))[1] == "The log is taken to have come about under connect_first (as given)."
    assert not any("come about" in line for line in report.answer(at(kind=SHIPPED, design=None)))  # these came about on other platforms


def test_draws_that_do_not_fit_are_not_called_worlds(found):
    """Some are kept where none fits, to be looked at: no sentence, table or figure says that these fit."""
    off = found.missed + 9.0
    none = replace(found, missed=off, dropped=60, astray=np.array([60, 0, 0, 0, 0, 0]))
    assert report.answer(none)[0] == (
        "None of 40 draws that are kept, with 4 assumed numbers drawn anew, fits: of 60 adjusted draws that were run again, 0 show all of 6 "
        "figures within 3 standard errors. Of the 60 others 60 miss figure 0. With fewer than 20 that fit, they are assumptions."
    )
    drawn = [draw(drawing, none, WIDE).figure for drawing in (draw_numbers, draw_figures)]
    assert not any("that fit" in text for one in drawn for text in (one.headline, one.caption))
    eight = replace(found, missed=np.where(np.arange(40)[:, None] < 8, found.missed, off), dropped=52)
    assert report.answer(eight)[0].startswith("8 of 40 draws that are kept, with 4 assumed numbers drawn anew, fit: of 60 adjusted draws ")
    few = replace(found, values=some(found, 8), figures=found.figures[:8], missed=found.missed[:8], dropped=52)
    assert report.answer(few)[0].startswith("8 worlds with 4 assumed numbers drawn anew: of 60 adjusted draws that were run again, 8 show ")
    assert report.answer(few)[0].endswith(" With fewer than 20 that fit, they are assumptions.")
    assert "assumptions" not in report.answer(found)[0]


def test_a_page_of_draws_that_do_not_fit_does_not_call_them_worlds(found, tmp_path):
    report.write(replace(found, missed=found.missed + 9.0, dropped=60), tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "the worlds that fit" not in page.replace("rank of the truth among the worlds that fit its log", "")
    assert "draws that are kept though none fits: a row a draw" in page
    assert "Observed, and in draws that are kept though none fits" in page
    assert json.loads((tmp_path / "fit.json").read_text(encoding="utf-8"))["showing"] == 0


def test_what_fails_is_said(found):
    gates = found.gates._replace(uneven=np.array([True, False, False, False]), controls={"half the spread": False})
    c = replace(found, gates=gates, dropped=59, dropped_at_first=0.983)
    said = " ".join(report.answer(c))
    assert not report.passed(c)
    assert "Few worlds fit: 98% of the first round's adjusted draws miss a figure. Either these figures cannot be met together" in said
    assert "or a bank of 384 draws may be too small for 4 numbers." in said
    strange = report.answer(replace(c, fit=c.fit._replace(strangeness=0.995)))
    assert any(
        line.startswith(
            "These figures cannot be met together by this model: 100% of the bank's own draws are more usual than these figures and 98% of"
        )
        for line in strange
    )
    assert "Not passed: calibration (" in said
    assert "uneven are reply.base" in said
    assert "control: half the spread (not noticed)" in said


def test_worlds_that_are_sound_though_little_is_told_are_not_called_unreliable(found):
    little = replace(found, gates=found.gates._replace(contraction=np.full(4, 0.9)))
    assert (report.passed(little), report.sound(little)) == (False, True)
    assert any(line.startswith("Not passed: contraction (") and line.endswith(LITTLE_TOLD) for line in report.answer(little))
    for worse in (
        found.gates._replace(uneven=np.array([True, False, False, False])),
        found.gates._replace(held=[one._replace(inside=False) for one in found.gates.held]),
        found.gates._replace(controls={"half the spread": False}),
    ):
        assert not report.sound(replace(found, gates=worse))
        assert any(
            line.endswith("Do not rely on these worlds for more than a look.") for line in report.answer(replace(found, gates=worse))
        )
    assert [report.sound(replace(found, dropped=60 - fit)) for fit in (1, 19, 20)] == [False, False, True]
    assert not report.passed(replace(found, dropped=60 - 20, dropped_at_first=2 / 3))  # hard to find is not unsound, but it is said
    assert not report.sound(replace(found, fit=found.fit._replace(ready=in_quarrel(found.fit.ready))))


def in_quarrel(of):
    """Return the bank and the data with a figure that the others contradict, fitted all the same."""
    return of._replace(against=(Against(of.data.titles[0], "share", observed=9.0, expected=0.0, off=9.0),))


def test_figures_that_are_unusual_and_met_are_not_said_to_be_impossible(found):
    """As of one member's export: at the edge of what the bank shows, and every adjusted draw shows them."""
    edge = replace(found, fit=found.fit._replace(strangeness=1.0), dropped=0, dropped_at_first=0.0)
    assert (edge.together, report.passed(edge), report.sound(edge)) == (True, True, True)
    assert report.answer(edge)[2] == "These figures are unusual for these ranges: 100% of the bank's own draws are more usual."
    assert not any("cannot be met together" in line for line in report.answer(edge))
    assert not any("unusual" in line for line in report.answer(found))
    both = replace(edge, fit=edge.fit._replace(ready=in_quarrel(found.fit.ready)))
    assert (both.together, report.passed(both)) == (False, False)
    assert report.answer(both)[2].startswith(
        "These figures cannot be met together by this model: 100% of the bank's own draws are more usual than these figures and more than a "
        "fifth of them are contradicted by the others."
    )
    most = replace(edge, dropped=31, dropped_at_first=31 / 60)
    assert not report.passed(most)
    assert report.answer(most)[2].startswith("These figures cannot be met together by this model: 100% of the bank's own draws ")


def some(found, worlds):
    """Return the numbers of the first of the worlds."""
    return tables.draws(found)[list(PATHS)].to_numpy()[:worlds]


def test_how_wide_the_worlds_are_is_measured_on_them(found):
    """Half of the draws at a quarter of a range, half at three quarters: of twenty the spread is 0.2565, of a uniform prior 0.2887."""
    prior = found.question.prior
    shares = np.repeat([0.25, 0.75], 10)[:, None] * np.ones((1, 4))
    even = np.linspace(0.0, 1.0, 1001)[:, None] * np.ones((1, 4))
    c = replace(found, values=prior.values(shares), bank=found.bank._replace(values=prior.values(even)))
    assert tables.spread(c) == pytest.approx(np.full(4, 0.25 * np.sqrt(20 / 19) / np.sqrt(1 / 12)), rel=2e-3)
    assert (
        tables.spread(replace(c, values=prior.values(shares[1:]))) is c.gates.contraction
    )  # nineteen that are kept are too few, however many fit
    assert tables.spread(replace(c, dropped=60)) is c.gates.contraction  # those at hand do not fit
    none = found.gates._replace(halved=np.zeros(4, bool))
    rows = {name: said for name, _, said in tables.gate_rows(replace(found, gates=none))}
    names = ", ".join(PATHS[:3])
    few = {name: said for name, _, said in tables.gate_rows(replace(found, gates=none, values=some(found, 19)))}
    assert "the worlds" not in few["contraction"]  # of too few nothing is measured
    assert f"; the worlds, which are moved by their own runs, halve {names};" in rows["contraction"]
    assert rows["contraction"].endswith("; a straight-line approximation halves 3")


def test_numbers_that_move_a_figure_and_those_that_fits_halve_have_names_of_their_own(found):
    """Both were called identified: 17 that were, and 0 of 6 that should be."""
    none = replace(found, gates=found.gates._replace(halved=np.zeros(4, bool)))
    rows = {name: said for name, _, said in tables.gate_rows(none)}
    assert rows["contraction"].startswith(
        "3 numbers move a figure, by a first-order index above 0.1, of which nine of ten fits to pseudo-logs halve none; "
    )
    shipped = replace(none, question=none.question._replace(data=replace(none.question.data, kind=SHIPPED)))
    said = next(line for line in report.answer(shipped) if line.startswith("Not passed: "))
    assert "; fits halve none of 3 numbers that move a figure, and should halve 6. " in said
    assert "identified" not in " ".join([*report.answer(shipped), *rows.values(), *tables.parameters(shipped).columns])
    still = replace(none, gates=none.gates._replace(moving=np.zeros(4, bool)))
    assert {name: said for name, _, said in tables.gate_rows(still)}[
        "contraction"
    ] == "no number moves a figure, by a first-order index above 0.1"


def test_combinations_that_figures_tell_are_shown_with_what_the_worlds_know_of_them(found):
    """The toy's three numbers that move figures are three combinations; the fourth stands in none of them."""
    table = tables.combinations(found)
    assert table.combination.tolist() == [1, 2, 3]
    assert (table.foreseen.diff().dropna() > 0.0).all()
    prior = found.question.prior
    assert table.worlds.to_numpy() == pytest.approx(
        combined_spread(found.gates.information, prior.unit(found.values), prior.unit(found.bank.values))[:3]
    )
    assert (table[list(PATHS)] ** 2).sum(axis=1).to_numpy() == pytest.approx(np.ones(3))
    assert table["attention.muted"].abs().max() < 0.1
    assert (
        "In a straight-line approximation the figures tell 3 combinations of numbers, each to half of its spread or less; the worlds do so for 3."
        in report.answer(found)
    )
    few = replace(found, values=some(found, 19))
    assert tables.combinations(few).worlds.isna().all()
    assert any(line.endswith("each to half of its spread or less.") for line in report.answer(few))
    blind = found.gates.information._replace(combined=np.full(4, 0.51))
    blurred = replace(found, gates=found.gates._replace(information=blind))
    assert tables.combinations(blurred).empty
    assert "In a straight-line approximation the figures tell no combination of numbers to half of its spread." in report.answer(blurred)


def test_tables_hold_what_was_found(found):
    table = tables.parameters(found).set_index("parameter")
    assert table.said.tolist() == ["narrowed"] * 3 + ["nothing"]
    assert (table.q05 < table["median"]).all()
    assert ((table.low <= table.q05) & (table.q95 <= table.high)).all()
    assert table.loc["attention.muted", "halved"] == False  # noqa: E712  (a cell of NumPy's)
    figures = tables.figures(found)
    assert figures.worlds.to_numpy() == pytest.approx(figures.observed.to_numpy(), abs=0.25)
    assert list(tables.draws(found).columns) == ["draw", *PATHS]
    assert len(tables.bank(found)) == 384


@pytest.mark.parametrize("screen", [WIDE, NARROW])
def test_no_label_of_a_figure_is_shortened_or_cut_off(found, screen, monkeypatch):
    titles = tuple(f"answers on day {k} of the first message of a talk between two" for k in range(len(found.data.titles)))
    monkeypatch.setattr(type(found), "data", replace(found.data, titles=titles))
    canvas = draw(draw_figures, found, screen).canvas
    labels = [" ".join(label.get_text().split()) for label in canvas.axes[0].get_yticklabels()]
    assert labels == list(titles)
    assert cut_off(canvas, written(canvas)) == []


@pytest.mark.parametrize("drawing", [draw_numbers, draw_figures, draw_ranks])
@pytest.mark.parametrize("screen", [WIDE, NARROW])
def test_figures_say_what_they_show(found, drawing, screen):
    drawn = draw(drawing, found, screen)
    assert drawn.figure.headline
    assert drawn.figure.alt
    assert len(drawn.canvas.axes) == 1


def test_figures_show_plain_rejection_where_figures_cannot_be_met_together(found):
    c = replace(found, dropped=60, dropped_at_first=1.0)
    labels = [text.get_text() for text in draw(draw_numbers, c, WIDE).canvas.legends[0].get_texts()]
    assert "plain rejection" in labels
    assert "plain rejection" not in [text.get_text() for text in draw(draw_numbers, found, WIDE).canvas.legends[0].get_texts()]


def test_a_folder_holds_worlds_a_scenario_and_a_page(found, tmp_path):
    report.write(found, tmp_path)
    worlds = pd.read_csv(tmp_path / "draws.csv")
    best = load_scenario(tmp_path / "calibrated.toml")
    assert worlds.iloc[found.best]["reply.base"] == pytest.approx(best.reply.base)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Which worlds fit toy.toml?" in page
    assert page.index("The data narrow 3 of 4 numbers") < page.index("<figure") < page.index("They say nothing about")
    assert "Assumed numbers that are held fixed" in page
    assert "identified" not in page
    assert json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))["question"] == "Which worlds fit toy.toml?"
    again = tmp_path / "again"
    again.mkdir()
    report.write(found, again)
    assert "Combinations of numbers that the figures tell" in page
    assert re.search(r"\w+\.\w+ \+0\.\d\d, \w+\.\w+ [+-]0\.\d\d, ", page)  # the heaviest of one, whose weight is positive, and others
    for name in ("draws.csv", "bank.csv", "parameters.csv", "combinations.csv", "report.html"):
        assert (again / name).read_bytes() == (tmp_path / name).read_bytes()


def test_plain_values_are_json(found):
    told = report.data(found)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["worlds"] == 40
    assert tables.plain_values({"x": np.float64("nan"), "y": (np.int64(2), True)}) == {"x": None, "y": [2, True]}
