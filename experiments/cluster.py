"""A Dask cluster as an executor: workers of this model version alone; one that is killed loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from experiments import console
from experiments.methods.extras import needs
from sim.errors import BadInput
from sim.version import model_version

PATIENCE = "10s"  # to find the scheduler
WAIT = 60.0  # seconds for the first worker


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """Give an executor on the cluster at `address`, and how many jobs it can do at once.

    Workers that come later are used only if they were there at the start: their model has been looked at.

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
        good = _same_model(client, address)
        threads = {name: info["nthreads"] for name, info in client.scheduler_info(n_workers=-1)["workers"].items()}
        yield client.get_executor(workers=good, allow_other_workers=False, pure=False), sum(threads[name] for name in good)


def _same_model(client: object, address: str) -> list[str]:
    """Return the workers with this model version; say which were refused."""
    found = client.run(model_version)  # type: ignore[attr-defined]  # Dask has no types
    good = sorted(name for name, version in found.items() if version == model_version())
    others = sorted(set(found) - set(good))
    if not good:
        raise BadInput(f"--dask {address}: all workers have another version of the model; install this one ({model_version()}) there")
    if others:
        console.say(f"warning: workers with another version of the model are refused: {', '.join(others)}")
    return good
