"""Executors of this machine: processes that are renewed when one dies, or this process itself."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, InvalidStateError, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import current_process, get_context, resource_tracker
from typing import Any, TypeVar

from experiments import shadows
from experiments.arguments import UNGUARDED, whole
from sim.errors import BadInput, must
from sim.kernel_cache import shared_cache_dir

Result = TypeVar("Result")
STARTS = 3  # pools that may break before a worker has begun
ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
SILENT_TRACKER = "ignore:resource_tracker:UserWarning"
MOMENT = 2.0  # seconds in which the workers of a broken pool end


class InProcess(Executor):
    """Runs a job at once, in this process: a process of its own costs more than a pilot's small runs."""

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Run a job."""
        future: Future[Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  (it belongs to the job, as with any executor)
            future.set_exception(error)
        return future


class Processes(Executor):
    """Worker processes; if one dies, what it was to do fails, and the next job gets new ones, if any can start."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool = self._made()
        self._begun: dict[int, Any] = {}  # workers by process id; a pool that is broken has forgotten its own

    def _made(self) -> ProcessPoolExecutor:
        shadows.refuse("sim", "experiments")  # a worker that finds others in their place could not say so
        shared_cache_dir()  # workers find compiled code where this process has it
        _begin_tracker()
        pool = ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"), initializer=_begin_worker)
        # All begin with the first job. One that begins as another dies is noted in a table that the thread which clears up reads:
        # "dictionary changed size during iteration". There is no public way to say so.
        pool._safe_to_dynamically_spawn_children = False  # type: ignore[attr-defined]  # noqa: SLF001  (see above)
        return pool

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Hand a job to a worker. Errors as in `renew`."""
        try:
            with _undisturbed():
                future = self._pool.submit(fn, *args, **kwargs)
        except BrokenExecutor:
            self.renew()
            future = self._pool.submit(fn, *args, **kwargs)
        self._begun |= self._pool._processes or {}  # noqa: SLF001  (there is no public way to ask for their exit status)
        return _deaf(future)

    def renew(self) -> None:
        """Make new workers in place of those that died, and see one begin: else every run would be blamed for its worker's death.

        Raises:
            BadInput: if the script that this process runs starts workers when it is imported, as they do.
            ChildProcessError: if none can start.
        """
        if UNGUARDED in self._ended():
            guard = 'call this below `if __name__ == "__main__":`, since each worker process imports the script again'
            raise BadInput(must("", guard, where=getattr(sys.modules.get("__main__"), "__file__", "the script")))
        for _ in range(STARTS):
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = self._made()
            try:
                with _undisturbed():
                    begun = self._pool.submit(_has_begun)
                return begun.result()
            except BrokenExecutor:
                continue
        raise ChildProcessError(
            "no worker process can start; a program that runs this must be a file (not standard input) that does so under "
            'if __name__ == "__main__", and there must be memory for so many workers'
        )

    def _ended(self) -> list[int | None]:
        """Return the exit statuses of the workers of a broken pool; None of one that takes its time to end."""
        deadline = time.monotonic() + MOMENT
        while None in (found := [process.exitcode for process in self._begun.values()]) and time.monotonic() < deadline:
            time.sleep(0.01)
        return found

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
    """Give so many worker processes; they end at once when the caller is interrupted. Errors as in `Processes.renew`.

    A process that may have none, as one of a `multiprocessing.Pool`, does the work itself: it is a worker already.
    """
    if current_process().daemon:
        yield InProcess()
        return
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


def _deaf(future: Future[Result]) -> Future[Result]:
    """Return a future that takes no error once it is cancelled.

    Where a worker dies, Python 3.11 fails all futures that are waiting, and stumbles over one that was cancelled meanwhile: the
    thread that clears up ends half-way, and the program waits for ever.
    """
    fail = future.set_exception

    def set_exception(exception: BaseException | None) -> None:
        with suppress(InvalidStateError):
            fail(exception)

    future.set_exception = set_exception  # type: ignore[method-assign]  # of this one future alone
    return future


def _has_begun() -> None:
    """Do nothing, in a worker."""


def _begin_tracker() -> None:
    """Begin what looks after semaphores, deaf to a terminal that hangs up, and silent about what a killed process leaves: it clears that up.

    Python makes it deaf to Ctrl-C and SIGTERM alone. A signal that is blocked when a process is made stays so in it; what Python is to
    warn of, it hands on to what it begins.
    """
    sys.warnoptions.append(SILENT_TRACKER)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP}) if hasattr(signal, "pthread_sigmask") else None
    try:
        resource_tracker.ensure_running()
    finally:
        sys.warnoptions.remove(SILENT_TRACKER)
        if before is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Put off a signal that ends this process until the block is over.

    A worker that has begun and not yet been told what to do would complain of it.
    """
    if threading.current_thread() is not threading.main_thread():  # it hears none
        yield
        return
    heard: list[int] = []
    # None is a handler that was not set from Python: it could not be put back
    handlers = {number: handler for number in ENDING if callable(handler := signal.getsignal(number))}
    for number in handlers:
        signal.signal(number, lambda number, _frame: heard.append(number))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number in heard:
            signal.raise_signal(number)


def _begin_worker() -> None:
    atexit.register(gc.freeze)  # as Python ends it looks for garbage in all that is loaded, while the parent waits
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


def workers_of(workers: int | None, say: Callable[[str], None]) -> int:
    """Return how many processes to use: as many as asked for, at most as many as there are cores, of which `say` is told.

    Raises:
        BadInput: if there are none.
    """
    cores = usable_cores()
    if workers is None:
        return cores
    workers = whole("--workers", workers, "be at least 1", 1)
    if workers > cores:
        say(f"warning: {workers} workers asked for, {cores} cores there; {cores} are used")
    return min(workers, cores)


def usable_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
