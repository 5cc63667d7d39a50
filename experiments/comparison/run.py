"""Arms against a reference on shared luck, until there are pairs enough: the experiment of this house."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.methods import paired
from experiments.runs.keys import pair_seeds
from experiments.runs.watch import SILENT, Watch
from sim.errors import BadInput
from sim.results.measures import MEASURES, PRIMARY, fitting

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from experiments.comparison.result import Comparison
    from experiments.comparison.tables import Pairs
    from experiments.runs.ledger import Ledger
    from sim.results.history import History
    from sim.scenario.scenario import Scenario

PRECISE, DECIDED = "precise", "decided"
LEAST_MEMBERS, LEAST_PAIRS, USUAL_PAIRS, MOST_PAIRS = 3, 2, 20, 40


@dataclass(frozen=True)
class Request:
    """What is asked of a comparison, checked."""

    scenario: Scenario
    arms: dict[str, Scenario]  # in the order given
    reference: str
    seed: int = 1
    pairs: int = USUAL_PAIRS
    until: str | None = None
    precision: float = 0.1
    max_pairs: int = MOST_PAIRS
    workers: int = 1
    threads: int = 1

    @property
    def order(self) -> list[str]:
        """Return the arms, the reference first."""
        return [self.reference, *(name for name in self.arms if name != self.reference)]

    @property
    def most(self) -> int:
        """Return the largest number of pairs that may be run."""
        return max(self.pairs, self.max_pairs) if self.until else self.pairs

    def check(self) -> None:
        """Refuse what cannot be compared.

        Raises:
            BadInput: with what would do.
        """
        s = self.scenario
        if not s.network_file and s.members < LEAST_MEMBERS:
            raise BadInput(f"--members: found {s.members}; a comparison needs {LEAST_MEMBERS} or more")
        if s.days < 1:
            raise BadInput("--days: found 0; a comparison needs 1 or more days after the switch")
        if self.pairs < LEAST_PAIRS:
            raise BadInput(f"--pairs: found {self.pairs}; intervals need {LEAST_PAIRS} or more")
        if self.until and not self.primary_fits:
            needed = MEASURES[PRIMARY].window + 1
            raise BadInput(f"--until: the primary measure does not fit {s.days} days; --days {needed} or more would do")

    @property
    def primary_fits(self) -> bool:
        """Tell whether the primary measure's window fits the horizon."""
        return any(m.primary for m in fitting(self.scenario)[0])


def enough(request: Request, pairs: Pairs) -> bool:
    """Tell whether the rule asked for is content with these pairs. Looks after every pair, in order, from 20 on."""
    from experiments.comparison.tables import values

    if len(pairs) < request.pairs:
        return False
    if request.until is None:
        return True
    smallest = MEASURES[PRIMARY].smallest_effect
    base = values(pairs, request.reference, PRIMARY)
    for arm in request.order[1:]:
        d = values(pairs, arm, PRIMARY) - base
        content = paired.precise_enough(d, request.precision, smallest) if request.until == PRECISE else paired.decided(d, smallest)
        if not content:
            return False
    return True


def gather(request: Request, ledger: Ledger, progress: Callable[[int, int], None], pool: Executor | None = None) -> Pairs:
    """Run pairs, or find them in the ledger, until there are enough; the same pairs for any number of workers.

    `pool` holds workers that others use too; without it, new ones are started.
    """
    from experiments.runs.processes import PairRunner, processes

    done: Pairs = []
    with nullcontext(pool) if pool else processes(request.workers) as workers:
        runner = PairRunner(request.arms, request.seed, ledger, workers, request.workers + 1, request.threads)
        for records in runner.pairs(request.most):
            done.append(records)
            progress(len(done), request.most if request.until else request.pairs)
            if enough(request, done):
                break
    return done


def conclude(request: Request, pairs: Pairs) -> Comparison:
    """Return the comparison as tables and words."""
    from experiments.comparison.answer import answer
    from experiments.comparison.result import Comparison
    from experiments.comparison.tables import daily_table, levels_table, runs_table, summary_table

    order = request.order
    summary = summary_table(pairs, order, request.reference)
    return Comparison(
        scenario=request.scenario, arms=order, reference=request.reference, seed=request.seed, pairs=len(pairs),
        until=request.until, runs=runs_table(pairs, order, request.seed), summary=summary,
        levels=levels_table(pairs, order, request.reference), daily=daily_table(pairs, order, request.scenario.warm_up),
        left_out=fitting(request.scenario)[1],
        answer=[line for arm in order[1:] for line in answer(summary, arm)], notes=notes(request, len(pairs)),
        examples=examples(request),
    )  # fmt: skip


def notes(request: Request, pairs: int) -> list[str]:
    """Return what a reader must know about the intervals."""
    out = []
    if request.scenario.design_shares:
        out.append(
            "The scenario's design_shares are set aside: each arm gives everybody one design. `firstcontact run` lives through the mixture."
        )
    if request.scenario.network_file:
        out.append(
            "All pairs begin with one network, read from a file: the intervals cover the luck of who its members are and "
            "what they do, not the luck of which network it is."
        )
    if request.until and not pairs < request.most:
        out.append(f"The rule --until {request.until} was not content by {pairs} pairs, the most allowed (--max-pairs).")
    return out


def examples(request: Request) -> dict[str, History]:
    """Return one history an arm, of the first pair, with every item: for the figures that show single members."""
    from experiments.runs.processes import histories_of

    arms = {name: request.arms[name] for name in request.order}
    return histories_of(arms, *pair_seeds(request.seed, 1), request.threads, events=True)


def default_folder(scenario: Scenario, digest: str) -> Path:
    """Return where a comparison goes unless told otherwise."""
    return Path("results") / f"{scenario.name.replace(' ', '-')}-{digest}"


def compare(
    request: Request, out: Path | None = None, ledger: Path | None = None, *, explain: bool = False, watch: Watch = SILENT
) -> tuple[Comparison, Path]:
    """Run what is asked for and write what was found; return it with its folder.

    Args:
        request: what is asked, checked.
        out: the folder; one named by the plan unless given.
        ledger: where runs are found and left; the folder's own unless given.
        explain: whether it is also found how much of each difference is assumed.
        watch: is told how far it is.

    Raises:
        BadInput: if the folder holds something else or cannot be written.
    """
    import time

    from experiments.comparison.report import write_comparison
    from experiments.reporting import run_folder
    from experiments.runs.keys import plan_digest
    from experiments.runs.ledger import Ledger
    from experiments.runs.watch import compile_kernels

    started, order = time.time(), request.order
    digest = plan_digest(request.scenario, request.arms, request.reference, request.seed)
    folder = out or default_folder(request.scenario, digest)
    plan = {"command": "compare", "plan": digest, "arms": order, "reference": request.reference, "seed": request.seed}
    run_folder.prepare_folder(folder, plan)
    with Ledger(ledger or folder / run_folder.LEDGER) as book:
        compile_kernels(watch)
        with watch.counted("pairs") as advance:
            pairs = gather(request, book, advance)
        result = conclude(request, pairs)
        if explain:
            result = explained(request, result, pairs, book, watch=watch)
    with watch.working("writing tables, figures and the report"):
        write_comparison(result, folder, started)
    return result, folder


def explained(request: Request, result: Comparison, pairs: Pairs, ledger: Ledger, *, watch: Watch) -> Comparison:
    """Return a comparison with how much of each difference is assumed, and with the targets of the calibration."""
    import dataclasses

    from experiments.calibration.targets import reached
    from experiments.comparison.explain import explain

    with watch.counted("assumptions") as advance:
        table, words = explain(request, pairs, ledger, advance)
    with watch.working("calibration") as line:
        checked = reached(request.scenario, line)
    return dataclasses.replace(result, explain=table, explain_answer=words, calibration=checked)
