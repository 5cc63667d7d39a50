"""A trial for the tests of the harness: its third case ends its process."""

from __future__ import annotations

import os
from pathlib import Path

from tests.soak.harness import Outcome

FATAL = 3


def prepare() -> None:
    """Do nothing."""


def case(seed: int, number: int, folder: Path) -> Outcome:
    """End the process at one number."""
    if number == FATAL:
        os._exit(9)
    return Outcome("lived")
