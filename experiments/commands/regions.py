"""`firstcontact regions`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments import console
from experiments.commands import app
from experiments.commands.inquiries import MeasureOf
from experiments.commands.options import Json, Out, Quiet


@app.command(
    epilog="Examples: firstcontact regions results/quick-sweep | firstcontact regions results/quick-sweep --measure unwelcome_read"
)
def regions(
    folder: Annotated[Path, typer.Argument(help="The run folder of a sweep.", metavar="DIR")],
    measure: MeasureOf = None,
    arm: Annotated[
        str | None, typer.Option(help="Which arm to hold against the reference; the first other one unless given.", metavar="A")
    ] = None,
    out: Out = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Map where each arm wins over a sweep, and say it in boxes."""
    from experiments.methods.extras import needs
    from experiments.regions import regions as find
    from sim.measures import PRIMARY

    for package, extra in (("sklearn", "sensitivity"), ("SALib", "sensitivity"), ("ema_workbench", "regions")):
        needs(package, extra)
    with console.working("fitting the surface and peeling boxes", quiet=quiet):
        found, target = find(folder, measure or PRIMARY, arm, out)
    console.conclude(found.answer, target / "report.html", {"folder": str(target), **found.data} if as_json else None)
