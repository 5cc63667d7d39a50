"""Times and memory against their goals, and against another commit: measured, printed, never asserted.

Machines are shared and noisy: each work is timed several times, with another commit in turn, and the table gives the median, the
range, and the median of the ratios of each round.

Example:
    python -m experiments.benchmarks.benchmark
    python -m experiments.benchmarks.benchmark --against REF --large
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.benchmarks import checkout
from experiments.benchmarks.rows import CROSSING, LARGE, LOAD, ROWS, UP_TO_100_000, WORKS, Measured, Row, works_of
from experiments.documents import HOME
from experiments.reporting.progress import Shown
from experiments.reporting.run_folder import write_table, write_text
from sim.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

    from experiments.benchmarks.checkout import Checkout

ROUNDS = 3
RESULTS = HOME / "results" / "bench"
FACTS = "bench.json"  # what documents are made of, beside the table
COLUMNS = ["row", "unit", "goal", "here", "here_low", "here_high", "reference", "reference_low", "reference_high", "ratio", "rounds"]
Rounds = dict[str, list[dict[str, dict[str, float]]]]  # by checkout: what each work of each round gave


def measure(
    checkouts: Sequence[Checkout],
    works: Sequence[str],
    rounds: int,
    advance: Callable[[int, int], None],
    minutes: float | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Rounds:
    """Return what the works gave: in each round each work is done by all checkouts in turn, in an order that changes with the round.

    Args:
        checkouts: whose code is timed.
        works: names of `WORKS`.
        rounds: at most.
        advance: is told how many works are done, of how many.
        minutes: after which none goes on, and none begins of which it is known that it would not end in time.
        clock: seconds.
    """
    found: Rounds = {one.name: [{} for _ in range(rounds)] for one in checkouts}
    took: dict[str, float] = {}  # seconds of each work, all checkouts together
    end = math.inf if minutes is None else clock() + 60.0 * minutes
    done, wanted = 0, rounds * len(works) * len(checkouts)
    for k in range(rounds):
        for name in works:
            started = clock()
            if started + took.get(name, 0.0) < end:
                for one in checkouts if k % 2 == 0 else checkouts[::-1]:
                    gave = one.measure(WORKS[name], None if minutes is None else max(0.0, end - clock()))
                    if gave is not None:
                        found[one.name][k][name] = gave
                    done += 1
                    advance(done, wanted)
                took[name] = clock() - started
            else:
                done += len(checkouts)
    return found


def table_of(rows: Sequence[Row], found: Rounds, here: str, reference: str | None) -> pd.DataFrame:
    """Return COLUMNS of each row: medians with their range, and the median of the ratios of rounds, reference to here, as speed-ups.

    Rounds count in which all works of a row ended, everywhere; a row without such a round has no figures.
    """
    import pandas as pd

    out = []
    for row in rows:
        whole = [k for k in range(len(found[here])) if all(set(row.works) <= gave[k].keys() for gave in found.values())]
        mine = [row.value(found[here][k]) for k in whole]
        theirs = [row.value(found[reference][k]) for k in whole] if reference else []
        ratios = [(a / b if row.rising else b / a) for a, b in zip(mine, theirs, strict=False)]
        out.append((row.title, row.unit, row.goal, *_spread(mine), *_spread(theirs), _spread(ratios)[0], len(mine)))
    return pd.DataFrame(out, columns=COLUMNS)


def medians(rounds: Sequence[Measured]) -> dict[str, dict[str, float]]:
    """Return the median of each figure that works gave, over the rounds that have it."""
    names = dict.fromkeys(name for one in rounds for name in one)
    found = {name: [one[name] for one in rounds if name in one] for name in names}
    return {name: {key: statistics.median(one[key] for one in some) for key in some[0]} for name, some in found.items()}


def _spread(values: Sequence[float]) -> tuple[float | None, float | None, float | None]:
    return (statistics.median(values), min(values), max(values)) if values else (None, None, None)


def as_markdown(table: pd.DataFrame, load: dict[str, float], said: dict[str, Any], reference: str | None) -> str:
    """Return the table for people."""
    told = ", ".join(f"{x:.2f} {name}" for name, x in load.items())
    where = f"commit {said['commit']}{' with changes' if said['changed'] else ''}"
    rounds = "once each" if said["rounds"] == 1 else f"the median of up to {said['rounds']} rounds with the least and the most in brackets"
    head = ["what", "goal", "here", *([reference, "times better"] if reference else [])]
    lines = [
        f"Measured at {where} on {said['cores']} cores, {rounds}.",
        f"A member-day makes {told}.",
        "",
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
    ]
    for row in table.to_dict("records"):
        cells = [row["row"], figure(row["goal"], row["unit"]), _range(row, "here")]
        if reference:
            cells += [_range(row, "reference"), f"{row['ratio']:.2f}" if row["rounds"] else "–"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def figure(x: float, unit: str) -> str:
    """Return a figure of the table with its unit."""
    return f"{x:,.3g} {unit}"


def _range(row: dict[str, Any], whose: str) -> str:
    if not row["rounds"]:
        return "did not end in time"
    low, high = row[f"{whose}_low"], row[f"{whose}_high"]
    return figure(row[whose], row["unit"]) + (f" ({low:,.3g} to {high:,.3g})" if row["rounds"] > 1 else "")


def rows_that_fit(rows: Sequence[Row], megabytes: float, say: Callable[[str], None]) -> list[Row]:
    """Return the rows for which the machine has memory; of the others it is said."""
    fitting = []
    for row in rows:
        needed = max(WORKS[work].megabytes for work in row.works)
        if needed > megabytes:
            say(f"left out: {row.title}: needs {needed / 1000:.0f} GB of memory (this machine has {megabytes / 1000:.0f})")
        else:
            fitting.append(row)
    return fitting


def carry_out(rows: Sequence[Row], against: str | None, rounds: int, minutes: float | None, folder: Path, watch: Shown) -> str:
    """Measure rows here, and on another commit in turn; write `bench.csv`, `bench.json` and `bench.md` into the folder, return the last.

    Raises:
        BadInput: if there is no such commit.
        RuntimeError: if a work failed.
    """
    import os

    with checkout.commit(against) if against else nullcontext() as other:
        here = checkout.here()
        checkouts = [here, *([other] if other else [])]
        with watch.working("counting what a member does in a day"):
            load, crossing = here.measure(LOAD) or {}, here.measure(CROSSING) or {}
        with watch.counted("measuring") as advance:
            found = measure(checkouts, works_of(tuple(rows)), rounds=rounds, advance=advance, minutes=minutes)
    table = table_of(rows, found, here.name, other.name if other else None)
    said = checkout.provenance() | {"cores": os.cpu_count(), "memory": checkout.memory(), "rounds": rounds}
    text = as_markdown(table, load, said, other.name if other else None)
    folder.mkdir(parents=True, exist_ok=True)
    write_table(folder / "bench.csv", table)
    write_text(folder / "bench.md", text)
    facts = said | {"load": load, "crossing": crossing, "works": medians(found[here.name])}
    write_text(folder / FACTS, json.dumps(facts, indent=2) + "\n")
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked and print the table; return the exit status."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").split("\n\n", maxsplit=1)[0], formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--against", metavar="REF", help="a commit that is timed in turn, in a worktree and with a cache of its own")
    parser.add_argument("--large", action="store_true", help="the rows of a million members and more in place of the others")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how often each work is timed ({ROUNDS})")
    parser.add_argument(
        "--minutes", type=float, help="after which no work goes on; works of which it is known that they would not end are left out"
    )
    parser.add_argument("--only", metavar="WORDS", default="", help="rows with these words in their title alone")
    parser.add_argument("--out", type=Path, help=f"where the table is written ({RESULTS.relative_to(HOME)})")
    asked = parser.parse_args(arguments)
    watch = Shown(quiet=False)
    group = LARGE if asked.large else UP_TO_100_000
    rows = [row for row in ROWS if row.group == group and asked.only in row.title]
    rows = rows_that_fit(rows, checkout.memory(), watch.say)
    if not rows or asked.rounds < 1:
        parser.error("no rows are left to measure" if not rows else "--rounds must be at least 1")
    if asked.minutes is not None and not 0.0 < asked.minutes < math.inf:
        parser.error("--minutes must be above 0")
    folder = asked.out or RESULTS / ("large" if asked.large else "against" if asked.against else "")
    try:
        print(carry_out(rows, asked.against, rounds=asked.rounds, minutes=asked.minutes, folder=folder, watch=watch), end="")
    except (BadInput, RuntimeError) as error:
        watch.say(str(error))
        return 2 if isinstance(error, BadInput) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
