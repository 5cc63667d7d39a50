"""What all tests share."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, settings

os.environ["MPLBACKEND"] = "Agg"  # before anybody imports matplotlib: tests draw without a screen

# No deadline, and no complaint about slow generation: the first example may have to compile kernels.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# In CI the same examples every time, so that a failure belongs to the commit that shows it.
settings.register_profile("ci", settings.get_profile("local"), derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


# Kernels are compiled once, in a minute and a half, and kept. With several workers each would begin by compiling all of them,
# as long as none finds them: so one test compiles them first, and the others meanwhile do what needs none.
COMPILES = "tests/sim/columnar/test_engine.py::test_warm_kernels_leave_nothing_to_compile"
WITHOUT_KERNELS = (  # what is quick comes first: those are handed to the worker that compiles
    "tests/sim/decisions/",
    "tests/sim/scenario/",
    "tests/sim/population/networks/",
    "tests/experiments/methods/",
    "tests/experiments/test_intervals_cover.py",
    "tests/experiments/reporting/",
    "tests/test_cases.py",
    "tests/test_look.py",
)


BUT_FOR = (  # tests in these places that run a model, and would compile its kernels a second time at the same time
    "tests/sim/scenario/test_arms.py::test_a_number_takes_effect_at_the_switch_or_is_refused",
    "tests/sim/population/networks/test_graphs.py::test_words_of_a_file_",
    "tests/test_look.py::test_a_small_page_of_a_command_",
)


def pytest_collection_modifyitems(items):
    """Put first what compiles all kernels, then what needs none, in the order above; the rest stays in its order."""
    first = (COMPILES, *WITHOUT_KERNELS)

    def place(item):
        if item.nodeid.startswith(BUT_FOR):
            return len(first)
        return next((k for k, start in enumerate(first) if item.nodeid.startswith(start)), len(first))

    items.sort(key=place)


@pytest.fixture(scope="session")
def results_folder(tmp_path_factory):
    """A folder for the results of commands, one a session (and a worker of pytest-xdist)."""
    return tmp_path_factory.mktemp("results")


@pytest.fixture
def light_commands(monkeypatch):
    """Commands of this test run in this process and draw nothing: it looks at something else."""
    from tests.helpers.light import draw_nothing, run_here  # it imports matplotlib

    run_here(monkeypatch)
    draw_nothing(monkeypatch)


@pytest.fixture
def hears_ctrl_c():
    """Commands that a test starts can be interrupted, also when the tests run in the background of a shell, which ignores it."""
    with _heard("SIGINT", signal.default_int_handler):
        yield


@pytest.fixture
def hears_hang_ups():
    """Commands that a test starts hear that their terminal is gone, also when the tests run under nohup, which ignores it."""
    with _heard("SIGHUP", signal.SIG_DFL):
        yield


@contextmanager
def _heard(name, handler):
    number = getattr(signal, name, None)  # not every system has all
    before = None if number is None else signal.signal(number, handler)
    yield
    if number is not None:
        signal.signal(number, before)
