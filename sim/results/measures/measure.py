"""A measure: what it says, and how it is computed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass

from sim.results.computations import Computation

GROUPS = RESPONSE, LOAD, REACH, PLATFORM, OWN = "response", "spam load", "reach", "platform", "own"
ROLES = GOAL, GUARDRAIL, CONTEXT = "goal", "guardrail", "context"
DIRECTIONS = HIGHER, LOWER, NEITHER = "higher better", "lower better", "neither"
SHARE, PER_WEEK = "share", "items a member and week"
PRIMARY = "intent_success"


@dataclass(frozen=True)
class Measure:
    """A measure: what it says, and how it is computed.

    Args:
        name: for code and tables.
        title: for people.
        group: response, spam load, reach, platform or own.
        unit: of its value.
        role: goal, guardrail or context.
        direction: which way is better.
        smallest_effect: the smallest effect of interest, in its unit.
        definition: in a sentence or two.
        computed: how its value comes from a finished run.
        window: days for which an item is watched; what is sent later than the horizon less the window does not count.
        variant_of: another measure, of which this is a stricter or wider form.
        identity: of a formula of one's own: hexadecimal digits that change with it. The shipped ones are told by the model version.
        where: the file or notebook cell of a formula of one's own.
    """

    name: str
    title: str
    _: KW_ONLY
    group: str
    unit: str
    role: str = CONTEXT
    direction: str
    smallest_effect: float
    definition: str
    computed: Computation
    window: int = 0
    variant_of: str = ""
    identity: str = ""
    where: str = ""

    @property
    def primary(self) -> bool:
        """Whether comparisons are judged by it first."""
        return self.name == PRIMARY

    @property
    def scale(self) -> float:
        """By what numerator / denominator is multiplied to give the value."""
        return self.computed.scale

    @property
    def has_levels(self) -> bool:
        """Whether it is known by style and other levels, and not for everybody together alone."""
        return self.computed.has_levels


def by_name(measures: Iterable[Measure]) -> dict[str, Measure]:
    """Return measures by their names, of which no two may be the same."""
    found: dict[str, Measure] = {}
    for measure in measures:
        if measure.name in found:
            raise ValueError(f"two measures are called {measure.name!r}")
        found[measure.name] = measure
    return found
