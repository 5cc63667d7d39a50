"""A Dask cluster as an executor: workers of this model version alone; one that is killed loses nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from experiments import console
from experiments.methods.extras import needs
from sim.errors import BadInput
from sim.version import model_version

PATIENCE = "10s"  # to find the scheduler
WAIT = 60.0  # seconds for the first worker
FRESH = 2.0  # seconds for which a count of workers holds
TAG = "firstcontact-model-"  # with the version behind it: the Dask resource of a worker that has this model


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, Callable[[], int]]]:
    """Give an executor on the cluster at `address`, and what says how many jobs it can do at once.

    Every worker tags itself with its model version, those that come later too, and jobs go to the right tag alone.

    Raises:
        BadInput: if there is no scheduler, or no worker with this model.
    """
    distributed = needs("distributed", "dask")
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BadInput(f"--dask {address}: no scheduler found ({reason}); an address such as tcp://host:8786 would do") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=WAIT)
        except TimeoutError:
            raise BadInput(f"--dask {address}: no worker came in {WAIT:.0f} s; start some, then run the same command again") from None
        _refuse_others(client, address)
        client.register_plugin(_tagging(distributed), name=TAG)
        try:
            yield client.get_executor(resources={TAG + model_version(): 1}, pure=False), _counting(client)
        finally:
            client.unregister_worker_plugin(TAG)


def _tagging(distributed: Any) -> Any:
    """Return the plugin that tags workers. Its class goes to them by value, so that any version of this package can take it."""

    class Tagging(distributed.WorkerPlugin):  # type: ignore[misc]  # Dask has no types
        async def setup(self, worker: Any) -> None:
            try:
                from sim.version import model_version as version
            except ImportError:
                return
            await worker.set_resources(**{TAG + version(): worker.state.nthreads})

    return Tagging()


def _counting(client: Any) -> Callable[[], int]:
    """Return what says how many threads the cluster has: workers come and go."""
    known = (-FRESH, 1)

    def slots() -> int:
        nonlocal known
        if time.monotonic() - known[0] > FRESH:
            known = (time.monotonic(), max(1, sum(client.nthreads().values())))
        return known[1]

    return slots


def _refuse_others(client: Any, address: str) -> None:
    """Say which workers have another model version.

    Raises:
        BadInput: if all have.
    """
    found = client.run(model_version, on_error="return")
    others = sorted(name for name, version in found.items() if version != model_version())
    if len(others) == len(found):
        raise BadInput(f"--dask {address}: all workers have another version of the model; install this one ({model_version()}) there")
    if others:
        console.say(f"warning: workers with another version of the model are refused: {', '.join(others)}")
