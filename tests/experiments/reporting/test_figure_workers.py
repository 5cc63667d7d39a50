"""Figures drawn by workers are to the byte those drawn here, in their order, and none is lost with a worker."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, Executor, Future

import pytest

from experiments.reporting.figure_workers import begin, rendering
from experiments.reporting.style import draw_all, rendered
from experiments.runs.processes import processes
from sim.results.measures import MEASURES
from tests.helpers.reports import line, nothing, of_a_number


class Kept(Executor):
    """Keeps what it is handed, and ends each job as it is told."""

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
        begin(pool, 1)
        theirs = draw_all(drawings, 3, tmp_path / "theirs", rendering(pool, MEASURES))
    assert theirs == draw_all(drawings, 3, tmp_path / "ours")
    assert [one.headline for one in theirs] == ["It rises", "It is 3"]
    assert files(tmp_path / "theirs") == files(tmp_path / "ours")


def test_a_figure_that_no_worker_takes_is_drawn_here():
    idle = Kept(lambda _future: None)
    assert [one and one.figure.headline for one in rendering(idle, MEASURES)([of_a_number, nothing, line], 4)] == [
        "It is 4",
        None,
        "It rises",
    ]
    assert [args[0] for _, args in idle.jobs] == [line, nothing, of_a_number]  # workers begin with the last


@pytest.mark.parametrize("error", [BrokenExecutor("a worker died"), ZeroDivisionError("of the drawing itself")])
def test_a_dead_worker_costs_no_figure_and_a_wrong_drawing_is_told(error):
    broken = rendering(Kept(lambda future: future.set_exception(error)), MEASURES)
    if isinstance(error, BrokenExecutor):
        assert list(broken([line], None)) == [rendered(line, None)]
        return
    with pytest.raises(ZeroDivisionError):
        list(broken([line], None))
