"""What a calibration takes: its runs by rounds, seeds and sizes, and a small run that says how long one is."""

from __future__ import annotations

import json

import pytest

from experiments.calibration import forecast as forecasts
from experiments.calibration.forecast import forecast, forecast_elasticities
from experiments.calibration.runs import PER_MEMBER, PROGRAM
from experiments.calibration.targets import SEEDS
from experiments.calibration.vary import varied
from experiments.cli import main as cli
from sim import load_scenario

BASELINE = load_scenario().members


@pytest.fixture
def tried(monkeypatch):
    """A run takes two seconds; give the sizes that were run."""
    sizes, clock = [], [0.0]

    def figures_of(still, seed):
        sizes.append((still.members, seed))
        clock[0] += 2.0

    monkeypatch.setattr(forecasts, "figures_of", figures_of)
    monkeypatch.setattr(forecasts.time, "perf_counter", lambda: clock[0])
    return sizes


@pytest.mark.parametrize(
    ("members", "fitted", "workers", "used", "runs", "seconds"),
    [
        ([300], False, 1, 1, 5, 5 * 2.0),  # a round of five seeds
        ([300], False, 2, 2, 5, 3 * 2.0),  # the fifth has the workers for itself
        ([300], False, 8, 5, 5, 2.0),
        ([300], True, 1, 1, 25, 25 * 2.0),  # four rounds that move defaults, one that shows what they give
        ([300], True, 4, 4, 25, 5 * 2 * 2.0),  # each waits for the one before
        ([2000], True, 1, 1, 25, 25 * 2.0 * 2.5),  # 2,000 members, and 500 for what a run takes anyway, against 500 and 500
        ([300, 2000], False, 1, 1, 10, 5 * 2.0 + 5 * 2.0 * 2500 / 800),
        ([2000, 300], False, 2, 2, 10, 2.5 * 2.0 * 2.5 + 2.5 * 2.0 * 800 / 1000),
    ],
)
def test_runs_and_time(members, fitted, workers, used, runs, seconds, tried):
    found = forecast(load_scenario(), members, fitted=fitted, workers=workers)
    assert (found["runs"], found["workers"], found["seconds"]) == (runs, used, pytest.approx(seconds))
    assert found["bytes"] == used * (PROGRAM + PER_MEMBER * max(members))  # each worker has one run at a time
    assert tried == [(min(members[0], 500), 1)]
    of = " and ".join(f"{size:,}" for size in members)
    assert found["lines"][0].startswith(f"{runs} runs of {of} members over 360 days on {used} worker{'s' * (used > 1)}, about ")
    assert ("4 rounds that move defaults, and one" in found["lines"][1]) == fitted


def test_without_a_size_it_is_the_scenarios_own(tried):
    assert forecast(load_scenario(), [], fitted=False, workers=1)["bytes"] == PROGRAM + PER_MEMBER * BASELINE
    assert len(SEEDS) == 5


def test_elasticities_take_two_sides_a_parameter_and_seed(tried, tmp_path):
    asked = varied(load_scenario(), [300], ["reply.base", "reply.load"], tmp_path / "out", None)
    found = forecast_elasticities(asked, 2)
    assert (found["runs"], found["seconds"]) == (12, pytest.approx(12 * 2.0 / 2))
    assert found["bytes"] == 2 * (PROGRAM + PER_MEMBER * 300)
    assert found["lines"][0].startswith("12 runs of 300 members over 360 days on 2 workers, about ")
    assert "2 parameters" in found["lines"][1]
    assert not (tmp_path / "out").exists()


def test_a_dry_run_leaves_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["calibration", "--members", "60", "--quiet", "--dry-run", "--workers", "1"]
    assert cli.perform([*words, "--fit", "proposal.toml"]) == 0
    assert capsys.readouterr().out.startswith("25 runs of 60 members over 360 days on 1 worker, about ")
    assert cli.perform([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rounds"], told["runs"]) == (1, 5)
    assert told["seconds"] > 0.0
    assert cli.perform([*words, "--elasticities", "--parameters", "reply.base"]) == 0
    assert capsys.readouterr().out.startswith("6 runs of 60 members over 360 days on 1 worker, about ")
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_refuses_what_the_command_refuses(tmp_path, capsys):
    (tmp_path / "f").write_text("")
    for arguments, word in (
        (["--members", "0"], "`--members` must be at least 3 for a calibration (got 0)"),
        (["--members", "5", "5"], "`--members` must be sizes that differ (got 5 5)"),
        (["--fit", tmp_path], f"`--fit` must be a new file (got {tmp_path}, which exists)"),
        (["--fit", tmp_path / "f" / "x"], f"`--fit` must be a file that you may write (got {tmp_path / 'f' / 'x'}: Not a directory)"),
        (["--fit", tmp_path / "g" / "x"], f"`--fit` must be a file that you may write (got {tmp_path / 'g' / 'x'}: No such file"),
        (["--fit", tmp_path / "new", "--members", "5", "6"], "`--members` must be one size with --fit (got 5 6)"),
        (["--parameters", "reply.base"], "`--parameters` must stand with --elasticities"),
        (["--workers", "0"], "`--workers` must be at least 1 (got 0)"),
        (["--out", tmp_path / "o"], "`--out` must stand with --elasticities"),
        (["--elasticities", "--members", "5", "6"], "`--members` must be one size with --elasticities (got 5 6)"),
        (["--elasticities", "--members", "2"], "`--members` must be at least 3 for a calibration (got 2)"),
        (["--elasticities", "--fit", "x"], "`--fit` must be left out with --elasticities"),
        (["--elasticities", "--parameters", "repply.base"], "did you mean 'reply.base'"),
        (["--elasticities", "--out", tmp_path / "f"], f"`--out` must be a folder (got {tmp_path / 'f'}, a file)"),
    ):
        for dry in ([], ["--dry-run"]):
            assert cli.perform(["calibration", *map(str, arguments), *dry]) == 2
            assert word in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["f"]
