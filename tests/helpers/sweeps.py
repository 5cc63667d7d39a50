"""What tests of sweeps share: small sweep files, commands, and what they leave."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from pathlib import Path

from experiments.cli import main as cli

ROOT = Path(__file__).parent.parent.parent
PLACE = ("provenance.json", "ledger.sqlite", "ledger.txt")  # about one machine, or in the order of its workers
SMALL = """
name = "small"
[with]
members = 30
warm_up = 2
days = {days}
[sweep]
sampler = "{sampler}"
{more}
pairs = {pairs}
[sweep.parameters]
"design.friction" = {friction}
"reply.base" = {reply}
"""


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def small(folder, *, sampler="sobol", points=3, pairs=2, days=4, seeds="common", friction="[0.0, 4.0]", reply="[-4.5, -1.5]"):
    """Write a sweep of tiny runs and return its file."""
    more = f'seeds = "{seeds}"' + (f"\npoints = {points}" if sampler in ("sobol", "latin-hypercube") else "")
    return write(folder / "small.toml", SMALL.format(sampler=sampler, pairs=pairs, days=days, more=more, friction=friction, reply=reply))


def status(*arguments):
    """Run a command in this process and return its exit status."""
    return cli.perform([str(a) for a in arguments])


def started(*arguments):
    """Run a command as a process of its own, in a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "experiments.cli.main", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def ended(process, patience):
    """Wait for a command and return what it said to stderr; one that hangs is ended with all that it started."""
    try:
        return process.communicate(timeout=patience)[1]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise


def rows(path):
    """Return the rows of a table that a sweep left."""
    return list(csv.DictReader(path.read_text().splitlines()))


def left(folder):
    """Return what a sweep left, by name, without what is about one machine."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in PLACE
    }
