"""What a calibration takes is said before it is done."""

from __future__ import annotations

from experiments.inference import forecast as module
from experiments.inference.bank import asked_at, make
from experiments.inference.forecast import forecast
from experiments.inference.summaries import SummaryScheduler
from experiments.runs.ledger import Ledger
from experiments.runs.processes import InProcess
from tests.experiments.inference.conftest import figures_at, question


def test_runs_that_are_there_are_not_counted_again(toy, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "summaries_of", figures_at)
    asked = question(draws=64, keep=20)
    path = tmp_path / "ledger.sqlite"
    before = forecast(asked, 2, None, path)
    assert before["runs"] == 64 + 16 + 30 + 20
    assert not path.exists()
    with Ledger(path) as book:
        values = asked.prior.sample(64, 1)[:10]
        make(asked_at(asked.still, asked.data, asked.prior, values, 1, 1), SummaryScheduler(book, InProcess()), lambda *_: None)
    after = forecast(asked, 2, None, path)
    assert after["runs"] == before["runs"] - 10
    assert "of which 10 are there" in after["lines"][1]
    assert forecast(asked, 2, 1e-9, path)["seconds"] < after["seconds"]
