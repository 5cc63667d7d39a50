"""Runs of a bank: under which design, with which seeds, and made once."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.inference.bank import Clock, asked_at, at, bank_of, make, still_for
from experiments.inference.summaries import SummaryScheduler
from experiments.runs.processes import InProcess
from sim.errors import BadInput
from sim.scenario.scenario import load_scenario
from tests.experiments.inference.conftest import SMALL, TITLES, data_at, prior


def test_the_design_of_the_data_holds_all_the_time_and_its_numbers_from_the_first_day():
    still = still_for(SMALL, data_at([0, 0, 0]), 80)
    assert (still.design, still.warm_up_design, still.members, still.warm_up, still.days) == ("message_first", "message_first", 80, 5, 20)
    moved = at(still, {"design.friction": 2.5, "reply.base": -2.0})
    assert (moved.designs["message_first"].friction, moved.reply.base) == (2.5, -2.0)
    assert (moved.design, moved.warm_up_design) == ("message_first", "message_first")
    without = still_for(load_scenario("baseline"), _of_no_design())
    assert without.design == without.warm_up_design == "both_equal"


def _of_no_design():
    from dataclasses import replace

    return replace(data_at([0, 0, 0]), design=None)


def test_an_unknown_design_is_refused():
    from dataclasses import replace

    with pytest.raises(BadInput, match="mesage_first"):
        still_for(SMALL, replace(data_at([0, 0, 0]), design="mesage_first"))


def test_each_draw_has_seeds_of_its_own_and_a_run_is_named_by_all_that_it_depends_on():
    data, of = data_at([0, 0, 0]), prior()
    still = still_for(SMALL, data, 60)
    values = of.sample(4, 1)
    runs = asked_at(still, data, of, values, 1, 1)
    assert len({one.seeds for one in runs}) == 4
    assert [one.key for one in asked_at(still, data, of, values[2:], 1, 3)] == [one.key for one in runs[2:]]
    other = runs[0]._replace(window=(0.0, 9.0))
    assert len({runs[0].key, other.key, runs[0]._replace(seeds=(1, 2)).key, asked_at(still, data, of, values, 2, 1)[0].key}) == 4


def test_runs_are_kept_and_progress_counts_what_is_there(toy, book):
    data, of = data_at([0, 0, 0]), prior()
    values = of.sample(40, 1)
    wanted = asked_at(still_for(SMALL, data, 60), data, of, values, 1, 1)
    steps = []
    scheduler = SummaryScheduler(book, InProcess())
    assert make(wanted[:8], scheduler, lambda *at: steps.append(at)) == 8
    assert make(wanted, scheduler, lambda *at: steps.append(at)) == 40
    assert len(toy) == 40
    assert steps[-1] == (40, 40)
    assert (9, 40) in steps
    found = bank_of(wanted, values, scheduler).summaries([*TITLES, "none"])
    assert found.shape == (40, 7)
    assert np.isfinite(found[:, :6]).all()
    assert np.isnan(found[:, 6]).all()


def test_a_clock_is_over_after_its_minutes_and_never_without():
    assert not Clock(None).over()
    assert Clock(1e-9).over()
    assert not Clock(5.0).over()
