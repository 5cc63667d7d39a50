"""Figures drawn by worker processes: what was found goes to them, files come back, to the byte those that are drawn in this process."""

from __future__ import annotations

import functools
import importlib
import pickle
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor
from threading import Lock
from typing import TYPE_CHECKING, Any

from experiments.runs.carried import as_bytes
from sim import garbage

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from experiments.reporting.style import Drawing, Files, Render, Screen
    from sim.results.measures import Catalogue

    Sheet = tuple[Drawing, Screen]


def begin(pool: Executor, workers: int, modules: Sequence[str]) -> None:
    """Let so many workers load what draws, while this process has something else to do.

    Args:
        pool: that runs jobs at once.
        workers: how many it has.
        modules: with the drawings, by name: this process need not have loaded them yet.
    """
    for _ in range(workers):
        pool.submit(_load, modules)


def rendering(pool: Executor, workers: int, catalogue: Catalogue) -> Render:
    """Return what has figures drawn by the workers of a pool of this machine: elsewhere letters may be of another shape.

    Args:
        pool: as of `begin`.
        workers: likewise.
        catalogue: the measures of what is drawn; those of one's own must travel with it.
    """
    return functools.partial(_rendered_by, pool, workers, catalogue)


def _rendered_by(pool: Executor, workers: int, catalogue: Catalogue, drawings: Sequence[Drawing], found: Any) -> Iterator[Files | None]:
    """Yield the figures in order, each of a sheet a screen, which are drawn one by one by whoever is free."""
    from experiments.reporting.style import SCREENS, both_screens

    sheets = [(drawing, screen) for drawing in drawings for screen in SCREENS]
    shared = _Shared(pool, sheets, as_bytes(found, catalogue))
    for _ in range(workers):
        shared.hand_on()
    drawn = map(shared.drawn, range(len(sheets)))
    for _ in drawings:
        yield both_screens(*(next(drawn) for _ in SCREENS))


class _Shared:
    """Sheets that are yet to be drawn: workers take the last, one at a time, and this process the first.

    A worker that is handed several keeps them, however long each takes, and this process may have nothing left to do.
    """

    def __init__(self, pool: Executor, sheets: Sequence[Sheet], sent: bytes) -> None:
        self.pool, self.sheets, self.sent = pool, sheets, sent
        self._left = deque(range(len(sheets)))
        self._taken: dict[int, Future[Files | None]] = {}  # by workers
        self._lock = Lock()  # workers are handed sheets by the thread that hears of them

    def hand_on(self, last: Future[Files | None] | None = None) -> None:
        """Hand a worker a sheet, and the next when it is done; `last` is what it did before: nothing more if that failed."""
        if last is not None and (last.cancelled() or last.exception()):
            return
        with self._lock:
            if not self._left:
                return
            number = self._left.pop()
            future = self._taken[number] = self.pool.submit(_rendered, *self.sheets[number], self.sent)
        future.add_done_callback(self.hand_on)

    def drawn(self, number: int) -> Files | None:
        """Return a sheet, drawn here unless a worker has begun with it; sheets are asked for in their order."""
        with self._lock:
            future = self._taken.get(number)
            if future is None and number in self._left:
                self._left.remove(number)
        if future is not None and not future.cancel():
            try:
                return future.result()
            except BrokenExecutor:  # a worker was killed: its figures are no reason to fail
                pass
        return _rendered(*self.sheets[number], self.sent)


def _load(modules: Sequence[str]) -> None:
    """Load what draws, in a worker."""
    with garbage.not_looked_for():
        for name in modules:
            importlib.import_module(name)


def _rendered(drawing: Drawing, screen: Screen, sent: bytes) -> Files | None:
    from experiments.reporting.style import rendered_for

    return rendered_for(screen, drawing, _opened(sent))


@functools.lru_cache(maxsize=1)  # all figures of a report are of one thing
def _opened(sent: bytes) -> Any:
    return pickle.loads(sent)  # noqa: S301  (from our own process)
