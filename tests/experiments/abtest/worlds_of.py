"""Worlds made by hand and small ones that were lived, for tests of tests."""

from __future__ import annotations

import functools

import numpy as np

from experiments.abtest.metrics import Items
from experiments.abtest.question import Panel, Question
from experiments.abtest.sample import Arms
from experiments.abtest.worlds import World, lived
from sim import load_scenario

SMALL = {"members": 80, "warm_up": 20, "days": 29}
ASKED = {"replicates": 2, "tests": 2, "assignments": 2, "workers": 1, "quiet": True}
ARMS = ("connect_to_message", "message_first")  # they differ much, so that few members show it


def base(**changes):
    scenario = load_scenario(**{"members": 150, "warm_up": 35, "days": 35} | changes)
    return scenario.with_design(ARMS[1]).with_design(ARMS[0])


def question(panels=(("bias", 2, ("viewer", "pair", "industry")),), **changes):
    scenario = base(**changes.pop("scenario", {}))
    usual = {"by": "viewer", "credit": "initiator", "estimator": "difference", "share": 0.5, "seed": 1, "draws": 2}
    made = tuple(Panel(name, scenario.members, many, schemes) for name, many, schemes in panels)
    return Question(scenario, ARMS, panels=made, **(usual | changes))


@functools.cache
def pure_worlds():
    """Return a world under control for all, and one under treatment for all."""
    scenario = base()
    return tuple(lived(scenario, [scenario.with_design(name) for name in ARMS], 5, 6))


def items(rows):
    """Return items of (day, sender, recipient) rows that are answered approaches, exchanges, ties and unwelcome, all at once; no intents."""
    day, sender, recipient = (np.array(column, np.int32) for column in zip(*rows, strict=True))
    yes = np.ones(len(day), bool)
    return Items(day, sender, recipient, yes, yes, yes, yes, yes, ~yes, ~yes)


def world(rows, n):
    return World(
        items(rows), np.ones(n, bool), np.ones(n), np.zeros(n, np.int8), None, np.zeros((0, 2), np.int64), np.full(n, -9, np.int32)
    )


def arms(viewer, profile=None, rule="viewer", starts=(0,)):
    """Return arms, by period: lists of bool."""
    viewer = np.atleast_2d(np.array(viewer, bool))
    profile = viewer if profile is None else np.atleast_2d(np.array(profile, bool))
    n = viewer.shape[1]
    return Arms(viewer, profile, np.array(starts, np.int32), np.arange(n, dtype=np.int32), np.zeros(n, bool), rule)
