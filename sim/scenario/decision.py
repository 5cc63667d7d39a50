"""When a design is shipped: what a test must show to be better, and what it must not show to be worse. No run depends on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from sim.errors import nearest
from sim.scenario.validation import Problems, shown

LARGEST_MARGIN = 10.0  # of the control: beyond this it is a slip


class Decision(BaseModel):
    """The rule by which a design is shipped after a test.

    Args:
        better: measures of which the first must be better, at the level of 5%; the usual one unless given.
        no_worse: guardrails, each with its non-inferiority margin as a share of the control: the interval must end before it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    better: list[str] = []
    no_worse: dict[str, float] = {}


def told(table: object, problems: Problems) -> dict[str, Any]:
    """Return what a section says, as far as it is right; note every mistake. Which measures there are is known to who reads it."""
    if not isinstance(table, Mapping):
        problems.add("decision", shown(table), "a table: `better`, a list of measures, and `no_worse`, margins by measure")
        return {}
    for key in [key for key in table if key not in Decision.model_fields]:
        problems.add(f"decision.{key}", f"an unknown key{nearest(str(key), Decision.model_fields)}", "`better` or `no_worse`")
    found: dict[str, Any] = {}
    better, margins = table.get("better", []), table.get("no_worse", {})
    if isinstance(better, list | tuple) and all(isinstance(name, str) for name in better):
        found["better"] = list(better)
    else:
        problems.add("decision.better", shown(better), "a list of measures, such as ['partners']")
    if not isinstance(margins, Mapping):
        problems.add("decision.no_worse", shown(margins), "margins by measure, such as {unwelcome = 0.05}")
        return found
    found["no_worse"] = {}
    for name, margin in margins.items():
        if isinstance(margin, int | float) and not isinstance(margin, bool) and 0.0 <= margin <= LARGEST_MARGIN:
            found["no_worse"][str(name)] = float(margin)
        else:
            problems.add(f"decision.no_worse.{name}", shown(margin), f"a number from 0 to {LARGEST_MARGIN:g} (share of the control)")
    return found
