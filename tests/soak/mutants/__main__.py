"""Plants mistakes and sees whether the tests notice: `python -m tests.soak.mutants`, or `make mutants`.

150 mutants of plain functions are drawn by a fixed seed, evenly over modules and kinds, and 15 mistakes are planted by hand in
the phases. Each is shown, uncompiled, to the known answers of its module; what survives is compiled and shown again. The
outcome is a table, which an interrupted run goes on with.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

os.environ["NUMBA_DISABLE_JIT"] = "1"  # before numba is loaded

from tests.soak.mutants import judge
from tests.soak.mutants.operators import mutated
from tests.soak.mutants.table import Asked, Outcomes
from tests.soak.mutants.targets import BROAD, PLAIN, ROOT, draw, planted, planted_rows, source_of, survivors, tests_of

WANTED = 0.95  # share of mutants that the tests must see
MOST_SECONDS = 900.0  # of a test that is compiled first
OUT = ROOT / "build" / "mutants.csv"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; return 0 if enough is killed and each survivor is named, 1 if not, 2 for bad input."""
    options = parsed(arguments)
    began = time.monotonic()
    if unknown := [name for name in options.only if name not in PLAIN and not name.startswith(judge.PHASES)]:
        print(f"--only must be modules that are mutated (got {', '.join(unknown)}): {', '.join(PLAIN)}", file=sys.stderr)
        return 2
    asked = chosen(options)
    judge.warm()
    if failed := failing(asked, options.processes):
        print(f"tests must pass before anything is planted (got failures in {', '.join(failed)})", file=sys.stderr)
        return 2
    outcomes = Outcomes(options.out, asked)
    left = outcomes.left(in_phases=False)
    for k, shown in judge.shown([(one.mutant.module, one.source, one.tests) for one in left], options.processes):
        outcomes.add(left[k], shown)
    for one in outcomes.left(in_phases=True):
        outcomes.add(one, judge.compiled(one.mutant.module, one.source, one.tests, MOST_SECONDS))
    if not options.uncompiled:
        again(outcomes)
    return told(outcomes, time.monotonic() - began)


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


def chosen(options: argparse.Namespace) -> list[Asked]:
    """Return the mutants that are drawn, then those planted by hand."""
    modules = [name for name in PLAIN if not options.only or name in options.only]
    wanted = [(mutant, tests_of(mutant.module)) for mutant in draw(options.count, options.seed, modules)]
    if not options.without_phases:
        by_hand = zip(planted(), planted_rows(), strict=True)
        wanted += [(mutant, row.tests) for mutant, row in by_hand if not options.only or mutant.module in options.only]
    found = []
    for mutant, tests in wanted:
        source = mutated(source_of(mutant.module), mutant)
        facts = "\0".join([source, *((ROOT / test.split("::")[0]).read_text(encoding="utf-8") for test in tests)])
        found.append(Asked(mutant, source, tests, hashlib.sha256(facts.encode()).hexdigest()[:12]))
    return found


def failing(asked: list[Asked], processes: int) -> list[str]:
    """Return the tests that fail on what nobody has changed: there a mutant would be killed by something else."""
    module, plain = PLAIN[0], sorted({one.tests for one in asked if not one.in_phase})
    shown = judge.shown([(module, source_of(module), suite) for suite in plain], processes, MOST_SECONDS)
    failed = [plain[k] for k, found in shown if found.outcome != judge.SURVIVED]
    for suite in sorted({one.tests for one in asked if one.in_phase}):
        if judge.compiled_unchanged(module, source_of(module), suite, MOST_SECONDS).outcome != judge.SURVIVED:
            failed += [suite]
    return [" ".join(suite) for suite in failed]


def again(outcomes: Outcomes) -> None:
    """Compile what survived, unless it is known to be no mistake, and show it again; of the model, to histories too."""
    known = survivors()
    for one in outcomes.survived():
        if one.key not in known and not one.in_phase:
            tests = one.tests + (BROAD if one.mutant.module.startswith("sim.") else ())
            outcomes.add(one, judge.compiled(one.mutant.module, one.source, tests, MOST_SECONDS))


def told(outcomes: Outcomes, seconds: float) -> int:
    """Say what was found; return the exit status."""
    known, asked, left = survivors(), outcomes.asked, outcomes.survived()
    for one in left:
        print(f"survived: {one.key} (line {one.mutant.line}): {known.get(one.key, 'no reason is known')}")
    share = 1.0 - len(left) / len(asked) if asked else 1.0
    minutes = f"{seconds / 60.0:.1f} minutes"
    print(f"{len(asked) - len(left)} of {len(asked)} mutants are killed ({100.0 * share:.1f}%) in {minutes}; {outcomes.path}")
    return int(share < WANTED or any(one.key not in known for one in left))


if __name__ == "__main__":
    sys.exit(main())
