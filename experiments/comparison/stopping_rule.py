"""The stopping rule: pairs of runs are looked at in order, 1, 2, ..., until it is met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from experiments.comparison.tables import values
from experiments.methods import paired
from experiments.runs.keys import members_of, pair_seeds, run_key
from experiments.runs.record import PICTURED, WHOLE
from experiments.runs.scheduler import Job
from sim.results.measures import MEASURES, PRIMARY

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from experiments.comparison.tables import Pairs
    from experiments.runs.ledger import Ledger
    from experiments.runs.record import Form
    from experiments.runs.request import Request
    from experiments.runs.scheduler import Progress, Scheduler

PRECISE, DECIDED = "precise", "decided"
RULES = {  # what may be asked for, and how long pairs are then run
    PRECISE: "until the interval of the primary measure was narrow enough",
    DECIDED: "until it was decided",
}
EXAMPLES = 3  # pairs whose single members are shown
MOST_PICTURED = 5e6  # member-days of a run whose items are held to show single members: 500 days of 10,000


def enough(request: Request, pairs: Pairs) -> bool:
    """Tell whether the rule asked for is met by these pairs. Looks after every pair, in order, from 20 on."""
    if len(pairs) < request.pairs:
        return False
    return request.until is None or _met(request, {arm: values(pairs, arm, PRIMARY) for arm in request.order})


def _met(request: Request, seen: Mapping[str, np.ndarray]) -> bool:
    """Tell whether the rule is met by these values of the primary measure, by arm."""
    smallest = MEASURES[PRIMARY].smallest_effect
    for arm in request.order[1:]:
        d = seen[arm] - seen[request.reference]
        met = paired.precise_enough(d, request.precision, smallest) if request.until == PRECISE else paired.decided(d, smallest)
        if not met:
            return False
    return True


def ends_here(request: Request, runs: pd.DataFrame, pairs: int) -> bool:
    """Tell whether what is asked for ends with just these pairs.

    Args:
        request: what is asked.
        runs: RUN_COLUMNS, of all the pairs.
        pairs: how many they are.
    """
    if request.until is None or not request.pairs <= pairs <= request.most:
        return request.until is None and pairs == request.pairs
    table = runs[runs["measure"] == PRIMARY].pivot_table(index="pair", columns="arm", values="value", dropna=False)
    seen = {arm: table[arm].to_numpy(float) for arm in request.order}

    def met(first: int) -> bool:
        return _met(request, {arm: some[:first] for arm, some in seen.items()})

    return not any(met(k) for k in range(request.pairs, pairs)) and (pairs == request.most or met(pairs))


def form_of(request: Request, pair: int) -> Form:
    """Return what is kept of the runs of a pair: of the first ones single members, too, unless there are too many items to hold."""
    s = request.scenario
    return PICTURED if pair <= EXAMPLES and members_of(s) * (s.warm_up + s.days) <= MOST_PICTURED else WHOLE


def keys_of(request: Request, pair: int) -> dict[str, str]:
    """Return the ledger's keys of a pair, by arm."""
    seeds, form = pair_seeds(request.seed, pair), form_of(request, pair)
    return {arm: run_key(scenario, *seeds, request.catalogue.identity, form) for arm, scenario in request.arms.items()}


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
            yield Job(pair, seeds, keys=missing, arms=arms, form=form_of(request, pair), catalogue=request.catalogue)

    scheduler.run(jobs(), deliver, in_order=True)
    return done
