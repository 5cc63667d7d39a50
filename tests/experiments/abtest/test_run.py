"""The question put as people put it: from Python and as a command; bytes for any workers; a folder goes on; the budget cuts once."""

from __future__ import annotations

import hashlib
import json

import pytest

from experiments.abtest.run import abtest, question_of
from experiments.cli.main import perform
from sim import BadInput, load_scenario
from tests.experiments.abtest.worlds_of import ASKED, SMALL

WORDS = ["abtest", "--members", "80", "--warm-up", "20", "--days", "29", "--replicates", "2", "--tests", "2", "--quiet"]
GIVEN = {"credit": None, "estimator": None, "share": 0.5, "weeks": None, "seed": 1, "assignments": 2, "every": False, "workers": 1}


def digests(folder):
    left = ("ledger.sqlite", "provenance.json", "budget.json")
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(left)
    }


def test_any_workers_give_the_same_bytes_and_a_folder_goes_on(found, tmp_path, monkeypatch):
    assert perform([*WORDS, "--workers", "2", "--out", str(tmp_path / "two")]) == 0
    assert digests(tmp_path / "two") == digests(found.folder)

    def never(*_, **__):
        raise AssertionError("a replicate is made again")

    monkeypatch.setattr("experiments.abtest.runs.replicate", never)
    again = abtest(load_scenario(**SMALL), **ASKED, out=found.folder)
    assert again.summary.equals(found.summary)


def test_another_question_needs_another_folder(found):
    with pytest.raises(BadInput, match="which holds another plan"):
        abtest(load_scenario(**SMALL), **{**ASKED, "assignments": 1}, out=found.folder)


def test_a_dry_run_writes_nothing_and_says_how_long(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert perform([*WORDS, "--workers", "1", "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["replicates"] == {"bias": 2, "tests": 2}
    assert told["runs"] == 2 * (2 + 2 * 4 + 6) + 2 * (2 + 2 * 4)  # the six others are dealt once
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--by", "nobody"], "`--by` must be one of viewer,"),
        (["--share", "2"], "`--share` must be between 0 and 1 (got 2.0)"),
        (["--weeks", "0"], "`--weeks` must be a number of weeks, at least 1 (got 0)"),
        (["--replicates", "1"], "`--replicates` must be at least 2 (got 1)"),
        (["--budget", "0"], "`--budget` must be minutes above 0 (got 0.0)"),
        (["--estimator", "hayek"], "one of initiator with difference"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(words, line, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert perform([*WORDS, *words]) == 2
    out = capsys.readouterr()
    assert line in out.err
    assert out.err.count("\n") == 1


def asked(by="viewer", **changes):
    scenario = load_scenario(**SMALL)
    return question_of(scenario, ["connect_first", "message_first"], by=by, replicates=2, tests=2, **(GIVEN | changes))


def test_a_reading_is_filled_in_from_what_is_given():
    assert (asked().credit, asked().estimator) == ("initiator", "difference")
    assert (asked(credit="recipient").credit, asked(credit="recipient").estimator) == ("recipient", "difference")
    assert (asked("network").credit, asked("network").estimator) == ("initiator", "cluster")
    assert asked(estimator="hajek").credit == "initiator"


def test_weeks_leave_time_for_answers():
    assert asked(weeks=8).scenario.days == 8 * 7 + 14


def test_arms_with_limits_of_their_own_are_tested_by_viewers():
    found = question_of(load_scenario(**SMALL), ["message_first", "message_credits"], by="viewer", replicates=2, tests=2, **GIVEN)
    assert "profile" not in found.panels[0].schemes
    assert "viewer" in found.panels[1].schemes
