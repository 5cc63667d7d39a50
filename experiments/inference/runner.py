"""Runs of a calibration: those that an earlier one left are taken, and a sample of them is made again; the rest is made now."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.calibration.patterns.messages import Found
from experiments.inference.bank import FIGURE, Bank, Clock, asked_at, bank_of, make
from experiments.reporting.run_folder import read_table
from experiments.runs.streams import SHIFTED
from sim.errors import BadInput, must

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from experiments.calibration.runs import Figures
    from experiments.inference.data import Data
    from experiments.inference.prior import Prior
    from experiments.inference.summaries import Asked, SummaryScheduler
    from experiments.runs.watch import Watch
    from sim.scenario.scenario import Scenario

BANK, LARGE, FURTHER = (
    "bank.csv",
    "shift.csv",
    "further.csv",
)  # of the prior's draws; of the first of them at the own size; of all other runs
RUN, MEMBERS = "run", "members"  # columns of further.csv: the number that gives a run's seeds, and of how many members it is
SAMPLED = 20  # of runs that were made before, each such one is made again: 5%
NEAR = 1e-9  # relative, of numbers that are computed again on another machine


class Earlier(NamedTuple):
    """Runs that were made before."""

    numbers: np.ndarray  # (runs,) that give their seeds
    members: np.ndarray  # (runs,) of each, 0 where the kind of the run says it
    bank: Bank

    def rows(self, values: np.ndarray, first: int, members: int) -> np.ndarray:
        """Return where the runs at these values (runs, parameters) are, with the seeds of number `first` on: (runs,), -1 for one that is not there."""
        fit = (self.members == 0) | (self.members == members)
        place = {int(number): row for row, number in enumerate(self.numbers) if fit[row]}
        rows = np.array([place.get(first + k, -1) for k in range(len(values))], int)
        there = rows >= 0
        there[there] = np.isclose(self.bank.values[rows[there]], values[there], rtol=NEAR, atol=0.0).all(axis=1)
        found: np.ndarray = np.where(there, rows, -1)
        return found

    def many(self, first: int) -> int:
        """Return how many are numbered from `first` on without a gap."""
        known = set(self.numbers.tolist())
        return next(k for k in range(len(known) + 1) if first + k not in known)


def read_earlier(path: Path, prior: Prior) -> Earlier:
    """Return the runs that a calibration left for the same numbers: its bank.csv, with shift.csv and further.csv where they lie beside it.

    Raises:
        BadInput: if one is no such table, in a line that names file and column.
    """
    parts = [_read(path, prior, numbered=False, first=1)]
    parts += [
        _read(beside, prior, numbered=name == FURTHER, first=SHIFTED)
        for name in (LARGE, FURTHER)
        if (beside := path.with_name(name)).is_file() and beside != path
    ]
    bank = Bank(np.concatenate([one.bank.values for one in parts]), [figures for one in parts for figures in one.bank.figures])
    return Earlier(np.concatenate([one.numbers for one in parts]), np.concatenate([one.members for one in parts]), bank)


def _read(path: Path, prior: Prior, *, numbered: bool, first: int) -> Earlier:
    rule = f"be the {FURTHER if numbered else BANK} of a calibration"
    try:
        table = read_table(path.read_bytes())
    except OSError as error:
        raise BadInput(must("--bank", rule, f"{path}: {error.strerror}")) from None
    except (ValueError, UnicodeDecodeError) as error:
        raise BadInput(must("--bank", rule, f"{path}: {str(error).splitlines()[0]}")) from None
    paths, columns = [one.path for one in prior.turned], [str(name) for name in table.columns]
    asked = [*([RUN, MEMBERS] if numbered else []), *paths]
    own = [name for name in columns if not name.startswith(FIGURE)]
    if own != asked:
        raise BadInput(must("--bank", f"have a column for each of {', '.join(asked)}", f"{path} with {', '.join(own) or 'none'}"))
    names = [name.removeprefix(FIGURE) for name in columns if name.startswith(FIGURE)]
    rows = table[[FIGURE + name for name in names]].to_numpy(float)
    figures: list[Figures | None] = [
        None if np.isnan(row).all() else {name: Found(float(x), math.nan) for name, x in zip(names, row, strict=True)} for row in rows
    ]
    numbers = table[RUN].to_numpy(int) if numbered else np.arange(first, first + len(table))
    members = table[MEMBERS].to_numpy(int) if numbered else np.zeros(len(table), int)
    return Earlier(numbers, members, Bank(table[paths].to_numpy(float), figures))


class Runner:
    """Makes the runs that a calibration asks for, or takes them from an earlier one."""

    def __init__(self, data: Data, prior: Prior, seed: int, scheduler: SummaryScheduler, watch: Watch, earlier: Earlier | None) -> None:
        """Take the data, whose figures a sample is compared by; the numbers that are turned; the seed; what makes runs; and those of before."""
        self._data, self._prior, self._seed, self._earlier = data, prior, seed, earlier
        self._scheduler, self._watch = scheduler, watch

    def runs(self, still: Scenario, values: np.ndarray, first: int, what: str) -> Bank:
        """Return runs at values (runs, parameters), with the seeds of number `first` on.

        Raises:
            BadInput: if a run that was made before shows something else when it is made again.
            RunFailed: if all of many fail.
        """
        rows = self._earlier_rows(still, values, first)
        there, new = np.flatnonzero(rows >= 0), np.flatnonzero(rows < 0)
        figures: list[Figures | None] = [None] * len(values)
        if self._earlier is not None and len(there):
            good = [row for row in rows[there] if self._earlier.bank.figures[row] is not None]  # what failed would fail again
            self._check(still, self._earlier, np.array(good[::SAMPLED], int), what)
            for k in there:
                figures[k] = self._earlier.bank.figures[rows[k]]
        fresh = self._make([self._asked(still, values[k : k + 1], first + int(k)) for k in new], values[new], what)
        for k, one in zip(new, fresh.figures, strict=True):
            figures[k] = one
        return Bank(values.copy(), figures)

    def _earlier_rows(self, still: Scenario, values: np.ndarray, first: int) -> np.ndarray:
        """Return where runs were made before: (runs,), -1 for one that is to be made.

        A bank has all figures that any of its runs shows; of the other runs those of other data are left, which may lack some of these.
        """
        if self._earlier is None:
            return np.full(len(values), -1)
        rows, figures = self._earlier.rows(values, first, still.members), self._earlier.bank.figures
        whole = self._earlier.members == 0
        known = [whole[row] or one is None or all(name in one for name in self._data.names) for row, one in enumerate(figures)]
        return np.array([row if row >= 0 and known[row] else -1 for row in rows.tolist()], int)

    def until(self, still: Scenario, values: np.ndarray, limit: Clock, what: str) -> Bank:
        """Return runs at the first of these values, with seeds of number 1 on: as many as there is time for. Errors as of `runs`."""
        wanted = asked_at(still, self._data, prior=self._prior, values=values, seed=self._seed, first=1)
        return self._make(wanted, values, what, limit)

    def _asked(self, still: Scenario, value: np.ndarray, number: int) -> Asked:
        return asked_at(still, self._data, prior=self._prior, values=value, seed=self._seed, first=number)[0]

    def _make(self, wanted: Sequence[Asked], values: np.ndarray, what: str, limit: Clock | None = None) -> Bank:
        """Return the runs that are wanted, or the first of them that there is time for."""
        if not wanted:
            return Bank(values, [])
        with self._watch.counted(what) as advance:
            done = make(wanted, self._scheduler, advance, (limit or Clock(None)).over)
        return bank_of(wanted[:done], values, self._scheduler)

    def _check(self, still: Scenario, earlier: Earlier, sample: np.ndarray, what: str) -> None:
        """Refuse runs that were made before if some of them, made again, show something else."""
        if not len(sample):
            return
        values = earlier.bank.values[sample]
        wanted = [self._asked(still, values[k : k + 1], int(earlier.numbers[row])) for k, row in enumerate(sample)]
        again = self._make(wanted, values, f"a sample of {what}, made again").summaries(self._data.names)
        there = Bank(values, [earlier.bank.figures[row] for row in sample]).summaries(self._data.names)
        off = ~np.isclose(again, there, rtol=NEAR, atol=1e-12, equal_nan=True).all(axis=1)
        if off.any():
            rule = "be made by this version of the model, under the same design, days and members"
            raise BadInput(
                must("--bank", rule, f"{int(off.sum())} of {len(sample)} {what} that show something else when they are made again")
            )
