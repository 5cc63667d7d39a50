"""Damage: `python -m tests.soak.damage`. The ledger or another file of a finished sweep is damaged, and the sweep is continued.

Either its files are in the end those of the undamaged sweep, or it is refused in a line that says what is damaged. Where that line
names a remedy, the remedy is followed, and must lead to the undamaged files.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import io
import os
import random
import re
import shlex
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from tests.soak.damages import DAMAGES
from tests.soak.harness import Outcome, Trial, flat, luck, main
from tests.soak.sandbox import UNEXPECTED, Said, perform

TRIAL = Trial("damage", count=600, limit=120.0, unit="damages")
SWEEP = """
name = "small"
[with]
members = 16
warm_up = 1
days = 3
[sweep]
sampler = "grid"
pairs = 2
[sweep.parameters]
"design.friction" = {levels = [0.0, 2.0, 4.0]}
"""
PROVENANCE, LEDGER = "provenance.json", "ledger.sqlite"  # about one machine; in the order of the runs
RESCUE = re.compile(r"python -m experiments\.runs\.salvage (.+?) saves the")
AWAY = "move it away"


class Undamaged(NamedTuple):
    """A finished sweep: its folder, files by name, runs by key, and what `--status` says of it."""

    folder: Path
    files: dict[str, bytes]
    runs: dict[str, bytes]
    status: str


def prepare() -> None:
    """Run jobs in this process: one of their own costs more than these runs; kernels are loaded once a process."""
    import sim.simulation
    from experiments.runs import processes
    from experiments.runs.processes import InProcess

    @contextlib.contextmanager
    def here(_workers: int):
        yield InProcess()

    processes.processes = here
    undamaged()
    sim.simulation.warm_kernels = lambda _progress=None: None


@functools.cache
def undamaged() -> Undamaged:
    """Return the finished sweep that is damaged again and again, made once a process."""
    home = Path(tempfile.mkdtemp(prefix="soak-undamaged-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    (home / "small.toml").write_text(SWEEP, encoding="utf-8")
    here = Path.cwd()
    said = perform(["sweep", "small.toml", "--out", "out", "--quiet"], home)
    assert said.status == 0, said.err
    status = perform(["sweep", "--status", "out"], home)
    os.chdir(here)
    return Undamaged(home / "out", files_in(home / "out"), runs_in(home / "out" / "ledger.sqlite"), status.out)


def files_in(folder: Path) -> dict[str, bytes]:
    """Return the files that must be the same, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != PROVENANCE and not path.name.startswith(LEDGER)
    }


def runs_in(path: Path) -> dict[str, bytes]:
    """Return the runs of a ledger."""
    with closing(sqlite3.connect(path)) as db:
        return dict(db.execute("SELECT key, payload FROM runs"))


def case(seed: int, number: int, folder: Path) -> Outcome:
    """Damage a finished sweep, and continue it."""
    chance = luck(seed, number)
    shutil.copytree(undamaged().folder, folder / "out")
    name = chance.choices(list(DAMAGES), [weight for _, weight in DAMAGES.values()])[0]
    what = DAMAGES[name][0](chance, folder / "out")
    (folder / "damage.txt").write_text(f"{name}: {what}\n", encoding="utf-8")
    outcome = continued(chance, folder)
    return Outcome(outcome.word, outcome.wrong and f"{name}, {what}: {outcome.wrong}")


def continued(chance: random.Random, folder: Path) -> Outcome:
    """Ask how far the sweep is, or continue it, and judge what came of it."""
    if chance.random() < 0.2:
        return asked(folder)
    said = perform(["sweep", "--resume", "out", "--quiet"], folder)
    if said.status == 0:
        wrong = other(folder / "out")
        return Outcome("as undamaged", wrong and f"exit 0 with {wrong}")
    return refused(said, folder)


def asked(folder: Path) -> Outcome:
    """Judge what `--status` says: what an undamaged sweep says, fewer runs, or a refusal; never more, and nothing may be changed."""
    before = files_in(folder / "out")
    said = perform(["sweep", "--status", "out"], folder)
    if files_in(folder / "out") != before:
        return Outcome("status", "--status changed a file")
    if said.status:
        return refused(said, folder, follow=False)
    numbers = re.findall(r"(\d+) of (\d+) runs", said.out)
    right = len(numbers) == 1 and int(numbers[0][0]) <= int(numbers[0][1]) == len(undamaged().runs)
    return Outcome("status", "" if right else f"--status says {flat(said.out)}, not {flat(undamaged().status)}")


def refused(said: Said, folder: Path, *, follow: bool = True) -> Outcome:
    """Judge a refusal, and follow the remedy that it names."""
    lines = [line for line in said.err.splitlines() if line.strip()]
    unexpected = next((word for word in UNEXPECTED if word in said.err), None)
    if unexpected or said.status not in (1, 2):
        return Outcome("refused badly", f"exit status {said.status}, {unexpected}: {flat(said.err)}")
    if len(lines) != 1 or " must " not in lines[0] or "out" not in lines[0]:
        return Outcome("refused badly", f"not one line that names what is damaged: {said.err!r}")
    rescue = RESCUE.search(lines[0])
    if rescue is not None:
        return rescued(shlex.split(rescue[1]), folder, lines[0]) if follow else Outcome("refused with a remedy")
    if AWAY in lines[0]:
        return moved_away(folder, lines[0]) if follow else Outcome("refused with a remedy")
    return Outcome("refused")


def rescued(words: list[str], folder: Path, line: str) -> Outcome:
    """Save what is whole in the ledger, put it in its place, and continue."""
    from experiments.runs import salvage

    saved = re.search(r"saves the (\d+) runs?", line)
    with contextlib.redirect_stdout(io.StringIO()):
        status = salvage.main([words[0], str(folder / "new.sqlite")])
    if status != 0:
        return Outcome("remedy fails", f"the remedy fails: {line}")
    found = runs_in(folder / "new.sqlite")
    if saved is None or len(found) != int(saved[1]):
        return Outcome("remedy fails", f"{len(found)} runs are saved: {line}")
    strange = [key for key, payload in found.items() if undamaged().runs.get(key, payload) != payload]
    if strange:
        return Outcome("remedy fails", f"{len(strange)} saved runs are not what they were: {line}")
    (folder / "new.sqlite").replace(words[0])
    return finished("saved", folder, line)


def moved_away(folder: Path, line: str) -> Outcome:
    """Move the ledger away, and continue."""
    (folder / "out" / "ledger.sqlite").replace(folder / "away.sqlite")
    return finished("started again", folder, line)


def finished(word: str, folder: Path, line: str) -> Outcome:
    """Continue after the remedy: the files must be those of the undamaged sweep."""
    for journal in ("-journal", "-wal", "-shm"):
        if word == "started again":
            (folder / "out" / f"ledger.sqlite{journal}").unlink(missing_ok=True)
    said = perform(["sweep", "--resume", "out", "--quiet"], folder)
    if said.status != 0:
        return Outcome("remedy fails", f"after the remedy exit status {said.status}: {flat(said.err)}; before: {line}")
    wrong = other(folder / "out")
    return Outcome(word, wrong and f"after the remedy {wrong}; before: {line}")


def other(folder: Path) -> str:
    """Return what differs from the undamaged sweep: a file, or a run under a key that it has."""
    files, runs = files_in(folder), runs_in(folder / "ledger.sqlite")
    wrong = sorted(name for name in files.keys() | undamaged().files.keys() if files.get(name) != undamaged().files.get(name))
    if wrong:
        return f"other files: {', '.join(wrong)}"
    changed = [key for key, payload in undamaged().runs.items() if runs.get(key) != payload]
    return f"{len(changed)} other runs in the ledger" if changed else ""


if __name__ == "__main__":
    sys.exit(main(TRIAL))
