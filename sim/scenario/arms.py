"""What an arm may change: arms part at the switch, so whatever was drawn or made before it is the same in all of them."""

from __future__ import annotations

import functools
import types
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.errors import BadInput, must
from sim.scenario.parameters import SECTIONS
from sim.scenario.validation import shown

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

# who is there, for how long, and under what until the switch
SHARED = (
    "style_names",
    "style_shares",
    "members",
    "warm_up",
    "days",
    "network_file",
    "network_as",
    "network_columns",
    "warm_up_design",
)


@functools.cache
def settled() -> Mapping[str, str]:
    """Return why no arm can change it, of each number that is so, by its dotted key: the schema says it of each."""
    why = {f"{section}.{name}": reason for section, model in SECTIONS.items() for name, reason in model.AT_START.items()}
    return types.MappingProxyType(why)


def rule_of(key: str) -> str:
    """Return what must be so of a number that no arm can change, in words that follow "must"."""
    return f"be the same in all arms, since {settled()[key]}: set it in the scenario that they share, or run each scenario by itself"


def check_arm(scenario: Scenario, arm: Scenario) -> None:
    """Refuse an arm that asks for what was settled before it begins.

    Args:
        scenario: of the warm-up, which all arms share.
        arm: what is to hold from the switch on.

    Raises:
        BadInput: with the first number that differs, and what to do instead.
    """
    for name in SHARED:
        if getattr(arm, name) != getattr(scenario, name):
            raise BadInput(must(name, "be the same in all arms, which begin with the members of one scenario after one warm-up"))
    for key in settled():
        section, _, name = key.partition(".")
        was, wanted = (getattr(getattr(one, section), name) for one in (scenario, arm))
        if wanted != was:
            raise BadInput(must(key, rule_of(key), f"{shown(wanted)}, not {shown(was)}"))
