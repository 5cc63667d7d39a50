"""`firstcontact abtest`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli.app import command
from experiments.cli.options import Arms, Budget, DryRun, Output, RunSettings, ScenarioOptions, Seed
from experiments.defaults import ABTEST_DRAWS, ABTEST_MINUTES, ABTEST_REPLICATES, ABTEST_TESTS, ABTEST_WEEKS, ARMS, COMPARED_WORLDS, SEED


@command(
    15,
    "firstcontact abtest",
    "firstcontact abtest --by network --weeks 8",
    "firstcontact abtest --by viewer --credit recipient",
    "firstcontact abtest mine.toml --arms connect_first my_design.toml --budget 30 --out results/test",
    "firstcontact abtest --members 1000 --warm-up 60 --replicates 8 --tests 0",
    "firstcontact abtest --members 2000 --tests 0 --replicates 2 --export results/exported",
    "firstcontact abtest --stratified --draws results/calibrate --worlds 10",
    "firstcontact abtest --dry-run",
)
def abtest(
    *,
    size: ScenarioOptions,
    arms: Arms = None,
    by: Annotated[
        str,
        typer.Option(
            help="To whom arms are dealt out: viewer, profile, pair, industry, region, network, leiden, ego, switchback, switchback-day or ramp.",
            metavar="SCHEME",
        ),
    ] = "viewer",
    credit: Annotated[
        str | None,
        typer.Option(help="Whose an outcome is: initiator, recipient, both or item; the scheme's usual one unless given.", metavar="END"),
    ] = None,
    estimator: Annotated[
        str | None,
        typer.Option(
            help="difference, cuped, cluster, cluster-cuped, hajek or hajek-network; the scheme's usual one unless given.", metavar="NAME"
        ),
    ] = None,
    share: Annotated[float, typer.Option(help="Share of the treated.", metavar="X")] = 0.5,
    weeks: Annotated[
        int | None, typer.Option(help=f"Weeks of the test; {ABTEST_WEEKS} unless they or --days are given.", metavar="N")
    ] = None,
    replicates: Annotated[
        int, typer.Option(help="Populations of the scenario's own size, for the bias of all schemes.", metavar="N")
    ] = ABTEST_REPLICATES,
    tests: Annotated[
        int, typer.Option(help="Populations of 2,000 members at most, for rates of four schemes; 0 for none.", metavar="N")
    ] = ABTEST_TESTS,
    assignments: Annotated[
        int, typer.Option(help="Ways in which arms are dealt out in each population, by schemes whose rates are told.", metavar="N")
    ] = ABTEST_DRAWS,
    stratified: Annotated[
        bool, typer.Option("--stratified", help="Deal to members of each style in the same shares, where a scheme deals to members.")
    ] = False,
    every: Annotated[bool, typer.Option("--every", "--all", help="Rates of all schemes.")] = False,
    draws: Annotated[
        str | None,
        typer.Option(
            help="Also test at draws of a calibration: its draws.csv, or its folder; the answer says whether they are worlds that fit.",
            metavar="FILE|none",
        ),
    ] = None,
    worlds: Annotated[int, typer.Option(help="Of these draws, how many; two populations each.", metavar="N")] = COMPARED_WORLDS,
    population: Annotated[
        float | None, typer.Option(help="Members for which it is also said what can be detected, such as 1e6.", metavar="N")
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(help="Also write the first test, its units, days and truth, as experimentation tools take it.", metavar="DIR"),
    ] = None,
    parquet: Annotated[bool, typer.Option("--parquet", help="Export as Parquet.")] = False,
    budget: Budget = ABTEST_MINUTES,
    seed: Seed = SEED,
    dry_run: DryRun = False,
    runs: RunSettings,
    output: Output,
) -> None:
    """Say what an A/B test inside one population would have shown, how wrong, and why."""
    from experiments.abtest import run

    address, scenario = runs.address, size.load()
    asked: dict[str, Any] = {
        "by": by,
        "credit": credit,
        "estimator": estimator,
        "share": share,
        "weeks": ABTEST_WEEKS if weeks is None and size.days is None else weeks,
        "replicates": replicates,
        "tests": tests,
        "assignments": assignments,
        "stratified": stratified,
        "draws": draws,
        "worlds": worlds,
        "every": every,
        "seed": seed,
        "budget": budget,
        "workers": runs.workers,
        "out": output.out or True,
        "quiet": output.quiet,
    }
    if dry_run:
        output.tell(run.forecast_of(scenario, arms or ARMS, **asked))
    else:
        more: dict[str, Any] = {"population": population, "export": export, "parquet": parquet, "ledger": runs.ledger, "dask": address}
        output.conclude(run.abtest(scenario, arms or ARMS, **asked, **more))
