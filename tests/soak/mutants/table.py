"""The table of outcomes: a row a mutant, written after each, so that an interrupted run goes on where it was."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

from tests.soak.mutants.judge import PHASES, SURVIVED, Shown
from tests.soak.mutants.operators import Mutant
from tests.soak.mutants.targets import ROOT, path_of

COLUMNS = ["mutant", "line", "outcome", "seconds", "digest"]


class Asked(NamedTuple):
    """A mutant with what it is shown to."""

    mutant: Mutant
    source: str
    tests: tuple[str, ...]
    digest: str  # of the source and the tests: an outcome holds while neither changes

    @property
    def key(self) -> str:
        """Return the name of the mutant."""
        return self.mutant.key

    @property
    def in_phase(self) -> bool:
        """Tell whether it is planted in a phase, whose kernels are shown compiled alone."""
        return self.mutant.module.startswith(PHASES)


class Outcomes:
    """What became of the mutants that are asked for; those of an earlier run hold where nothing has changed since."""

    def __init__(self, path: Path, asked: list[Asked]) -> None:
        """Read what is there."""
        self.path, self.asked = path, asked
        self.found: dict[str, Shown] = {}
        if path.is_file():
            with path.open(newline="", encoding="utf-8") as file:
                rows = {row["mutant"]: row for row in csv.DictReader(file)}
            for one in asked:
                row = rows.get(one.key)
                if row and row["digest"] == one.digest:
                    self.found[one.key] = Shown(row["outcome"], float(row["seconds"]))

    def left(self, *, in_phases: bool) -> list[Asked]:
        """Return the mutants of phases, or of plain functions, that have not been shown yet."""
        return [one for one in self.asked if one.key not in self.found and one.in_phase == in_phases]

    def survived(self) -> list[Asked]:
        """Return the mutants that no test has seen."""
        return [one for one in self.asked if self.found[one.key].outcome == SURVIVED]

    def add(self, one: Asked, shown: Shown) -> None:
        """Note and say what became of a mutant."""
        self.found[one.key] = shown
        self._write()
        print(f"{len(self.found)}/{len(self.asked)} {shown.outcome} in {shown.seconds:.1f} s: {one.key}", flush=True)

    def _write(self) -> None:
        """Write the table, whole or not at all."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(self.path.name + ".part")
        with part.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(COLUMNS)
            for one in self.asked:
                if one.key in self.found:
                    outcome, seconds = self.found[one.key]
                    where = f"{path_of(one.mutant.module).relative_to(ROOT).as_posix()}:{one.mutant.line}"
                    rows.writerow([one.key, where, outcome, f"{seconds:.1f}", one.digest])
        part.replace(self.path)
