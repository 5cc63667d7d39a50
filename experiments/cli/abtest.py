"""`firstcontact abtest`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli.app import command
from experiments.cli.options import Arms, Budget, DryRun, Output, RunSettings, ScenarioOptions, Seed
from experiments.defaults import ABTEST_DRAWS, ABTEST_MINUTES, ABTEST_REPLICATES, ABTEST_TESTS, ABTEST_WEEKS, ARMS, SEED


@command(
    15,
    "firstcontact abtest",
    "firstcontact abtest --by network --weeks 8",
    "firstcontact abtest --by viewer --credit recipient",
    "firstcontact abtest mine.toml --arms connect_first my_design.toml --budget 30 --out results/test",
    "firstcontact abtest --members 1000 --warm-up 60 --replicates 8 --tests 0",
    "firstcontact abtest --members 2000 --tests 0 --replicates 2 --export results/exported",
    "firstcontact abtest --dry-run",
)
def abtest(
    *,
    size: ScenarioOptions,
    arms: Arms = None,
    by: Annotated[
        str,
        typer.Option(
            help="To whom arms are dealt out: viewer, profile, pair, industry, region, network, ego, switchback or ramp.", metavar="SCHEME"
        ),
    ] = "viewer",
    credit: Annotated[
        str | None,
        typer.Option(help="Whose an outcome is: initiator, recipient, both or item; the scheme's usual one unless given.", metavar="END"),
    ] = None,
    estimator: Annotated[
        str | None,
        typer.Option(help="difference, cuped, cluster, cluster-cuped or hajek; the scheme's usual one unless given.", metavar="NAME"),
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
    draws: Annotated[int, typer.Option(help="Ways in which arms are dealt out in each population.", metavar="N")] = ABTEST_DRAWS,
    every: Annotated[bool, typer.Option("--every", "--all", help="Rates of all schemes.")] = False,
    population: Annotated[
        float | None, typer.Option(help="Members for which it is also said what can be detected, such as 1e6.", metavar="N")
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(help="Also write the first test, its units, days and truth, as experimentation tools take it.", metavar="DIR"),
    ] = None,
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
        "draws": draws,
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
        output.conclude(run.abtest(scenario, arms or ARMS, **asked, population=population, export=export, ledger=runs.ledger, dask=address))
