"""Elasticities from end to end, small: runs in a ledger, resumed, files written, ODD.md only at the usual size."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from experiments.calibration import elasticities, runs, table, vary
from experiments.calibration.declared import every_target
from experiments.calibration.patterns.messages import Found
from experiments.calibration.vary import missing, varied
from experiments.cli import main as cli
from sim import load_scenario

SOME = ["reply.base", "reply.load"]


@pytest.fixture
def planted(monkeypatch, light_commands):
    """A world in which reply.base moves one target, and nothing else moves any; give the runs that were made."""
    made = []

    def figures_of(still, seed):
        made.append(seed)
        moved = 0.1 * (still.reply.base - load_scenario().reply.base) + 0.001 * seed
        return {one.name: Found(0.5 + moved * (one.name == "acceptance_strangers"), 10.0) for one in every_target()}

    monkeypatch.setattr(runs, "figures_of", figures_of)
    return made


def test_what_moves_what_is_found_written_and_resumed(planted, tmp_path):
    asked = varied(load_scenario(), [60], SOME, tmp_path / "out", None)
    assert missing(asked) == len(asked.runs) == 12
    found, lines = vary.vary(asked, 1)
    assert [(e.move.path, e.target.name) for e in found if e.told] == [("reply.base", "acceptance_strangers")]
    # a tenth of reply.base's range is .8, which moves the share by .08: 3.2 tolerances of .025
    assert next(e.effect for e in found if e.told) == pytest.approx(3.2)
    assert lines[0].startswith("1 of 2 parameters move a target, at 60 members and 3 seeds")
    frame = pd.read_csv(tmp_path / "out" / vary.TABLE)
    assert len(frame) == 2 * len(every_target())
    assert (missing(asked), len(planted)) == (0, 12)
    vary.vary(asked, 1)
    assert len(planted) == 12


def test_a_page_is_brought_up_to_date_by_the_whole_at_the_usual_size_alone(planted, tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    odd = tmp_path / "sim" / "ODD.md"
    odd.parent.mkdir()
    odd.write_text("<!-- elasticities -->\nold\n<!-- /elasticities -->\n", encoding="utf-8")
    monkeypatch.setattr(table, "ODD", odd)
    monkeypatch.setattr(vary, "MEMBERS", 60)
    whole = [move for move in vary.moves_of(vary.still_of(load_scenario(), 60)) if move.path in SOME]
    vary.vary(varied(load_scenario(), [60], SOME, tmp_path / "some", None), 1)
    assert "old" in odd.read_text(encoding="utf-8")
    monkeypatch.setattr(vary, "moves_of", lambda *_: whole)
    vary.vary(varied(load_scenario(), [61], [], tmp_path / "size", None), 1)
    assert "old" in odd.read_text(encoding="utf-8")
    vary.vary(varied(load_scenario(), [], [], tmp_path / "all", None), 1)
    text = odd.read_text(encoding="utf-8")
    assert "old" not in text
    assert "| `reply.base` | acceptance by strangers +3.20 |" in text


def test_the_command_shows_the_table(planted, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["calibration", "--elasticities", "--members", "60", "--parameters", *SOME, "--workers", "1", "--quiet"]
    assert cli.perform(words) == 0
    out = capsys.readouterr().out
    assert "acceptance by strangers +3.20" in out
    assert "no target constrains it" in out
    assert cli.perform([*words, "--json"]) == 0  # the usual folder holds the runs
    told = json.loads(capsys.readouterr().out)
    assert [one["parameter"] for one in told] == SOME
    assert len(planted) == 12


def test_the_usual_size_takes_under_an_hour():
    """Some 240 parameters, two sides, three seeds: with two seconds a run of 1,000 members that is 24 minutes on two cores."""
    asked = varied(load_scenario(), [], [], None, None)
    assert asked.still.members == elasticities.MEMBERS == 1000
    assert 2.0 * len(asked.runs) / 2 < 3600
    assert asked.whole
