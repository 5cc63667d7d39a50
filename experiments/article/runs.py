"""The runs of the article: every arm of a pair from one warm-up, each once; only what is missing is run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from experiments.article.contrasts import Arm, Contrast, Figure, figures_of, layout, scenario_of
from experiments.runs.keys import pair_seeds
from experiments.runs.record import Cell, Form, Record
from experiments.runs.scheduler import Job
from sim.version import model_version

if TYPE_CHECKING:
    from experiments.runs.ledger import Ledger
    from experiments.runs.scheduler import Progress, Scheduler
    from sim.results.history import History
    from sim.scenario.scenario import Scenario

FORM = "figures of followers and others; form 1"  # what the ledger keeps of a run: part of its key
CHUNK = 24  # arms that share a warm-up in one job: a job stays under half a minute, and a warm-up under a tenth of it


class Runs:
    """Runs arms, or finds them in the ledger.

    Args:
        scenario: before it is cut into groups.
        contrasts: all that are asked for.
        figures: what is kept of every run; those of all statements, so that one run serves all statements.
        seed: of the experiment.
        held: what designs are in each arm, below what a contrast sets.
        seeds: of a pair by its number; those of the experiment's pairs unless given.
    """

    def __init__(
        self,
        scenario: Scenario,
        contrasts: Iterable[Contrast],
        figures: Iterable[Figure],
        seed: int,
        *,
        held: Mapping[str, float] | None = None,
        seeds: Callable[[int], tuple[int, int]] | None = None,
    ) -> None:
        self.base, self.seeds = layout(scenario), seeds or partial(pair_seeds, seed)
        self.arms = sorted({arm for contrast in contrasts for arm in (contrast.with_, contrast.without)})
        self.figures = sorted(set(figures), key=lambda figure: figure.name)
        self.form = Form(FORM, partial(figures_record, self.figures))
        told = [self.base.canonical_json(), *(figure.name for figure in self.figures), model_version(), FORM]
        self._digest = hashlib.sha256("\n".join(told).encode()).hexdigest()
        self._scenarios = {arm: scenario_of(arm, self.base, held) for arm in self.arms}
        # by what an arm comes to, so that one which sets a parameter to its own value is not run again
        self._digests = {arm: hashlib.sha256(s.canonical_json().encode()).hexdigest() for arm, s in self._scenarios.items()}

    @property
    def count(self) -> int:
        """Return how many runs a pair has."""
        return len(set(self._digests.values()))

    def key(self, arm: Arm, pair: int) -> str:
        """Return the ledger's name of a run."""
        facts = json.dumps([self._digest, self._digests[arm], self.seeds(pair)])
        return hashlib.sha256(facts.encode()).hexdigest()

    def gather(self, pairs: int, scheduler: Scheduler, progress: Progress) -> None:
        """Run what is missing of pairs 1, 2, ... `pairs`; `progress` counts runs.

        Raises:
            RunFailed: if a run failed twice: none is left out.
        """
        jobs = self.missing(pairs, scheduler.ledger.known)
        wanted = pairs * self.count
        done = wanted - sum(len(job.arms) for job in jobs)

        def deliver(job: Job) -> None:
            nonlocal done
            job.refuse_failure()
            done += len(job.arms)
            progress(done, wanted)

        progress(done, wanted)
        scheduler.run(jobs, deliver, in_order=True)

    def missing(self, pairs: int, known: Callable[[Iterable[str]], set[str]]) -> list[Job]:
        """Return what must be run for pairs 1, 2, ... `pairs`; `known` says which runs are there, as a ledger does."""
        return [job for pair in range(1, pairs + 1) for job in self._jobs(pair, known)]

    def _jobs(self, pair: int, known: Callable[[Iterable[str]], set[str]]) -> Iterator[Job]:
        """Yield the runs of a pair that are missing, a warm-up a job; a run is named by its key, since arms may come to the same."""
        keys = {self.key(arm, pair): arm for arm in self.arms}
        there = known(keys)
        missing = [key for key in keys if key not in there]
        for at in range(0, len(missing), CHUNK):
            part = missing[at : at + CHUNK]
            arms = {key: self._scenarios[keys[key]] for key in part}
            yield Job(pair, seeds=self.seeds(pair), keys={key: key for key in part}, arms=arms, form=self.form, base=self.base)

    def records(self, pairs: int, ledger: Ledger) -> dict[Arm, list[dict[Figure, Cell]]]:
        """Return the figures of each arm, an entry a pair, as they are in the ledger."""
        out: dict[Arm, list[dict[Figure, Cell]]] = {}
        for arm in self.arms:
            keys = [self.key(arm, pair) for pair in range(1, pairs + 1)]
            found = ledger.get_many(keys)
            out[arm] = [{figure: found[key].measures[figure.name] for figure in self.figures} for key in keys]
        return out


def figures_record(figures: list[Figure], history: History) -> Record:
    """Return the record of a run that keeps these figures alone."""
    return Record({figure.name: cell for figure, cell in figures_of(history, figures).items()}, {}, {})
