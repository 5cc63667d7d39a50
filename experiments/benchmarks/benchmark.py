"""Times and memory against their goals, and against another commit: measured, printed, never asserted.

Machines are shared and noisy: each work is timed several times, with another commit in turn, and the table gives the median, the
range, and the median of the ratios of each round.

Example:
    python -m experiments.benchmarks.benchmark
    python -m experiments.benchmarks.benchmark --against REF --large
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.benchmarks import checkout
from experiments.benchmarks.rows import LARGE, ROWS, UP_TO_100_000, WORKS, Measured, Row, Work, works_of
from experiments.documents import HOME
from experiments.reporting.progress import Shown
from experiments.reporting.run_folder import write_table, write_text
from sim.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

    from experiments.benchmarks.checkout import Checkout

ROUNDS = 3
RESULTS = HOME / "results" / "bench"
LOAD = Work(("load", "2000", "360"))
COLUMNS = ["row", "unit", "goal", "here", "here_low", "here_high", "reference", "reference_low", "reference_high", "ratio", "rounds"]
Rounds = dict[str, list[dict[str, dict[str, float]]]]  # by checkout: what each work of each round gave


def measure(checkouts: Sequence[Checkout], works: Sequence[str], rounds: int, advance: Callable[[int, int], None]) -> Rounds:
    """Return what the works gave: in each round each work is done by all checkouts in turn, in an order that changes with the round."""
    found: Rounds = {one.name: [{} for _ in range(rounds)] for one in checkouts}
    done, wanted = 0, rounds * len(works) * len(checkouts)
    for k in range(rounds):
        for name in works:
            for one in checkouts if k % 2 == 0 else checkouts[::-1]:
                found[one.name][k][name] = one.measure(WORKS[name])
                done += 1
                advance(done, wanted)
    return found


def table_of(rows: Sequence[Row], found: Rounds, here: str, reference: str | None) -> pd.DataFrame:
    """Return COLUMNS of each row: medians with their range, and the median of the ratios of rounds, reference to here, as speed-ups."""
    import pandas as pd

    out = []
    for row in rows:
        mine = _values(row, found[here])
        theirs = _values(row, found[reference]) if reference else []
        ratios = [(a / b if row.rising else b / a) for a, b in zip(mine, theirs, strict=False)]
        out.append((row.title, row.unit, row.goal, *_spread(mine), *_spread(theirs), _spread(ratios)[0], len(mine)))
    return pd.DataFrame(out, columns=COLUMNS)


def _values(row: Row, rounds: Sequence[Measured]) -> list[float]:
    return [row.value(one) for one in rounds]


def _spread(values: Sequence[float]) -> tuple[float | None, float | None, float | None]:
    return (statistics.median(values), min(values), max(values)) if values else (None, None, None)


def as_markdown(table: pd.DataFrame, load: dict[str, float], said: dict[str, Any], reference: str | None) -> str:
    """Return the table for people."""
    told = ", ".join(f"{x:.2f} {name}" for name, x in load.items())
    where = f"commit {said['commit']}{' with changes' if said['changed'] else ''}"
    head = ["what", "goal", "here", *([reference, "times better"] if reference else [])]
    lines = [
        f"Measured at {where} on {said['cores']} cores, the median of {said['rounds']} rounds with the least and the most in brackets.",
        f"A member-day makes {told}.",
        "",
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
    ]
    for row in table.to_dict("records"):
        cells = [row["row"], _figure(row["goal"], row["unit"]), _range(row, "here")]
        if reference:
            cells += [_range(row, "reference"), f"{row['ratio']:.2f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _figure(x: float, unit: str) -> str:
    return f"{x:,.3g} {unit}"


def _range(row: dict[str, Any], whose: str) -> str:
    low, high = row[f"{whose}_low"], row[f"{whose}_high"]
    return _figure(row[whose], row["unit"]) + (f" ({low:,.3g} to {high:,.3g})" if row["rounds"] > 1 else "")


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


def carry_out(rows: Sequence[Row], against: str | None, rounds: int, folder: Path, watch: Shown) -> str:
    """Measure rows here, and on another commit in turn; write `bench.csv` and `bench.md` into the folder and return the latter.

    Raises:
        BadInput: if there is no such commit.
        RuntimeError: if a work failed.
    """
    import os

    with checkout.commit(against) if against else nullcontext() as other:
        here = checkout.here()
        checkouts = [here, *([other] if other else [])]
        with watch.working("counting what a member does in a day"):
            load = here.measure(LOAD)
        with watch.counted("measuring") as advance:
            found = measure(checkouts, works_of(tuple(rows)), rounds, advance)
    table = table_of(rows, found, here.name, other.name if other else None)
    said = checkout.provenance() | {"cores": os.cpu_count(), "rounds": rounds}
    text = as_markdown(table, load, said, other.name if other else None)
    folder.mkdir(parents=True, exist_ok=True)
    write_table(folder / "bench.csv", table)
    write_text(folder / "bench.md", text)
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked and print the table; return the exit status."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").split("\n\n", maxsplit=1)[0], formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--against", metavar="REF", help="a commit that is timed in turn, in a worktree and with a cache of its own")
    parser.add_argument("--large", action="store_true", help="the rows of a million members and more in place of the others")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how often each work is timed ({ROUNDS})")
    parser.add_argument("--only", metavar="WORDS", default="", help="rows with these words in their title alone")
    parser.add_argument("--out", type=Path, help=f"where the table is written ({RESULTS.relative_to(HOME)})")
    asked = parser.parse_args(arguments)
    watch = Shown(quiet=False)
    group = LARGE if asked.large else UP_TO_100_000
    rows = [row for row in ROWS if row.group == group and asked.only in row.title]
    rows = rows_that_fit(rows, checkout.memory(), watch.say)
    if not rows or asked.rounds < 1:
        parser.error("no rows are left to measure" if not rows else "--rounds must be at least 1")
    folder = asked.out or RESULTS / ("large" if asked.large else "against" if asked.against else "")
    try:
        print(carry_out(rows, asked.against, asked.rounds, folder, watch), end="")
    except (BadInput, RuntimeError) as error:
        watch.say(str(error))
        return 2 if isinstance(error, BadInput) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
