"""The stopping rule: pairs of runs are looked at in order, 1, 2, ..., until it is met."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from experiments.comparison.tables import values
from experiments.methods import paired
from experiments.runs.keys import pair_seeds, run_key
from experiments.runs.record import WHOLE
from experiments.runs.scheduler import Job
from sim.results.measures import MEASURES, PRIMARY

if TYPE_CHECKING:
    from experiments.comparison.tables import Pairs
    from experiments.runs.ledger import Ledger
    from experiments.runs.request import Request
    from experiments.runs.scheduler import Progress, Scheduler

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


def keys_of(request: Request, pair: int) -> dict[str, str]:
    """Return the ledger's keys of a pair, by arm."""
    seeds = pair_seeds(request.seed, pair)
    return {arm: run_key(scenario, *seeds, request.catalogue.identity) for arm, scenario in request.arms.items()}


def all_there(request: Request, ledger: Ledger) -> bool:
    """Tell whether a ledger has all pairs that are asked for in any case."""
    wanted = [key for pair in range(1, request.pairs + 1) for key in keys_of(request, pair).values()]
    return set(wanted) <= set(ledger.known(wanted))


def gather(request: Request, scheduler: Scheduler, progress: Progress) -> Pairs:
    """Run pairs, or find them in the ledger, until there are enough; the same pairs for any number of workers.

    Raises:
        RunFailed: if a pair failed twice: none is left out.
    """
    done: Pairs = []
    keys: dict[int, dict[str, str]] = {}

    def deliver(job: Job) -> bool:
        job.refuse_failure()
        found = keys.pop(job.pair)
        records = scheduler.ledger.get_many(list(found.values()))
        done.append({arm: records[key] for arm, key in found.items()})
        progress(len(done), request.most if request.until else request.pairs)
        return enough(request, done)

    def jobs() -> Iterator[Job]:
        for pair in range(1, request.most + 1):
            seeds, keys[pair] = pair_seeds(request.seed, pair), keys_of(request, pair)
            there = scheduler.ledger.known(keys[pair].values())
            missing = {arm: key for arm, key in keys[pair].items() if key not in there}
            arms = {arm: request.arms[arm] for arm in missing}
            yield Job(pair, seeds, keys=missing, arms=arms, form=WHOLE, catalogue=request.catalogue)

    scheduler.run(jobs(), deliver, in_order=True)
    return done
