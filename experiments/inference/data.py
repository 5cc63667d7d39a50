"""Data to fit to: figures with the error with which they were observed, from the shipped targets, a targets file, or a log."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.calibration.declared import WEIGHTS, every_target
from experiments.calibration.describe import ASSUMED, Description
from experiments.calibration.described import DESCRIBED, SHARE
from experiments.calibration.simulated import window_of
from experiments.calibration.target_file import read_target_file
from experiments.calibration.targets import DAYS
from experiments.inference.summaries import MEASURED, TARGET
from sim.errors import BadInput, must, nearest
from sim.results.measures import MEASURES
from sim.scenario.validation import plain

SHIPPED, FILE, LOG = "shipped targets", "targets file", "log"
ERRORS = 2.0  # standard errors that a tolerance is
LOG_DAYS = 194  # for which is looked where a targets file does not say
LONGEST, WARM_UP = 365, 90  # days of a log that are simulated at most, and before it
RIDGE = 0.01  # of the variances, added to a bootstrap covariance: 200 draws of 25 figures leave directions without any


@dataclass(frozen=True, eq=False)
class Data:
    """Figures, and how sure they are."""

    kind: str
    source: str  # in words
    names: tuple[str, ...]  # of summaries
    titles: tuple[str, ...]
    units: tuple[str, ...]
    values: np.ndarray  # (figures,)
    covariance: np.ndarray  # (figures, figures) of the error of observation
    design: str | None  # under which it was made; None for the one that holds during the warm-up
    warm_up: int  # days before those that are simulated for it
    days: int
    window: tuple[float, float]  # the first and last day that are looked at
    notes: tuple[str, ...] = ()

    @property
    def errors(self) -> np.ndarray:
        """Return the standard error of each figure."""
        found: np.ndarray = np.sqrt(np.diag(self.covariance))
        return found

    @property
    def digest(self) -> str:
        """Return 16 hex digits of all that a fit depends on."""
        facts = [self.names, self.values.tolist(), self.covariance.tolist(), str(self.design), self.warm_up, self.days, self.window]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]

    def some(self, chosen: Sequence[int]) -> Data:
        """Return these figures alone, by their places."""
        at = list(chosen)
        words: dict[str, Any] = {name: tuple(getattr(self, name)[k] for k in at) for name in ("names", "titles", "units")}
        rest = {name: getattr(self, name) for name in ("kind", "source", "design", "warm_up", "days", "window", "notes")}
        return Data(values=self.values[at], covariance=self.covariance[np.ix_(at, at)], **words, **rest)

    def noise(self, draws: int, seed: int) -> np.ndarray:
        """Return errors of observation: (draws, figures)."""
        root = np.linalg.cholesky(self.covariance + 1e-12 * np.diag(np.diag(self.covariance)))
        found: np.ndarray = np.random.default_rng([seed, 17]).standard_normal((draws, len(self.values))) @ root.T
        return found


def shipped_data() -> Data:
    """Return the shipped targets that somebody measured: those of another population count half, what is assumed or a vendor's not at all."""
    those = [one for one in every_target() if WEIGHTS[one.kind] > 0.0]
    errors = np.array([one.tolerance / ERRORS / math.sqrt(WEIGHTS[one.kind]) for one in those])
    return Data(
        kind=SHIPPED,
        source="the shipped targets that somebody measured",
        names=tuple(TARGET + one.name for one in those),
        titles=tuple(one.pattern for one in those),
        units=tuple(one.unit for one in those),
        values=np.array([(one.low + one.high) / 2.0 for one in those]),
        covariance=np.diag(errors**2),
        design=None,
        warm_up=DAYS,
        days=DAYS,
        window=window_of(2 * DAYS),
        notes=("A figure of another population than that of a professional network counts half.",),
    )


def data_of_file(path: Path, design: str | None = None) -> Data:
    """Return what a targets file wants, by the names of measures: those of `describe`, of shipped targets, or of the model.

    Raises:
        BadInput: naming file and key, and what would be right.
    """
    told = read_target_file(path)
    known = _known()
    for name, one in told.targets.items():
        if name not in known:
            right = "be a measure of `firstcontact describe`, a shipped target or a measure of `firstcontact show measures`"
            raise BadInput(must(f"targets.{plain(name)}", right, f"an unknown one{nearest(name, known)}", where=path))
        if known[name][2] == SHARE and not (0.0 <= one.value <= 1.0 and one.tolerance < 1.0):
            right = 'be a share from 0 to 1 with a tolerance below 1, or both in per cent, such as "8%" and "1%"'
            raise BadInput(must(f"targets.{name}", right, f"{one.value:g} ± {one.tolerance:g}", where=path))
    days = told.days or LOG_DAYS
    found = [known[name] for name in told.targets]
    return Data(
        kind=FILE,
        source=path.name,
        names=tuple(one[0] for one in found),
        titles=tuple(one[1] for one in found),
        units=tuple(one[2] for one in found),
        values=np.array([one.value for one in told.targets.values()]),
        covariance=np.diag([(one.tolerance / ERRORS) ** 2 for one in told.targets.values()]),
        design=design or told.design,
        **_days(days),
    )


def _days(days: int) -> dict[str, Any]:
    """Return how long is simulated for so many days that are looked at."""
    shown = min(days, LONGEST)
    return {"warm_up": WARM_UP, "days": shown, "window": (float(WARM_UP), float(WARM_UP + shown - 1))}


def _known() -> dict[str, tuple[str, str, str]]:
    """Return summary, title and unit of every figure that can be wanted, by name."""
    found = {name: (MEASURED + name, one.title.lower(), one.unit) for name, one in MEASURES.items()}
    found |= {one.name: (TARGET + one.name, one.pattern, one.unit) for one in every_target()}
    return found | {name: (name, one.title, one.unit) for name, one in DESCRIBED.items() if one.fitted}


def data_of_log(told: Description, design: str | None = None) -> Data:
    """Return what a log shows, with the covariance of its bootstrap by sender.

    The export of one member is one sender among many: how much senders differ is not known from it, and is not counted.

    Raises:
        BadInput: if it shows fewer than two figures.
    """
    names = list(DESCRIBED)
    draws = {name: told.draws[:, k] for k, name in enumerate(names)}
    kept = [
        name
        for name, one in DESCRIBED.items()
        if one.fitted and math.isfinite(told.found[name].value) and np.isfinite(draws[name]).mean() > 0.9 and np.nanstd(draws[name]) > 0.0
    ]
    if len(kept) < 2:
        raise BadInput(must("", "show two figures or more", len(kept), where=told.file))
    columns = np.column_stack([draws[name] for name in kept])
    whole = columns[np.isfinite(columns).all(axis=1)]
    covariance = np.atleast_2d(np.cov(whole, rowvar=False))
    covariance = covariance + RIDGE * np.diag(np.diag(covariance))
    notes = [] if told.seen.asked is not None else [f"{told.file} has no invitations: {ASSUMED}."]
    if told.owner:
        notes.append(
            f"{told.file} is the export of {told.owner}: what is fitted is what happens to that member's first messages, as if to anybody's."
        )
    return Data(
        kind=LOG,
        source=told.file,
        names=tuple(kept),
        titles=tuple(DESCRIBED[name].title for name in kept),
        units=tuple(DESCRIBED[name].unit for name in kept),
        values=np.array([told.found[name].value for name in kept]),
        covariance=covariance,
        design=design,
        notes=tuple(notes),
        **_days(round(told.seen.days)),
    )
