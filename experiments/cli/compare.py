"""`firstcontact compare`."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, Any

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
    checked_workers,
    compile_kernels,
    scenario_from,
)
from sim.errors import BadInput, nearest


@app.command(epilog="Examples: firstcontact compare | firstcontact compare --until precise | "
             "firstcontact compare neutral --arms connect_first message_first my_design.toml --members 1000 --out results/mine")  # fmt: skip
def compare(
    scenario: Scenario_ = "baseline",
    arms: Annotated[
        list[str] | None, typer.Option(help="Two designs or more: names or TOML files, after one flag.", metavar="A B ...")
    ] = None,
    reference: Annotated[
        str | None, typer.Option(help="The arm that the others are held against; the first unless given.", metavar="ARM")
    ] = None,
    members: Members = None,
    days: Days = None,
    warm_up: WarmUp = None,
    pairs: Annotated[int, typer.Option(help="Pairs of runs on shared luck.", metavar="N")] = 20,
    until: Annotated[
        str | None, typer.Option(help="Go on until the primary measure is precise, or until it is decided.", metavar="precise|decided")
    ] = None,
    precision: Annotated[float, typer.Option(help="Half-width relative to the difference, for --until precise.", metavar="X")] = 0.1,
    max_pairs: Annotated[int, typer.Option(help="The most pairs, with --until.", metavar="N")] = 40,
    workers: Annotated[int | None, typer.Option(help="Processes; all cores unless given.", metavar="N")] = None,
    threads: Threads = 1,
    seed: Seed = 1,
    network: Network = None,
    explain: Annotated[bool, typer.Option("--explain", help="Also show how much of each difference is assumed, and by what.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would take and could detect; a small pilot is run.")] = False,
    ledger: Annotated[Path | None, typer.Option(help="A ledger shared between commands.", metavar="PATH")] = None,
    out: Out = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Compare designs on response, spam load and reach, and write a report."""
    from experiments.comparison.run import Request
    from experiments.runs.keys import arms_of, plan_digest

    chosen = scenario_from(scenario, members, days, warm_up, network)
    found = arms_of(chosen, arms or ["connect_first", "message_first"])
    named = next(iter(found)) if reference is None else _reference(reference, chosen, found)
    if until not in (None, "precise", "decided"):
        raise BadInput(f"--until: found {until!r}; precise or decided would do{nearest(until, ['precise', 'decided'])}")
    if not 0.0 < precision < 10.0:
        raise BadInput(f"--precision: found {precision}; a number above 0, such as 0.1, would do")
    if threads < 1:
        raise BadInput(f"--threads: found {threads}; 1 or more would do")
    if max_pairs < 2:
        raise BadInput(f"--max-pairs: found {max_pairs}; 2 or more would do")
    request = Request(chosen, found, named, checked_seed(seed), pairs, until, precision, max_pairs, checked_workers(workers), threads)
    request.check()
    digest = plan_digest(chosen, found, named, seed)
    if dry_run:
        from experiments.comparison.forecast import forecast

        compile_kernels(quiet=quiet)
        result = forecast(request, explain=explain)
        print(json.dumps(result) if as_json else "\n".join(result["lines"]))
        return
    _compare(request, digest, explain=explain, ledger=ledger, out=out, quiet=quiet, as_json=as_json)


def _reference(reference: str, scenario: Any, arms: dict[str, Any]) -> str:
    name = scenario.with_design(reference).design if reference not in arms else reference
    if name not in arms:
        raise BadInput(f"--reference: found {reference!r}; one of the arms would do: {', '.join(arms)}")
    return str(name)


def _compare(request: Any, digest: str, *, explain: bool, ledger: Path | None, out: Path | None, quiet: bool, as_json: bool) -> None:
    from experiments.comparison import run as experiment
    from experiments.reporting import run_folder
    from experiments.runs.ledger import Ledger

    started = time.time()
    folder = out or experiment.default_folder(request.scenario, digest)
    plan = {"command": "compare", "plan": digest, "arms": request.order, "reference": request.reference, "seed": request.seed}
    run_folder.prepare_folder(folder, plan)
    with Ledger(ledger or folder / run_folder.LEDGER) as book:
        compile_kernels(quiet=quiet)
        with console.progress("pairs", quiet=quiet) as advance:
            pairs = experiment.gather(request, book, advance)
        result = experiment.conclude(request, pairs)
        if explain:
            import dataclasses

            from experiments.calibration.targets import gather, targets
            from experiments.comparison.explain import explain as explained

            with console.progress("assumptions", quiet=quiet) as advance:
                table, words = explained(request, pairs, book, advance)
            with console.working("calibration", quiet=quiet) as line:
                checked = targets(gather(request.scenario, progress=line))
            result = dataclasses.replace(result, explain=table, explain_answer=words, calibration=checked)
    with console.working("writing tables, figures and the report", quiet=quiet):
        run_folder.write_comparison(result, folder, started)
    if as_json:
        print(
            json.dumps(
                {"answer": result.answer, "folder": str(folder), "pairs": result.pairs, "summary": run_folder.as_json(result.summary)}
            )
        )
    else:
        print_comparison(result, folder)


def print_comparison(result: Any, folder: Path) -> None:
    """Print the answer, goals and guardrails, and where the report lies."""
    from experiments.reporting.text import change, figure, named
    from sim.results.measures import CONTEXT, MEASURES

    print("\n" + result.question)
    for line in [*result.answer, *result.explain_answer, *result.notes]:
        print(line)
    for line in result.left_out:
        console.say(line)
    rows = result.summary[result.summary.role != CONTEXT]
    for arm in result.arms[1:]:
        print()
        console.show_table(
            "Goals and guardrails" + (f": {named(arm)}" if len(result.arms) > 2 else ""),
            ["measure", "role", "arm", "reference", "difference (95% interval)", "verdict"],
            [[MEASURES[r.measure].title, r.role, figure(r["mean"], r.unit), figure(r.mean_reference, r.unit), change(r), r.verdict]
             for _, r in rows[rows.arm == arm].iterrows()],
        )  # fmt: skip
    print(f"\nThe report: {folder / 'report.html'}")
