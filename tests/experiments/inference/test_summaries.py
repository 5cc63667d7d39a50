"""A run's summaries, as a worker gives them and a ledger keeps them."""

from __future__ import annotations

import pytest

from experiments.calibration.declared import every_target
from experiments.calibration.described import DESCRIBED
from experiments.inference import summaries
from experiments.inference.summaries import MEASURED, TARGET, Asked, read_job, reading, summaries_of
from experiments.runs.worker import WrongModel
from sim.errors import BadInput
from sim.scenario.scenario import load_scenario
from sim.version import model_version

ONE = Asked(load_scenario(members=80, warm_up=10, days=30), (1, 2), (10.0, 39.0))


def test_a_run_shows_targets_described_figures_and_measures_under_names_of_their_own():
    found = summaries_of(ONE)
    names = [TARGET + one.name for one in every_target()]
    assert set(names) | set(DESCRIBED) <= set(found)
    assert len(found) == len(names) + len(DESCRIBED) + sum(name.startswith(MEASURED) for name in found)
    assert found["messages"].value > 0.0
    assert found[f"{MEASURED}mean_connections"].value > 0.0
    assert f"{MEASURED}intent_success" not in found  # its window is longer than the run
    assert repr(summaries_of(ONE)) == repr(found)


def test_a_worker_with_another_model_or_another_reading_is_refused(monkeypatch):
    with pytest.raises(WrongModel):
        read_job(ONE, "another", reading())
    with pytest.raises(BadInput, match="every worker must read runs as this command does, 0123"):
        read_job(ONE, model_version(), "0123")

    def broken(_):
        raise ValueError("never")

    monkeypatch.setattr(summaries, "summaries_of", broken)
    found = read_job(ONE, model_version(), reading())
    assert found.payloads == {}
    assert [said.partition(" (test_summaries.py, line ")[0] for said in found.errors.values()] == ["ValueError: never"]
