"""Runs a plan on processes, pair by pair, into a ledger; what is there is not run again."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, TypeVar

from experiments.runs.keys import pair_seeds, run_key
from experiments.runs.ledger import Ledger, Record, pack, record_of

if TYPE_CHECKING:
    from sim.results.history import History
    from sim.scenario.scenario import Scenario

Result = TypeVar("Result")
Progress = Callable[[int, int], None]  # pairs done, pairs wanted
STARTS = 3  # pools that may break before a worker has begun


def run_pair(arms: dict[str, Scenario], population_seed: int, seed: int, threads: int) -> list[tuple[str, bytes]]:
    """Run the arms of a pair; return (arm, packed record) for each. Works in a process of its own."""
    return [(name, pack(record_of(history))) for name, history in histories_of(arms, population_seed, seed, threads).items()]


def histories_of(arms: dict[str, Scenario], population_seed: int, seed: int, threads: int, *, events: bool = False) -> dict[str, History]:
    """Return a history of each arm, on one warm-up where only the designs differ."""
    from sim.simulation import simulate, simulate_arms

    if _only_designs_differ(arms):
        designs = [arm.designs[arm.design] for arm in arms.values()]
        found = simulate_arms(next(iter(arms.values())), designs, seed, population_seed, threads, events=events)
        return dict(zip(arms, found, strict=True))
    return {name: simulate(arm, seed, population_seed, threads=threads, events=events) for name, arm in arms.items()}


def _only_designs_differ(arms: dict[str, Scenario]) -> bool:
    """Tell whether one warm-up serves all arms."""
    plain = {arm.model_dump_json(exclude={"name", "design", "designs"}) for arm in arms.values()}
    warm = {arm.designs[arm.warm_up_design].model_dump_json() for arm in arms.values()}
    return len(plain) == len(warm) == 1


class Processes(Executor):
    """Worker processes; if one dies, what it was to do fails, and the next job gets new ones, if any can start."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool = self._made()

    def _made(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"), initializer=_begin_worker)

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Hand a job to a worker. Errors as in `renew`."""
        try:
            return self._pool.submit(fn, *args, **kwargs)
        except BrokenExecutor:
            self.renew()
            return self._pool.submit(fn, *args, **kwargs)

    def renew(self) -> None:
        """Make new workers in place of those that died, and see one begin: else every run would be blamed for its worker's death.

        Raises:
            ChildProcessError: if none can start.
        """
        for _ in range(STARTS):
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = self._made()
            try:
                return self._pool.submit(_has_begun).result()
            except BrokenExecutor:
                continue
        raise ChildProcessError(
            "no worker process can start; a program that runs this must be a file (not standard input) that does so under "
            'if __name__ == "__main__", and there must be memory for so many workers'
        )

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002  (as in the base class)
        """End the workers when they are done."""
        self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)

    def terminate(self) -> None:
        """End the workers at once."""
        for process in list((self._pool._processes or {}).values()):  # noqa: SLF001  (there is no public way to stop them)
            process.terminate()
        self.shutdown(wait=False, cancel_futures=True)


@contextmanager
def processes(workers: int) -> Iterator[Executor]:
    """Give so many worker processes; they end at once when the caller is interrupted. Errors as in `Processes.renew`."""
    pool = Processes(workers)
    try:
        yield pool
    except BaseException as error:
        try:
            if isinstance(error, BrokenExecutor):
                pool.renew()  # if no worker can start, that is what must be said
        finally:
            pool.terminate()
        raise
    pool.shutdown(wait=True, cancel_futures=True)


def _has_begun() -> None:
    """Do nothing, in a worker."""


def _begin_worker() -> None:
    import signal
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the parent, which keeps what is done
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for its next job for ever."""
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def usable_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class PairRunner:
    """Gives pairs in order of their number, running ahead as far as there are workers."""

    def __init__(self, arms: dict[str, Scenario], seed: int, ledger: Ledger, pool: Executor, ahead: int, threads: int = 1) -> None:
        self.arms, self.seed, self.ledger, self.pool = arms, seed, ledger, pool
        self.ahead, self.threads = ahead, threads

    def keys(self, pair: int) -> dict[str, str]:
        """Return the ledger key of each arm of a pair."""
        population_seed, seed = pair_seeds(self.seed, pair)
        return {name: run_key(arm, population_seed, seed) for name, arm in self.arms.items()}

    def pairs(self, most: int, known: Callable[[], None] | None = None) -> Iterator[dict[str, Record]]:
        """Yield the records of pairs 1, 2, ... `most`, an arm each; stop asking when there are enough."""
        waiting: deque[tuple[dict[str, str], Future[list[tuple[str, bytes]]] | None]] = deque()
        submitted = 0
        while submitted < most or waiting:
            while submitted < most and len(waiting) < self.ahead:
                submitted += 1
                waiting.append(self._submit(submitted))
            keys, future = waiting.popleft()
            if future is not None:
                self.ledger.put([(keys[arm], payload) for arm, payload in future.result()])
            if known is not None:
                known()
            yield {arm: self.ledger.get(key) for arm, key in keys.items()}

    def _submit(self, pair: int) -> tuple[dict[str, str], Future[list[tuple[str, bytes]]] | None]:
        keys = self.keys(pair)
        there = self.ledger.known(keys.values())
        missing = {name: arm for name, arm in self.arms.items() if keys[name] not in there}
        if not missing:
            return keys, None
        return keys, self.pool.submit(run_pair, missing, *pair_seeds(self.seed, pair), self.threads)
