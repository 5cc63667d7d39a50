"""Do worlds that fit one part of a log predict the other? By senders, by when pairs began, and by time.

The bank of a calibration is fitted to one part as a calibration is, and the figures of the other part are predicted from it: figures take the place of
parameters in the same regression-adjusted ABC, so nothing is run again. Parts have fewer people than the log: figures of answers, talks and loads,
which are of pairs, mean the same for a part; those of how unequal people are, and volumes, do not, and are not asked. Volumes of the whole
log, and how many people arrive, may be given: then worlds are asked that have these, too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.calibration.bootstrap import centred, draws_of, of_pairs
from experiments.calibration.described import ANSWERS, DESCRIBED, LOADS, TALKS, VOLUME, described
from experiments.defaults import BOOTSTRAP
from experiments.inference.data import RIDGE
from experiments.inference.posterior import STRANGE, strangeness
from experiments.methods import abc
from experiments.reporting.run_folder import as_json
from experiments.reporting.text import counted, listed

if TYPE_CHECKING:
    import pandas as pd

    from experiments.calibration.seen import Seen
    from experiments.runs.watch import Watch

PAIRED = tuple(name for name, one in DESCRIBED.items() if one.group in (ANSWERS, TALKS, LOADS) and one.fitted)
VOLUMES = tuple(name for name, one in DESCRIBED.items() if one.group == VOLUME)
BUSY = (0.05, 0.95)  # quantiles of first messages' days: the busy period
WEEK = 7.0
LENGTH = 0.1  # of the log's days, by which the bank's may differ
SENDERS, STARTS, TIME = "by senders", "by weeks in which pairs began", "by time"
GATED = (SENDERS, STARTS)
INSIDE, TOGETHER = 0.9, 0.99  # of the intervals that are shown; of all figures of a split together
LEAST_ROWS, LEAST_FIGURES = 50, 3


class Part(NamedTuple):
    """What is seen of a log, or of a part of it."""

    figures: np.ndarray  # (figures,) of `PAIRED`, or of `VOLUMES`; nan where it has none
    draws: np.ndarray  # (draws, figures), centred


@dataclass(frozen=True, eq=False)
class Validation:
    """What parts of a log say of one another."""

    file: str
    summary: pd.DataFrame  # a row a split, direction and figure
    skipped: tuple[str, ...]  # splits that leave too little

    @property
    def passed(self) -> bool:
        """Tell whether every gated split that could be made has all its figures within intervals of 99% together; false if there is none."""
        gated = self.summary[self.summary.split.isin(GATED)]
        return bool(len(gated) and gated.held.all())

    @property
    def answer(self) -> list[str]:
        """Return in sentences how many figures of each split are predicted, and how much narrower than by the prior."""
        lines = []
        for split, rows in self.summary.groupby("split", sort=False):
            missed = list(dict.fromkeys(rows.title[~rows.held]))
            told = "all within 99% intervals together" if not missed else f"outside of 99% together: {listed(missed)}"
            lines.append(
                f"{str(split).capitalize()}: {int(rows.inside.sum())} of {counted(len(rows), 'figure')} lie within 90% intervals, which are "
                f"{100 * float(rows.width.median()):.0f}% as wide as the prior's; {told}."
                + ("" if split in GATED else " Reported, not required.")
            )
        strange = list(dict.fromkeys(self.summary.split[self.summary.strangeness >= STRANGE]))
        if strange:
            lines.append(
                f"The bank hardly shows what was fitted to ({listed(strange)}): there the predictions go beyond it, and are no better than a line."
            )
        return lines + [f"Not asked, since too little is left: {one}." for one in self.skipped]

    @property
    def data(self) -> dict[str, Any]:
        """Return everything as plain values, as `--json` prints it."""
        return {"file": self.file, "answer": self.answer, "passed": self.passed, "figures": as_json(self.summary)}


def validated(seen: Seen, bank: np.ndarray, seed: int, watch: Watch, file: str, *, follow_volume: bool = False) -> Validation:
    """Return what parts of a log say of one another.

    Args:
        seen: the log.
        bank: (draws, figures of `PAIRED` and, behind them, of `VOLUMES`).
        seed: of the split by senders, and of the bootstrap.
        watch: is told how far it is.
        file: its name.
        follow_volume: whether arrivals and volumes of the whole log are given.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    skipped: list[str] = []
    splits, given = splits_of(seen, seed), _seen_of(seen, VOLUMES, seed) if follow_volume else None
    with watch.counted("parts of the log") as advance:
        for k, (split, (one, other)) in enumerate(splits.items()):
            first, second = (part_of(seen, places, seed) for places in (one, other))
            ways = (("first part", first, second), ("second part", second, first))
            found = [
                {"split": split, "fitted": fitted, **row}
                for fitted, train, test in ways
                for row in predicted(bank, train, test, seed, given)
            ]
            rows += found
            skipped += [] if found else [split]
            advance(k + 1, len(splits))
    columns = [
        "split",
        "fitted",
        "figure",
        "title",
        "unit",
        "observed",
        "predicted",
        "low",
        "high",
        "inside",
        "held",
        "width",
        "strangeness",
    ]
    return Validation(file, pd.DataFrame(rows, columns=columns), tuple(skipped))


def splits_of(seen: Seen, seed: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return the splits: for each the places of the pairs of either part.

    By weeks, every other one of the busy period, in which nine tenths of pairs begin: so that both parts have the same times.
    """
    day, sender = seen.pairs.day, seen.pairs.sender
    low, high = np.quantile(day, BUSY)
    side = np.random.default_rng([seed, 41]).permutation(seen.people) % 2 == 0
    busy = (day >= low) & (day <= high)
    week = np.floor((day - low) / WEEK).astype(int) % 2 == 0
    middle = (low + high) / 2.0
    return {
        SENDERS: (np.flatnonzero(side[sender]), np.flatnonzero(~side[sender])),
        STARTS: (np.flatnonzero(busy & week), np.flatnonzero(busy & ~week)),
        TIME: (np.flatnonzero(busy & (day < middle)), np.flatnonzero(busy & (day >= middle))),
    }


def part_of(seen: Seen, places: np.ndarray, seed: int) -> Part:
    """Return the figures of some pairs, with their bootstrap by sender."""
    return _seen_of(of_pairs(seen, places), PAIRED, seed)


def _seen_of(seen: Seen, names: Sequence[str], seed: int) -> Part:
    columns = [list(DESCRIBED).index(name) for name in names]
    values = np.array([one.value for one in described(seen).values()])
    return Part(values[columns], centred(draws_of(seen, BOOTSTRAP, seed), values)[:, columns])


def predicted(bank: np.ndarray, train: Part, test: Part, seed: int, given: Part | None = None) -> list[dict[str, Any]]:
    """Return a row a figure of one part, as predicted by a fit to another, and to the volumes that are given: none if too little is left.

    `width` is that of its 90% interval over that of the prior's prediction, both with the error of the figure itself; `strangeness` is the share of the
    bank's draws that are more usual than the part that was fitted to.
    """
    from scipy.linalg import block_diag
    from scipy.stats import norm

    here = np.isfinite(bank).mean(axis=0) >= 1.0 - LENGTH
    paired, volumes = here[: len(PAIRED)], here[len(PAIRED) :]
    fit_to, of = (paired & _told(part) for part in (train, test))
    to = volumes & _told(given) if given is not None else np.zeros(len(volumes), bool)
    asked = np.concatenate([fit_to | of, to])
    rows = np.isfinite(bank[:, asked]).all(axis=1)
    if rows.sum() < LEAST_ROWS or fit_to.sum() < LEAST_FIGURES or of.sum() < LEAST_FIGURES:
        return []
    s, theta = bank[rows][:, np.concatenate([fit_to, to])], bank[rows][:, : len(PAIRED)][:, of]
    parts = [(train, fit_to), *([(given, to)] if given is not None else [])]
    at_hand = np.concatenate([part.figures[which] for part, which in parts])
    root = block_diag(*(np.linalg.cholesky(_covariance(part.draws[:, which])) for part, which in parts if which.any()))
    noisy = s + np.random.default_rng([seed, 43]).standard_normal(s.shape) @ root.T
    post, strange = abc.fit(theta, noisy, at_hand), strangeness(noisy, at_hand)
    error = np.nanstd(test.draws[:, of], axis=0)
    spread, before = np.hypot(post.spread(), error), np.hypot(theta.std(axis=0), error)
    mean, at = post.mean(), test.figures[of]
    near, far = norm.ppf(0.5 + INSIDE / 2.0), norm.ppf(1.0 - (1.0 - TOGETHER) / of.sum() / 2.0)
    found = []
    for k, place in enumerate(np.flatnonzero(of)):
        off = abs(float(at[k] - mean[k]))
        one = DESCRIBED[PAIRED[place]]
        found.append(
            {
                "figure": one.name,
                "title": one.title,
                "unit": one.unit,
                "observed": float(at[k]),
                "predicted": float(mean[k]),
                "low": float(mean[k] - near * spread[k]),
                "high": float(mean[k] + near * spread[k]),
                "inside": off <= near * float(spread[k]),
                "held": off <= far * float(spread[k]),
                "width": float(spread[k] / before[k]) if before[k] > 0.0 else math.nan,
                "strangeness": strange,
            }
        )
    return found


def _told(part: Part) -> np.ndarray:
    """Tell which figures a part has, in nearly all of its bootstrap, too."""
    found: np.ndarray = np.isfinite(part.figures) & (np.isfinite(part.draws).mean(axis=0) > INSIDE)
    return found


def _covariance(draws: np.ndarray) -> np.ndarray:
    """Return the covariance of whole draws, with a little on its diagonal."""
    whole = draws[np.isfinite(draws).all(axis=1)]
    found = np.atleast_2d(np.cov(whole, rowvar=False))
    steady: np.ndarray = found + RIDGE * np.diag(np.diag(found)) + 1e-12 * np.eye(len(found))
    return steady
