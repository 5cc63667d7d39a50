"""Floors are needs times prices, phases are timed without what they call, and every function that is timed is one of the engine."""

from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import pytest

from experiments.benchmarks import floors, works
from experiments.benchmarks.floors import PHASES, REST, Need, Phase
from sim.columnar import engine

MEMBERS, DAYS = 60, 20


def test_a_floor_is_each_need_times_its_price_by_hand():
    phase = Phase("toy", (), (Need("look", lines=3.0, draws=2.0), Need("sent", bytes=10.0, exps=0.5)))
    units, prices = {"look": 4.0, "sent": 7.0}, {"lines": 0.5, "bytes": 0.25, "draws": 2.0, "exps": 8.0}
    assert floors.floor_of(phase, units, prices) == {"lines": 6.0, "bytes": 17.5, "draws": 16.0, "exps": 28.0}


def test_what_a_run_did_is_what_it_counted():
    days = {
        "active": [2, 3],
        "sessions": [1, 1],
        "all_intents": [2, 0],
        "delivered": [4, 0],
        "read": [1, 2],
        "turns": [0, 3],
        "new_ties": [1, 0],
    }
    history = SimpleNamespace(raw_daily={name: np.array(values) for name, values in days.items()})
    found = floors.units_of(history, {"looks": 1.5})
    assert found == {"member-day": 5.0, "session": 2.0, "look": 7.5, "intent": 2.0, "sent": 4.0, "read": 3.0, "turns": 3.0, "new_ties": 1.0}


def test_every_need_is_of_a_unit_that_is_counted_and_every_function_is_timed_once():
    history = works_history()
    units = floors.units_of(history, works.load(MEMBERS, DAYS))
    assert {need.unit for phase in PHASES for need in phase.needs} == set(units)
    assert min(units.values()) > 0.0
    names = [name for phase in PHASES for name in phase.functions]
    assert len(set(names)) == len(names)
    assert all(callable(getattr(engine, name)) for name in names)


def works_history():
    """Return a small run as the benchmark makes it."""
    from sim.simulation import simulate

    return simulate(works.scenario_of(MEMBERS, DAYS), 1)


def test_time_within_another_function_that_is_timed_is_left_out(monkeypatch):
    clock = iter(range(0, 100, 10))
    monkeypatch.setattr(floors.time, "thread_time", lambda: float(next(clock)))

    def calling_another():
        engine.settle_acts()

    monkeypatch.setattr(engine, "settle", calling_another)
    monkeypatch.setattr(engine, "settle_acts", lambda: None)
    kept = engine.settle, engine.Engine.step
    with floors.timed(["settle", "settle_acts"]) as took:
        engine.settle()  # from 0 to 30, of which from 10 to 20 in the other
    assert took == {"settle": 20.0, "settle_acts": 10.0}
    assert (engine.settle, engine.Engine.step) == kept


def test_prices_are_seconds_of_one_of_many(monkeypatch):
    monkeypatch.setattr(floors, "TIMES", 1)
    assert 1e-5 < floors.seconds_of(lambda: sum(range(10_000))) < 1e-2
    prices = floors.prices_of(1 << 24)
    assert 0.0 < prices["bytes"] < prices["lines"] < 1e-6  # a line has 64 bytes, and is waited for
    assert 0.0 < prices["draws"] < 1e-7
    assert 0.0 < prices["exps"] < 1e-7


def test_the_table_adds_up_to_the_day(monkeypatch):
    monkeypatch.setattr(floors, "prices_of", lambda size: {"lines": 4e-9, "bytes": 1e-10, "draws": 3e-9, "exps": 5e-9})
    started = time.thread_time()
    table, prices = floors.measured(MEMBERS, DAYS)
    took = time.thread_time() - started
    parts, whole = table[table.phase != "a run"], table.set_index("phase").loc["a run"]
    assert [*parts.phase] == [*(phase.name for phase in PHASES), REST]
    assert whole.seconds == pytest.approx(parts.seconds.sum())
    assert 0.0 < whole.seconds < took
    assert whole.floor == pytest.approx(sum(whole[kind] for kind in prices))
    assert whole.times == pytest.approx(whole.seconds / whole.floor)
    text = floors.as_markdown(table, prices, MEMBERS, DAYS)
    assert "4 ns per line, 0.1 ns per byte, 3 ns per draw, 5 ns per exp" in text
    assert len(text.splitlines()) == 4 + len(PHASES) + 2
