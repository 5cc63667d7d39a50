"""Screening: which of all assumed numbers move a figure, or the difference between arms, by more than chance.

All numbers that have a plausible range are drawn at once, evenly over a Latin hypercube, and small runs are made there: one that is looked at for the
figures, and one under each of the usual arms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.calibration.runs import figures_in
from experiments.defaults import ARMS
from experiments.inference.bank import LOST, Clock, asked_at, make
from experiments.inference.summaries import MEASURED, Asked
from experiments.methods.supersaturated import screened
from experiments.reporting.text import counted, listed
from experiments.runs.keys import point_seeds
from experiments.runs.scheduler import RunFailed
from experiments.runs.streams import SCREENED
from experiments.space.factors import with_values
from experiments.space.samplers import latin
from sim.results.measures import MEASURES, PRIMARY

if TYPE_CHECKING:
    import pandas as pd

    from experiments.inference.calibration import Question
    from experiments.inference.prior import Prior
    from experiments.inference.summaries import SummaryScheduler
    from experiments.runs.watch import Watch

RUNS_A_DRAW = 1 + len(ARMS)
FEWEST = 50  # draws, with fewer of which chance alone gives a number a sixth of a variance or more


@dataclass(frozen=True, eq=False)
class Screening:
    """What a screening found."""

    summary: pd.DataFrame  # a row a number, the largest share first: parameter, share, moves, turned
    draws: int
    members: int
    seed: int
    scenario: str
    source: str  # of the figures
    chance: float  # share of a variance that the largest of all numbers has by chance at most, in 19 of 20 cases
    came_about: tuple[str, ...] = ()  # under which design the figures are taken to have come about, in words

    @property
    def turned(self) -> list[str]:
        """Return the numbers that move something, in the order of the schema."""
        return list(self.summary.sort_index().parameter[self.summary.sort_index().turned])

    @property
    def answer(self) -> list[str]:
        """Return what was found, in sentences."""
        many = len(self.summary)
        if not self.turned:
            return [
                *self.came_about,
                f"None of {counted(many, 'assumed number')} moves a figure by more than {100 * self.chance:.0f}% of its variance, which chance gives.",
            ]
        return [
            *self.came_about,
            f"{len(self.turned)} of {counted(many, 'assumed number')} move a figure, or the arms' difference, by more than chance: {listed(self.turned)}.",
            (
                f"By {counted(self.draws, 'draw')} of all numbers at once, with {counted(self.members, 'member')}: what moves less than "
                f"{100 * self.chance:.0f}% of a variance is not seen. Turn them by --parameters {' '.join(self.turned)}"
            ),
        ]

    @property
    def data(self) -> dict[str, Any]:
        """Return everything as plain values, as `--json` prints it."""
        facts = {name: getattr(self, name) for name in ("scenario", "source", "draws", "members", "seed", "chance", "turned", "answer")}
        return {**facts, "numbers": self.summary.to_dict(orient="records")}

    def to_toml(self) -> str:
        """Return the numbers that move something as `turned.toml`, which the prior is made from."""
        head = [
            f"# What `firstcontact calibrate --screen` found: the numbers that move one of {self.source}, or the arms' difference,",
            "# and the share of its variance that each moves.",
            *(f'{name} = "{getattr(self, name)}"' for name in ("scenario", "source")),
            *(f"{name} = {getattr(self, name)}" for name in ("draws", "members", "seed")),
            f"chance = {self.chance:.3f}",
            "",
            "[turned]",
        ]
        rows = self.summary[self.summary.turned].sort_index().itertuples()
        return "\n".join([*head, *(f'"{row.parameter}" = {{ share = {row.share:.3f}, moves = "{row.moves}" }}' for row in rows)]) + "\n"


def places(prior: Prior, draws: int, seed: int) -> np.ndarray:
    """Return the draws of a screening, a Latin hypercube over the ranges: (draws, numbers)."""
    return np.array(latin(prior.axes, draws, seed), float)


def runs_of(question: Question, values: np.ndarray) -> list[list[Asked]]:
    """Return for each draw its runs, of one seed: the one that is looked at for figures, then one under each of the usual arms."""
    data = question.data
    looked = asked_at(question.still, data, prior=question.prior, values=values, seed=question.seed, first=SCREENED)
    names = [one.path for one in question.prior.turned]
    sizes = {} if question.scenario.network_file else {"members": question.members}
    arms = [question.scenario.with_(warm_up=data.warm_up, days=data.days, **sizes).with_design(arm) for arm in ARMS]
    found = []
    for k, row in enumerate(values.tolist()):
        numbers, seeds = dict(zip(names, row, strict=True)), point_seeds(question.seed, SCREENED + k, 1)
        found.append([looked[k], *(Asked(with_values(arm, numbers), seeds, data.window) for arm in arms)])
    return found


def screening(question: Question, scheduler: SummaryScheduler, watch: Watch, limit: Clock) -> Screening:
    """Return which numbers move something.

    Args:
        question: what is asked, with a prior of all numbers that may move something.
        scheduler: makes the runs.
        watch: is told how far it is.
        limit: when to stop.

    Raises:
        RunFailed: if too few draws have all their runs.
    """
    values = places(question.prior, question.draws, question.seed)
    wanted = runs_of(question, values)
    with watch.counted("runs of a screening") as advance:
        make([one for runs in wanted for one in runs], scheduler, advance, limit.over)
    return read(question, values, wanted, scheduler)


def read(question: Question, values: np.ndarray, wanted: list[list[Asked]], scheduler: SummaryScheduler) -> Screening:
    """Return what the runs that are there show. Errors as of `screening`."""
    import pandas as pd

    known = figures_in(scheduler.ledger, [one.key for runs in wanted for one in runs])
    rows = [k for k, runs in enumerate(wanted) if all(one.key in known for one in runs)]
    if len(rows) < FEWEST:
        raise RunFailed(f"too little to screen: {len(rows)} of {len(wanted)} draws have all their runs; more --draws, or a longer --budget")
    names, titles = [*question.data.names], [*question.data.titles, f"{MEASURES[PRIMARY].title.lower()}, difference between arms"]
    seen = np.empty((len(rows), len(titles)))
    for place, k in enumerate(rows):
        looked, control, treatment = (known[one.key] for one in wanted[k])
        seen[place, :-1] = [looked[name].value if name in looked else np.nan for name in names]
        before, after = (one[MEASURED + PRIMARY].value if MEASURED + PRIMARY in one else np.nan for one in (control, treatment))
        seen[place, -1] = after - before
    there = np.isfinite(seen).mean(axis=0) >= 1.0 - LOST
    seen, titles = seen[:, there], [title for title, kept in zip(titles, there, strict=True) if kept]
    seen = np.where(np.isfinite(seen), seen, np.nanmean(seen, axis=0))  # a figure that a run lacks says nothing about it
    found = screened(question.prior.unit(values[rows]), seen, question.seed)
    table = pd.DataFrame(
        {
            "parameter": [one.path for one in question.prior.turned],
            "share": found.share,
            "moves": [titles[k] for k in found.column],
            "turned": found.found,
        }
    ).sort_values("share", ascending=False, kind="stable")
    return Screening(
        table,
        len(rows),
        members=question.members,
        seed=question.seed,
        scenario=question.scenario.name,
        source=question.data.source,
        chance=found.chance,
        came_about=tuple(question.came_about),
    )
