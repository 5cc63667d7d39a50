"""What a calibration takes: its runs by rounds and seeds, and a small run that says how long one is."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from experiments.calibration import forecast as forecasts
from experiments.calibration.forecast import PER_MEMBER, PROGRAM, forecast
from experiments.cli import main as cli
from sim import load_scenario


@pytest.fixture
def tried(monkeypatch):
    """A run takes two seconds and reading it one; give the sizes that were run."""
    sizes, clock = [], [0.0]

    def gather(scenario, members, seeds):
        sizes.append((members, seeds))
        clock[0] += 2.0
        return SimpleNamespace(scenario=scenario.with_(warm_up=180, days=180))

    def targets(_evidence):
        clock[0] += 1.0

    monkeypatch.setattr(forecasts, "gather", gather)
    monkeypatch.setattr(forecasts, "targets", targets)
    monkeypatch.setattr(forecasts.time, "perf_counter", lambda: clock[0])
    return sizes


@pytest.mark.parametrize(
    ("members", "fitted", "runs", "seconds"),
    [
        (300, False, 3, 3 * 2.0 + 1.0),  # a round of three seeds
        (300, True, 15, 15 * 2.0 + 5 * 1.0),  # four rounds that move defaults, one that shows what they give
        (None, True, 15, 35.0 * 2.5),  # 2,000 members, and 500 for what a run takes anyway, against 500 and 500
    ],
)
def test_runs_and_time(members, fitted, runs, seconds, tried):
    found = forecast(load_scenario(), members, fitted=fitted)
    assert (found["runs"], found["workers"], found["seconds"]) == (runs, 1, pytest.approx(seconds))
    assert found["bytes"] == PROGRAM + PER_MEMBER * (members or 2000)
    assert tried == [(min(members or 2000, 500), (1,))]
    assert found["lines"][0].startswith(f"{runs} runs of {members or 2000:,} members over 360 days on 1 worker, about ")
    assert ("4 rounds that move defaults, and one" in found["lines"][1]) == fitted


def test_a_dry_run_leaves_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["calibration", "--members", "60", "--quiet", "--dry-run"]
    assert cli.perform([*words, "--fit", "proposal.toml"]) == 0
    assert capsys.readouterr().out.startswith("15 runs of 60 members over 360 days on 1 worker, about ")
    assert cli.perform([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rounds"], told["runs"]) == (1, 3)
    assert told["seconds"] > 0.0
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_refuses_what_the_command_refuses(tmp_path, capsys):
    (tmp_path / "f").write_text("")
    for arguments, word in (
        (["--members", "0"], "`--members` must be at least 3 for a calibration (got 0)"),
        (["--fit", tmp_path], f"`--fit` must be a new file (got {tmp_path}, which exists)"),
        (["--fit", tmp_path / "f" / "x"], f"`--fit` must be a file that you may write (got {tmp_path / 'f' / 'x'}: Not a directory)"),
        (["--fit", tmp_path / "g" / "x"], f"`--fit` must be a file that you may write (got {tmp_path / 'g' / 'x'}: No such file"),
    ):
        for dry in ([], ["--dry-run"]):
            assert cli.perform(["calibration", *map(str, arguments), *dry]) == 2
            assert word in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["f"]
