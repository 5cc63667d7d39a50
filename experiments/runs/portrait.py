"""What is kept of a run to picture single members: what reaches them, a sample of the network, its degrees and distances.

A portrait is read off a run's items, which are far too many to keep, by the worker that made the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.decisions.codes import Distance, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.results.history import History

SAMPLE = 400  # members in a drawn network
FOUR_WEEKS = 28.0  # days
KINDS = ("replies and talk", "messages", "invitations", "unwelcome messages", "unwelcome invitations")  # of items
WHO = {"mean member": None, "median member": 50.0, "95th percentile": 95.0}  # and the percentile of items delivered
PERCENT = 100.0


class Portrait(NamedTuple):
    """Single members of a run."""

    inboxes: dict[str, np.ndarray]  # by WHO, items in four weeks of each of KINDS
    sample: np.ndarray  # ids of members who were there at the switch
    ties: np.ndarray  # (k, 2) ids: the ties among them that were made since
    degrees: np.ndarray  # of active members at the horizon, rising
    distances: np.ndarray  # (hops,) sampled pairs by distance, from 1 up


def portrait_of(history: History) -> Portrait:
    """Return the portrait of a run that kept its events."""
    sample, ties = sample_of(history)
    return Portrait(inboxes_of(history), sample, ties=ties, degrees=np.sort(history.shape.degrees), distances=history.shape.distances)


def sample_of(history: History) -> tuple[np.ndarray, np.ndarray]:
    """Return ids of members who were there at the switch, spread over all of them, and the ties (k, 2) that these made since."""
    there = np.flatnonzero(np.asarray(history.members["at_switch"]) == 1)
    chosen = np.unique(there[np.linspace(0, len(there) - 1, min(SAMPLE, len(there))).astype(int)]) if len(there) else there
    a, b, since = (np.asarray(history.ties[name]) for name in ("a", "b", "since"))
    drawn = (since >= history.scenario.warm_up) & np.isin(a, chosen) & np.isin(b, chosen)
    return chosen, np.column_stack([a[drawn], b[drawn]])


def inboxes_of(history: History) -> dict[str, np.ndarray]:
    """Return what reaches the mean, the median and a busy member in four weeks after the switch, by kind."""
    events: Any = history.events
    got = np.flatnonzero(np.asarray(events["day_delivered"]) >= history.scenario.warm_up)
    recipient, kinds = np.asarray(events["recipient"], np.int64)[got], _kinds_of(events, got)
    there = np.flatnonzero(np.asarray(history.members["at_switch"]) == 1)
    counts = np.bincount(recipient, minlength=len(history.members["at_switch"]))[there]
    by_count = there[np.argsort(counts, kind="stable")]
    weeks = max(history.scenario.days, 1) / FOUR_WEEKS
    out = {}
    for who, percent in WHO.items():
        chosen = by_count if percent is None else _around(by_count, percent)
        mine = np.bincount(kinds[np.isin(recipient, chosen)], minlength=len(KINDS))
        out[who] = mine / max(len(chosen), 1) / weeks
    return out


def _kinds_of(events: Mapping[str, Any], rows: np.ndarray) -> np.ndarray:
    """Return the place in KINDS of each of these items."""
    from sim.decisions.common import is_invitation  # it brings what compiles, which who only draws a portrait does without

    talk, message, invitation, bad, bad_invitation = range(len(KINDS))
    places = {kind.label: invitation if is_invitation(int(kind)) else talk if kind is Kind.REPLY else message for kind in Kind}
    found = np.fromiter(map(places.__getitem__, events["kind"]), np.int8, len(events["kind"]))[rows]
    connected = np.fromiter((word == Distance.CONNECTED.label for word in events["distance"]), bool, len(events["distance"]))[rows]
    found[(found == message) & connected] = talk
    unwelcome = np.asarray(events["unwelcome"])[rows] == 1
    return np.where(unwelcome, np.where(found == invitation, bad_invitation, bad), found)


def _around(ranked: np.ndarray, percent: float) -> np.ndarray:
    """Return the 2% of ranked members around a percentile."""
    at, half = percent / PERCENT * (len(ranked) - 1), max(0.01 * len(ranked), 0.5)
    return ranked[int(max(0, at - half)) : int(at + half) + 1]


def as_arrays(portrait: Portrait) -> dict[str, np.ndarray]:
    """Return a portrait as a record keeps it: arrays of one dimension, by name."""
    inboxes = {f"inbox {who}": amounts for who, amounts in portrait.inboxes.items()}
    a, b = portrait.ties.T if len(portrait.ties) else (portrait.sample[:0], portrait.sample[:0])
    return inboxes | {"sample": portrait.sample, "a": a, "b": b, "degrees": portrait.degrees, "distances": portrait.distances}


def from_arrays(arrays: dict[str, Any]) -> Portrait:
    """Return the portrait that a record keeps as these arrays."""
    sample, a, b = (np.asarray(arrays[name]).astype(np.int64) for name in ("sample", "a", "b"))
    inboxes = {who: arrays[f"inbox {who}"] for who in WHO}
    return Portrait(inboxes, sample, ties=np.column_stack([a, b]), degrees=arrays["degrees"], distances=arrays["distances"])
