"""Paired comparison of arms with common random numbers and sequential stopping: from a request to the output files."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.comparison.stopping_rule import gather
from experiments.reporting import run_folder
from experiments.runs.dask_cluster import Address
from experiments.runs.executors import executor
from experiments.runs.keys import pair_seeds, plan_digest
from experiments.runs.ledger import Ledger
from experiments.runs.scheduler import Scheduler
from experiments.runs.watch import SILENT, Watch, compile_kernels
from sim.results.measures import fitting

if TYPE_CHECKING:
    from experiments.comparison.result import Comparison
    from experiments.comparison.tables import Pairs
    from experiments.runs.request import Request
    from sim.results.history import History
    from sim.scenario.scenario import Scenario


def conclude(request: Request, pairs: Pairs) -> Comparison:
    """Return the comparison as tables and words."""
    from experiments.comparison.answer import answer
    from experiments.comparison.result import Comparison
    from experiments.comparison.tables import daily_table, levels_table, runs_table, summary_table

    order = request.order
    summary = summary_table(pairs, order, request.reference)
    return Comparison(
        scenario=request.scenario,
        arms=order,
        reference=request.reference,
        seed=request.seed,
        pairs=len(pairs),
        until=request.until,
        runs=runs_table(pairs, order, request.seed),
        summary=summary,
        levels=levels_table(pairs, order, request.reference),
        daily=daily_table(pairs, order, request.scenario.warm_up),
        left_out=fitting(request.scenario)[1],
        answer=[line for arm in order[1:] for line in answer(summary, arm)],
        notes=notes(request, len(pairs)),
        examples=examples(request),
    )


def notes(request: Request, pairs: int) -> list[str]:
    """Return what a reader must know about the intervals."""
    out = []
    if request.scenario.design_shares:
        out.append(
            "The scenario's design_shares are set aside: each arm gives everybody one design. `firstcontact run` simulates the mixture."
        )
    if request.scenario.network_file:
        out.append(
            "All pairs begin with one network, read from a file: the intervals cover the random variation in who its members are and "
            "what they do, not in which network it is."
        )
    if request.until and not pairs < request.most:
        out.append(f"The stopping rule (--until {request.until}) was not met within {pairs} pairs, the most allowed (--max-pairs).")
    return out


def examples(request: Request) -> dict[str, History]:
    """Return one history an arm, of the first pair, with every item: for the figures that show single members."""
    from experiments.runs.worker import histories_of

    arms = {name: request.arms[name] for name in request.order}
    return histories_of(arms, *pair_seeds(request.seed, 1), request.threads, events=True)


def default_folder(scenario: Scenario, digest: str) -> Path:
    """Return where a comparison goes unless told otherwise."""
    return Path("results") / f"{scenario.name.replace(' ', '-')}-{digest}"


def compare(
    request: Request,
    out: Path | None = None,
    ledger: Path | None = None,
    *,
    dask: str | Address | None = None,
    explain: bool = False,
    watch: Watch = SILENT,
) -> tuple[Comparison, Path]:
    """Run what is asked for and write what was found; return it with its folder.

    Args:
        request: what is asked, checked.
        out: the folder; one named by the plan unless given.
        ledger: where runs are read and written; the folder's own unless given.
        dask: the address of a Dask cluster on which runs are made; processes of this machine unless given.
        explain: whether it is also found how much of each difference is assumed.
        watch: is told how far it is.

    Raises:
        BadInput: if the folder holds something else or cannot be written, or no scheduler answers at the address.
        RunFailed: if a pair failed twice: none is left out.
    """
    from experiments.comparison.report import write_comparison

    started, order = time.time(), request.order
    digest = plan_digest(request.scenario, request.arms, request.reference, request.seed)
    folder = out or default_folder(request.scenario, digest)
    plan = {"command": "compare", "plan": digest, "arms": order, "reference": request.reference, "seed": request.seed}
    run_folder.prepare_folder(folder, plan)
    with Ledger(ledger or folder / run_folder.LEDGER) as book:
        with executor(min(request.workers, request.most), dask, watch) as (pool, ahead):
            scheduler = Scheduler(book, pool, ahead, request.threads)
            with watch.counted("pairs") as advance:
                pairs = gather(request, scheduler, advance)
            if dask is not None:
                compile_kernels(watch)  # the first pair is run here once more, for the figures that show single members
            result = conclude(request, pairs)
            if explain:
                result = explained(request, result, pairs, scheduler, watch=watch)
        with watch.working("writing tables, figures and the report"):
            write_comparison(result, folder, started)
    return result, folder


def explained(request: Request, result: Comparison, pairs: Pairs, scheduler: Scheduler, *, watch: Watch) -> Comparison:
    """Return a comparison with how much of each difference is assumed, and with the targets of the calibration."""
    from experiments.calibration.targets import reached
    from experiments.comparison.explain import explain

    with watch.counted("assumptions") as advance:
        table, words = explain(request, pairs, scheduler, advance)
    with watch.working("calibration") as line:
        checked = reached(request.scenario, line)
    return dataclasses.replace(result, explain=table, explain_answer=words, calibration=checked)
