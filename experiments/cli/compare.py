"""`firstcontact compare`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import console
from experiments.cli.app import command
from experiments.cli.options import ClusterOptions, Output, RunSettings, ScenarioOptions, Seed, Threads
from experiments.runs.watch import compile_kernels
from sim.errors import BadInput, must, nearest

if TYPE_CHECKING:
    from experiments.comparison.result import Comparison


@command(
    10,
    "firstcontact compare",
    "firstcontact compare --until precise",
    "firstcontact compare neutral --arms connect_first message_first my_design.toml --members 1000 --out results/mine",
    "firstcontact compare --dask tcp://host:8786",
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
    pairs: Annotated[int, typer.Option(help="Pairs of runs with common random numbers.", metavar="N")] = 20,
    until: Annotated[
        str | None,
        typer.Option(help="Stopping rule: until the primary measure is precise, or until it is decided.", metavar="precise|decided"),
    ] = None,
    precision: Annotated[
        float, typer.Option(help="Half-width of the confidence interval relative to the difference, for --until precise.", metavar="X")
    ] = 0.1,
    max_pairs: Annotated[int, typer.Option(help="The most pairs, with --until.", metavar="N")] = 40,
    threads: Threads = 1,
    cluster: ClusterOptions,
    seed: Seed = 1,
    explain: Annotated[bool, typer.Option("--explain", help="Also show how much of each difference is assumed, and by what.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it takes, and the minimum detectable effects; a small pilot is run.")
    ] = False,
    runs: RunSettings,
    output: Output,
) -> None:
    """Compare designs on response, spam load and reach, and write a report."""
    from experiments.comparison.run import compare as compared
    from experiments.runs.keys import arms_of
    from experiments.runs.request import Request

    address, scenario = cluster.address, size.load()
    found = arms_of(scenario, arms or ["connect_first", "message_first"])
    base = next(iter(found)) if reference is None else _reference(reference, scenario, found)
    if until not in (None, "precise", "decided"):
        raise BadInput(must("--until", "be precise or decided", f"{until!r}{nearest(until, ['precise', 'decided'])}"))
    if not 0.0 < precision < 10.0:
        raise BadInput(must("--precision", "be above 0 and below 10, such as 0.1", precision))
    if max_pairs < 2:
        raise BadInput(must("--max-pairs", "be at least 2", max_pairs))
    request = Request(
        scenario,
        found,
        base,
        seed=seed,
        pairs=pairs,
        until=until,
        precision=precision,
        max_pairs=max_pairs,
        workers=runs.processes,
        threads=threads,
    )
    request.check()
    if dry_run:
        _tell_forecast(request, explain=explain, output=output)
        return
    result, folder = compared(request, out=output.out, ledger=runs.ledger, dask=address, explain=explain, watch=output.watch)
    if output.as_json:
        from experiments.reporting.run_folder import as_json

        print(json.dumps({"answer": result.answer, "folder": str(folder), "pairs": result.pairs, "summary": as_json(result.summary)}))
    else:
        print_comparison(result, folder)


def _reference(reference: str, scenario: Any, arms: dict[str, Any]) -> str:
    name = scenario.with_design(reference).design if reference not in arms else reference
    if name not in arms:
        raise BadInput(must("--reference", f"be one of the arms: {', '.join(arms)}", repr(reference)))
    return str(name)


def _tell_forecast(request: Any, *, explain: bool, output: Output) -> None:
    from experiments.comparison.forecast import forecast

    compile_kernels(output.watch)
    told = forecast(request, explain=explain)
    print(json.dumps(told) if output.as_json else "\n".join(told["lines"]))


def print_comparison(result: Comparison, folder: Path) -> None:
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
            ["measure", "role", "treatment", "control", "difference (95% confidence interval)", "verdict"],
            [
                [
                    MEASURES[r.measure].title,
                    r.role,
                    figure(r["mean"], r.unit),
                    figure(r.mean_reference, r.unit),
                    change(r, of=""),
                    r.verdict,
                ]
                for _, r in rows[rows.arm == arm].iterrows()
            ],
        )
    print(f"\nThe report: {folder / 'report.html'}")
