"""Why successes per member change: by sessions, by intents a session, or by the share of intents that succeeds; as ratios.

The three are made to agree. An intent is judged 60 days after it arose, so intents and successes are those of the days from the switch
to 60 days before the horizon; sessions are counted on the same days. Intents and successes are those of the members active at the
switch, per such member; sessions are those of whoever is on the platform on these days, per member and week. Members who leave, and
newcomers, thus show in intents a session. Intent success is here successes over intents of the same members; the measure of that name
has newcomers' intents as well. So the logarithms of the parts add up to that of the whole, exactly.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.methods import paired
from experiments.reporting.page import Heading, Table
from experiments.reporting.text import INTERVAL, listed, named, with_interval
from sim.results.measures import PRIMARY

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.result import Comparison

CO_PRIMARY, SESSIONS, INTENTS = "successes_per_member", "sessions_per_member", "intents_per_member"
FIRST = (PRIMARY, CO_PRIMARY)  # stand first wherever measures are listed
PARTS = {  # by title: the powers of the measures whose product it is
    "sessions": {SESSIONS: 1},
    "intents a session": {INTENTS: 1, SESSIONS: -1},
    "intent success": {CO_PRIMARY: 1, INTENTS: -1},
}
WHOLE = {CO_PRIMARY: 1}
LARGEST = 700.0  # logarithm that is taken back: more is beyond what a number can be
AGREE = (
    "All are of the same days, from the switch to 60 days before the horizon, since an intent is judged after 60 days. Sessions are those of whoever "
    "is on the platform on these days; intents and successes are those of the members active at the switch, so that members who leave, and newcomers, "
    "show in intents a session. Intent success is here successes over intents of these members; the measure of that name has newcomers' intents, too. "
    "Each part is the ratio of the arms' means over pairs: the parts multiply to the whole, and their logarithms add up to it. Each interval here holds by itself; "
    "those of the tables hold together, and are wider."
)


class Split(NamedTuple):
    """The change in the logarithm of successes per member, and what each part contributes."""

    whole: paired.Interval
    parts: dict[str, paired.Interval]


def place(measure: str) -> int:
    """Return where a measure stands in a list: the primary one first, then the co-primary one, then all others as they are."""
    return FIRST.index(measure) if measure in FIRST else len(FIRST)


def in_place(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of measures in the order of `place`."""
    return rows.sort_values("measure", key=lambda names: names.map(place), kind="stable")


def role_of(measure: str, role: str) -> str:
    """Return a measure's role as tables have it."""
    return {PRIMARY: "primary goal", CO_PRIMARY: "co-primary goal"}.get(measure, role)


def split_of(runs: pd.DataFrame, arm: str, reference: str) -> Split | None:
    """Return what the change in an arm's successes per member is made of; None where the horizon is too short, or nothing succeeded.

    Args:
        runs: RUN_COLUMNS.
        arm: against the reference.
        reference: the control.
    """
    found = {}
    for name in (CO_PRIMARY, INTENTS, SESSIONS):
        table = runs[runs.measure == name].pivot_table(index="pair", columns="arm", values="value", aggfunc="first")
        if not {arm, reference} <= set(table.columns):
            return None
        found[name] = table[[arm, reference]]
    there = np.logical_and.reduce([table.notna().all(axis=1).to_numpy() for table in found.values()])
    first, second = ({name: table[one].to_numpy(float)[there] for name, table in found.items()} for one in (arm, reference))
    if not there.any() or any(values.mean() <= 0.0 for side in (first, second) for values in side.values()):
        return None
    return Split(log_ratio(first, second, WHOLE), {title: log_ratio(first, second, powers) for title, powers in PARTS.items()})


def log_ratio(first: dict[str, np.ndarray], second: dict[str, np.ndarray], powers: dict[str, int]) -> paired.Interval:
    """Return by how much the logarithm of a product of means is larger in the first arm, with a t interval over pairs.

    Args:
        first: an arm's values by measure, over pairs.
        second: the other's.
        powers: of each measure in the product.

    The error is that of the linearised logarithms: a pair moves each by its distance from the mean, in means.
    """
    estimate = sum(k * math.log(first[name].mean() / second[name].mean()) for name, k in powers.items())
    moves = sum(k * (first[name] / first[name].mean() - second[name] / second[name].mean()) for name, k in powers.items())
    around = paired.mean_interval(np.asarray(moves))
    interval = paired.Interval(estimate, estimate + around.low - around.estimate, estimate + around.high - around.estimate)
    return paired.told_apart(interval, len(np.asarray(moves)))


def sentence(split: Split, arm: str) -> str:
    """Return in words what the change is made of."""
    parts = [f"{title} {_as_factor(interval, '')}" for title, interval in split.parts.items()]
    return f"Under {named(arm)} successes per member are {_as_factor(split.whole, INTERVAL)}, the product of {listed(parts)}."


def _as_factor(interval: paired.Interval, of: str) -> str:
    """Return by what a ratio of the arms multiplies."""
    return "× " + with_interval(*(math.exp(min(x, LARGEST)) for x in interval), of=of, sign="")


def _in_words(interval: paired.Interval, of: str) -> str:
    return with_interval(interval.estimate, interval.low, interval.high, of=of)


def blocks(c: Comparison) -> list[Any]:
    """Return what the page says of it: a sentence and a table an arm, and how the parts are made to agree."""
    out: list[Any] = []
    for arm in c.arms[1:]:
        if (split := split_of(c.runs, arm, c.reference)) is None:
            continue
        rows = [
            [title.capitalize(), _as_factor(x, ""), _in_words(x, "")]
            for title, x in {**split.parts, "successes per member": split.whole}.items()
        ]
        columns = ["Part", "Ratio of the arms (95% confidence interval)", "Change in the logarithm"]
        out += [sentence(split, arm), Table(f"What the change in successes per member is made of: {named(arm)}", columns, rows)]
    return [Heading("Sessions, intents and success"), *out, AGREE] if out else []
