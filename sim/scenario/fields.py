"""How a number of the model is declared: with its unit, bounds, default and source, which begins with its kind."""

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

SOURCE_KINDS = {
    "published": "in a study or a platform's documentation, read in secondary text",
    "vendor": "a vendor's figure",
    "measured": "computed from a public log of private messages on a university's platform (CollegeMsg, 59,835 messages)",
    "from memory": "remembered, not confirmed",
    "definition": "what the number means leaves no choice",
    "assumption": "chosen, and for what reason",
}


def because(reason: str) -> str:
    """Return the source of a number that is an assumption."""
    return f"assumption: because {reason}"


def published(work: str) -> str:
    """Return the source of a number that a study or a platform published."""
    return f"published: {work} (read in secondary text)"


def recalled(what: str) -> str:
    """Return the source of a number that was remembered and could not be confirmed."""
    return f"from memory: {what}, not confirmed"


GUESS = because("no figure is published")
# Arms part at the switch. Why no arm can change a number that has done its work by then:
DRAWN = "all members, those to come included, are drawn with it before the first day"
LAID = "the network of the first day is made with it"
CHANNELS = "; the size gives about three first messages a cold invitation, assumed too"


class Plausible(NamedTuple):
    """From where to where a number may well lie, though nobody has measured it, and why: narrower than its bounds, in its unit."""

    low: float
    high: float
    why: str


def between(low: float, high: float, reason: str) -> Plausible:
    """Return the range in which an assumed number may well lie."""
    return Plausible(low, high, f"because {reason}")


def number(default: float, low: float, high: float, unit: str, source: str, plausible: Plausible | None = None) -> Any:
    """Declare a float with inclusive bounds [low, high], its unit and where it comes from.

    `plausible` is the range of an assumed number of which more can be said than `sim.scenario.plausible` says of any.
    """
    extra: Any = {"unit": unit, "source": source} | ({} if plausible is None else {"plausible": list(plausible)})
    return Field(default, ge=low, le=high, allow_inf_nan=False, json_schema_extra=extra)


def whole(default: int, low: int, high: int, unit: str, source: str) -> Any:
    """Declare an integer with inclusive bounds [low, high], its unit and where it comes from."""
    return Field(default, ge=low, le=high, strict=True, json_schema_extra={"unit": unit, "source": source})


class Section(BaseModel):
    """A group of numbers that one part of the model reads. `AT_START`: why no arm can change it, of each number that is so."""

    AT_START: ClassVar[Mapping[str, str]] = {}
    model_config = ConfigDict(frozen=True, extra="forbid")
    __iter__ = None  # type: ignore[assignment]  # one value: whoever takes lists apart must not take its fields
