"""A folder that version 0.1.0 left is refused in one line, and nothing in it is changed.

`data/sweep-of-0.1.0` was written by that version: a grid of two points, 12 members and 2 days; figures, report and provenance are left out.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from experiments.runs.ledger import Ledger
from experiments.runs.salvage import main as salvage
from tests.helpers.sweeps import left, status

OLD = Path(__file__).parent / "data" / "sweep-of-0.1.0"
OTHER_VERSION = "old must be planned by this version of the model (got another version, whose runs are never mixed in: "
OTHER_PLAN = "`--out` must be a new folder, one of the same plan, or left out (got old, which holds another plan)"
OLD_LEDGER = "old/ledger.sqlite must be a ledger of form 2, which this version writes: "


@pytest.fixture
def old(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(OLD, "old"))


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("sweep --resume old", OTHER_VERSION),
        ("sweep --status old", OTHER_VERSION),
        ("sweep --extend old --pairs 2", OTHER_VERSION),
        ("regions old", OTHER_VERSION),
        ("sweep old/sweep.toml --out old", OTHER_PLAN),
        ("compare --pairs 2 --out old", OTHER_PLAN),
        ("run old/scenario.toml --out old", OTHER_PLAN),
        ("compare old/scenario.toml --pairs 2 --out new --ledger old/ledger.sqlite", OLD_LEDGER),
        ("sweep old/sweep.toml --out new --ledger old/ledger.sqlite", OLD_LEDGER),
    ],
)
def test_a_folder_of_the_first_version_is_refused_in_one_line(words, line, old, capsys):
    before = left(old), (old / "ledger.sqlite").read_bytes()
    assert status(*words.split()) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert said[0].startswith(f"firstcontact: {line}")
    assert (left(old), (old / "ledger.sqlite").read_bytes()) == before


def test_its_plan_runs_anew_and_its_ledger_can_still_be_read(old, capsys):
    assert status("check", "old/scenario.toml") == 0
    assert salvage(["old/ledger.sqlite", "new.sqlite"]) == 0
    assert capsys.readouterr().out.endswith("4 runs are saved in new.sqlite\n")
    with Ledger(Path("new.sqlite")) as book:
        assert len(book) == 4
