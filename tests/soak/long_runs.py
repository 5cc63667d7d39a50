"""Long runs: `python -m tests.soak.long_runs`. A run that keeps checkpoints is killed (SIGKILL) at a random moment, once or more, and resumed.

Then its files are those of an undisturbed run, to the byte, and nothing is left of its checkpoints.
"""

from __future__ import annotations

import atexit
import functools
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.soak.damage import files_in
from tests.soak.harness import Outcome, Trial, flat, luck, main
from tests.soak.kills import PATIENCE, ROOT

TRIAL = Trial("long_runs", count=100, limit=600.0, unit="kills")
RUN = ["run", "--members", "1500", "--warm-up", "20", "--days", "60", "--quiet"]
KINDS = {"tables": [], "events": ["--events"], "parquet": ["--parquet"]}
BAD_INPUT, FINISHED = 2, "(got out, which is finished)"
MOMENTS = ("clock", "clock", "write")


class Undisturbed(NamedTuple):
    """What a run leaves if nothing happens, and how many seconds it takes."""

    files: dict[str, bytes]
    seconds: float


def prepare() -> None:
    """Do nothing: each case has processes of its own."""


@functools.cache
def undisturbed(kind: str) -> Undisturbed:
    """Return what a run leaves, made once a process."""
    home = Path(tempfile.mkdtemp(prefix="soak-undisturbed-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    began = time.monotonic()
    process = started(kind, home, [])
    assert process.wait(PATIENCE) == 0, (home / "said.txt").read_text(encoding="utf-8")
    return Undisturbed(files_in(home / "out"), time.monotonic() - began)


def started(kind: str, folder: Path, more: list[str]) -> subprocess.Popen[bytes]:
    """Start a run; what it says goes to said.txt."""
    return _process([*RUN, *KINDS[kind], *more, "--out", "out"], folder)


def resumed(folder: Path) -> subprocess.Popen[bytes]:
    """Go on with a run by its folder alone."""
    return _process(["run", "--resume", "out", "--quiet"], folder)


def _process(words: list[str], folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "said.txt").open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "experiments.cli.main", *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )


def case(seed: int, number: int, folder: Path) -> Outcome:
    """Kill a run, once or twice, and resume it to its end."""
    chance = luck(seed, number)
    kind = chance.choice(list(KINDS))
    whole, every = undisturbed(kind), chance.choice((1, 2, 7))
    process = started(kind, folder, ["--checkpoint-every", str(every)])
    word, said = "after its end", "it was done"
    for _ in range(1 if chance.random() < 0.75 else 2):
        moment = wait_for(chance.choice(MOMENTS), chance, process, folder, whole.seconds)
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
        word, said = f"{kind}, {moment.partition(',')[0]}", f"{kind}, a checkpoint each {every} days, killed {moment}"
        begun = (folder / "out" / "scenario.toml").exists()
        process = resumed(folder) if begun and chance.random() < 0.5 else started(kind, folder, [])
    try:
        status = process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        return Outcome(word, f"{said}: it does not end in {PATIENCE:.0f} s")
    wrong = _wrong(status, folder, whole)
    return Outcome(word, wrong and f"{said}: {wrong}")


def wait_for(moment: str, chance: random.Random, process: subprocess.Popen[bytes], folder: Path, seconds: float) -> str:
    """Wait until a moment comes or the run ends; return it in words."""
    later = chance.uniform(0.0, 1.1) * seconds
    deadline = time.monotonic() + later
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    if moment == "write":  # from then on, while the next checkpoint is written under its passing name
        while process.poll() is None and not _writes(folder / "out" / "checkpoints") and time.monotonic() < deadline + seconds:
            pass
        return f"writing a checkpoint, {later:.2f} s after its start or later"
    return f"running, {later:.2f} s after its start"


def _writes(checkpoints: Path) -> bool:
    """Tell whether a checkpoint is being written; the folder goes when the run is finished."""
    try:
        return any(name.endswith(".part") for name in os.listdir(checkpoints))  # noqa: PTH208  (a glob stumbles over a folder that goes)
    except FileNotFoundError:
        return False


def _wrong(status: int, folder: Path, whole: Undisturbed) -> str:
    """Return what is wrong with a run that was resumed to its end."""
    said = (folder / "said.txt").read_text(encoding="utf-8", errors="replace")
    if status != 0 and not (status == BAD_INPUT and FINISHED in said):  # killed when all was written: then the files must be right
        return f"exit status {status}: {flat(said)}"
    files = files_in(folder / "out")
    other = sorted(key for key in files.keys() | whole.files.keys() if files.get(key) != whole.files.get(key))
    return f"it leaves other files: {', '.join(other)}" if other else ""


if __name__ == "__main__":
    sys.exit(main(TRIAL))
