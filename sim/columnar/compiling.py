"""Compiling on two cores: a second process compiles the largest kernels, as this one compiles the others. Both leave them in the cache.

Numba compiles one function at a time in a process, so threads would not help. The phases are called for nobody: that compiles
them for the very arrays that they are given in a run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.columnar.engine import Engine
from sim.garbage import not_looked_for
from sim.jit import config
from sim.kernel_cache import CACHE_VARIABLE, shared_cache_dir
from sim.population.cohort import make_cohort
from sim.population.initialization import begin
from sim.scenario.scenario import Scenario, load_scenario
from sim.state.columns import ACT, ITEM, ParameterTables
from sim.state.memory import table
from sim.state.world import empty_world
from sim.version import model_version

LARGEST = "outreach.outreach-*.nbi"  # what numba leaves of the kernel that takes longest, once it is compiled
COMMAND = f"from {__name__} import compile_largest; compile_largest()"


def few() -> Scenario:
    """Return the baseline of a day with a handful of members: enough to be connected."""
    return load_scenario("baseline").with_(members=20, warm_up=0, days=1)


@not_looked_for()  # compiling makes millions of objects, and looking takes an eighth of the time
def compile_largest() -> None:
    """Compile about half: the phases of outreach and of the inbox, in a world of nobody, since the others compile how people come."""
    scenario = few()
    book = ParameterTables(*scenario.rows())
    engine = Engine(empty_world(book, make_cohort(scenario, 1), seed=1, population_seed=1, switch=0, mean_degree=0.0))
    engine.reach_out()
    engine.read()


@not_looked_for()  # compiling makes millions of objects, and looking takes an eighth of the time
def compile_others() -> None:
    """Compile the population and the other phases."""
    engine = Engine(begin(few(), 1, 1))
    engine.begin_day()
    engine.deliver([table(ITEM, 0)])
    engine.finish_day([table(ACT, 0)])


def is_worth_it() -> bool:
    """Tell whether a second process would help: there is a core for it, and nothing is compiled yet in a folder that it would find."""
    folder = shared_cache_dir()
    found = folder.name == model_version() and not any(folder.rglob(LARGEST))
    return found and not config.DISABLE_JIT and bool(sys.executable) and (os.cpu_count() or 1) > 1


@contextmanager
def in_two() -> Iterator[None]:
    """Compile in this process and a second one, if that is worth it; what the second could not compile is compiled where it is called."""
    if not is_worth_it():
        yield
        return
    path = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, sys.path)])
    env = os.environ | {"PYTHONPATH": path, CACHE_VARIABLE: str(shared_cache_dir().parent)}
    nothing = subprocess.DEVNULL
    with subprocess.Popen([sys.executable, "-c", COMMAND], env=env, stdin=nothing, stdout=nothing, stderr=nothing) as second:  # noqa: S603  (our own)
        try:
            compile_others()
            second.wait()
            yield
        finally:
            second.kill()
