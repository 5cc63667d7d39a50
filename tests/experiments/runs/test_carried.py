"""Measures of one's own travel by value: a worker that has neither the file nor the cell computes them."""

from __future__ import annotations

import importlib.util
import pickle
import sys
import threading
import types
from types import SimpleNamespace

import cloudpickle
import numpy as np
import pytest

from experiments.runs.carried import as_bytes, packed, unpacked
from experiments.runs.measure_files import load_measures
from experiments.runs.processes import processes
from sim.decisions.counters import Counter
from sim.errors import BadInput, MeasureFailed
from sim.results.measures import MEASURES, Catalogue
from sim.results.measures.own import measure
from tests.helpers.own_measures import Notebook, accept_a_run, measures_file

CELLS = ("FACTOR = 3", "def times(x):\n    return FACTOR * x")
CELL = """
from sim import measure

@measure(unit="items", definition="Most.")
def fullest_inbox(run):
    return times(int(run.members.got.max()))
"""
RUN = SimpleNamespace(members=SimpleNamespace(got=np.array([4, 9, 2])))


def value_there(carried, name):
    """Return what a worker makes of a measure, and whether it has the module of its function."""
    one = unpacked(carried)[name].computed
    return one.whole(RUN).value, one.function.__module__ in sys.modules


def names_there(sent):
    """Return the names of the measures of what a worker is sent."""
    return list(pickle.loads(sent)["held"])


@pytest.fixture
def cells():
    notebook = Notebook()
    for cell in CELLS:
        notebook.run(cell)
    return Catalogue([notebook.run(CELL)["fullest_inbox"]])


def test_the_shipped_ones_are_everywhere():
    assert packed(MEASURES) is None
    assert unpacked(None) is MEASURES


def test_a_file_is_computed_where_its_module_is_not(tmp_path):
    catalogue = load_measures(measures_file(tmp_path, factor=2))
    (tmp_path / "mine.py").unlink()
    with processes(1) as pool:
        assert pool.submit(value_there, packed(catalogue), "fullest_inbox").result() == (18.0, False)


def test_cells_of_a_notebook_travel_with_what_they_call(cells):
    with processes(1) as pool:
        assert pool.submit(value_there, packed(cells), "fullest_inbox").result()[0] == 27.0


def test_what_holds_such_measures_travels_with_them(tmp_path):
    catalogue = load_measures(measures_file(tmp_path, factor=2))
    (tmp_path / "mine.py").unlink()
    with processes(1) as pool:
        assert pool.submit(names_there, as_bytes({"held": catalogue}, catalogue)).result() == list(catalogue)


def test_an_imported_module_travels_whole(tmp_path):
    spec = importlib.util.spec_from_file_location("module_of_mine", measures_file(tmp_path, factor=5))
    module = sys.modules["module_of_mine"] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        before = cloudpickle.list_registry_pickle_by_value()
        carried = packed(Catalogue([module.fullest_inbox]))
        assert cloudpickle.list_registry_pickle_by_value() == before
    finally:
        del sys.modules["module_of_mine"]
    with processes(1) as pool:
        assert pool.submit(value_there, carried, "fullest_inbox").result() == (45.0, False)


def test_a_ratio_and_what_is_said_of_it_arrive_as_they_were():
    given = measure(name="a", title="A", unit="share", definition="A.", numerator=Counter.READ, denominator=Counter.DELIVERED)
    assert unpacked(packed(Catalogue([given], "mine.py")))["a"] == given
    assert unpacked(packed(Catalogue([given], "mine.py"))).file == "mine.py"


def test_it_is_packed_once_and_another_catalogue_is_another(cells):
    assert packed(cells) is packed(cells)
    notebook = Notebook()
    notebook.run(CELLS[0].replace("3", "4"))
    notebook.run(CELLS[1])
    other = Catalogue([notebook.run(CELL)["fullest_inbox"]])
    assert [value_there(packed(one), "fullest_inbox")[0] for one in (cells, other)] == [27.0, 36.0]


def test_what_cannot_travel_is_refused_with_its_name():
    lock = threading.Lock()

    @measure(unit="items", definition="Held.", version="1")
    def held(run):
        return 1.0 if lock.locked() else 0.0

    fine = measure(name="fine", unit="share", definition="A.", numerator=Counter.READ, denominator=Counter.DELIVERED)
    with pytest.raises(BadInput, match=r"^measure: `held` must be such as can be sent to worker processes: .*\(got TypeError: .*lock"):
        packed(Catalogue([fine, held]))


def test_another_python_refuses_it_in_a_line(cells):
    carried = packed(cells)._replace(python="2.7")
    ours = ".".join(map(str, sys.version_info[:2]))
    rule = rf"^measures: `fullest_inbox` must be computed by workers with Python 2\.7, as the command has it \(got {ours}\)$"
    with pytest.raises(MeasureFailed, match=rule):
        unpacked(carried)


def test_a_worker_without_what_a_measure_needs_says_so(cells):
    nothing = packed(cells)._replace(payload=cloudpickle.dumps(Needs()))
    rule = (
        r"^measures: `fullest_inbox` must need only what workers have, too \(got ModuleNotFoundError: No module named 'no_such_module'\)$"
    )
    with pytest.raises(MeasureFailed, match=rule):
        unpacked(nothing)


class Needs:
    """Asks for a module that is not there, when it is opened."""

    def __reduce__(self):
        return importlib.import_module, ("no_such_module",)


def test_modules_that_workers_may_lack_are_sent_whole_and_ours_are_not(monkeypatch):
    sent = []
    monkeypatch.setattr(cloudpickle, "register_pickle_by_value", lambda module: sent.append(module.__name__))
    monkeypatch.setattr(cloudpickle, "unregister_pickle_by_value", lambda module: None)
    made = []
    for k, module in enumerate(("__main__", "experiments.api", "sim.results.values", "no.such.module", "tests.helpers.own_measures")):
        function = types.FunctionType(accept_a_run.__code__, {"__name__": module}, f"f{k}")
        made.append(measure(name=f"f{k}", unit="runs", definition="One.", version="1")(function))
    packed(Catalogue(made))
    assert set(sent) == {"tests.helpers.own_measures"}
