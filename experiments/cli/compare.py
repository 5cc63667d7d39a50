"""`firstcontact compare`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import console
from experiments.cli.app import command
from experiments.cli.options import Output, OwnMeasures, RunSettings, ScenarioOptions, Seed, Threads
from experiments.defaults import ARMS, COMPARED_WORLDS, MAX_PAIRS, PAIRS, PRECISION, SEED, THREADS

if TYPE_CHECKING:
    from experiments.comparison.outcome import ComparisonResult


@command(
    10,
    "firstcontact compare",
    "firstcontact compare --until precise",
    "firstcontact compare neutral --arms connect_first message_first my_design.toml --members 1000 --out results/mine",
    "firstcontact compare --draws results/calibrate",
    "firstcontact compare --dry-run",
    "firstcontact compare --dask tcp://host:8786",
    "firstcontact compare --measures my_measures.py",
)
def compare(
    *,
    size: ScenarioOptions,
    arms: Annotated[
        list[str] | None, typer.Option(help="Two designs or more: names or TOML files, after one flag.", metavar="A B ...")
    ] = None,
    reference: Annotated[
        str | None, typer.Option(help="The control: the arm that the others are compared with; the first unless given.", metavar="ARM")
    ] = None,
    pairs: Annotated[int, typer.Option(help="Pairs of runs with common random numbers.", metavar="N")] = PAIRS,
    until: Annotated[
        str | None,
        typer.Option(help="Stopping rule: until the primary measure is precise, or until it is decided.", metavar="precise|decided"),
    ] = None,
    precision: Annotated[
        float, typer.Option(help="Half-width of the confidence interval relative to the difference, for --until precise.", metavar="X")
    ] = PRECISION,
    max_pairs: Annotated[int, typer.Option(help="The most pairs, with --until.", metavar="N")] = MAX_PAIRS,
    threads: Threads = THREADS,
    seed: Seed = SEED,
    explain: Annotated[bool, typer.Option("--explain", help="Also show how much of each difference is assumed, and by what.")] = False,
    draws: Annotated[
        str | None,
        typer.Option(
            help="Also compare at draws of a calibration: its draws.csv, or its folder; those that are shipped unless given. The answer says whether they are worlds that fit.",
            metavar="FILE|none",
        ),
    ] = None,
    worlds: Annotated[
        int | None,
        typer.Option(
            help=f"Of these draws, how many; two pairs each. {COMPARED_WORLDS} unless given; of those that are shipped as many as pairs at most, or all whose differences are known.",
            metavar="N",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it takes, and the minimum detectable effects; a small pilot is run.")
    ] = False,
    runs: RunSettings,
    own: OwnMeasures,
    output: Output,
) -> None:
    """Compare designs on response, spam load and reach, and write a report."""
    from experiments.comparison import run

    address, scenario = runs.address, size.load()
    asked: dict[str, Any] = {
        "arms": arms or ARMS,
        "reference": reference,
        "pairs": pairs,
        "until": until,
        "precision": precision,
        "max_pairs": max_pairs,
        "seed": seed,
        "threads": threads,
    }
    if dry_run:
        request = run.request_of(scenario, workers=runs.processes, catalogue=own.catalogue, **asked)
        output.tell(run.forecast_of(request, output.out or True, explain=explain, draws=draws, worlds=worlds, watch=output.watch))
        return
    result = run.compare(
        scenario,
        **asked,
        explain=explain,
        draws=draws,
        worlds=worlds,
        measures=own.catalogue,
        workers=runs.workers,
        dask=address,
        out=output.out or True,
        ledger=runs.ledger,
        quiet=output.quiet,
    )
    show_comparison(result, as_json=output.as_json)


def show_comparison(result: ComparisonResult, *, as_json: bool) -> None:
    """Print the answer, goals and guardrails, and where the report lies, or all as JSON."""
    if as_json:
        print(json.dumps({"folder": str(result.folder), **result.data}))
        return
    from experiments.comparison.outcome import goals
    from experiments.reporting.text import named

    found = result.found
    print("\n" + result.question)
    for line in result.answer:
        print(line)
    for line in found.left_out:
        console.say(line)
    for arm in found.arms[1:]:
        print()
        several = len(found.arms) > 2
        console.show_table("Goals and guardrails" + (f": {named(arm)}" if several else ""), *goals(found, arm))
    if result.folder is not None:
        print(f"\nThe report: {result.folder / 'report.html'}")
