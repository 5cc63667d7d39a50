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

os.environ["NUMBA_DISABLE_JIT"] = "1"  # before numba is loaded

from tests.soak.mutants import judge
from tests.soak.mutants.operators import Mutant, mutated
from tests.soak.mutants.targets import BROAD, PLAIN, ROOT, draw, path_of, planted, planted_rows, source_of, survivors, tests_of

WANTED = 0.95  # share of mutants that the tests must see
COMPILED_SECONDS = 600.0
COLUMNS = ["mutant", "line", "outcome", "seconds", "digest"]
OUT = ROOT / "build" / "mutants.csv"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; return 0 if enough is killed and each survivor is named, 1 if not, 2 for bad input."""
    asked = parsed(arguments)
    began = time.monotonic()
    if unknown := [name for name in asked.only if name not in PLAIN and not name.startswith("sim.columnar.phases.")]:
        print(f"--only must be modules that are mutated (got {', '.join(unknown)}): {', '.join(PLAIN)}", file=sys.stderr)
        return 2
    modules = [name for name in PLAIN if not asked.only or name in asked.only]
    mutants = draw(asked.count, asked.seed, modules) if modules else []
    tests = {mutant.key: tests_of(mutant.module) for mutant in mutants}
    if not asked.without_phases:
        by_hand = [(m, row) for m, row in zip(planted(), planted_rows(), strict=True) if not asked.only or m.module in asked.only]
        mutants += [m for m, _ in by_hand]
        tests |= {m.key: row.tests for m, row in by_hand}
    judge.warm()
    if not unchanged_passes(sorted(set(tests.values())), asked.processes):
        return 2
    found = uncompiled(mutants, tests, asked.out, asked.processes)
    if not asked.uncompiled:
        again(mutants, tests, found)
        write(asked.out, mutants, tests, found)
    return told(mutants, found, asked.out, time.monotonic() - began)


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


def uncompiled(mutants: list[Mutant], tests: dict[str, tuple[str, ...]], out: Path, processes: int) -> dict[str, judge.Shown]:
    """Show each mutant that the table does not have yet; the table grows with each."""
    found = read(out, mutants, tests)
    left = [mutant for mutant in mutants if mutant.key not in found]
    asked = [(mutant.module, mutated(source_of(mutant.module), mutant), tests[mutant.key]) for mutant in left]
    for k, shown in judge.shown(asked, processes):
        found[left[k].key] = shown
        write(out, mutants, tests, found)
        print(f"{len(found)}/{len(mutants)} {shown.outcome} in {shown.seconds:.1f} s: {left[k].key}", flush=True)
    return found


def again(mutants: list[Mutant], tests: dict[str, tuple[str, ...]], found: dict[str, judge.Shown]) -> None:
    """Compile what survived, unless it is known to be no mistake, and show it again; of the model, to histories too."""
    known = survivors()
    for mutant in mutants:
        if found[mutant.key].outcome != judge.SURVIVED or mutant.key in known:
            continue
        suite = tests[mutant.key] + (BROAD if mutant.module.startswith("sim.") else ())
        shown = judge.compiled(mutant.module, mutated(source_of(mutant.module), mutant), suite, COMPILED_SECONDS)
        found[mutant.key] = shown
        print(f"compiled: {shown.outcome} in {shown.seconds:.0f} s: {mutant.key}", flush=True)


def told(mutants: list[Mutant], found: dict[str, judge.Shown], out: Path, seconds: float) -> int:
    """Say what was found; return the exit status."""
    known = survivors()
    left = [mutant for mutant in mutants if found[mutant.key].outcome == judge.SURVIVED]
    for mutant in left:
        print(f"survived: {mutant.key} (line {mutant.line}): {known.get(mutant.key, 'no reason is known')}")
    share = 1.0 - len(left) / len(mutants) if mutants else 1.0
    print(f"{len(mutants) - len(left)} of {len(mutants)} mutants are killed ({100.0 * share:.1f}%) in {seconds / 60.0:.1f} minutes; {out}")
    unnamed = [mutant for mutant in left if mutant.key not in known]
    return int(share < WANTED or bool(unnamed))


def digest(mutant: Mutant, tests: tuple[str, ...]) -> str:
    """Return what an outcome depends on: the mutant's source, and its tests."""
    parts = [mutated(source_of(mutant.module), mutant), *((ROOT / test.split("::")[0]).read_text(encoding="utf-8") for test in tests)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def read(out: Path, mutants: list[Mutant], tests: dict[str, tuple[str, ...]]) -> dict[str, judge.Shown]:
    """Return what an earlier run has found and nothing has changed since."""
    if not out.is_file():
        return {}
    with out.open(newline="", encoding="utf-8") as file:
        rows = {row["mutant"]: row for row in csv.DictReader(file)}
    return {
        mutant.key: judge.Shown(rows[mutant.key]["outcome"], float(rows[mutant.key]["seconds"]))
        for mutant in mutants
        if mutant.key in rows and rows[mutant.key]["digest"] == digest(mutant, tests[mutant.key])
    }


def write(out: Path, mutants: list[Mutant], tests: dict[str, tuple[str, ...]], found: dict[str, judge.Shown]) -> None:
    """Write the table of outcomes, whole or not at all."""
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(out.name + ".part")
    with part.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for mutant in mutants:
            if mutant.key in found:
                outcome, seconds = found[mutant.key]
                where = f"{path_of(mutant.module).relative_to(ROOT).as_posix()}:{mutant.line}"
                rows.writerow([mutant.key, where, outcome, f"{seconds:.1f}", digest(mutant, tests[mutant.key])])
    part.replace(out)


if __name__ == "__main__":
    sys.exit(main())
