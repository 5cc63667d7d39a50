"""Figures drawn by workers are to the byte those drawn here, in their order, and none is lost with a worker."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, Executor, Future

import pytest

from experiments.reporting.figure_workers import begin, rendering
from experiments.reporting.style import NARROW, WIDE, draw_all, rendered
from experiments.runs.processes import processes
from sim.results.measures import MEASURES
from tests.helpers.reports import line, nothing, of_a_number


class Kept(Executor):
    """Keeps what it is handed, and ends each job as it is told, or later."""

    def __init__(self, end):
        self.jobs, self.end = [], end

    def submit(self, fn, /, *args):
        self.jobs.append((fn, args))
        self.end(future := Future())
        return future


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_processes_draw_the_same_bytes_in_the_same_order(tmp_path):
    drawings = [line, nothing, of_a_number]
    with processes(1) as pool:
        begin(pool, 1, ["experiments.reporting.style"])
        theirs = draw_all(drawings, 3, tmp_path / "theirs", rendering(pool, 1, MEASURES))
    assert theirs == draw_all(drawings, 3, tmp_path / "ours")
    assert [one.headline for one in theirs] == ["It rises", "It is 3"]
    assert files(tmp_path / "theirs") == files(tmp_path / "ours")


def test_a_figure_that_no_worker_takes_is_drawn_here():
    idle = Kept(lambda _future: None)
    assert [one and one.figure.headline for one in rendering(idle, 1, MEASURES)([of_a_number, nothing, line], 4)] == [
        "It is 4",
        None,
        "It rises",
    ]
    assert [args[:2] for _, args in idle.jobs] == [(line, NARROW)]  # workers begin with the last, and have one at a time


def test_who_is_done_takes_the_last_that_nobody_has_begun():
    """A worker that was handed all of its figures at once left this process waiting for them."""
    handed = []
    busy = Kept(handed.append)
    found = rendering(busy, 2, MEASURES)([of_a_number, nothing, line], 4)
    assert next(found) == rendered(of_a_number, 4)
    assert [args[:2] for _, args in busy.jobs] == [(line, NARROW), (line, WIDE)]
    for future, (fn, args) in zip(handed[:2], busy.jobs[:2], strict=True):
        assert future.set_running_or_notify_cancel()
        future.set_result(fn(*args))
    assert [args[:2] for _, args in busy.jobs[2:]] == [(nothing, NARROW), (nothing, WIDE)]
    assert list(found) == [None, rendered(line, 4)]


@pytest.mark.parametrize("error", [BrokenExecutor("a worker died"), ZeroDivisionError("of the drawing itself")])
def test_a_dead_worker_costs_no_figure_and_a_wrong_drawing_is_told(error):
    kept = Kept(lambda future: future.set_exception(error))
    found = rendering(kept, 1, MEASURES)([line, of_a_number], 3)
    if isinstance(error, BrokenExecutor):
        assert list(found) == [rendered(line, 3), rendered(of_a_number, 3)]
        assert len(kept.jobs) == 1  # it is handed no more
        return
    with pytest.raises(ZeroDivisionError):
        list(found)
