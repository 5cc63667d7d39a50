"""What a calibration takes is said before it is done."""

from __future__ import annotations

import pytest

from experiments.inference import forecast as module
from experiments.inference.bank import asked_at, make
from experiments.inference.forecast import forecast
from experiments.inference.summaries import SummaryScheduler
from experiments.runs.cost import size_of
from experiments.runs.ledger import Ledger
from experiments.runs.processes import InProcess
from tests.experiments.inference.conftest import SMALL, figures_at, question


def test_runs_that_are_there_are_not_counted_again(toy, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "summaries_of", figures_at)
    asked = question(draws=64, keep=20)
    path = tmp_path / "ledger.sqlite"
    before = forecast(asked, 2, None, path)
    assert before["runs"] == 64 + 16 + 4 * 30 + 20
    assert before["lines"][0] == "The figures are taken to have come about under message_first (as given)."
    assert not path.exists()
    with Ledger(path) as book:
        values = asked.prior.sample(64, 1)[:10]
        make(asked_at(asked.still, asked.data, asked.prior, values, 1, 1), SummaryScheduler(book, InProcess()), lambda *_: None)
    monkeypatch.setattr(module, "_a_run", lambda question: (size_of(question.still), 2.0))
    after = forecast(asked, 2, None, path)
    assert after["runs"] == before["runs"] - 10
    assert "of which 10 are there" in after["lines"][2]
    limited = forecast(asked, 2, 0.5, path)  # half a minute in place of the 54 runs of the bank that are left, of 2 seconds by two workers
    assert after["seconds"] - limited["seconds"] == pytest.approx(54 * 2.0 / 2 - 30.0)


def test_draws_that_are_run_at_the_own_size_too_are_counted_with_their_members(toy, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "summaries_of", figures_at)
    asked = question(draws=64, keep=20)._replace(scenario=SMALL.with_(members=600))
    plain, moved = (forecast(asked._replace(shift=shift), 2, None, tmp_path / "ledger.sqlite") for shift in (0, 24))
    assert moved["runs"] == plain["runs"] + 24
    assert moved["bytes"] > plain["bytes"]
    assert "and 24 draws again: these, but for the bank, with 600 members." in moved["lines"][2]
    assert "draws again" not in plain["lines"][2]
