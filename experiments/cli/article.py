"""`firstcontact article`."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.app import command
from experiments.cli.exit_codes import BAD_INPUT
from experiments.cli.options import DryRun, Output, RunSettings, Seed, WorldsAt, WorldsOf
from experiments.defaults import ARTICLE_MEMBERS, ARTICLE_PAIRS, COMPARED_WORLDS, MOST_PAIRS, SEED
from experiments.runs.watch import compile_kernels
from sim.errors import BadInput, must, nearest
from sim.scenario.validation import Mistakes

if TYPE_CHECKING:
    from experiments.article.statement import Statement


@command(
    80,
    "firstcontact article",
    "firstcontact article --heading rules --pairs 10",
    "firstcontact article --point 3.5",
    "firstcontact article --draws results/calibrate --worlds 10",
    "firstcontact article --controls",
    "firstcontact article --dry-run",
    "firstcontact article --dask tcp://host:8786",
)
def article(
    *,
    heading: Annotated[str | None, typer.Option(help="Only headings with this in their name.", metavar="H")] = None,
    point: Annotated[str | None, typer.Option(help="Only this statement: heading.number, such as 3.5.", metavar="P")] = None,
    pairs: Annotated[
        int | None, typer.Option(help="Pairs of runs; as many as the article was planned for unless given.", metavar="N")
    ] = None,
    members: Annotated[int | None, typer.Option(help="Members at the start; likewise.", metavar="N")] = None,
    draws: WorldsAt = None,
    worlds: WorldsOf = COMPARED_WORLDS,
    seed: Seed = SEED,
    controls: Annotated[
        bool, typer.Option("--controls", help="Instead, run every contrast with its mechanism switched off on both sides.")
    ] = False,
    dry_run: DryRun = False,
    runs: RunSettings,
    output: Output,
) -> None:
    """Test the article's statements, and write which are borne out and which contradicted."""
    from experiments.article.contrasts import DESIGNS
    from experiments.article.forecast import forecast
    from experiments.article.run import ArticleRequest, run_article
    from experiments.inference.conditions import draws_for
    from experiments.reporting.run_folder import LEDGER
    from experiments.runs.draws import draws_asked, worlds_asked
    from experiments.runs.executors import executor
    from experiments.runs.ledger import Ledger
    from experiments.runs.request import Request
    from experiments.runs.scheduler import Scheduler

    statements, address = _chosen(heading, point), runs.address
    many = ARTICLE_PAIRS if pairs is None else pairs
    if not 2 <= many <= MOST_PAIRS:
        raise BadInput(must("--pairs", "be at least 2" if many < 2 else f"be at most {MOST_PAIRS:,}", many))
    if members is not None and members < 3:
        raise BadInput(must("--members", "be at least 3", members))
    request = ArticleRequest(statements, many, members or ARTICLE_MEMBERS, seed, controls=controls)
    if draws_asked(draws):
        if controls:
            raise BadInput(must("--draws", "be left out with --controls", draws))
        scenario = request.scenario
        arms = {name: scenario.with_design(name) for name in DESIGNS}
        drawn = draws_for(draws, Request(scenario, arms, next(iter(arms))))
        request = replace(request, draws=drawn, worlds=worlds_asked(worlds))
    if dry_run:
        workers, place = runs.processes, request.check(output.out)
        compile_kernels(output.watch)
        output.tell(forecast(request, runs.ledger or place / LEDGER, workers))
        return
    folder = request.prepare(output.out)
    started = time.time()
    with (
        Ledger(runs.ledger or folder / LEDGER) as book,
        executor(runs.processes, address, output.watch) as (pool, ahead),
        output.watch.counted("runs") as advance,
    ):
        result = run_article(request, folder, scheduler=Scheduler(book, pool, ahead), progress=advance, started=started)
    if output.as_json:
        print(json.dumps({"folder": str(folder), **result.data}))
        return
    for line in result.lines:
        print(line)
    print(f"\n{result.what}: {result.path}")


def _chosen(heading: str | None, name: str | None) -> list[Statement]:
    """Return the statements asked for.

    Raises:
        BadInput: if there are none.
    """
    from experiments.article.statement import load_statements

    try:
        statements = load_statements()
    except Mistakes as error:
        for line in error.mistakes:
            print(f"firstcontact: {line}", file=sys.stderr)
        raise typer.Exit(BAD_INPUT) from None
    if name is not None:
        names = [one.name for one in statements]
        if name not in names:
            raise BadInput(must("--point", "be heading.number, such as 3.5", f"{name!r}{nearest(name, names)}"))
        return [one for one in statements if one.name == name]
    if heading is None:
        return statements
    headings = dict.fromkeys(one.heading for one in statements)
    found = [known for known in headings if heading.lower() in known.lower()]
    if not found:
        raise BadInput(must("--heading", f"be part of one of these: {', '.join(headings)}", repr(heading)))
    return [one for one in statements if one.heading in found]
