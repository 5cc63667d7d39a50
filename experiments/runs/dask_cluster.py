"""A Dask cluster as an executor: workers of this model version alone; one that is killed loses nothing."""

from __future__ import annotations

import ssl
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
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


@dataclass(frozen=True)
class Address:
    """Where a cluster's scheduler is, and the certificates with which it is spoken to: PEM files, as Dask's own tools take them.

    Without any, those of Dask's configuration hold.
    """

    scheduler: str
    ca: Path | None = None  # of the authority that signed the certificates of the cluster
    cert: Path | None = None  # of this command
    key: Path | None = None  # of that certificate, if its file does not hold it

    def check(self) -> None:
        """Refuse certificates that cannot be used.

        Raises:
            BadInput: with what must be.
        """
        given = {"--dask-ca": self.ca, "--dask-cert": self.cert, "--dask-key": self.key}
        if not any(given.values()):
            return
        if self.ca is None or self.cert is None:
            named = " and ".join(name for name, path in given.items() if path is not None)
            raise BadInput(must("--dask", "be given with both --dask-ca and --dask-cert, or with no certificates", f"{named} alone"))
        if not self.scheduler.startswith("tls://"):
            raise BadInput(must("--dask", "begin with tls:// where certificates are given", self.scheduler))
        for name, path in given.items():
            if path is not None:
                _refuse_unreadable(name, path)
        try:
            ssl.create_default_context(cafile=self.ca)
        except ssl.SSLError as error:
            raise BadInput(must("--dask-ca", "be certificates in PEM form", f"{self.ca}: {_reason(error)}")) from None
        try:
            # without a password at hand OpenSSL would ask for one
            ssl.create_default_context().load_cert_chain(self.cert, self.key, password="")
        except ssl.SSLError as error:
            rule = "be a certificate in PEM form, with its key, without a password, there or in --dask-key"
            raise BadInput(must("--dask-cert", rule, f"{self.cert}: {_reason(error)}")) from None

    def security(self, distributed: Any) -> Any:
        """Return what Dask's client is told about certificates; None if it is to look into its own configuration."""
        if self.ca is None:
            return None
        paths = {name: str(path) for name, path in {"ca_file": self.ca, "client_cert": self.cert, "client_key": self.key}.items() if path}
        return distributed.Security(require_encryption=True, **{f"tls_{name}": path for name, path in paths.items()})


def _refuse_unreadable(name: str, path: Path) -> None:
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise BadInput(must(name, "be a file that you may read", f"{path}: {error.strerror}")) from None


def _reason(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


class Cluster(Executor):
    """Hands jobs to the workers of this model version; workers may come and go."""

    def __init__(self, client: Any, warn: Callable[[str], None]) -> None:
        self.client, self.warn = client, warn
        self.versions: dict[str, str | None] = {}  # by address; None of a worker that could not say
        self.lacks: dict[str, str] = {}  # why one cannot import the model
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
            told = self.client.run(_look(), workers=new, on_error="return")
            self.versions |= {name: found[0] if isinstance(found, tuple) else None for name, found in told.items()}
            self.lacks |= {name: found[1] for name, found in told.items() if isinstance(found, tuple) and found[1]}
            others = sorted(set(new) & set(self.refused))
            if others and len(self.refused) < len(self.threads):  # of all, there is more to be said
                self.warn(f"workers with another version of the model are refused: {', '.join(map(self.named, others))}")

    @property
    def refused(self) -> list[str]:
        """Return the workers that are there and have another model."""
        return [name for name in self.threads if self.versions.get(name) != model_version()]

    def named(self, worker: str) -> str:
        """Return a refused worker's address, with how its model differs."""
        return f"{worker} ({self.lacks.get(worker) or differs_in(self.versions.get(worker) or '')})"

    def slots(self) -> int:
        """Return how many jobs the cluster can do at once: 1 or more, since the first of new workers must find something to do."""
        self.look()
        return max(1, sum(many for name, many in self.threads.items() if name not in self.refused))

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Hand a job to a worker."""
        outer: Future[Result] = Future()
        self._hand(outer, 1, fn, args=args, kwargs=kwargs)
        return outer

    def _hand(self, outer: Future[Result], tries: int, fn: Callable[..., Result], args: Any, kwargs: Any) -> None:
        """Hand a job over. If workers of another model are there too it prefers ours, but never waits for workers that are gone."""
        self.look()
        ours = [name for name in self.threads if name not in self.refused]
        where = {"workers": ours, "allow_other_workers": True} if self.refused and ours else {}
        inner: Future[Result] = self.client.get_executor(pure=False, **where).submit(fn, *args, **kwargs)
        outer.add_done_callback(lambda ended: ended.cancelled() and inner.cancel())
        inner.add_done_callback(lambda found: self._take(found, outer, tries, fn, args=args, kwargs=kwargs))

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
            self._hand(outer, tries, fn, args=args, kwargs=kwargs)
        except Exception as error:  # noqa: BLE001  (nobody else would hear of it in this thread)
            _fail(outer, error)


def _look() -> Callable[[], tuple[str | None, str]]:
    """Return a function that a worker runs: it gives the version of its model, or why there is none.

    It is sent whole, since it is no module's own: a worker on which something else has the names of our packages has it too.
    """

    def look() -> tuple[str | None, str]:
        import sys

        try:
            from experiments.runs.worker import run_job  # noqa: F401  (what it will be asked for)
            from sim.version import model_version

            return model_version(), ""
        except ImportError as error:
            other = sys.modules.get("experiments")
            place = getattr(other, "__file__", None) or next(iter(getattr(other, "__path__", [])), None)
            if place is not None and str(error.name).startswith("experiments"):
                return None, f"{place} must have another name or place: it hides the package `experiments` of First Contact"
            return None, str(error)

    return look


def _fail(outer: Future[Any], error: BaseException) -> None:
    if outer.set_running_or_notify_cancel():  # else nobody waits for it any more
        outer.set_exception(error)


@contextmanager
def cluster(address: str | Address, warn: Callable[[str], None] = warnings.warn) -> Iterator[tuple[Executor, Callable[[], int]]]:
    """Give an executor on the cluster at `address`, and what says how many jobs it can do at once.

    `warn` is told, in a line, which workers are refused.

    Raises:
        BadInput: if its certificates cannot be used, or there is no scheduler, or no worker with this model.
    """
    where = address if isinstance(address, Address) else Address(address)
    distributed = needs("distributed", "dask")
    where.check()
    try:
        client = distributed.Client(where.scheduler, timeout=PATIENCE, set_as_default=False, security=where.security(distributed))
    except (OSError, ValueError, TimeoutError, TypeError) as error:  # the last where tls:// has no certificates at all
        rule = "be the address of a scheduler, such as tcp://host:8786"
        if where.scheduler.startswith("tls://"):
            rule += ", that knows the authority of --dask-cert, as --dask-ca knows its own"
        raise BadInput(must("--dask", rule, f"{where.scheduler}: {_reason(error)}")) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=WAIT)
        except TimeoutError:
            raise BadInput(
                must("--dask", "have a worker: start some, then run the same command again", f"{where.scheduler}: none in {WAIT:.0f} s")
            ) from None
        found = Cluster(client, warn)
        found.look(now=True)
        if len(found.refused) == len(found.threads):
            raise BadInput(
                must(
                    "--dask",
                    f"have workers with this version of the model, {model_version()}: install it there",
                    f"{where.scheduler}, where there are others alone: {', '.join(map(found.named, found.refused))}",
                )
            )
        yield found, found.slots
