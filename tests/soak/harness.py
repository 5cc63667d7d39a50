"""What all trials share: numbered cases drawn from a seed, worker processes, time limits, failures that are kept, one line at the end.

A case is a function of (seed, number, folder): it draws what it tries from `luck(seed, number)` alone, works in its folder, and
returns an `Outcome`. So each is tried again by its seed and number: `python -m tests.soak.fuzz --seed 1 --only 4711`.
"""

from __future__ import annotations

import argparse
import faulthandler
import importlib
import os
import random
import shutil
import signal
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait as wait_for_any
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

KEEP = Path("build/soak")
LAST_RESORT = 3.0  # times the limit, after which a process that hears no alarm is ended
SHOWN = 20  # failures that are printed; all are kept


class Outcome(NamedTuple):
    """What a case gave: the word under which it is counted, and what was wrong, or nothing."""

    word: str
    wrong: str = ""


class TimeUp(BaseException):
    """A case took longer than its limit; no `except Exception` of the code under trial may swallow it."""


@dataclass(frozen=True)
class Trial:
    """A kind of trial.

    Args:
        name: of the module in this package that holds `case(seed, number, folder)` and `prepare()`, which is called once a process.
        count: how many cases there are unless told otherwise.
        limit: seconds a case.
        room: bytes of address space that a process may take beyond what it has after `prepare`; None for any.
        unit: what the numbers count.
    """

    name: str
    count: int
    limit: float
    room: int | None = None
    unit: str = "cases"


@dataclass
class Tally:
    """Outcomes so far."""

    words: Counter[str] = field(default_factory=Counter)
    failures: dict[int, str] = field(default_factory=dict)

    def add(self, number: int, outcome: Outcome) -> None:
        """Count an outcome."""
        self.words[outcome.word] += 1
        if outcome.wrong:
            self.failures[number] = outcome.wrong

    @property
    def tried(self) -> int:
        """Return how many cases there were."""
        return sum(self.words.values())


def luck(seed: int, number: int) -> random.Random:
    """Return the source of all that is random in a case."""
    return random.Random(f"{seed}/{number}")


def flat(text: str, most: int = 400) -> str:
    """Return a text as one short line."""
    return " ".join(text.split())[:most]


def kept(trial: Trial, seed: int, number: int, keep: Path) -> Path:
    """Return where a failing case is kept."""
    return keep / f"{trial.name}-{seed}-{number}"


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise TimeUp in the main thread after so many seconds; end the process if it does not hear."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def up(*_: object) -> None:
        raise TimeUp

    before = signal.signal(signal.SIGALRM, up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    if os.environ.get("PYTEST_VERSION") is None:  # pytest has a use of its own for it
        faulthandler.dump_traceback_later(LAST_RESORT * seconds, exit=True)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
        if os.environ.get("PYTEST_VERSION") is None:
            faulthandler.cancel_dump_traceback_later()


def attempt(trial: Trial, seed: int, number: int, keep: Path) -> Outcome:
    """Try one case in a folder of its own, which is kept if it fails, with what was wrong in `wrong.txt`."""
    case = importlib.import_module(f"tests.soak.{trial.name}").case
    here, folder = Path.cwd(), kept(trial, seed, number, keep).absolute()  # there from the start: a process that dies keeps it too
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with limited(trial.limit):
            outcome = case(seed, number, folder)
    except TimeUp:
        outcome = Outcome("too slow", f"took more than {trial.limit:.0f} s")
    except Exception:  # noqa: BLE001  (whatever it is, it is a finding)
        outcome = Outcome("traceback", traceback.format_exc())
    finally:
        os.chdir(here)
    if outcome.wrong:
        (folder / "wrong.txt").write_text(outcome.wrong + "\n", encoding="utf-8", errors="backslashreplace")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return outcome


def begin(trial: Trial) -> None:
    """Make a process ready: imports and patches first, then the limit of its memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # a case ends what it started
    threading.Thread(target=_end_with_parent, daemon=True).start()
    importlib.import_module(f"tests.soak.{trial.name}").prepare()
    if trial.room is not None:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + trial.room
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait_for_any([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)


class Crew:
    """Worker processes; when one dies, what was at work goes again alone, to find which case ends its process."""

    def __init__(self, trial: Trial, seed: int, keep: Path, workers: int) -> None:
        self.trial, self.seed, self.keep, self.workers = trial, seed, keep, workers
        self.running: dict[Future[Outcome], int] = {}
        self.pool = self._made(workers)

    def _made(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=begin, initargs=(self.trial,))

    def run(self, numbers: Iterator[int]) -> Iterator[tuple[int, Outcome]]:
        """Yield each number with its outcome, as they come."""
        try:
            while True:
                try:
                    while len(self.running) < 2 * self.workers and (number := next(numbers, None)) is not None:
                        self.running[self.pool.submit(attempt, self.trial, self.seed, number, self.keep)] = number
                except BrokenExecutor:
                    yield from self._alone([number])
                if not self.running:
                    return
                yield from self._settled()
        finally:
            self.pool.shutdown(wait=True, cancel_futures=True)

    def _settled(self) -> Iterator[tuple[int, Outcome]]:
        suspects = []
        for future in wait(self.running, return_when=FIRST_COMPLETED).done:
            number = self.running.pop(future)
            try:
                yield number, future.result()
            except BrokenExecutor:
                suspects.append(number)
        if suspects:
            suspects += self.running.values()
            self.running.clear()
            yield from self._alone(suspects)

    def _alone(self, suspects: list[int]) -> Iterator[tuple[int, Outcome]]:
        self.pool.shutdown(wait=True, cancel_futures=True)
        for number in suspects:
            with self._made(1) as pool:
                try:
                    yield number, pool.submit(attempt, self.trial, self.seed, number, self.keep).result()
                except BrokenExecutor:
                    yield number, Outcome("process ended", "the process died, or hung and was ended")
        self.pool = self._made(self.workers)


def here(trial: Trial, seed: int, keep: Path, numbers: Iterator[int]) -> Iterator[tuple[int, Outcome]]:
    """Yield each number with its outcome, tried in this process."""
    importlib.import_module(f"tests.soak.{trial.name}").prepare()
    for number in numbers:
        yield number, attempt(trial, seed, number, keep)


def tried(trial: Trial, *, count: int, seed: int = 1, minutes: float | None = None, workers: int = 0, keep: Path = KEEP) -> Tally:
    """Try the cases 0 to count - 1, or as many as the minutes allow, in so many processes (0: in this one); show how far it is."""
    deadline = None if minutes is None else time.monotonic() + 60.0 * minutes
    numbers = (n for n in range(count) if deadline is None or time.monotonic() < deadline)
    outcomes = Crew(trial, seed, keep, workers).run(numbers) if workers else here(trial, seed, keep, numbers)
    tally = Tally()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(trial.name, total=count)
        for number, outcome in outcomes:
            tally.add(number, outcome)
            bar.update(task, completed=tally.tried, description=f"{trial.name}, {len(tally.failures)} wrong")
    return tally


def say(line: str) -> None:
    """Write a line to stdout, as it is."""
    Console(soft_wrap=True, highlight=False, markup=False, emoji=False).print(line)


def summary(trial: Trial, tally: Tally, *, count: int, seed: int, minutes: float) -> str:
    """Return the one line that says what came out."""
    words = ", ".join(f"{many:,} {word}" for word, many in sorted(tally.words.items(), key=lambda pair: (-pair[1], pair[0])))
    stopped = f" of {count:,}, stopped by the clock" if tally.tried < count else ""
    wrong = f"{len(tally.failures):,} wrong" if tally.failures else "none wrong"
    return f"{trial.name}: {tally.tried:,}{stopped} {trial.unit} (seed {seed}): {words}; {wrong}; {minutes:.1f} minutes"


def options(trial: Trial, arguments: list[str] | None) -> argparse.Namespace:
    """Return the options of a trial's command."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.soak.{trial.name}")
    parser.add_argument("--count", type=int, default=trial.count, help="how many cases (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn (%(default)s)")
    parser.add_argument("--only", type=int, help="try this number alone, in this process")
    parser.add_argument("--minutes", type=float, help="stop after so many")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes; 0 for this one (%(default)s)")
    parser.add_argument("--keep", type=Path, default=KEEP, help="where failing inputs are kept (%(default)s)")
    return parser.parse_args(arguments)


def main(trial: Trial, arguments: list[str] | None = None) -> int:
    """Run a trial; return 1 if anything was wrong."""
    given = options(trial, arguments)
    started = time.monotonic()
    if given.only is not None:
        importlib.import_module(f"tests.soak.{trial.name}").prepare()
        outcome = attempt(trial, given.seed, given.only, given.keep)
        say(
            f"{trial.name} {given.only}: {outcome.word}"
            + (f"; kept in {kept(trial, given.seed, given.only, given.keep)}" if outcome.wrong else "")
        )
        say(outcome.wrong)
        return int(bool(outcome.wrong))
    if given.workers:
        from experiments.runs.watch import SILENT, compile_kernels

        compile_kernels(SILENT)  # once, and not in each process
    tally = tried(trial, count=given.count, seed=given.seed, minutes=given.minutes, workers=given.workers, keep=given.keep)
    for number, wrong in sorted(tally.failures.items())[:SHOWN]:
        say(f"{kept(trial, given.seed, number, given.keep)}: {flat(wrong)}")
    if len(tally.failures) > SHOWN:
        say(f"and {len(tally.failures) - SHOWN} more in {given.keep}")
    say(summary(trial, tally, count=given.count, seed=given.seed, minutes=(time.monotonic() - started) / 60.0))
    return int(bool(tally.failures))
