"""What the gallery keeps of a folder, and that its pages list that alone."""

from __future__ import annotations

import re

import pytest

from experiments import gallery
from experiments.gallery import DROPPED, keep, tidy
from experiments.inference import shipped
from experiments.reporting.page import Page, write_findings
from tests.helpers.reports import drawn

FILES = [
    ("summary.csv", "each measure"),
    ("runs.csv", "every run"),
    ("daily.csv", "every day"),
    ("estimates.csv", "every test"),
    ("budget.json", "for how many there was time"),
    ("provenance.json", "where and when"),
    ("ledger.sqlite", "all runs"),
    ("figures/", "every figure as PNG and SVG"),
]


@pytest.fixture
def folder(tmp_path):
    """A small folder as a command leaves it, with a page that says how a figure is drawn: "PNG and SVG"."""
    figure = drawn(tmp_path / "figures")
    for name in ("ledger.txt", *(name for name, _ in FILES[:-1])):
        (tmp_path / name).write_text("a\n", encoding="utf-8")
    write_findings(Page("Does it rise?", ["It rises."], figure, [], ["Figures are PNG and SVG."], [("Seed", "1")], FILES), tmp_path)
    return tmp_path


def test_make_calibrate_makes_a_bank_where_none_is_committed(monkeypatch):
    made = []
    monkeypatch.setattr(gallery, "make", lambda *given: made.append(given))
    monkeypatch.setattr(shipped, "how_made", lambda: None)
    gallery.make_calibration()
    words = ["calibrate", "--draws", "512", "--members", "2000", "--keep", "40", "--shift", "150", "--out", str(gallery.CALIBRATION)]
    assert made == [(words, gallery.UNSURE)]


def test_a_command_may_end_as_is_allowed_and_otherwise_ends_all(monkeypatch):
    monkeypatch.setattr(gallery, "perform", lambda words: int(words[0]))
    gallery.make(["0"])
    gallery.make(["1"], gallery.UNSURE)
    for words, allowed in ((["1"], ()), (["2"], (gallery.UNSURE,))):
        with pytest.raises(SystemExit) as left:
            gallery.make(words, *allowed)
        assert left.value.code == int(words[0])


@pytest.mark.parametrize("off", [0.0, 0.01])
def test_make_calibrate_repeats_the_committed_draws_and_fails_when_they_differ(off, tmp_path, monkeypatch, capsys):
    made, home = [], tmp_path / "shipped"
    home.mkdir()
    (home / "draws.csv").write_text("draw,reply.base,thread.base\n1,-2.5,0.1\n2,-2.25,0.2\n", encoding="utf-8")
    told = {
        "bank": home / "bank.csv",
        "members": 60,
        "seed": 3,
        "keep": 2,
        "shift": 24,
        "parameters": ["reply.base", "thread.base"],
    }

    def infer(words, *allowed):
        made.append(words)
        assert allowed == (gallery.UNSURE,)
        (tmp_path / "draws.csv").write_text(f"draw,reply.base,thread.base\n1,-2.5,{0.1 + off}\n2,-2.25,0.2\n", encoding="utf-8")

    monkeypatch.setattr(gallery, "make", infer)
    monkeypatch.setattr(gallery, "CALIBRATION", tmp_path)
    monkeypatch.setattr(shipped, "how_made", lambda: told)
    monkeypatch.setattr(shipped.repeated, "__defaults__", (home,))
    kept = []
    monkeypatch.setattr(gallery, "keep_calibration", lambda: kept.append(True))
    if off:
        with pytest.raises(SystemExit) as left:
            gallery.make_calibration()
        assert left.value.code == 1
        assert capsys.readouterr().err == "The draws that were inferred again are not the committed ones: thread.base differs.\n"
    else:
        gallery.make_calibration()
    assert kept == ([] if off else [True])
    options = [
        "--bank",
        str(home / "bank.csv"),
        "--members",
        "60",
        "--keep",
        "2",
        "--shift",
        "24",
        "--seed",
        "3",
        "--parameters",
        "reply.base",
        "thread.base",
    ]
    assert made == [["calibrate", *options, "--out", str(tmp_path)]]


def listed(page):
    return re.findall(r'<div data-file="([^"]+)">', page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["report.html", "article.html"])
def test_pages_list_the_files_that_are_kept(folder, name):
    page = (folder / "report.html").rename(folder / name)
    before = page.read_text(encoding="utf-8")
    assert set(DROPPED) - {"ledger.txt"} < set(listed(page))
    tidy(folder)
    assert listed(page) == ["summary.csv", "figures/", "findings.json"]
    assert all((folder / one).exists() for one in listed(page))
    assert not any((folder / one).exists() for one in DROPPED)
    text = page.read_text(encoding="utf-8")
    assert not any(one in text for one in DROPPED)
    assert "<dd>every figure as PNG</dd>" in text
    assert "Figures are PNG and SVG." in text
    assert text[: text.index('<div data-file="')] == before[: before.index('<div data-file="')]


def test_svgs_go_and_pngs_stay(folder):
    kinds = {path.suffix for path in (folder / "figures").iterdir()}
    assert kinds == {".png", ".svg"}
    tidy(folder)
    assert {path.suffix for path in (folder / "figures").iterdir()} == {".png"}
    tidy(folder)  # what is tidy stays as it is
    assert listed(folder / "report.html") == ["summary.csv", "figures/", "findings.json"]


def test_what_is_kept_is_a_copy_without_the_ledger_so_that_the_command_can_go_on(folder, tmp_path_factory):
    kept = tmp_path_factory.mktemp("kept")
    (kept / "old.csv").touch()
    (folder / "ledger.sqlite.lock").touch()
    before = {path.name for path in folder.iterdir()}
    keep(folder, kept)
    assert {path.name for path in folder.iterdir()} == before
    assert {path.name for path in kept.iterdir()} == {"summary.csv", "figures", "report.html", "findings.json"}
