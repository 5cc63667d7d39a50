"""`firstcontact calibrate`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli.app import command
from experiments.cli.options import DryRun, Output, RunSettings, ScenarioOf, scenario_from
from experiments.cli.patterns_shown import Elasticities, Fit, Parameters, Sizes, show_patterns
from experiments.defaults import BANK, SCENARIO, SEED, SHIFT, TURNED_DRAWS, TURNED_MEMBERS, WORLDS
from experiments.runs.watch import compile_kernels
from sim.errors import BadInput, must


@dataclass(frozen=True)
class Data:
    """What is fitted to."""

    log: Annotated[Path | None, typer.Option(help="Fit to a log: sender,recipient,timestamp[,kind,outcome].", metavar="FILE")] = None
    targets: Annotated[Path | None, typer.Option(help="Fit to a targets file, such as `describe --out` writes.", metavar="FILE.toml")] = (
        None
    )
    columns: Annotated[
        str | None, typer.Option(help="Columns of the log, by number or name: sender=1,recipient=2,time=3.", metavar="ROLE=COLUMN,...")
    ] = None
    design: Annotated[str | None, typer.Option(help="The design under which log or targets came about.", metavar="DESIGN")] = None

    @property
    def given(self) -> dict[str, object]:
        """Return the options that are given."""
        return {f"--{name}": getattr(self, name) for name in ("log", "targets", "columns", "design") if getattr(self, name) is not None}


@command(
    120,
    "firstcontact calibrate",
    "firstcontact calibrate --log log.csv --design message_first",
    "firstcontact calibrate --targets targets.toml --draws 256 --members 500",
    "firstcontact calibrate --dry-run",
    "firstcontact calibrate --check",
    "firstcontact calibrate --screen --budget 30 --out results/screening",
    "firstcontact calibrate --check --members 2000 10000 50000",
    "firstcontact calibrate --check --elasticities --dry-run",
)
def calibrate(
    *,
    scenario: ScenarioOf = SCENARIO,
    data: Data,
    bank: Annotated[
        Path | None, typer.Option(help="Fit with the bank.csv of an earlier calibration; a sample of it is run again.", metavar="FILE.csv")
    ] = None,
    members: Sizes = None,
    draws: Annotated[int | None, typer.Option(help=f"Draws of the bank; {BANK} unless given.", metavar="N")] = None,
    keep: Annotated[int | None, typer.Option(help=f"Worlds that are wanted; {WORLDS} unless given.", metavar="N")] = None,
    shift: Annotated[
        int | None,
        typer.Option(
            help=f"Draws that are run at the scenario's own size too, to which the bank's figures are moved; {SHIFT} where that is not the bank's, none with --members.",
            metavar="N",
        ),
    ] = None,
    budget: Annotated[float | None, typer.Option(help="Minutes for the bank, which is cut to them.", metavar="MINUTES")] = None,
    parameters: Parameters = None,
    seed: Annotated[int | None, typer.Option(help="Any whole number from 0; the same seed gives the same bytes.", metavar="N")] = None,
    screen: Annotated[
        bool, typer.Option("--screen", help="Find which assumed numbers move a figure or the arms' difference; nothing is fitted.")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Show which published patterns the defaults meet; nothing is fitted.")] = False,
    fit: Fit = None,
    elasticities: Elasticities = False,
    dry_run: DryRun = False,
    runs: RunSettings,
    output: Output,
) -> None:
    """Find the worlds that fit published patterns, your targets or your log; exit 1 if they are not to be trusted."""
    counts = {"--bank": bank, "--draws": draws, "--keep": keep, "--shift": shift, "--budget": budget, "--seed": seed}
    if screen:
        _refuse(
            {"--check": check or None, "--bank": bank, "--keep": keep, "--shift": shift, "--parameters": parameters},
            "be left out with --screen",
        )
        counts["--screen"] = True
    if check:
        for option, value in {**data.given, **{name: x for name, x in counts.items() if x is not None}}.items():
            raise BadInput(must(option, "be left out with --check", value))
        show_patterns(
            scenario, fit, parameters=parameters, members=members, runs=runs, output=output, elasticities=elasticities, dry_run=dry_run
        )
        return
    _refuse({"--fit": fit, "--elasticities": elasticities or None}, "stand with --check")
    if len(members or []) > 1:
        raise BadInput(must("--members", "be one size without --check", " ".join(map(str, members or []))))
    chosen = {
        "draws": draws,
        "keep": keep,
        "shift": shift,
        "seed": seed,
        "members": members[0] if members else None,
        "budget": budget,
        "parameters": parameters,
        "bank": bank,
    }
    if screen:
        _screen(scenario, data, more=chosen, runs=runs, output=output, dry_run=dry_run)
        return
    _calibrate(scenario, data, more={name: x for name, x in chosen.items() if x is not None}, runs=runs, output=output, dry_run=dry_run)


def _refuse(given: dict[str, object], rule: str) -> None:
    for option, value in given.items():
        if value is not None:
            raise BadInput(must(option, rule, value))


def _screen(scenario: str, data: Data, more: dict[str, Any], runs: RunSettings, output: Output, *, dry_run: bool) -> None:
    """Screen, and show what moves something; with --dry-run how many runs that takes."""
    from experiments.cli import console
    from experiments.inference import run

    chosen, address = scenario_from(scenario), runs.address
    sizes: dict[str, Any] = {"members": TURNED_MEMBERS, "draws": TURNED_DRAWS, "seed": SEED, "budget": None}
    sizes |= {name: x for name, x in more.items() if x is not None}
    given: dict[str, Any] = {"log": data.log, "targets": data.targets, "columns": data.columns, "design": data.design}
    told = run.data_asked(**given, seed=sizes["seed"], watch=output.watch)
    if dry_run:
        output.tell(run.forecast_of_screening(chosen, told, sizes, runs.processes))
        return
    where: dict[str, Any] = {"out": output.out, "ledger": runs.ledger, "watch": output.watch}
    found = run.screen(chosen, told, **sizes, workers=runs.processes, dask=address, **where)
    if output.as_json:
        print(json.dumps(console.finite(found.data)))
        return
    for line in found.answer:
        print(line)
    rows = [[row.parameter, f"{100 * row.share:.0f}%", row.moves] for row in found.summary[found.summary.turned].itertuples()]
    console.show_table("What moves something", ["number", "of its variance", "moves most"], rows)


def _calibrate(
    scenario: str,
    data: Data,
    more: dict[str, Any],
    runs: RunSettings,
    output: Output,
    *,
    dry_run: bool,
) -> None:
    from experiments.inference import run

    address, chosen = runs.address, scenario_from(scenario)
    given: dict[str, Any] = {"log": data.log, "targets": data.targets, "columns": data.columns, "design": data.design}
    if dry_run:
        minutes = run.budget_of(more.pop("budget", None))
        sizes: dict[str, Any] = {"members": None, "draws": BANK, "keep": WORLDS, "seed": SEED, "parameters": None} | more
        question = run.question_of(chosen, run.data_asked(**given, seed=sizes["seed"], watch=output.watch), **sizes)
        compile_kernels(output.watch)
        output.tell(run.forecast_of(question, minutes, workers=runs.processes, out=output.out, ledger=runs.ledger))
        return
    told: dict[str, Any] = {"workers": runs.workers, "out": output.out or True, "ledger": runs.ledger, "quiet": output.quiet}
    result = run.calibrate(chosen, **given, **more, **told, dask=address)
    output.conclude(result)
    if not result.passed:
        raise typer.Exit(1)
