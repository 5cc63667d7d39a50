"""Schemes: to whom a test deals out its two arms, what of that a scenario must say, and which readings it allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from experiments.abtest.metrics import BOTH, INITIATOR, ITEM, RECIPIENT
from sim.scenario.mixture import OF_A_SENDER

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

MEMBERS, CLUSTERS, EGOS, PAIRS, BLOCKS, STEPS = "members", "clusters", "egos", "pairs", "blocks", "steps"
DIFFERENCE, CUPED, CLUSTER, CLUSTER_CUPED = "difference", "cuped", "cluster", "cluster-cuped"
HAJEK, HAJEK_NETWORK = "hajek", "hajek-network"  # exposure by who wrote to whom before the switch, and by connections
ESTIMATORS = (DIFFERENCE, CUPED, CLUSTER, CLUSTER_CUPED, HAJEK, HAJEK_NETWORK)
ENDS = (INITIATOR, RECIPIENT, BOTH)
RAMP = (0.01, 0.05, 0.5, 1.0)
READ_AT = 0.5  # share of the ramp's step in which both arms are large
BLOCK = 7  # days


@dataclass(frozen=True)
class Scheme:
    """A way to deal out arms.

    Args:
        words: that follow "randomised".
        kind: of units, which says how it is read.
        estimators: by credit; the first of the first is the usual reading.
        changes: what a scenario must say.
    """

    words: str
    kind: str
    estimators: Mapping[str, tuple[str, ...]]
    changes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def by_profile(self) -> bool:
        """Return whether a pair's design follows from the profile, too."""
        return "design_pair" in self.changes


_OF_MEMBERS = {
    INITIATOR: (DIFFERENCE, CUPED, HAJEK, HAJEK_NETWORK),
    RECIPIENT: (DIFFERENCE, CUPED),
    BOTH: (DIFFERENCE, CUPED),
    ITEM: (DIFFERENCE,),
}
_OF_PROFILES = {
    RECIPIENT: (DIFFERENCE, CUPED, HAJEK, HAJEK_NETWORK),
    INITIATOR: (DIFFERENCE, CUPED),
    BOTH: (DIFFERENCE, CUPED),
    ITEM: (DIFFERENCE,),
}
_OF_CLUSTERS = dict.fromkeys(ENDS, (CLUSTER, CLUSTER_CUPED, DIFFERENCE))

SCHEMES = {
    "viewer": Scheme("by member", MEMBERS, _OF_MEMBERS),
    "profile": Scheme("by the profile shown", MEMBERS, _OF_PROFILES, {"design_pair": "profile"}),
    "pair": Scheme(
        "by viewer and profile at once",
        PAIRS,
        {ITEM: (DIFFERENCE,), INITIATOR: (DIFFERENCE,), RECIPIENT: (DIFFERENCE,)},
        {"design_pair": "both"},
    ),
    "industry": Scheme("by industry", CLUSTERS, _OF_CLUSTERS, {"design_assignment": "community"}),
    "region": Scheme("by region", CLUSTERS, _OF_CLUSTERS, {"design_assignment": "region"}),
    "network": Scheme("by community of the network", CLUSTERS, _OF_CLUSTERS, {"design_assignment": "network"}),
    "leiden": Scheme("by community of the network (Leiden)", CLUSTERS, _OF_CLUSTERS, {"design_assignment": "leiden"}),
    "ego": Scheme("by ego and contacts", EGOS, dict.fromkeys(ENDS, (DIFFERENCE,)), {"design_assignment": "ego"}),
    "switchback": Scheme("by week, all together", BLOCKS, {ITEM: (DIFFERENCE,)}, {"design_assignment": "day", "design_block": BLOCK}),
    "switchback-day": Scheme("by day, all together", BLOCKS, {ITEM: (DIFFERENCE,)}, {"design_assignment": "day", "design_block": 1}),
    "ramp": Scheme("by member, in steps of 1, 5, 50 and 100%", STEPS, dict.fromkeys(ENDS, (DIFFERENCE,)), {"design_ramp": list(RAMP)}),
}


LEIDEN = "leiden"
BY_BLOCK = ("switchback", "switchback-day")  # that differ in the length of their blocks alone, the longer first
ON_REQUEST = (LEIDEN,)  # it needs a package that may not be there
STRATIFIED = (MEMBERS, PAIRS, STEPS)  # kinds that deal to members, whose styles can then have their own shares


def readings_of(scheme: Scheme) -> list[tuple[str, str]]:
    """Return the readings that a scheme allows, as (credit, estimator), the usual one first."""
    return [(credit, estimator) for credit, estimators in scheme.estimators.items() for estimator in estimators]


def limits_that_differ(control: Any, treatment: Any) -> list[str]:
    """Return the numbers of a sender in which two designs differ: they cannot go by the profile."""
    return [key for key in OF_A_SENDER if getattr(control, key) != getattr(treatment, key)]


def steps_of(days: int) -> int:
    """Return the days of a step of the ramp, so that its steps fill the test."""
    return max(1, days // len(RAMP))


def mixed(base: Scenario, arms: tuple[str, str], scheme: str, *, share: float, draw: int, days: int, stratified: bool = False) -> Scenario:
    """Return the scenario of a test.

    Args:
        base: that has both designs.
        arms: control and treatment, by name.
        scheme: by name.
        share: of the treated.
        draw: the seed by which arms are dealt out.
        days: in which items are counted.
        stratified: whether members of each style are dealt to in the same shares, where the scheme deals to members.
    """
    control, treatment = arms
    changes = dict(SCHEMES[scheme].changes)
    if SCHEMES[scheme].kind == BLOCKS:
        share = READ_AT
    if scheme == "ramp":
        changes["design_block"] = steps_of(days)
    if stratified and SCHEMES[scheme].kind in STRATIFIED:
        changes["design_strata"] = "style"
    shares = {control: 1.0 - share, treatment: share}
    return base.with_(design=treatment, design_shares=shares, design_draw=draw, **changes)
