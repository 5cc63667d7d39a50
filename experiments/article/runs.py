"""The runs of the article: every arm of a pair from one warm-up, each once, into a ledger; only what is missing is run."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING, NamedTuple

from experiments.article.contrasts import Arm, Cell, Contrast, figures_of, layout, scenario_of
from experiments.runs.keys import pair_seeds
from experiments.runs.ledger import Record, pack
from sim.version import model_version

if TYPE_CHECKING:
    from experiments.runs.ledger import Ledger
    from sim.scenario.scenario import Scenario

FORM = "figures of followers and others; form 1"  # what a run leaves in the ledger: part of its key
CHUNK = 24  # arms that share a warm-up in one job: a job stays under half a minute, and a warm-up under a tenth of it
Progress = Callable[[int, int], None]  # runs done, runs wanted


class Job(NamedTuple):
    """Arms of a pair that one worker runs from one warm-up."""

    base: Scenario
    arms: list[tuple[str, Arm]]  # with their keys
    figures: list[str]
    seeds: tuple[int, int]


class Runs:
    """Runs arms, or finds them in the ledger.

    Args:
        scenario: before it is cut into groups.
        contrasts: all that are asked for.
        figures: the keys that every run leaves; the whole catalogue's, so that one run serves all points.
    """

    def __init__(self, scenario: Scenario, contrasts: Iterable[Contrast], figures: Iterable[str], seed: int, ledger: Ledger) -> None:
        self.base, self.seed, self.ledger = layout(scenario), seed, ledger
        self.arms = sorted({arm for contrast in contrasts for arm in (contrast.with_, contrast.without)})
        self.figures = sorted(set(figures))
        told = [self.base.canonical_json(), *self.figures, model_version(), FORM]
        self._digest = hashlib.sha256("\n".join(told).encode()).hexdigest()
        # by what an arm comes to, so that one which sets a number to what it is anyway is not run again
        self._lived = {arm: hashlib.sha256(scenario_of(arm, self.base).canonical_json().encode()).hexdigest() for arm in self.arms}

    @property
    def count(self) -> int:
        """Return how many runs a pair has."""
        return len(set(self._lived.values()))

    def key(self, arm: Arm, pair: int) -> str:
        """Return the ledger's name of a run."""
        facts = json.dumps([self._digest, self._lived[arm], pair_seeds(self.seed, pair)])
        return hashlib.sha256(facts.encode()).hexdigest()

    def gather(self, pairs: int, pool: Executor, ahead: int, progress: Progress) -> None:
        """Run what is missing of pairs 1, 2, ... `pairs`; each job's runs are written whole."""
        jobs = [job for pair in range(1, pairs + 1) for job in self._missing(pair)]
        wanted = pairs * self.count
        done = wanted - sum(len(job.arms) for job in jobs)
        waiting: deque[tuple[Job, Future[list[tuple[str, bytes]]]]] = deque()
        rest = iter(jobs)
        progress(done, wanted)
        while True:
            while len(waiting) < ahead and (job := next(rest, None)) is not None:
                waiting.append((job, pool.submit(run_job, job)))
            if not waiting:
                return
            job, future = waiting.popleft()
            self.ledger.put(future.result())
            done += len(job.arms)
            progress(done, wanted)

    def _missing(self, pair: int) -> Iterator[Job]:
        keys = {self.key(arm, pair): arm for arm in self.arms}
        there = self.ledger.known(keys)
        missing = [(key, arm) for key, arm in keys.items() if key not in there]
        for at in range(0, len(missing), CHUNK):
            yield Job(self.base, missing[at : at + CHUNK], self.figures, pair_seeds(self.seed, pair))

    def records(self, pairs: int) -> dict[Arm, list[dict[str, Cell]]]:
        """Return the figures of each arm, an entry a pair, as they are in the ledger."""
        out: dict[Arm, list[dict[str, Cell]]] = {}
        for arm in self.arms:
            keys = [self.key(arm, pair) for pair in range(1, pairs + 1)]
            found = self.ledger.get_many(keys)
            out[arm] = [found[key].measures for key in keys]
        return out


def run_job(job: Job) -> list[tuple[str, bytes]]:
    """Run a job in a process of its own; return keys and packed records."""
    from sim.simulation import simulate_arms

    population_seed, seed = job.seeds
    scenarios = [scenario_of(arm, job.base) for _, arm in job.arms]
    histories = simulate_arms(job.base, scenarios, seed, population_seed)
    return [(key, pack(Record(figures_of(history, job.figures), {}, {}))) for (key, _), history in zip(job.arms, histories, strict=True)]
