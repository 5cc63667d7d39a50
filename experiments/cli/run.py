"""`firstcontact run`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.arguments import whole
from experiments.cli import console
from experiments.cli.app import command
from experiments.cli.options import DryRun, Output, OwnMeasures, ScenarioOptions, Seed, Threads, options_given, say_network
from experiments.defaults import SEED, THREADS
from sim.errors import BadInput, must, nearest

if TYPE_CHECKING:
    from sim.results.history import History
    from sim.scenario.scenario import Scenario

ENGINES = ("columns", "mesa")
BESIDE_RESUME = ("--resume", "--checkpoint-every", "--threads", "--graphml", "--measures", "--quiet", "--json")


@command(
    20,
    "firstcontact run",
    "firstcontact run --members 500 --days 90 --events --out results/one",
    "firstcontact run --network friends.csv",
    "firstcontact run --measures my_measures.py",
    "firstcontact run --members 100000 --checkpoint-every 30 --out results/long",
    "firstcontact run --resume results/long",
    "firstcontact run --members 100000 --parquet --out results/large",
    "firstcontact run --members 100000 --dry-run",
    "firstcontact run --network log.txt --network-as log --columns sender=1,recipient=2,time=4",
)
def run(
    *,
    context: typer.Context,
    size: ScenarioOptions,
    design: Annotated[
        str | None, typer.Option(help="A design: a name or a TOML file; the scenario's own unless given.", metavar="D")
    ] = None,
    engine: Annotated[
        str, typer.Option(help="The engine: columns (fast) or mesa (plain); they give the same history.", metavar="|".join(ENGINES))
    ] = ENGINES[0],
    seed: Seed = SEED,
    threads: Threads = THREADS,
    events: Annotated[bool, typer.Option("--events", help="Write every item to events.csv and every intent to intents.csv.")] = False,
    parquet: Annotated[
        bool, typer.Option("--parquet", help="Write them as Parquet while the run goes on: memory does not grow with them.")
    ] = False,
    graphml: Annotated[Path | None, typer.Option(help="Write the network at the horizon.", metavar="FILE")] = None,
    checkpoint_every: Annotated[
        int | None, typer.Option(help="Keep the run every so many days: the same command then goes on from there.", metavar="DAYS")
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(help="Go on with the interrupted run of this folder, which holds all that it was asked.", metavar="DIR")
    ] = None,
    dry_run: DryRun = False,
    own: OwnMeasures,
    output: Output,
) -> None:
    """Run one history and write its measures, days, members, ties and a report."""
    from experiments.reporting.page import REPORT
    from experiments.single_run import run as single_run

    _check_engine(engine, checkpoint_every, parquet=parquet)
    if resume is None:
        scenario, out = size.load(), output.out
        scenario = scenario if design is None else scenario.with_design(design)
    else:
        if asked_too := [name for name in options_given(context) if name not in BESIDE_RESUME]:
            raise BadInput(must("--resume", f"stand without {asked_too[0]}: the folder says what was asked", resume))
        scenario, seed, events, parquet = single_run.resumed(resume)
        say_network(scenario)
        out = resume
    events = events or parquet
    if dry_run:
        if engine == "mesa":
            raise BadInput(must("--dry-run", "stand with the engine columns", engine))
        asked: dict[str, Any] = {
            "events": events,
            "parquet": parquet,
            "graphml": graphml,
            "out": out,
            "catalogue": own.catalogue,
            "watch": output.watch,
        }
        output.tell(single_run.forecast_of(scenario, seed, **asked))
        return
    history, folder = single_run.run_single(
        scenario,
        engine,
        seed,
        threads=threads,
        events=events,
        parquet=parquet,
        graphml=graphml,
        out=out,
        checkpoint_every=checkpoint_every,
        catalogue=own.catalogue,
        watch=output.watch,
    )
    if output.as_json:
        print(json.dumps({"folder": str(folder), "measures": {k: v._asdict() for k, v in history.measures.items()}}))
        return
    _show(history, scenario, seed)
    print(f"\nThe files: {folder}\nThe report: {folder / REPORT}")


def _check_engine(engine: str, checkpoint_every: int | None, *, parquet: bool) -> None:
    """Refuse an engine that there is not, and checkpoints and parts of one that keeps none."""
    if engine not in ENGINES:
        raise BadInput(must("--engine", f"be {' or '.join(ENGINES)}", f"{engine!r}{nearest(engine, ENGINES)}"))
    if checkpoint_every is not None:
        whole("--checkpoint-every", checkpoint_every, "be a whole number of days from 1", 1)
        if engine == "mesa":
            raise BadInput(must("--checkpoint-every", "stand with the engine columns", engine))
    if parquet and engine == "mesa":
        raise BadInput(must("--parquet", "stand with the engine columns", engine))


def _show(history: History, scenario: Scenario, seed: int) -> None:
    """Print the measures of a history as a table."""
    from experiments.reporting.text import figure

    rows = [
        [one.title, one.group, "undefined" if v.value is None else figure(v.value, one.unit), one.unit]
        for one, v in ((history.catalogue[k], v) for k, v in history.measures.items())
    ]
    under = " and ".join(sorted(scenario.design_shares) or [scenario.design])
    console.show_table(f"{scenario.name} under {under}, seed {seed}", ["measure", "group", "value", "unit"], rows)
