"""Validate: do worlds that fit one part of a log predict the other? By senders, by when pairs began, and by time.

The bank of a calibration is fitted to one part as a calibration is, and the figures of the other part are predicted from it: figures take the place of
parameters in the same regression-adjusted ABC, so nothing is run again. Parts have fewer people than the log: figures of answers, talks and loads,
which are of pairs, mean the same for a part; those of how unequal people are, and volumes, do not, and are not asked.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.arguments import asked, checked_seed, path_of
from experiments.calibration.bootstrap import centred, draws_of, of_pairs
from experiments.calibration.described import ANSWERS, DESCRIBED, LOADS, TALKS, described
from experiments.calibration.export import read_export
from experiments.calibration.seen import seen_in_log
from experiments.defaults import BOOTSTRAP, SEED
from experiments.inference.bank import FIGURE
from experiments.inference.data import RIDGE
from experiments.inference.posterior import STRANGE, strangeness
from experiments.methods import abc
from experiments.optional_imports import needs
from experiments.reporting import run_folder
from experiments.reporting.progress import Shown
from experiments.reporting.run_folder import as_json, write_table
from experiments.reporting.text import counted, listed
from sim.errors import BadInput, must

if TYPE_CHECKING:
    import pandas as pd

    from experiments.calibration.seen import Seen

BANK = "bank.csv"
PAIRED = tuple(name for name, one in DESCRIBED.items() if one.group in (ANSWERS, TALKS, LOADS) and one.fitted)
BUSY = (0.05, 0.95)  # quantiles of first messages' days: the busy period
WEEK = 7.0
LENGTH = 0.1  # of the log's days, by which the bank's may differ
SENDERS, STARTS, TIME = "by senders", "by weeks in which pairs began", "by time"
GATED = (SENDERS, STARTS)
INSIDE, TOGETHER = 0.9, 0.99  # of the intervals that are shown; of all figures of a split together
LEAST_ROWS, LEAST_FIGURES = 50, 3


class Part(NamedTuple):
    """A part of a log."""

    figures: np.ndarray  # (figures,) of `PAIRED`; nan where it has none
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


@asked
def validate(
    draws: str | Path,
    *,
    log: str | Path,
    columns: str | Mapping[str, Any] | None = None,
    seed: int = SEED,
    out: str | Path | None = None,
    quiet: bool = False,
) -> Validation:
    """Ask whether worlds that fit one part of a log predict the other.

    It needs `pip install 'firstcontact[calibrate]'`.

    Args:
        draws: the folder of a calibration, or its draws.csv: the bank beside it is fitted to parts of the log.
        log: a log, as `describe` reads it, of as many days and under the same design as the calibration was made for.
        columns: of the log.
        seed: of the split by senders, and of the bootstrap.
        out: a table to write, a row a split and figure.
        quiet: whether no progress is shown.

    Returns:
        The validation: `summary` has a row a split, direction and figure; `passed`; `answer`.

    Raises:
        BadInput: with what must be, in one line.
    """
    needs("sklearn", abc.EXTRA)
    where = path_of("--out", out)
    if where is not None and where.exists():
        raise BadInput(must("--out", "be a new file", f"{where}, which exists"))
    folder = _folder(path_of("draws", draws) or Path())
    bank, days = _bank(folder)
    path = path_of("--log", log) or Path()
    seen = seen_in_log(read_export(path, columns))
    if abs(seen.days - days) > max(1.0, LENGTH * days):
        raise BadInput(must("", f"be a log of about {days} days, for which {folder} was made", f"{seen.days:.0f} days", where=path))
    found = validated(seen, bank, checked_seed(seed), Shown(quiet=quiet), path.name)
    if where is not None:
        write_table(where, found.summary)
    return found


def _folder(path: Path) -> Path:
    folder = path if path.is_dir() else path.parent
    if not path.exists() or not (folder / BANK).is_file():
        raise BadInput(must("draws", f"be the folder of a calibration, with {BANK}", str(path)))
    return folder


def _bank(folder: Path) -> tuple[np.ndarray, int]:
    """Return the figures of `PAIRED` of each draw of the bank, and for how many days was looked."""
    table = run_folder.read_table((folder / BANK).read_bytes())
    missing = [name for name in PAIRED if FIGURE + name not in table.columns]
    try:
        days = int(json.loads((folder / run_folder.PLAN).read_text(encoding="utf-8"))["days"])
    except (OSError, ValueError, KeyError, TypeError):
        days = 0
    if missing or not days:
        what = f"no {FIGURE}{missing[0]}" if missing else f"no days in {run_folder.PLAN}"
        raise BadInput(must("draws", "be the folder of a calibration by this version", f"{folder}, with {what}"))
    return table[[FIGURE + name for name in PAIRED]].to_numpy(float), days


def validated(seen: Seen, bank: np.ndarray, seed: int, watch: Shown, file: str) -> Validation:
    """Return what parts of a log say of one another.

    Args:
        seen: the log.
        bank: (draws, figures of `PAIRED`).
        seed: of the split by senders, and of the bootstrap.
        watch: is told how far it is.
        file: its name.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    skipped: list[str] = []
    splits = splits_of(seen, seed)
    with watch.counted("parts of the log") as advance:
        for k, (split, (one, other)) in enumerate(splits.items()):
            first, second = (part_of(seen, places, seed) for places in (one, other))
            ways = (("first part", first, second), ("second part", second, first))
            found = [
                {"split": split, "fitted": fitted, **row} for fitted, train, test in ways for row in predicted(bank, train, test, seed)
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
    part = of_pairs(seen, places)
    columns = [list(DESCRIBED).index(name) for name in PAIRED]
    values = np.array([one.value for one in described(part).values()])
    return Part(values[columns], centred(draws_of(part, BOOTSTRAP, seed), values)[:, columns])


def predicted(bank: np.ndarray, train: Part, test: Part, seed: int) -> list[dict[str, Any]]:
    """Return a row a figure of one part, as predicted by a fit to another: none if too little is left.

    `width` is that of its 90% interval over that of the prior's prediction, both with the error of the figure itself; `strangeness` is the share of the
    bank's draws that are more usual than the part that was fitted to.
    """
    from scipy.stats import norm

    here = np.isfinite(bank).mean(axis=0) >= 1.0 - LENGTH
    fit_to, of = (here & np.isfinite(part.figures) & (np.isfinite(part.draws).mean(axis=0) > INSIDE) for part in (train, test))
    rows = np.isfinite(bank[:, fit_to | of]).all(axis=1)
    if rows.sum() < LEAST_ROWS or fit_to.sum() < LEAST_FIGURES or of.sum() < LEAST_FIGURES:
        return []
    s, theta = bank[rows][:, fit_to], bank[rows][:, of]
    root = np.linalg.cholesky(_covariance(train.draws[:, fit_to]))
    noisy = s + np.random.default_rng([seed, 43]).standard_normal(s.shape) @ root.T
    post, strange = abc.fit(theta, noisy, train.figures[fit_to]), strangeness(noisy, train.figures[fit_to])
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


def _covariance(draws: np.ndarray) -> np.ndarray:
    """Return the covariance of whole draws, with a little on its diagonal."""
    whole = draws[np.isfinite(draws).all(axis=1)]
    found = np.atleast_2d(np.cov(whole, rowvar=False))
    steady: np.ndarray = found + RIDGE * np.diag(np.diag(found)) + 1e-12 * np.eye(len(found))
    return steady
