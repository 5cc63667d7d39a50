"""Shows mutants to tests, each in a process of its own that is forked from one in which the libraries are loaded."""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.soak.mutants.targets import LEFT_OUT, ROOT, path_of

KILLED, SURVIVED, LATE = "killed", "survived", "killed by time"
LIBRARIES = (
    "numba",
    "numba.extending",
    "llvmlite.ir",
    "numpy",
    "pandas",
    "scipy.stats",
    "scipy.sparse.csgraph",
    "networkx",
    "pydantic",
    "pytest",
    "hypothesis.strategies",
)
MOST_SECONDS = 120.0
PHASES = "sim.columnar.phases."
PAUSE = 0.02  # seconds between looks at the processes
ONCE = "import sys; from tests.soak.mutants.judge import compiled_main; sys.exit(compiled_main(*sys.argv[1:]))"


class Shown(NamedTuple):
    """What became of a mutant, and how many seconds that took."""

    outcome: str
    seconds: float


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module with another source than that of its file."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self.source = source

    def get_code(self, fullname: str) -> Any:
        return compile(self.source, self.get_filename(fullname), "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds one module in place of its file."""

    def __init__(self, module: str, source: str) -> None:
        self.module, self.source = module, source

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname != self.module:
            return None
        file = str(path_of(fullname))
        return importlib.util.spec_from_file_location(fullname, file, loader=_Loader(fullname, file, self.source))


def warm() -> None:
    """Load the libraries, and nothing of ours."""
    for name in LIBRARIES:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is loaded stays: no child looks through it again
    assert not any(name in ("sim", "experiments") for name in sys.modules)


def run_tests(module: str, source: str, tests: Sequence[str]) -> int:
    """Run tests with a module's source replaced, quietly; return pytest's exit status. The process is of no further use."""
    import pytest

    sys.meta_path.insert(0, _Finder(module, source))
    out = os.open(os.devnull, os.O_WRONLY)
    os.dup2(out, 1)
    os.dup2(out, 2)
    left_out = [word for test in LEFT_OUT for word in ("--deselect", test)]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    plain = ["-q", "-x", "--tb=no", "--assert=plain", "-p", "no:cacheprovider", "--rootdir", str(ROOT)]
    return int(pytest.main([*plain, *left_out, *tests]))


def show(module: str, source: str, tests: Sequence[str]) -> int:
    """Fork a process that runs the tests; return its id."""
    child = os.fork()
    if child:
        return child
    try:
        os.setsid()
        status = run_tests(module, source, tests)
    except BaseException:  # noqa: BLE001  (a module that cannot be loaded is a mistake that was seen)
        status = 3
    os._exit(status)


def outcome_of(status: int) -> str:
    """Return what an exit status of pytest says: that all passed, or that something was seen."""
    return SURVIVED if status == 0 else KILLED


def shown(
    asked: Sequence[tuple[str, str, Sequence[str]]], processes: int, seconds: float = MOST_SECONDS, start: Callable[..., int] = show
) -> Iterator[tuple[int, Shown]]:
    """Yield (which, what became of it) of each (module, source, tests), several at a time, as they end."""
    running: dict[int, tuple[int, float]] = {}
    waiting = list(range(len(asked)))[::-1]
    try:
        while waiting or running:
            while waiting and len(running) < processes:
                k = waiting.pop()
                running[start(*asked[k])] = (k, time.monotonic())
            time.sleep(PAUSE)
            for child, (k, began) in list(running.items()):
                took = time.monotonic() - began
                ended, status = os.waitpid(child, os.WNOHANG)
                if ended:
                    outcome = outcome_of(os.waitstatus_to_exitcode(status))
                elif took > seconds:
                    _end(child)
                    outcome = LATE
                else:
                    continue
                del running[child]
                yield k, Shown(outcome, took)
    finally:
        for child in running:
            _end(child)


def _end(child: int) -> None:
    """End a process that we started, and what it has started."""
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        os.kill(child, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(child, 0)


@functools.cache
def cache() -> Path:
    """Return the folder of compiled kernels that belongs to the sources as they are."""
    code = "from sim.kernel_cache import kernel_cache_dir; print(kernel_cache_dir())"
    return Path(subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip())


def still_good(module: str, folder: Path) -> None:
    """Copy those compiled kernels into a folder that a changed module has no part in.

    A phase is compiled by itself, and into how its rows are merged; decisions and counts are built into every kernel; experiments
    into none.
    """
    if module.startswith("sim.") and not module.startswith(PHASES):
        return
    stale = (f"{module.removeprefix(PHASES)}.", "sorting.") if module.startswith(PHASES) else ()
    shutil.copytree(cache(), folder / cache().name, ignore=lambda _, files: [file for file in files if file.startswith(stale)])


def compiled(module: str, source: str, tests: Sequence[str], seconds: float) -> Shown:
    """Run tests with a module's source replaced, compiled into a cache of its own."""
    with tempfile.TemporaryDirectory() as folder:
        still_good(module, Path(folder))
        return _compiled(module, source, tests, seconds=seconds, environment={"FIRSTCONTACT_CACHE": folder})


def compiled_unchanged(module: str, source: str, tests: Sequence[str], seconds: float) -> Shown:
    """Run tests on what nobody has changed, compiled into the usual cache."""
    return _compiled(module, source, tests, seconds=seconds, environment={})


def _compiled(module: str, source: str, tests: Sequence[str], *, seconds: float, environment: dict[str, str]) -> Shown:
    """Run tests in a new process with the compiler on."""
    usual = {name: value for name, value in os.environ.items() if name != "NUMBA_DISABLE_JIT"}
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "source.py"
        text.write_text(source, encoding="utf-8")
        command = [sys.executable, "-c", ONCE, module, str(text), *tests]
        ran = subprocess.Popen(command, cwd=ROOT, env=usual | environment, start_new_session=True)
        try:
            outcome = outcome_of(ran.wait(seconds))
        except subprocess.TimeoutExpired:
            outcome = LATE
        finally:
            if ran.poll() is None:
                _end(ran.pid)
    return Shown(outcome, time.monotonic() - began)


def compiled_main(module: str, text: str, *tests: str) -> int:
    """Run tests in this process with the source of a module from a file."""
    return run_tests(module, Path(text).read_text(encoding="utf-8"), tests)
