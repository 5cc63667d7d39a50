"""Plants mistakes and sees whether the tests notice: `python -m tests.soak.mutants`, or `make mutants`.

150 mutants of plain functions are drawn by a fixed seed, evenly over modules and kinds, and 15 mistakes are planted by hand in
the phases. Each is shown, uncompiled, to the known answers of its module; what survives is compiled and shown again. The
outcome is a table, which an interrupted run goes on with.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

os.environ["NUMBA_DISABLE_JIT"] = "1"  # before numba is loaded

from tests.soak.mutants import judge
from tests.soak.mutants.operators import Mutant, mutated
from tests.soak.mutants.targets import BROAD, PLAIN, ROOT, draw, path_of, planted, planted_rows, source_of, survivors, tests_of

WANTED = 0.95  # share of mutants that the tests must see
COMPILED_SECONDS = 600.0
COLUMNS = ["mutant", "line", "outcome", "seconds", "digest"]
OUT = ROOT / "build" / "mutants.csv"


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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; return 0 if enough is killed and each survivor is named, 1 if not, 2 for bad input."""
    options = parsed(arguments)
    began = time.monotonic()
    if unknown := [name for name in options.only if name not in PLAIN and not name.startswith("sim.columnar.phases.")]:
        print(f"--only must be modules that are mutated (got {', '.join(unknown)}): {', '.join(PLAIN)}", file=sys.stderr)
        return 2
    asked = chosen(options)
    judge.warm()
    if not unchanged_passes(sorted({one.tests for one in asked}), options.processes):
        return 2
    found = uncompiled(asked, options.out, options.processes)
    if not options.uncompiled:
        again(asked, found)
        write(options.out, asked, found)
    return told(asked, found, options.out, time.monotonic() - began)


def chosen(options: argparse.Namespace) -> list[Asked]:
    """Return the mutants that are drawn, then those planted by hand."""
    modules = [name for name in PLAIN if not options.only or name in options.only]
    drawn = [(mutant, tests_of(mutant.module)) for mutant in draw(options.count, options.seed, modules)]
    by_hand = [(mutant, row.tests) for mutant, row in zip(planted(), planted_rows(), strict=True)]
    wanted = [] if options.without_phases else [(m, tests) for m, tests in by_hand if not options.only or m.module in options.only]
    found = []
    for mutant, tests in drawn + wanted:
        source = mutated(source_of(mutant.module), mutant)
        facts = "\0".join([source, *((ROOT / test.split("::")[0]).read_text(encoding="utf-8") for test in tests)])
        found.append(Asked(mutant, source, tests, hashlib.sha256(facts.encode()).hexdigest()[:12]))
    return found


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak.mutants", description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--seed", type=int, default=1, help="of the choice (1)")
    parser.add_argument("--count", type=int, default=150, help="mutants of plain functions (150)")
    parser.add_argument("--only", action="append", default=[], metavar="MODULE", help="of these modules alone; may be given again")
    parser.add_argument("--processes", type=int, default=2, help="at a time (2)")
    parser.add_argument("--uncompiled", action="store_true", help="do not compile what survives")
    parser.add_argument("--without-phases", action="store_true", help="leave out the mistakes planted by hand")
    parser.add_argument("--out", type=Path, default=OUT, help="the table of outcomes (build/mutants.csv)")
    return parser.parse_args(arguments)


def unchanged_passes(suites: list[tuple[str, ...]], processes: int) -> bool:
    """Tell whether the tests pass on what nobody has changed: else a mutant would be killed by something else."""
    module = PLAIN[0]
    asked = [(module, source_of(module), suite) for suite in suites]
    failed = [suites[k] for k, shown in judge.shown(asked, processes, COMPILED_SECONDS) if shown.outcome != judge.SURVIVED]
    for suite in failed:
        print(f"{' '.join(suite)} must pass before anything is planted", file=sys.stderr)
    return not failed


def uncompiled(asked: list[Asked], out: Path, processes: int) -> dict[str, judge.Shown]:
    """Show each mutant that the table does not have yet; the table grows with each."""
    found = read(out, asked)
    left = [one for one in asked if one.key not in found]
    for k, shown in judge.shown([(one.mutant.module, one.source, one.tests) for one in left], processes):
        found[left[k].key] = shown
        write(out, asked, found)
        print(f"{len(found)}/{len(asked)} {shown.outcome} in {shown.seconds:.1f} s: {left[k].key}", flush=True)
    return found


def again(asked: list[Asked], found: dict[str, judge.Shown]) -> None:
    """Compile what survived, unless it is known to be no mistake, and show it again; of the model, to histories too."""
    known = survivors()
    for one in asked:
        module = one.mutant.module
        if found[one.key].outcome != judge.SURVIVED or one.key in known:
            continue
        shown = judge.compiled(module, one.source, one.tests + (BROAD if module.startswith("sim.") else ()), COMPILED_SECONDS)
        found[one.key] = shown
        print(f"compiled: {shown.outcome} in {shown.seconds:.0f} s: {one.key}", flush=True)


def told(asked: list[Asked], found: dict[str, judge.Shown], out: Path, seconds: float) -> int:
    """Say what was found; return the exit status."""
    known = survivors()
    left = [one for one in asked if found[one.key].outcome == judge.SURVIVED]
    for one in left:
        print(f"survived: {one.key} (line {one.mutant.line}): {known.get(one.key, 'no reason is known')}")
    share = 1.0 - len(left) / len(asked) if asked else 1.0
    print(f"{len(asked) - len(left)} of {len(asked)} mutants are killed ({100.0 * share:.1f}%) in {seconds / 60.0:.1f} minutes; {out}")
    return int(share < WANTED or any(one.key not in known for one in left))


def read(out: Path, asked: list[Asked]) -> dict[str, judge.Shown]:
    """Return what an earlier run has found and nothing has changed since."""
    if not out.is_file():
        return {}
    with out.open(newline="", encoding="utf-8") as file:
        rows = {row["mutant"]: row for row in csv.DictReader(file)}
    there = [rows[one.key] for one in asked if one.key in rows and rows[one.key]["digest"] == one.digest]
    return {row["mutant"]: judge.Shown(row["outcome"], float(row["seconds"])) for row in there}


def write(out: Path, asked: list[Asked], found: dict[str, judge.Shown]) -> None:
    """Write the table of outcomes, whole or not at all."""
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(out.name + ".part")
    with part.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for one in asked:
            if one.key in found:
                outcome, seconds = found[one.key]
                where = f"{path_of(one.mutant.module).relative_to(ROOT).as_posix()}:{one.mutant.line}"
                rows.writerow([one.key, where, outcome, f"{seconds:.1f}", one.digest])
    part.replace(out)


if __name__ == "__main__":
    sys.exit(main())
