"""The committed gallery: the baseline with all that can be said about it, and what changes over two years."""

from __future__ import annotations

import re
import shutil
import sys
import time
from pathlib import Path

from experiments import cli
from experiments.record import write_text

HOME = Path(__file__).parent.parent
FOLDER = HOME / "results" / "baseline"
LONG_DAYS, LONG_PAIRS, LONG_MEMBERS = 720, 10, 1000
DROPPED = ("ledger.sqlite", "runs.csv", "daily.csv", "provenance.json")  # large, or about one machine


def make(arguments: list[str]) -> None:
    """Run a command of the command line; leave if it fails."""
    status = cli.perform(arguments)
    if status:
        sys.exit(status)


def sign_changes(short: Path, long: Path) -> list[str]:
    """Return a line for each measure whose decided sign differs between two summaries."""
    import pandas as pd

    a, b = (pd.read_csv(path / "summary.csv").set_index("measure") for path in (short, long))
    both = a.join(b.add_suffix("_long"), how="inner")
    words = ("better", "worse", "higher", "lower")
    turned = both[(both.difference * both.difference_long < 0.0) & both.verdict.isin(words) & both.verdict_long.isin(words)]
    return [f"{name}: {row.verdict} over 180 days, {row.verdict_long} over {LONG_DAYS}" for name, row in turned.iterrows()]


def tidy(folder: Path) -> None:
    """Leave what the repository keeps: small files that are read."""
    for name in DROPPED:
        (folder / name).unlink(missing_ok=True)
    for path in (folder / "figures").glob("*.svg"):
        path.unlink()


def put_answer(answer: str) -> None:
    """Put the answer between its markers in README.md."""
    path = HOME / "README.md"
    text = path.read_text(encoding="utf-8")
    write_text(path, re.sub(r"(<!-- answer -->).*?(<!-- /answer -->)", lambda m: f"{m[1]}\n{answer}\n{m[2]}", text, flags=re.DOTALL))


def main() -> None:
    """Make the gallery afresh."""
    started = time.time()
    shutil.rmtree(FOLDER, ignore_errors=True)
    make(["compare", "--explain", "--out", str(FOLDER)])
    long = FOLDER / "two-years"
    make(["compare", "--days", str(LONG_DAYS), "--members", str(LONG_MEMBERS), "--pairs", str(LONG_PAIRS), "--out", str(long)])
    turned = sign_changes(FOLDER, long)
    lines = [f"# What changes once ties have had {LONG_DAYS} days to pay", ""]
    lines += [f"- {line}" for line in turned] or ["No measure with a decided sign over 180 days has the opposite sign."]
    write_text(FOLDER / "two-years.md", "\n".join(lines) + "\n")
    import pandas as pd

    from experiments.answer import answer

    sentences = answer(pd.read_csv(FOLDER / "summary.csv"), "message_first")
    extra = "Over two years " + ("these signs turn: " + "; ".join(turned) if turned else "no decided sign turns") + "."
    put_answer("\n".join([*sentences, extra]))
    for folder in (FOLDER, long):
        tidy(folder)
    print(f"The gallery is in {FOLDER}; it took {(time.time() - started) / 60:.1f} minutes.")


if __name__ == "__main__":
    main()
