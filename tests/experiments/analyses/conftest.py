"""Runs of analyses are made in this process: a process of its own costs more than small runs."""

from __future__ import annotations

import pytest

from experiments.runs import processes
from tests.helpers.analyses import PROCESSES
from tests.helpers.executors import here


@pytest.fixture(autouse=True, scope="module")
def _here():
    processes.processes = here
    yield
    processes.processes = PROCESSES
