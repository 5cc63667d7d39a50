"""What README says of speed, from the results of `make bench` and, where it was run, `make bench-large`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from experiments.benchmarks.benchmark import FACTS, RESULTS, as_markdown
from experiments.reporting.run_folder import read_table

LARGE_FOLDER = "large"


class Bench(NamedTuple):
    """The results of a benchmark."""

    facts: dict[str, Any]  # of `bench.json`
    text: str  # the table for people


def benches(folder: Path = RESULTS) -> list[Bench]:
    """Return the results that lie in a folder: of rows up to 100,000 members, then of larger ones if these were measured.

    Raises:
        OSError: if there are none.
    """
    found = []
    for place in (folder, folder / LARGE_FOLDER):
        if place == folder or (place / FACTS).exists():
            facts = json.loads((place / FACTS).read_text(encoding="utf-8"))
            table = read_table((place / "bench.csv").read_bytes())
            found.append(Bench(facts, as_markdown(table, facts["load"], facts, None)))
    return found


def section(folder: Path = RESULTS) -> str:
    """Return the tables, and what a run takes in memory."""
    found = benches(folder)
    return "\n".join([*(one.text for one in found), *_memory([one.facts for one in found])])


def _memory(facts: list[dict[str, Any]]) -> list[str]:
    """Return a line on the memory of the runs that were measured."""
    sizes = {
        "10k": "10,000 members over 360 days",
        "100k": "100,000 over 60",
        "1m on two": "a million over 365",
        "5m on two": "five million over 60",
    }
    works = {name: gave for one in facts for name, gave in one["works"].items()}
    told = [f"{words}: {works[name]['megabytes'] / 1000:.2f} GB" for name, words in sizes.items() if name in works]
    return [f"Memory, compiled code included: {'; '.join(told)}."] if told else []
