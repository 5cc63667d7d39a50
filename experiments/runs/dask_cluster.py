"""A Dask cluster as an executor: workers of this model version alone; one that is killed loses nothing."""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from typing import Any, TypeVar

from experiments.optional_imports import needs
from experiments.runs.worker import died
from sim.errors import BadInput, must
from sim.version import differs_in, model_version

Result = TypeVar("Result")
PATIENCE = "10s"  # to find the scheduler
WAIT = 60.0  # seconds for the first worker
FRESH = 2.0  # seconds for which a look at the workers holds
TRIES = 10  # of a job on workers of another model, a second apart


class Cluster(Executor):
    """Hands jobs to the workers of this model version; workers may come and go."""

    def __init__(self, client: Any, warn: Callable[[str], None]) -> None:
        self.client, self.warn = client, warn
        self.versions: dict[str, str | None] = {}  # by address; None of a worker that could not say
        self.threads: dict[str, int] = {}
        self._looked = -FRESH

    def look(self, *, now: bool = False) -> None:
        """See who is there, and ask those that are new for their model."""
        if not now and time.monotonic() - self._looked < FRESH:
            return
        self._looked = time.monotonic()
        self.threads = dict(self.client.nthreads())
        new = [name for name in self.threads if name not in self.versions]
        if new:
            told = self.client.run(model_version, workers=new, on_error="return")
            self.versions |= {name: version if isinstance(version, str) else None for name, version in told.items()}
            others = sorted(set(new) & set(self.refused))
            if others and len(self.refused) < len(self.threads):  # of all, there is more to be said
                self.warn(f"workers with another version of the model are refused: {', '.join(map(self.named, others))}")

    @property
    def refused(self) -> list[str]:
        """Return the workers that are there and have another model."""
        return [name for name in self.threads if self.versions.get(name) != model_version()]

    def named(self, worker: str) -> str:
        """Return a refused worker's address, with how its model differs."""
        return f"{worker} ({differs_in(self.versions.get(worker) or '')})"

    def slots(self) -> int:
        """Return how many jobs the cluster can do at once: 1 or more, since the first of new workers must find something to do."""
        self.look()
        return max(1, sum(many for name, many in self.threads.items() if name not in self.refused))

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Hand a job to a worker."""
        outer: Future[Result] = Future()
        self._hand(outer, 1, fn, args, kwargs)
        return outer

    def _hand(self, outer: Future[Result], tries: int, fn: Callable[..., Result], args: Any, kwargs: Any) -> None:
        """Hand a job over. If workers of another model are there too it prefers ours, but never waits for workers that are gone."""
        self.look()
        ours = [name for name in self.threads if name not in self.refused]
        where = {"workers": ours, "allow_other_workers": True} if self.refused and ours else {}
        inner: Future[Result] = self.client.get_executor(pure=False, **where).submit(fn, *args, **kwargs)
        outer.add_done_callback(lambda ended: ended.cancelled() and inner.cancel())
        inner.add_done_callback(lambda found: self._take(found, outer, tries, fn, args, kwargs))

    def _take(self, inner: Future[Result], outer: Future[Result], tries: int, fn: Callable[..., Result], args: Any, kwargs: Any) -> None:
        """Take what became of a job: it goes again if it went to a worker of another model, which may know nothing of it."""
        try:
            error = inner.exception()
        except CancelledError as gone:
            error = gone
        if error is None:
            if outer.set_running_or_notify_cancel():
                outer.set_result(inner.result())
        elif isinstance(error, CancelledError) or died(error) or tries == TRIES:
            _fail(outer, error)
        else:  # in a thread of its own: this one is Dask's, in which nothing can be asked of the cluster
            threading.Thread(target=self._again, args=(outer, tries + 1, fn, args, kwargs), daemon=True).start()

    def _again(self, outer: Future[Result], tries: int, fn: Callable[..., Result], args: Any, kwargs: Any) -> None:
        try:
            time.sleep(1.0)  # it may be that all are of another model, until the right ones come
            self.look(now=True)
            self._hand(outer, tries, fn, args, kwargs)
        except Exception as error:  # noqa: BLE001  (nobody else would hear of it in this thread)
            _fail(outer, error)


def _fail(outer: Future[Any], error: BaseException) -> None:
    if outer.set_running_or_notify_cancel():  # else nobody waits for it any more
        outer.set_exception(error)


@contextmanager
def cluster(address: str, warn: Callable[[str], None] = warnings.warn) -> Iterator[tuple[Executor, Callable[[], int]]]:
    """Give an executor on the cluster at `address`, and what says how many jobs it can do at once.

    `warn` is told, in a line, which workers are refused.

    Raises:
        BadInput: if there is no scheduler, or no worker with this model.
    """
    distributed = needs("distributed", "dask")
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BadInput(must("--dask", "be the address of a scheduler, such as tcp://host:8786", f"{address}: {reason}")) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=WAIT)
        except TimeoutError:
            raise BadInput(
                must("--dask", "have a worker: start some, then run the same command again", f"{address}: none in {WAIT:.0f} s")
            ) from None
        found = Cluster(client, warn)
        found.look(now=True)
        if len(found.refused) == len(found.threads):
            raise BadInput(
                must(
                    "--dask",
                    f"have workers with this version of the model, {model_version()}: install it there",
                    f"{address}, where there are others alone: {', '.join(map(found.named, found.refused))}",
                )
            )
        yield found, found.slots
