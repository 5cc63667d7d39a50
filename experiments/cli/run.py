"""`firstcontact run`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli import console
from experiments.cli.app import app
from experiments.cli.options import (
    Days,
    Json,
    Members,
    Network,
    Out,
    Quiet,
    Scenario_,
    Seed,
    Threads,
    WarmUp,
    checked_seed,
    scenario_from,
)
from sim.errors import BadInput, nearest


@app.command(
    epilog="Examples: firstcontact run | firstcontact run --members 500 --days 90 --events --out results/one | firstcontact run --network friends.csv"
)
def run(
    scenario: Scenario_ = "baseline",
    design: Annotated[
        str | None, typer.Option(help="A design: a name or a TOML file; the scenario's own unless given.", metavar="D")
    ] = None,
    engine: Annotated[
        str, typer.Option(help="The engine: columns (fast) or mesa (plain); they give the same history.", metavar="columns|mesa")
    ] = "columns",
    members: Members = None,
    days: Days = None,
    warm_up: WarmUp = None,
    seed: Seed = 1,
    threads: Threads = 1,
    network: Network = None,
    events: Annotated[bool, typer.Option("--events", help="Write every item to events.csv.")] = False,
    graphml: Annotated[Path | None, typer.Option(help="Write the network at the horizon.", metavar="FILE")] = None,
    out: Out = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Run one history and write its measures, days, members and ties."""
    from experiments.single_run import run_single

    if engine not in ("columns", "mesa"):
        raise BadInput(f"--engine: found {engine!r}; columns or mesa would do{nearest(engine, ['columns', 'mesa'])}")
    chosen = scenario_from(scenario, members, days, warm_up, network)
    chosen = chosen if design is None else chosen.with_design(design)
    if threads < 1:
        raise BadInput(f"--threads: found {threads}; 1 or more would do")
    history, folder = run_single(chosen, engine, checked_seed(seed), threads, events=events, graphml=graphml, out=out, quiet=quiet)
    if as_json:
        print(json.dumps({"folder": str(folder), "measures": {k: v._asdict() for k, v in history.measures.items()}}))
        return
    from experiments.reporting.text import figure
    from sim.results.measures import MEASURES

    rows = [[MEASURES[k].title, MEASURES[k].group, "undefined" if v.value is None else figure(v.value, MEASURES[k].unit), MEASURES[k].unit]
            for k, v in history.measures.items()]  # fmt: skip
    under = " and ".join(sorted(chosen.design_shares) or [chosen.design])
    console.show_table(f"{chosen.name} under {under}, seed {seed}", ["measure", "group", "value", "unit"], rows)
    print(f"\nThe files: {folder}")
