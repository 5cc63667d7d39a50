"""Where a question is worked on: the folder asked for, or one that is gone at success and named at a failure."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from experiments.reporting.workplace import folder_asked, workplace
from experiments.runs.ledger import KEPT, Ledger
from sim.errors import BadInput


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def noted(runs):
    """Fail with a ledger that has so many runs; return the error and the folder."""
    places = []

    def fail():
        with workplace(None) as place, Ledger(place / "ledger.sqlite") as book:
            places.append(place)
            book.put([(f"{k:064d}", b"run") for k in range(runs)])
            raise OSError("full")

    with pytest.raises(OSError, match="full") as found:
        fail()
    return found.value, places[0]


def test_a_folder_that_is_asked_for_stays_as_it_is(home):
    there = home / "mine"
    there.mkdir()
    (there / "a").touch()
    with workplace(there) as place:
        assert place == there
    with pytest.raises(KeyError) as found, workplace(there):
        raise KeyError("x")
    assert not hasattr(found.value, "__notes__")
    assert (there / "a").exists()


def test_another_is_gone_at_success(home):
    with workplace(None) as place:
        assert place.parent == home
        (place / "ledger.sqlite").touch()
    assert list(home.iterdir()) == []


def test_at_a_failure_runs_are_kept_and_the_note_says_where(home):
    error, place = noted(2)
    assert error.__notes__ == [
        f"finished runs are kept in {place / 'ledger.sqlite'}: with ledger={str(place / 'ledger.sqlite')!r} it continues from there"
    ]
    with Ledger(place / "ledger.sqlite", read_only=True) as book:
        assert len(book) == 2


def test_at_a_failure_before_the_first_run_nothing_is_kept_and_nothing_is_said_to_be(home):
    error, place = noted(0)
    assert KEPT not in error.__notes__
    assert not place.exists()


def test_what_is_there_but_no_ledger_is_left_for_the_user_to_see(home):
    def fail():
        with workplace(None) as place:
            (place / "ledger.sqlite").write_bytes(b"no ledger" * 100)
            raise KeyError("x")

    with pytest.raises(KeyError) as found:
        fail()
    (place,) = home.iterdir()
    assert str(place) in found.value.__notes__[0]


def test_a_place_is_a_path_or_true_or_none(tmp_path):
    usual = Path("results/usual")
    assert folder_asked(None, lambda: usual) is None
    assert folder_asked(True, lambda: usual) == usual
    assert folder_asked(str(tmp_path), lambda: usual) == folder_asked(tmp_path, lambda: usual) == tmp_path
    with pytest.raises(BadInput, match=r"`--out` must be a path \(got 3\)"):
        folder_asked(3, lambda: usual)
