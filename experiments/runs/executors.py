"""Where runs are made: processes of this machine, or a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from experiments.runs import processes
from experiments.runs.dask_cluster import Address, cluster
from experiments.runs.watch import SILENT, Watch, compile_kernels


@contextmanager
def executor(
    workers: int, dask: str | Address | None = None, watch: Watch = SILENT, *, needed: bool = True
) -> Iterator[tuple[Executor, Callable[[], int]]]:
    """Give an executor, and what says how many pairs it is handed at once: twice as many as it can do keep it busy.

    Args:
        workers: processes, unless there is a cluster.
        dask: the address of a cluster's scheduler, with certificates if it has some.
        watch: is told while the kernels are compiled, before processes start, so that they find them in the cache, and which
            workers of a cluster are refused.
        needed: whether anything is known to be missing: else nothing is compiled before a process asks for it.

    Raises:
        BadInput: if its certificates cannot be used, there is no cluster at the address, or none of its workers has this model.
    """
    if dask is not None:
        with cluster(dask, lambda line: watch.say(f"warning: {line}")) as (pool, slots):
            yield pool, lambda: 2 * slots()
        return
    if needed:
        compile_kernels(watch)
    with processes.processes(workers) as pool:
        yield pool, lambda: 2 * workers
