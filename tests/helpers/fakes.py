"""In place of scenarios and of what a worker does: runs that work, fail or take their worker with them, as they are told."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from experiments.runs.record import Record, pack
from experiments.runs.worker import JobResult


@dataclass(frozen=True)
class Arm:
    """In place of a scenario: what its runs do, by dynamics seed, at each try."""

    folder: Path
    acts: dict[int, tuple[str, ...]] = field(default_factory=dict)
    design: str = "message_first"

    def tried(self, seed):
        return len(list(self.folder.glob(f"{seed}-*")))


def fake(arms, _population_seed, seed, _threads, _version, *, form, base, apart):
    """In place of `run_job`."""
    payloads, errors = {}, {}
    for name, arm in arms.items():
        tried = arm.tried(seed)
        (arm.folder / f"{seed}-{tried}").touch()
        act = (*arm.acts.get(seed, ()), "works", "works")[tried]
        if act == "dies":
            os._exit(9)
        if act == "refuses":
            return JobResult(payloads, errors, "measure: `x` must return a number (got KeyError: 'y')")
        if act == "fails":
            errors[name] = "ValueError: no such run"
        else:
            payloads[name] = pack(Record({"x": (1.0, 2.0, float(seed))}, {}, {}))
    return JobResult(payloads, errors)
