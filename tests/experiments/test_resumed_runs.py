"""`run --checkpoint-every` and `run --resume`: an interrupted run ends as an undisturbed one, to the byte; nothing else is resumed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from experiments.cli import main as cli
from experiments.single_run.checkpoints import FOLDER, Checkpoints
from tests.soak.damage import files_in

SMALL = ("run", "--members", "60", "--warm-up", "5", "--days", "25", "--events", "--quiet")


def status(*arguments):
    return cli.perform([str(a) for a in arguments])


@pytest.fixture
def interrupted(tmp_path, monkeypatch):
    """The folder of a run that Ctrl-C has met on the eleventh morning."""
    passed = Checkpoints.passed

    def until_the_eleventh(self, world):
        passed(self, world)
        if world.day == 11:
            raise KeyboardInterrupt

    monkeypatch.setattr(Checkpoints, "passed", until_the_eleventh)
    assert status(*SMALL, "--checkpoint-every", 4, "--out", tmp_path / "mine") == 130
    monkeypatch.setattr(Checkpoints, "passed", passed)
    return tmp_path / "mine"


@pytest.mark.parametrize("again", [(*SMALL, "--out"), ("run", "--quiet", "--resume")])
def test_the_same_command_and_resuming_go_on_to_the_same_files(interrupted, again, tmp_path, capsys):
    assert sorted(path.name for path in (interrupted / FOLDER).iterdir()) == ["day-00004.world", "day-00008.world"]
    assert status(*again, interrupted) == 0
    assert "Going on from day 8." in capsys.readouterr().err
    assert status(*SMALL, "--out", tmp_path / "whole") == 0
    assert files_in(interrupted) == files_in(tmp_path / "whole")
    assert not (interrupted / FOLDER).exists()


def test_what_is_finished_is_not_resumed(interrupted, capsys):
    assert status("run", "--quiet", "--resume", interrupted) == 0
    assert status("run", "--resume", interrupted) == 2
    assert "must be the folder of a run that was interrupted (got" in capsys.readouterr().err


def test_a_run_that_was_killed_before_its_checkpoints_went_can_be_resumed(interrupted):
    (interrupted / "provenance.json").write_text("{}")
    assert status("run", "--quiet", "--resume", interrupted) == 0
    assert not (interrupted / FOLDER).exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--members", 9), "`--resume` must stand without --members"),
        (("--seed", 9), "`--resume` must stand without --seed"),
        (("neutral",), "`--resume` must stand without a scenario"),
        (("--out", "elsewhere"), "`--resume` must stand without --out"),
    ],
)
def test_what_the_folder_says_is_not_asked_again(more, words, tmp_path, capsys):
    assert status("run", "--resume", tmp_path, *more) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("text", [None, "{", "[]", '{"command": "compare", "seed": 1, "events": false}', '{"command": "run"}'])
def test_what_is_no_folder_of_a_run_is_not_resumed(text, tmp_path, capsys):
    if text is not None:
        (tmp_path / "plan.json").write_text(text)
    assert status("run", "--resume", tmp_path) == 2
    assert "`--resume` must be the folder of a run that was interrupted" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--checkpoint-every", 0), "`--checkpoint-every` must be a whole number of days from 1 (got 0)"),
        (("--checkpoint-every", 3, "--engine", "mesa"), "`--checkpoint-every` must stand with the engine columns (got mesa)"),
    ],
)
def test_when_no_checkpoints_can_be_kept_it_is_said(more, words, capsys):
    assert status(*SMALL, *more) == 2
    assert words in capsys.readouterr().err


@pytest.mark.slow
def test_a_run_that_is_killed_a_hundred_times_ends_as_an_undisturbed_one(tmp_path):
    """Killed at any moment, while it starts, lives, writes a checkpoint or its files; it goes on each time from what it kept."""
    words = ["run", "--members", "1500", "--warm-up", "20", "--days", "60", "--events", "--quiet"]
    rng = np.random.default_rng(5)
    kills = finished = 0

    def started(folder, *more):
        return subprocess.Popen(
            [sys.executable, "-m", "experiments.cli.main", *words, *more, "--out", str(folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=dict(os.environ),
        )

    began = time.monotonic()
    with started(tmp_path / "whole") as whole:
        assert whole.wait() == 0, whole.stderr.read()
    took = time.monotonic() - began
    while kills < 100 or not finished:
        with started(tmp_path / f"part-{finished}", "--checkpoint-every", "2") as process:
            try:
                assert process.wait(rng.uniform(0.1, 1.2) * took) == 0, process.stderr.read()
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                kills += 1
                continue
        assert files_in(tmp_path / f"part-{finished}") == files_in(tmp_path / "whole")
        finished += 1
