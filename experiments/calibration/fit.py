"""A proposal of defaults: what is fitted is moved toward the middle of its targets, a few times."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from experiments.calibration.declared import every_target
from experiments.calibration.runs import gather
from experiments.calibration.targets import SEEDS, still_of
from experiments.runs.scheduler import counted

if TYPE_CHECKING:
    from experiments.runs.scheduler import Progress, Scheduler
    from sim.scenario.scenario import Scenario

ROUNDS = 4
DAMPING = 0.7
# What a parameter moves: (key, file of the target, sign of its effect). Steps are taken in logits.
FITTED = (
    ("invitation.base", "acceptance_strangers", 1.0),
    ("reply.base", "answered_at_one_a_day", 1.0),
    ("thread.base", "volume_replies", 1.0),
    ("outreach.intimidation", "volume_cold_invitations", -1.0),
)


def _logit(x: float) -> float:
    x = min(max(x, 1e-4), 1.0 - 1e-4)
    return math.log(x / (1.0 - x))


def propose(scenario: Scenario, members: int, scheduler: Scheduler, progress: Progress) -> tuple[Scenario, dict[str, float]]:
    """Return the scenario with the factors moved, damped, toward the middle of their targets, and what was changed."""
    changed: dict[str, float] = {}
    wanted = {one.name: (one.low + one.high) / 2.0 for one in every_target()}
    for k in range(ROUNDS):
        advance = counted(progress, k * len(SEEDS), ROUNDS * len(SEEDS))
        found = gather([still_of(scenario, members)], scheduler, advance)[0].found
        for key, target, sign in FITTED:
            got = float(np.mean([figures[target].value for figures in found]))
            if not math.isfinite(got):  # so few members that nothing was seen: there is nothing to go by
                continue
            section, name = key.split(".")
            old = getattr(getattr(scenario, section), name)
            step = DAMPING * sign * (_logit(wanted[target]) - _logit(got))
            info = type(getattr(scenario, section)).model_fields[name]
            low = next(m.ge for m in info.metadata if hasattr(m, "ge"))
            high = next(m.le for m in info.metadata if hasattr(m, "le"))
            changed[key] = round(min(max(old + step, low), high), 3)
        scenario = scenario.with_(**changed)
    return scenario, changed
