"""Kills: `python -m tests.soak.kills`. A command is killed at a random moment, by a random signal, and run again to its end.

Then its files are those of an undisturbed run, no run that was in the ledger is lost, nothing is left of its workers, and what it said
when it was killed is no traceback.
"""

from __future__ import annotations

import atexit
import functools
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from tests.soak.damage import files_in
from tests.soak.harness import Outcome, Trial, flat, luck, main

TRIAL = Trial("kills", count=80, limit=1200.0, unit="kills")
ROOT = Path(__file__).parent.parent.parent
SWEEP = """
name = "small"
[with]
members = 20
warm_up = 2
days = 4
[sweep]
sampler = "grid"
pairs = 3
[sweep.parameters]
"design.friction" = {levels = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]}
"""
COMMANDS = {
    "sweep": ["sweep", "small.toml"],
    "compare": ["compare", "--members", "25", "--warm-up", "2", "--days", "5", "--pairs", "8"],
    "article": ["article", "--point", "3.5", "--pairs", "3", "--members", "30"],
}
HOW = {  # a signal and whom it meets, with the exit statuses that may follow; 0 always may: the command was done by then
    ("KILL", "parent"): (-9,),
    ("KILL", "group"): (-9,),
    ("KILL", "worker"): (),
    ("TERM", "parent"): (-15, 143),
    ("TERM", "group"): (-15, 143),
    ("INT", "parent"): (130,),
    ("INT", "group"): (130,),
    ("HUP", "parent"): (-1, 129),
    ("HUP", "group"): (-1, 129),
}
MOMENTS = ("start", "runs", "write", "write", "end")
PATIENCE = 300.0  # seconds for what takes a few
GONE = 30.0  # seconds in which workers end after their parent
UNSEEMLY = ("Traceback", "resource_tracker", "leaked", "Exception ignored")


class Undisturbed(NamedTuple):
    """What a command leaves if nothing happens: files by name, runs by key."""

    files: dict[str, bytes]
    runs: dict[str, bytes]


def prepare() -> None:
    """See that what the parent of these processes ignores is heard by the commands."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@functools.cache
def undisturbed(name: str) -> Undisturbed:
    """Return what a command leaves, run once a process."""
    home = Path(tempfile.mkdtemp(prefix="soak-undisturbed-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    process = started(name, home, workers=1)
    try:
        assert process.wait(PATIENCE) == 0, (home / "said.txt").read_text(encoding="utf-8")
    finally:
        end(process)
    return Undisturbed(files_in(home / "out"), runs_in(home / "out" / "ledger.sqlite"))


def started(name: str, folder: Path, *, workers: int) -> subprocess.Popen[bytes]:
    """Start a command as the leader of a group of its own; what it says goes to said.txt."""
    (folder / "small.toml").write_text(SWEEP, encoding="utf-8")
    words = [*COMMANDS[name], "--workers", str(workers), "--out", "out", "--quiet"]
    with (folder / "said.txt").open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "experiments.cli.main", *words],
            cwd=folder,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a command and its workers."""
    if process.poll() is None or members_of(process.pid):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)


def members_of(group: int) -> list[int]:
    """Return the living processes of a group."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, its_group = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if int(its_group) == group and state not in "ZX":
            found.append(int(path.parent.name))
    return found


def workers_of(process: subprocess.Popen[bytes]) -> list[int]:
    """Return the worker processes of a command."""
    found = []
    for number in members_of(process.pid):
        try:
            words = Path(f"/proc/{number}/cmdline").read_bytes()
        except OSError:
            continue
        if b"spawn_main" in words:
            found.append(number)
    return found


def runs_in(path: Path) -> dict[str, bytes]:
    """Return the runs in a ledger, as a reader beside the one who writes."""
    if not path.exists() or path.stat().st_size == 0:
        return {}
    with closing(sqlite3.connect(path, timeout=PATIENCE)) as db:
        try:
            return dict(db.execute("SELECT key, payload FROM runs"))
        except sqlite3.OperationalError:  # not made yet
            return {}


def wait_for(moment: str, chance: random.Random, process: subprocess.Popen[bytes], folder: Path, *, total: int) -> str:
    """Wait until a moment comes or the command ends; return it in words."""
    ledger, deadline = folder / "out" / "ledger.sqlite", time.monotonic() + PATIENCE
    while process.poll() is None and not hears(process.pid) and time.monotonic() < deadline:
        time.sleep(0.01)  # a kill while Python itself begins says nothing of us
    seconds, wanted = chance.uniform(0.0, 5.0), chance.randint(1, total)
    if moment == "start":
        while process.poll() is None and not (folder / "out" / "plan.json").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(seconds)
        return f"{seconds:.2f} s after its start"
    wanted = total if moment == "end" else wanted
    while process.poll() is None and len(runs_in(ledger)) < wanted - (moment == "write") and time.monotonic() < deadline:
        time.sleep(0.02)
    if moment == "write":
        journal = ledger.with_name("ledger.sqlite-journal")
        while process.poll() is None and not journal.exists() and time.monotonic() < deadline:
            pass
        return f"while it wrote run {wanted}"
    later = chance.uniform(0.0, 3.0) if moment == "end" else 0.0
    time.sleep(later)
    return f"{later:.2f} s after run {wanted} of {total}"


def hears(pid: int) -> bool:
    """Tell whether a command listens to what may end it; Python alone does not to SIGTERM."""
    with suppress(FileNotFoundError, ProcessLookupError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("SigCgt:"):
                return bool(int(line.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
    return False


def case(seed: int, number: int, folder: Path) -> Outcome:
    """Kill a command, once or twice, and run it again to its end."""
    chance = luck(seed, number)
    name = chance.choice(("sweep", "sweep", "compare", "article"))
    whole, word, said = undisturbed(name), "", ""
    for _ in range(1 if chance.random() < 0.75 else 2):
        word, said, wrong = killed(name, chance, folder, whole)
        with (folder / "kills.txt").open("a", encoding="utf-8") as file:
            file.write(f"{name}: {said}\n")
        if wrong:
            return Outcome(word, f"{name}, {said}: {wrong}")
    wrong = finished(name, folder, whole, workers=chance.randint(1, 2))
    return Outcome(word, wrong and f"{name}, {said}: {wrong}")


def killed(name: str, chance: random.Random, folder: Path, whole: Undisturbed) -> tuple[str, str, str]:
    """Start a command and kill it; return how in a word and in words, and what was wrong."""
    kind, whom = chance.choice(list(HOW))
    workers = chance.randint(1, 3)
    process = started(name, folder, workers=workers)
    try:
        moment = wait_for(chance.choice(MOMENTS), chance, process, folder, total=len(whole.runs))
        before = runs_in(folder / "out" / "ledger.sqlite")
        early = process.poll() is not None
        hit(process, kind, whom, chance)
        word = "after its end" if early else f"{kind} to {whom}"
        return word, f"{kind} to {whom} of {workers} workers, {moment}", _aftermath(process, folder, before, whole, HOW[kind, whom])
    finally:
        end(process)


def hit(process: subprocess.Popen[bytes], kind: str, whom: str, chance: random.Random) -> None:
    """Send the signal, if there still is somebody to hear it."""
    number = signal.Signals[f"SIG{kind}"]
    with suppress(ProcessLookupError):
        if whom == "group":
            os.killpg(process.pid, number)
        elif whom == "worker":
            there = workers_of(process)
            if there:
                os.kill(chance.choice(there), number)
        else:
            process.send_signal(number)


def _aftermath(
    process: subprocess.Popen[bytes], folder: Path, before: dict[str, bytes], whole: Undisturbed, statuses: tuple[int, ...]
) -> str:
    """Return what is wrong after a kill: the exit status, what was said, who is left, what was lost."""
    try:
        status = process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        return f"it did not end in {PATIENCE:.0f} s"
    said = (folder / "said.txt").read_text(encoding="utf-8", errors="replace")
    if status not in (0, *statuses):
        return f"exit status {status}: {flat(said)}"
    unseemly = next((word for word in UNSEEMLY if word in said), None)
    if unseemly:
        return f"it said {unseemly}: {said[-1500:]}"
    deadline = time.monotonic() + GONE
    while members_of(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    if members_of(process.pid):
        return f"{len(members_of(process.pid))} processes are left"
    after = runs_in(folder / "out" / "ledger.sqlite")
    lost = [key for key, payload in before.items() if after.get(key) != payload]
    strange = [key for key, payload in after.items() if whole.runs.get(key) != payload]
    return f"{len(lost)} runs are lost" if lost else f"{len(strange)} runs are not those of an undisturbed command" if strange else ""


def finished(name: str, folder: Path, whole: Undisturbed, *, workers: int) -> str:
    """Run the command to its end; return what differs from an undisturbed one."""
    process = started(name, folder, workers=workers)
    try:
        status = process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        return f"run again it does not end in {PATIENCE:.0f} s"
    finally:
        end(process)
    if status != 0:
        return f"run again it has exit status {status}: {flat((folder / 'said.txt').read_text(encoding='utf-8', errors='replace'))}"
    files, runs = files_in(folder / "out"), runs_in(folder / "out" / "ledger.sqlite")
    other = sorted(key for key in files.keys() | whole.files.keys() if files.get(key) != whole.files.get(key))
    if other:
        return f"run again it leaves other files: {', '.join(other)}"
    return "" if runs == whole.runs else "run again its ledger holds other runs"


if __name__ == "__main__":
    sys.exit(main(TRIAL))
