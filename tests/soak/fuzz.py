"""Fuzz: `python -m tests.soak.fuzz`. Even numbers try the reader of networks, odd ones commands, scenarios, sweeps and bytes."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.soak import commands, readers
from tests.soak.harness import Outcome, Trial, luck, main

TRIAL = Trial("fuzz", count=10_000, limit=20.0, room=3 << 30, unit="inputs")


def prepare() -> None:
    """Make this process ready for commands."""
    commands.prepare()


def case(seed: int, number: int, folder: Path) -> Outcome:
    """Try one input."""
    half = commands if number % 2 else readers
    return half.judged(luck(seed, number), folder)


if __name__ == "__main__":
    sys.exit(main(TRIAL))
