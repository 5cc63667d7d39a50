"""Figures drawn by worker processes: what was found goes to them, files come back, to the byte those that are drawn in this process."""

from __future__ import annotations

import functools
import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor
from typing import TYPE_CHECKING, Any

from experiments.runs.carried import as_bytes

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from experiments.reporting.style import Drawing, Files, Render
    from sim.results.measures import Catalogue


def begin(pool: Executor, workers: int) -> None:
    """Let so many workers load what draws, while this process has something else to do."""
    for _ in range(workers):
        pool.submit(_load)


def rendering(pool: Executor, catalogue: Catalogue) -> Render:
    """Return what has figures drawn by the workers of a pool of this machine: elsewhere letters may be of another shape.

    Args:
        pool: that runs jobs at once.
        catalogue: the measures of what is drawn; those of one's own must travel with it.
    """
    return functools.partial(_rendered_by, pool, catalogue)


def _rendered_by(pool: Executor, catalogue: Catalogue, drawings: Sequence[Drawing], found: Any) -> Iterator[Files | None]:
    """Yield the figures in order. Workers begin with the last, this process with the first: it takes what none of them has taken yet."""
    sent = as_bytes(found, catalogue)
    futures = [pool.submit(_rendered, drawing, sent) for drawing in reversed(drawings)][::-1]
    for drawing, future in zip(drawings, futures, strict=True):
        try:
            yield _rendered(drawing, sent) if future.cancel() else future.result()
        except BrokenExecutor:  # a worker was killed: its figures are no reason to fail
            yield _rendered(drawing, sent)


def _load() -> None:
    """Load what draws, in a worker."""
    import experiments.reporting.style  # noqa: F401  (it loads matplotlib)


def _rendered(drawing: Drawing, sent: bytes) -> Files | None:
    from experiments.reporting.style import rendered

    return rendered(drawing, _opened(sent))


@functools.lru_cache(maxsize=1)  # all figures of a report are of one thing
def _opened(sent: bytes) -> Any:
    return pickle.loads(sent)  # noqa: S301  (from our own process)
