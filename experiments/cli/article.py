"""`firstcontact article`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli import console
from experiments.cli.app import BAD_INPUT, app
from experiments.cli.options import Json, Out, Quiet, Seed, checked_seed, checked_workers, compile_kernels
from sim.errors import BadInput, nearest
from sim.scenario.validation import Mistakes


@app.command(epilog="Examples: firstcontact article | firstcontact article --heading rules --pairs 10 | "
             "firstcontact article --point 3.5 | firstcontact article --controls")  # fmt: skip
def article(
    heading: Annotated[str | None, typer.Option(help="Only headings with this in their name.", metavar="H")] = None,
    point: Annotated[str | None, typer.Option(help="Only this statement: heading.number, such as 3.5.", metavar="P")] = None,
    pairs: Annotated[
        int | None, typer.Option(help="Pairs of runs; as many as the catalogue was planned for unless given.", metavar="N")
    ] = None,
    members: Annotated[int | None, typer.Option(help="Members at the start; likewise.", metavar="N")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; all cores unless given.", metavar="N")] = None,
    seed: Seed = 1,
    controls: Annotated[
        bool, typer.Option("--controls", help="Instead, run every contrast with its mechanism switched off on both sides.")
    ] = False,
    ledger: Annotated[Path | None, typer.Option(help="A ledger shared between commands.", metavar="PATH")] = None,
    out: Out = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Put the article's statements to the test, and write what is borne out and what is contradicted."""
    from experiments.article.run import DEFAULT_MEMBERS, DEFAULT_PAIRS, Request, run_article

    points = _chosen(heading, point)
    many = DEFAULT_PAIRS if pairs is None else pairs
    if many < 2:
        raise BadInput(f"--pairs: found {many}; 2 or more would do")
    if members is not None and members < 3:
        raise BadInput(f"--members: found {members}; 3 or more would do")
    request = Request(points, many, members or DEFAULT_MEMBERS, checked_seed(seed), checked_workers(workers), controls=controls)
    folder = request.prepare(out)
    compile_kernels(quiet=quiet)
    started = time.time()
    with console.progress("runs", quiet=quiet) as advance:
        result = run_article(request, folder, ledger, advance, started)
    if as_json:
        print(json.dumps({"folder": str(folder), **result.data}))
        return
    for line in result.lines:
        print(line)
    print(f"\n{result.what}: {result.path}")


def _chosen(heading: str | None, point: str | None) -> list[Any]:
    """Return the statements asked for.

    Raises:
        BadInput: if there are none.
    """
    from experiments.article.statement import load_points

    try:
        points = load_points()
    except Mistakes as error:
        for line in error.mistakes:
            print(f"firstcontact: {line}", file=sys.stderr)
        raise typer.Exit(BAD_INPUT) from None
    if point is not None:
        names = [p.name for p in points]
        if point not in names:
            raise BadInput(f"--point: found {point!r}; heading.number, such as 3.5, would do{nearest(point, names)}")
        return [p for p in points if p.name == point]
    if heading is None:
        return points
    headings = dict.fromkeys(p.heading for p in points)
    found = [name for name in headings if heading.lower() in name.lower()]
    if not found:
        known = ", ".join(headings)
        raise BadInput(f"--heading: found {heading!r}; part of one of these would do: {known}")
    return [p for p in points if p.heading in found]
