"""Pairs of runs until there are enough: the stopping rule, which sees pairs 1, 2, ... in order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING

from experiments.comparison.tables import values
from experiments.methods import paired
from sim.results.measures import MEASURES, PRIMARY

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from experiments.comparison.tables import Pairs
    from experiments.runs.ledger import Ledger
    from experiments.runs.request import Request

PRECISE, DECIDED = "precise", "decided"


def enough(request: Request, pairs: Pairs) -> bool:
    """Tell whether the rule asked for is content with these pairs. Looks after every pair, in order, from 20 on."""
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
        runner = PairRunner(request.arms, request.seed, ledger=ledger, pool=workers, ahead=request.workers + 1, threads=request.threads)
        for records in runner.pairs(request.most):
            done.append(records)
            progress(len(done), request.most if request.until else request.pairs)
            if enough(request, done):
                break
    return done
