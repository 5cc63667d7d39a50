"""`firstcontact article`: one entry is a test, the same bytes for any workers, bad options."""

from __future__ import annotations

import csv
import shutil

import pytest

from experiments.article import statement
from experiments.article.statement import ALL, HALF, HOME, ME, OTHERS
from experiments.cli import main as cli
from tests.experiments.article.small import TINY
from tests.helpers.light import draw_nothing, run_here
from tests.helpers.reports import Reader


def content(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.suffix not in (".json", ".sqlite")
    }


def test_a_new_statement_is_one_entry_in_one_file(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "statements"
    folder.mkdir()
    for path in HOME.glob("*.toml"):
        shutil.copy(path, folder)
    (folder / "16-mine.toml").write_text(
        'heading = "Mine"\nplace = 16\n[[point]]\nnumber = 1\nclaim = "Asking more wins more partners."\nmechanism = ["style.intents"]\n'
        'kind = "advice"\nchange = { "style.intents" = 3.0 }\nreading = "half"\nmeasure = "partners"\ndirection = "higher"\n'
        'contradicted = "It does not."\noff = { "style.intents" = 1.0 }\n'
    )
    monkeypatch.setattr(statement.load_statements, "__defaults__", (folder,))
    run_here(monkeypatch)
    assert cli.perform(["article", "--heading", "mine", *TINY, "--out", str(tmp_path / "out")]) == 0
    rows = list(csv.DictReader((tmp_path / "out" / "article.csv").read_text().splitlines()))
    assert {(r["number"], r["reading"], r["design"]) for r in rows} == {
        ("1", reading, design) for reading in (ME, HALF, ALL, OTHERS) for design in ("connect_first", "message_first")
    }
    assert capsys.readouterr().out.startswith("The statement ")
    page = Reader((tmp_path / "out" / "article.html").read_text(encoding="utf-8"))
    assert "Does the model bear out the article’s statement 16.1?" in page.words


@pytest.mark.slow  # half a minute; those of a comparison and a sweep are looked at quickly
def test_it_has_the_same_bytes_for_two_workers_and_when_it_goes_on(folder, tmp_path, monkeypatch):
    draw_nothing(monkeypatch)
    out = tmp_path / "two"
    two = [*TINY[:4], "--workers", "2", "--quiet", "--heading", "downsides", "--out", str(out)]
    assert cli.perform(["article", *two]) == 0
    assert content(out) == content(folder)
    assert cli.perform(["article", *two, "--pairs", "3"]) == 0
    assert content(out) != content(folder)
    assert cli.perform(["article", *two]) == 0
    assert content(out) == content(folder)


def test_bad_options_are_one_line(capsys, tmp_path):
    for arguments, word in (
        (["--point", "3.3"], "`--point` must be heading.number, such as 3.5 (got '3.3'"),
        (["--heading", "nothing"], "`--heading` must be part of one of these: "),
        (["--pairs", "1"], "`--pairs` must be at least 2 (got 1)"),
    ):
        assert cli.perform(["article", *arguments, "--out", str(tmp_path / "out")]) == 2
        assert word in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
