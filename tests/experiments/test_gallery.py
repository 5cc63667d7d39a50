"""What the gallery keeps of a folder, and that its pages list that alone."""

from __future__ import annotations

import re

import pytest

from experiments.gallery import DROPPED, keep, tidy
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
