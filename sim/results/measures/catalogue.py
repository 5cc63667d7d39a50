"""Measures by name: those that are shipped, and behind them those of one's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sim.errors import BadInput, must
from sim.results.measures import network_reach, platform_use, response, spam_load
from sim.results.measures.measure import PRIMARY, Measure, by_name

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

SHIPPED = by_name([*response.MEASURES, *spam_load.MEASURES, *network_reach.MEASURES, *platform_use.MEASURES])
SUCCESS_VARIANTS = tuple(measure.name for measure in SHIPPED.values() if measure.variant_of == PRIMARY)


class Catalogue(Mapping[str, Measure]):
    """Measures by name in the order of tables: the shipped ones, then one's own. It is never changed: another one is made.

    Args:
        own: measures of one's own.
        file: the file that they are from, as it was named; empty for those that were given as objects.

    Raises:
        BadInput: for what is no measure, and for two of one name, naming both.
    """

    def __init__(self, own: Iterable[Measure] = (), file: str = "") -> None:
        self.own, self.file = tuple(own), file
        self._all = dict(SHIPPED)
        for measure in self.own:
            if not isinstance(measure, Measure) or not measure.identity:
                raise BadInput(must("measures", "be made by `measure`", f"an object of type {type(measure).__name__}"))
            there = self._all.get(measure.name)
            if there is not None:
                both = f"two: {there.title!r} ({there.where}) and {measure.title!r} ({measure.where})"
                raise BadInput(must("measures", f"have names that differ: {measure.name!r} is the name of one", both))
            self._all[measure.name] = measure
        facts = sorted(f"{measure.name} {measure.identity}" for measure in self.own)
        # 16 hex digits that change with any formula of one's own, and not with their order; empty without any
        self.identity = hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16] if facts else ""

    def __getitem__(self, name: str) -> Measure:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __hash__(self) -> int:
        return hash(self.identity)

    def __reduce__(self) -> tuple[Any, ...]:
        """Let one's own measures travel alone: the shipped ones are everywhere."""
        return Catalogue, (self.own, self.file)

    def __repr__(self) -> str:
        return f"Catalogue({len(SHIPPED)} shipped measures" + "".join(f", {measure.name}" for measure in self.own) + ")"

    def in_order(self, names: Iterable[str]) -> list[str]:
        """Return names of measures in the order of tables.

        Raises:
            KeyError: for a name that is not here.
        """
        place = {name: k for k, name in enumerate(self._all)}
        return sorted(names, key=place.__getitem__)

    def fitting(self, scenario: Scenario) -> tuple[list[Measure], list[str]]:
        """Return the measures whose window fits the horizon, and a line for each that is left out."""
        left_out = [
            f"{m.title} ({m.name}) is left out: it watches each item for {m.window} days, and {scenario.days} days after "
            f"the switch leave none to watch: days must be at least {m.window + 1}"
            for m in self._all.values()
            if m.window >= scenario.days
        ]
        return [m for m in self._all.values() if m.window < scenario.days], left_out


MEASURES = Catalogue()


def catalogue_of(measures: Catalogue | Iterable[Measure]) -> Catalogue:
    """Return a catalogue with measures of one's own; one that is given stays as it is. Errors as in `Catalogue`."""
    if isinstance(measures, Catalogue):
        return measures
    if isinstance(measures, Measure) or not isinstance(measures, Iterable):
        raise BadInput(must("measures", "be a list of measures", f"an object of type {type(measures).__name__}"))
    own = tuple(measures)
    return Catalogue(own) if own else MEASURES


def fitting(scenario: Scenario) -> tuple[list[Measure], list[str]]:
    """Return the shipped measures whose window fits the horizon, and a line for each that is left out."""
    return MEASURES.fitting(scenario)
