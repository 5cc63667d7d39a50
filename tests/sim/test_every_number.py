"""No dead weight: every number of the model, moved across its range, changes some measure beyond rounding."""

from __future__ import annotations

import math

import pytest

from sim import load_scenario, simulate
from sim.scenario.parameters import SECTIONS
from sim.scenario.presets import Design, Moderation, Style

ROUNDING = 1e-9
WORLD = {"members": 300, "warm_up": 40, "days": 100, "moderation.burst_threshold": 4.0, "style_shares.bulk_sender": 0.05}
# what a number needs in order to matter at all
NEEDS = {
    "design.credit_refund": {"design.credits_a_month": 2.0},
    "moderation.return_days": {"moderation.ban": 0.6},
    "moderation.ban": {"moderation.restriction": 0.3},
    "learning.review": {"style.stops": 0.0, "style.reviews": 1.0, "style.harassment": 0.1},
    "style.reviews": {"style.stops": 0.0, "style.harassment": 0.1},
    "style.stops": {"style.harassment": 0.1},
    "attention.filters": {"attention.budget": 3.0, "attention.per_connection": 0.05},  # inboxes that are crowded
    "attention.rank_known": {"attention.budget": 2.0, "attention.notification": 0.1},
    "feed.obliged_cost": {"attention.budget": 4.0, "invitation.obligation": 0.5, "style.updates": 0.8},
    "invitation.reputation": {"feed.reputation": 1.0, "feed.unfollow": 1.0},
    "learning.opt_back_days": {"learning.opt_out": 0.05},
}
ENDS = {
    "style.intents": (0.0, 5.0),  # the whole range would take minutes
    "design.credits_a_month": (0.0, 3.0),  # both ends mean that nobody runs out
}
PUSHED = {"unwelcome.reported": 0.2, "moderation.report_strike": 0.8, "moderation.restriction": 0.6}


def numbers():
    for section, model in SECTIONS.items():
        yield from ((f"{section}.{name}", info) for name, info in model.model_fields.items())
    for head, model in (("style", Style), ("design", Design), ("moderation", Moderation)):
        yield from ((f"{head}.{name}", info) for name, info in model.model_fields.items() if name != "moderation")


def ends(info):
    return next(m.ge for m in info.metadata if hasattr(m, "ge")), next(m.le for m in info.metadata if hasattr(m, "le"))


def measures(changes):
    scenario = load_scenario("baseline").with_(**WORLD).with_(**PUSHED).with_(**changes)
    return {name: value.value for name, value in simulate(scenario, 5).measures.items()}


def differs(a, b):
    return any(
        x != y and (x is None or y is None or not math.isclose(x, y, rel_tol=ROUNDING, abs_tol=ROUNDING))
        for x, y in zip(a.values(), b.values(), strict=True)
    )


EIGHTH = 8  # of them is quick; all of them take minutes


@pytest.mark.parametrize(
    ("key", "info"), [pytest.param(k, i, id=k, marks=[pytest.mark.slow] if at % EIGHTH else []) for at, (k, i) in enumerate(numbers())]
)
def test_a_number_moved_across_its_range_changes_a_measure(key, info):
    low, high = ends(info)
    needed = NEEDS.get(key, {})
    low, high = ENDS.get(key, (low, high))
    assert differs(measures({**needed, key: low}), measures({**needed, key: high}))
