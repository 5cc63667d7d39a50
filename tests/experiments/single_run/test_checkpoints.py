"""Checkpoints: the last that is whole is gone on from, what is damaged is passed over, what is another's is refused, two are kept."""

from __future__ import annotations

import pytest

from experiments.single_run import checkpoints
from experiments.single_run.checkpoints import FOLDER, Checkpoints, DamagedError, said_by
from sim import load_scenario, simulate
from sim.errors import BadInput

SCENARIO = load_scenario(members=30, warm_up=5, days=12)


class StoppedError(Exception):
    """Ends a run where it is killed."""


def lived(folder, *, until=None, every=3, plan="mine"):
    """Run, from the last checkpoint on, and stop on the morning of a day; return the history, the days lived and what was said."""
    said, days = [], []

    def progress(day):
        days.append(day)
        if day == until:
            raise StoppedError

    kept = Checkpoints(folder, every, plan, said.append)
    try:
        history = simulate(SCENARIO, 4, events=True, progress=progress, moments=kept)
    except StoppedError:
        history = None
    return history, days, said


def names(folder):
    return sorted(path.name for path in (folder / FOLDER).iterdir())


def test_a_run_goes_on_from_the_last_and_keeps_two(tmp_path):
    lived(tmp_path, until=14)
    assert names(tmp_path) == ["day-00009.world", "day-00012.world"]
    history, days, said = lived(tmp_path, every=None)
    assert said == ["Going on from day 12."]
    assert days == [13, 14, 15, 16, 17]
    assert names(tmp_path) == ["day-00012.world", "day-00015.world"]  # as often as before
    whole = simulate(SCENARIO, 4, events=True)
    for name in ("measures", "daily", "members", "ties", "events", "intents"):
        assert history.to_pandas(name).equals(whole.to_pandas(name))


def test_one_that_is_left_within_the_warm_up_has_the_numbers_of_the_warm_up(tmp_path):
    lived(tmp_path, until=4)
    assert said_by(tmp_path / FOLDER / "day-00003.world")["switched"] is False
    history, _, _ = lived(tmp_path)
    assert history.to_pandas("ties").equals(simulate(SCENARIO, 4).to_pandas("ties"))


def test_without_any_the_run_begins_at_its_beginning(tmp_path):
    _, days, said = lived(tmp_path, every=None)
    assert (days[0], said) == (1, [])
    assert not (tmp_path / FOLDER).exists()


@pytest.mark.parametrize("change", [lambda b: b[:-1], lambda b: b[:500] + b[501:], lambda b: b[:700] + b"x" + b[701:], lambda b: b""])
def test_one_that_is_damaged_is_passed_over_with_a_line(tmp_path, change):
    lived(tmp_path, until=14)
    newest = tmp_path / FOLDER / "day-00012.world"
    newest.write_bytes(change(newest.read_bytes()))
    with pytest.raises(DamagedError):
        said_by(newest)
    _, days, said = lived(tmp_path)
    assert days[0] == 10
    assert f"{newest} is damaged" in said[0]
    assert said[1] == "Going on from day 9."


def test_what_is_whole_and_no_checkpoint_is_passed_over(tmp_path):
    import hashlib

    path = tmp_path / "day-00001.world"
    for text in (b"[1]\n", b"{}\n", b"no JSON\n", b'{"checkpoint": 2}\n'):
        path.write_bytes(text + hashlib.sha256(text).hexdigest().encode())
        with pytest.raises(DamagedError, match="no checkpoint"):
            said_by(path)


def test_one_of_another_run_or_another_model_is_refused(tmp_path, monkeypatch):
    lived(tmp_path, until=8)
    with pytest.raises(BadInput, match=r"checkpoints.day-00006\.world must be of this run, or deleted"):
        Checkpoints(tmp_path, 3, "another", print)
    monkeypatch.setattr(checkpoints, "model_version", lambda: "another")
    with pytest.raises(BadInput, match="must be of this model, or deleted"):
        Checkpoints(tmp_path, 3, "mine", print)


def test_once_the_run_is_finished_they_go(tmp_path):
    lived(tmp_path, until=8)
    Checkpoints(tmp_path, 3, "mine", print).forget()
    assert not (tmp_path / FOLDER).exists()
    Checkpoints(tmp_path, 3, "mine", print).forget()
