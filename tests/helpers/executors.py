"""Executors for tests: at once in this process, or in threads that take their time in a given order."""

from __future__ import annotations

import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from experiments.runs.processes import InProcess


class Here(InProcess):
    """Runs a job at once, in this process: a process of its own costs more than small runs. Notes what it was asked."""

    def __init__(self):
        self.asked = []

    def submit(self, fn, /, *args, **kwargs):
        self.asked.append(args)
        return super().submit(fn, *args, **kwargs)


@contextmanager
def here(_workers=1):
    """In place of `processes.processes`."""
    yield Here()


@contextmanager
def local_cluster(workers, security=None):
    """A Dask cluster in threads of this process, which speaks TLS if it has certificates; give its address."""
    distributed = pytest.importorskip("distributed")
    tls = {} if security is None else {"protocol": "tls://", "security": security}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on a busy machine it complains about how long it takes to begin
        with distributed.LocalCluster(n_workers=workers, threads_per_worker=1, processes=False, dashboard_address=None, **tls) as there:
            yield there.scheduler_address


class Delayed(ThreadPoolExecutor):
    """So many workers; each job takes one of these times more, in turn, so that they end out of order."""

    def __init__(self, workers, delays):
        super().__init__(workers)
        self.delays, self.submitted, self.lock = delays, 0, threading.Lock()

    def submit(self, fn, /, *args, **kwargs):
        delay = self.delays[self.submitted % len(self.delays)]
        self.submitted += 1

        def late():
            with self.lock:  # one run at a time, as in a worker
                found = fn(*args, **kwargs)
            time.sleep(delay)
            return found

        return super().submit(late)
