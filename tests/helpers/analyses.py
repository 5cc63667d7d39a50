"""What tests of analyses share: tiny runs, and what a command leaves."""

from __future__ import annotations

import pytest

from experiments.cli import main as cli
from experiments.runs import processes
from experiments.runs.ledger import Ledger

TINY = ["--members", "60", "--days", "65", "--warm-up", "5", "--budget", "0.02", "--workers", "2", "--quiet"]
PLACE = ("provenance.json", "budget.json", "ledger.txt")  # the time that went by is in them, or where the ledger lies
PROCESSES = processes.processes


def status(*arguments):
    """Run a command in this process and return its exit status."""
    return cli.perform([str(a) for a in arguments])


def needs(packages):
    """Skip the test where one of these packages is missing."""
    for package in packages:
        pytest.importorskip(package)


def held(folder):
    """Return how many runs a folder's ledger has, and everything in the folder but what tells time or place."""
    with Ledger(folder / "ledger.sqlite", read_only=True) as book:
        runs = len(book)
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix != ".sqlite" and p.name not in PLACE]
    return runs, {str(p.relative_to(folder)): p.read_bytes() for p in paths}
