"""Options that questions about a space of numbers share, and what they are turned into."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.options import checked_seed, checked_workers, scenario_from

if TYPE_CHECKING:
    from experiments.analyses.base import Analysis

# a run of a question is smaller than a comparison's: there are hundreds of them
MEMBERS, WARM_UP, DAYS = 1000, 60, 90

Arms = Annotated[
    list[str] | None, typer.Option(help="Two designs, the reference first: names or TOML files, after one flag.", metavar="A B")
]
MeasureOf = Annotated[str | None, typer.Option("--measure", help="A measure; the primary one unless given.", metavar="M")]
Budget = Annotated[float, typer.Option(help="Minutes for the runs; more of them make it surer.", metavar="MINUTES")]
Workers = Annotated[int | None, typer.Option(help="Processes; all cores unless given.", metavar="N")]
LedgerAt = Annotated[Path | None, typer.Option("--ledger", help="A ledger shared between commands.", metavar="PATH")]


def analysis_from(
    scenario: str, arms: list[str] | None, measure: str | None, minutes: float, members: int | None, days: int | None, warm_up: int | None,
    network: Path | None, workers: int | None, seed: int,
) -> Analysis:  # fmt: skip
    """Return the question that the options describe, checked.

    Raises:
        BadInput: if it cannot be answered.
    """
    from experiments.analyses.base import Analysis
    from experiments.runs.keys import arms_of
    from sim.results.measures import PRIMARY

    small = MEMBERS if members is None and network is None else members
    chosen = scenario_from(scenario, small, DAYS if days is None else days, WARM_UP if warm_up is None else warm_up, network)
    found = arms_of(chosen, arms or ["connect_first", "message_first"])
    analysis = Analysis(chosen, found, measure or PRIMARY, checked_seed(seed), checked_workers(workers), minutes)
    analysis.check()
    return analysis
