"""Snapshots of a world: a run that goes on from one ends as if it had never stopped, and nothing else is taken for one."""

from __future__ import annotations

import io

import pytest

from sim import load_scenario, simulate
from sim.columnar.engine import Engine, enter, live
from sim.population.initialization import begin
from sim.state.columns import ParameterTables
from sim.state.memory import Table
from sim.state.snapshot import dump, load

SCENARIO = load_scenario(members=80, warm_up=15, days=20, **{"population.turnover": 0.01})


class Kept:
    """Keeps the world of one morning, and gives it back to whoever asks."""

    def __init__(self, day, switched):
        self.day, self.switched, self.bytes = day, switched, b""

    def last(self, scenario, arm):
        if not self.bytes:
            return None
        world = load(io.BytesIO(self.bytes), ParameterTables(*(arm if self.switched else scenario).rows()))
        assert (world.day, world.switched) == (self.day, self.switched)
        return world

    def passed(self, world):
        if (world.day, world.switched) == (self.day, self.switched):
            stream = io.BytesIO()
            dump(world, stream)
            self.bytes = stream.getvalue()


def same(one, other):
    """Tell whether two histories are the same in every column."""
    tables = ("measures", "daily", "members", "ties", "events", "intents")
    return all(one.to_pandas(name).equals(other.to_pandas(name)) for name in tables)


@pytest.mark.parametrize(("day", "switched"), [(1, False), (14, False), (15, False), (16, True), (34, True), (35, True)])
def test_a_run_goes_on_as_if_it_had_never_stopped(day, switched):
    kept = Kept(day, switched)
    whole = simulate(SCENARIO, 3, events=True, moments=kept)
    days = []
    again = simulate(SCENARIO, 3, events=True, moments=kept, progress=days.append)
    assert same(whole, again)
    assert days == list(range(day + 1, 36))


def test_what_is_read_is_what_was_written():
    world = begin(SCENARIO, 3, 3, None, events=True)
    live(Engine(world), 10, lambda _: None)
    stream, again = io.BytesIO(), io.BytesIO()
    dump(world, stream)
    stream.seek(0)
    twin = load(stream, world.book)
    assert stream.read() == b""
    dump(twin, again)
    assert again.getvalue() == stream.getvalue()
    assert (len(twin.graph.pairs), len(twin.graph.pool)) == (len(world.graph.pairs), len(world.graph.pool))
    assert twin.graph.members.dtype == world.graph.members.dtype
    assert type(twin.waiting) is Table


def test_a_world_that_was_written_is_not_changed_by_its_twin():
    world = begin(SCENARIO, 3, 3, None)
    stream = io.BytesIO()
    dump(world, stream)
    stream.seek(0)
    twin = load(stream, world.book)
    enter(twin, SCENARIO)
    live(Engine(twin), 5, lambda _: None)
    assert (world.day, world.switched, twin.day, twin.switched) == (0, False, 5, True)
    assert world.items_sent == 0


@pytest.mark.parametrize("text", [b"", b"{}\n", b"[]\n", b"\xff\n", b"nothing\n", b'{"seed": 1}\n'])
def test_what_is_no_snapshot_is_refused(text):
    with pytest.raises(ValueError, match="no snapshot of a world"):
        load(io.BytesIO(text), None)


@pytest.mark.parametrize("left", [1, 1000])
def test_a_snapshot_that_is_cut_is_refused(left):
    world = begin(SCENARIO, 3, 3, None)
    stream = io.BytesIO()
    dump(world, stream)
    with pytest.raises(ValueError, match="cut"):
        load(io.BytesIO(stream.getvalue()[:-left]), world.book)
