"""The asked test at draws that fit: two populations at each with its numbers, and the range over them."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from experiments.abtest import calibrated
from experiments.abtest.calibrated import at_draws, over_worlds, seconds_of, sentences, worlds_table
from experiments.abtest.findings import find
from experiments.cli.main import perform
from experiments.runs.draws import NO_FIT, Called
from sim import BadInput
from tests.experiments.abtest.test_findings import cells
from tests.experiments.abtest.worlds_of import question
from tests.helpers.calibrated import CASES, calibration


def draws(folder, text="draw,reply.base\n4,-3.0\n9,-2.5\n11,-2.0\n12,-1.5\n"):
    path = folder / "draws.csv"
    path.write_text(text, encoding="utf-8")
    return path


def asked(folder, many=3):
    return at_draws(question(panels=(("bias", 2, ("viewer", "pair")),)), draws(folder), many)


def found(folder, launches, misses):
    q = asked(folder, len(launches))
    worlds = {
        panel.name: [{"viewer": cells("viewer", effect=launch + miss + noise, undisturbed=0.1, launch=launch)} for noise in (-0.001, 0.001)]
        for panel, launch, miss in zip(q.worlds, launches, misses, strict=True)
    }
    one = [{s: cells(s, effect=0.3, undisturbed=0.3, launch=0.3) for s in ("viewer", "pair")}] * 2
    return find(q, {"bias": one} | worlds)


def test_the_asked_scheme_is_tested_at_each_draw_with_its_numbers(tmp_path):
    q = asked(tmp_path)
    assert [panel.name for panel in q.worlds] == ["world 4", "world 9", "world 11"]
    assert {(panel.replicates, panel.schemes) for panel in q.worlds} == {(2, ("viewer",))}
    assert [q.base(panel).reply.base for panel in q.worlds] == [-3.0, -2.5, -2.0]
    assert q.tests(q.worlds[1], "viewer", 5)[0].reply.base == -2.5
    assert q.plan()["plan"] != question(panels=(("bias", 2, ("viewer", "pair")),)).plan()["plan"]
    assert at_draws(q, None, 3) is at_draws(q, "none", 3) is q


@pytest.mark.parametrize("case", CASES)
def test_draws_are_worlds_that_fit_only_where_their_calibration_says_so_of_this_scenario(case, tmp_path):
    there, facts, here, said = CASES[case]
    asked_about = question(scenario={"members": 60, **here})
    folder = calibration(tmp_path / "found", question(scenario={"members": 60, **there}).scenario, **facts)
    found = at_draws(asked_about, folder, 3)
    assert found.called.why == (() if said is None else (said,))
    assert len(found.worlds) == 3
    assert {found.base(panel).reply.base for panel in found.worlds} == {-2.75} or "reply.base" not in here


def test_draws_are_asked_of_the_size_at_which_they_are_tested(tmp_path, monkeypatch):
    monkeypatch.setattr(calibrated, "ABTEST_MEMBERS", 60)
    large = question(scenario={"members": 61})
    assert at_draws(large, calibration(tmp_path / "small", question(scenario={"members": 60}).scenario), 3).called.fit
    assert not at_draws(large, calibration(tmp_path / "large", large.scenario), 3).called.fit


def test_what_is_no_draw_of_the_scenario_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"draws.csv.*column 'reply.bas'.*did you mean|reply.base"):
        at_draws(question(), draws(tmp_path, "reply.bas\n1\n2\n3\n"), 3)


def test_a_range_is_over_worlds_and_in_words(tmp_path):
    f = found(tmp_path, [0.2, 0.4, 0.6, 0.8], [0.1, 0.2, -0.1, 0.3])
    over = over_worlds(f, "partners")
    assert (over.launch.low, over.launch.high) == (pytest.approx(0.2, abs=0.01), pytest.approx(0.8, abs=0.01))
    assert (over.bias.low, over.bias.high) == (pytest.approx(-0.095, abs=0.01), pytest.approx(0.305, abs=0.01))  # of two draws: + 0.005
    assert over.control == pytest.approx(2.0)
    table = worlds_table(f).set_index(["metric", "quantity"])
    assert table.low["partners", "launch"] == pytest.approx(over.launch.low)
    assert table.same_sign["partners", "bias"] == 0.75
    line, why = sentences(f)
    assert "Over 4 assumed draws (" in line
    assert why == f"These draws are assumptions, and no worlds that fit: {NO_FIT}."
    fitting = dataclasses.replace(f, question=dataclasses.replace(f.question, called=Called(())))
    assert sentences(fitting) == [line.replace("assumed draws", "calibrated worlds")]
    assert "launching changes two-way partners by +10.0 to +40.0" in line
    assert "in 1 of them the bias has the other sign." in line


def test_worlds_that_only_differ_by_noise_are_not_told_apart(tmp_path):
    assert "worlds cannot be told from noise" in sentences(found(tmp_path, [0.2] * 4, [0.1] * 4))[0]


def test_without_draws_nothing_is_said():
    q = question(panels=(("bias", 2, ("viewer",)),))
    f = find(q, {"bias": [{"viewer": cells("viewer", effect=0.3, undisturbed=0.3, launch=0.3)}] * 2})
    assert over_worlds(f, "partners") is None
    assert sentences(f) == []
    assert not len(worlds_table(f))


def test_a_replicate_at_a_draw_takes_its_share_of_the_others_time(tmp_path):
    q = asked(tmp_path)
    q = dataclasses.replace(q, panels=(q.main, *(panel._replace(members=q.main.members // 2) for panel in q.worlds)))
    found_ = seconds_of(q, {"bias": 12.0})
    assert set(found_) == {panel.name for panel in q.worlds}
    assert all(math.isclose(x, 12.0 * (2 + 2) / (2 + 4) / 2) for x in found_.values())


def test_a_command_asks_at_draws(tmp_path, capsys):
    words = ["abtest", "--members", "60", "--warm-up", "10", "--days", "24", "--replicates", "2", "--tests", "0", "--assignments", "1"]
    told = ["--draws", str(draws(tmp_path)), "--worlds", "3", "--workers", "1", "--quiet", "--out", str(tmp_path / "out")]
    assert perform([*words, *told]) == 0
    rows = np.genfromtxt(tmp_path / "out" / "worlds.csv", delimiter=",", names=True, dtype=None, encoding="utf-8")
    assert {row["worlds"] for row in rows} == {3}
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Over assumptions" in page
    assert page.count("These draws are assumptions, and no worlds that fit") >= 1
    assert "These draws are assumptions" in (tmp_path / "out" / "findings.json").read_text(encoding="utf-8")
    assert calibrated.QUANTITIES == ("launch", "bias")
