"""Compiled code: what is damaged in its cache is compiled anew, what is steady is not asked again, and rows are moved in one piece."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from sim import jit, load_scenario, simulate
from sim.columnar.agenda import strike_off
from sim.kernel_cache import kernel_cache_dir
from sim.state.columns import AGENDA, ITEM
from sim.state.memory import table
from sim.state.sorting import place
from tests.sim.columnar.test_engine import SMALL


@jit.kernel
def minus(a, b, values):
    return a - b + values[0]


def test_a_steady_kernel_gives_what_the_kernel_gives():
    steady, values = jit.steady(minus), np.array([0.5])
    assert [steady(9, 2, values=values), steady(5, 7, values=values + 1.0)] == [7.5, -0.5]
    assert steady.kinds == tuple(map(numba.typeof, (9, 2, values)))


def test_a_steady_kernel_takes_names_in_any_order_and_no_others():
    steady, values = jit.steady(minus), np.array([0.5])
    assert [steady(values=values, b=2, a=9), steady(9, values=values, b=3), steady(9, 4, values)] == [7.5, 6.5, 5.5]
    for wrong in ({"b": 2}, {"b": 2, "values": values, "c": 1}):
        with pytest.raises(TypeError):
            steady(9, **wrong)


def test_a_steady_kernel_is_what_it_is_without_a_compiler(monkeypatch):
    monkeypatch.setattr(jit.config, "DISABLE_JIT", 1)
    steady = jit.steady(minus.py_func)
    assert [steady(3, 1, values=[0]), steady(3, values=[0.25], b=1)] == [2, 2.25]


ROOT = Path(__file__).parent.parent.parent
SOURCE = """
from sim.jit import kernel, scalar

@kernel
def total(values):
    found = 0.0
    for k in range(len(values)):
        found += values[k]
    return found

@scalar("float64(float64)")
def half(x):
    return 0.5 * x
"""
DAMAGES = {
    "emptied": lambda data: b"",
    "cut": lambda data: data[: len(data) // 2],
    "its last byte cut": lambda data: data[:-1],
    "a bit changed": lambda data: data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :],
    "zeroes": lambda data: bytes(len(data)),
}


@pytest.fixture
def cached(tmp_path, monkeypatch):
    """Return what imports a module of two kernels anew, as another process would, and where its cache is."""
    monkeypatch.setattr(jit.config, "CACHE_DIR", str(tmp_path / "cache"))
    source = tmp_path / "tiny.py"
    source.write_text(SOURCE, encoding="utf-8")

    def module():
        spec = importlib.util.spec_from_file_location("tiny", source)
        found = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(found)
        return found

    return module, tmp_path / "cache"


def use(module):
    """Return what the kernels of a module give, and how many of them came from the cache."""
    import numpy as np

    found = module()
    given = found.total(np.array([1.0, 2.0, 4.0])), found.half(3.0)
    return given, sum(sum(one.stats.cache_hits.values()) for one in (found.total, found.half))


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", ["nbi", "nbc"])
def test_a_damaged_file_is_compiled_anew_and_then_whole_again(kind, damage, cached):
    module, folder = cached
    assert use(module) == ((7.0, 1.5), 0)
    assert use(module) == ((7.0, 1.5), 2)
    damaged = sorted(folder.rglob(f"*.{kind}"))
    assert len(damaged) == 2
    before = {path: path.read_bytes() for path in damaged}
    for path, data in before.items():
        path.write_bytes(DAMAGES[damage](data))
    assert use(module) == ((7.0, 1.5), 0)
    assert use(module) == ((7.0, 1.5), 2)


def test_a_folder_that_cannot_take_what_was_compiled_costs_nothing_else(cached, monkeypatch):
    module, _ = cached

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile._save_data", full)
    assert use(module) == ((7.0, 1.5), 0)


def test_code_for_other_types_is_never_taken(cached):
    """As when the index was emptied by another process between two reads: the number of a file then means another signature."""
    import numpy as np

    module, folder = cached
    found = module()
    assert (found.total(np.array([1.0, 2.0])), found.total(np.array([1, 2]))) == (3.0, 3.0)
    one, two = sorted(folder.rglob("*total*.nbc"))
    exchanged = one.read_bytes(), two.read_bytes()
    two.write_bytes(exchanged[0])
    one.write_bytes(exchanged[1])
    found = module()
    assert (found.total(np.array([1.0, 2.0])), found.total(np.array([1, 2]))) == (3.0, 3.0)
    assert sum(found.total.stats.cache_hits.values()) == 0


PROGRAM = """
import sys
from pathlib import Path
from experiments.runs.processes import processes
from sim import load_scenario, simulate

def measures():
    return len(simulate(load_scenario("baseline").with_(members=30, warm_up=2, days=3), 1).measures)

if __name__ == "__main__":
    measures()
    assert all(Path(name).stat().st_size for name in sys.argv[1:])
    for name in sys.argv[1:]:
        Path(name).write_bytes(b"")
    with processes(1) as pool:
        assert pool.submit(measures).result() > 10
"""
RUN = ["-m", "experiments.cli.main", "run", "--members", "60", "--warm-up", "1", "--days", "5", "--quiet"]


@pytest.mark.slow  # six processes that load kernels
def test_a_program_its_workers_and_a_command_mend_the_models_own_cache(tmp_path):
    """On a copy of the suite's cache, of which an index and another kernel's code are emptied before each."""
    subprocess.run([sys.executable, "-c", "from sim.simulation import warm_kernels; warm_kernels()"], cwd=ROOT, check=True)
    home = kernel_cache_dir()
    shutil.copytree(home, tmp_path / "cache" / home.name, ignore=shutil.ignore_patterns("*.tmp.*"))
    (tmp_path / "cache" / home.name).chmod(0o700)
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    hurt = []
    for made, pattern in ((place, "sorting.place*.nbi"), (strike_off, "agenda.strike_off*.nbc")):
        folder = Path(made._cache.cache_path).name  # this checkout's: another of the same version keeps its code beside it
        hurt.append(next((tmp_path / "cache" / home.name / folder).glob(pattern)))
    environment = {**os.environ, "FIRSTCONTACT_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}
    for words in ([str(tmp_path / "program.py"), *map(str, hurt)], [*RUN, "--out", str(tmp_path / "out")]):
        for path in hurt:
            path.write_bytes(b"")
        ended = subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        assert all(path.stat().st_size > 0 for path in hurt)


@jit.inlined
def before(values, k):
    return values[k - 1]


@jit.kernel
def value_before(values, k):
    return before(values, k)


def test_no_index_counts_from_the_end_in_compiled_code():
    values = np.array([2.0, 3.0, 5.0])
    assert [value_before(values[1:], k) for k in (2, 1, 0)] == [5.0, 3.0, 2.0]  # the last stands before the rows that are given


def test_elsewhere_it_still_does():
    value_before(np.array([2.0, 3.0]), 1)
    assert numba.njit(lambda values, k: values[k])(np.array([2.0, 3.0]), -1) == 3.0


BOUNDED = """
import numpy as np
from sim import load_scenario, simulate
from tests.sim.columnar.test_engine import SMALL
from tests.sim.test_jit import value_before

for k in (0, 4):
    try:
        value_before(np.arange(3.0), k)
    except IndexError:
        continue
    raise SystemExit(f"place {k - 1} of three was read")
for threads in (1, 2):
    print(simulate(load_scenario("baseline").with_(**SMALL), 3, events=True, threads=threads).measures)
"""


@pytest.mark.slow  # compiles everything anew
def test_no_kernel_reads_or_writes_outside_its_tables(tmp_path):
    told = {"NUMBA_BOUNDSCHECK": "1", "FIRSTCONTACT_CACHE": str(tmp_path), "PYTHONPATH": str(ROOT)}
    ended = subprocess.run([sys.executable, "-c", BOUNDED], cwd=ROOT, env=os.environ | told, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    one = str(simulate(load_scenario("baseline").with_(**SMALL), 3, events=True).measures)
    assert ended.stdout.splitlines() == [one, one]


@jit.kernel
def put(rows, to, given, at):
    """Move a row from another table."""
    jit.move(rows, to, given, at)


@jit.kernel
def put_within(rows, to, at):
    """Move a row within a table."""
    jit.move(rows, to, rows, at)


@pytest.mark.parametrize("kind", [AGENDA, ITEM])  # no bytes between the columns, which NumPy would leave out
@pytest.mark.parametrize(("moved", "within"), [(put, put_within), (jit.move, lambda rows, to, at: jit.move(rows, to, rows, at))])
def test_a_row_is_moved_whole_and_alone(kind, moved, within):
    rows, given = table(kind, 3), table(kind, 2)
    for n, some in enumerate((rows, given)):
        some.view(np.uint8)[:] = np.arange(some.nbytes) % 251 + n
    expected = [rows[0].tobytes(), given[1].tobytes(), rows[2].tobytes()]
    moved(rows, 1, given, 1)
    assert [row.tobytes() for row in rows] == expected
    within(rows, 0, 2)
    within(rows, 2, 2)
    assert [row.tobytes() for row in rows] == [expected[2], *expected[1:]]
