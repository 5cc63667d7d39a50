"""The statements, a file a heading: read, and every mistake in them named at once."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from sim.errors import must, nearest
from sim.results.measures import MEASURES
from sim.scenario.arms import rule_of, settled
from sim.scenario.files import read_toml
from sim.scenario.library import list_styles
from sim.scenario.parameters import SECTIONS
from sim.scenario.presets import Design, Moderation, Style
from sim.scenario.validation import Mistakes, limits

HOME = Path(__file__).parent / "statements"
ADVICE, WORLD, DESIGN = "advice", "world", "design"
ME, HALF, ALL, OTHERS, WHOLE = "me", "half", "all", "others", "everybody"
CUTS = tuple(f"{dimension}.{level}" for dimension in ("selectivity", "inbox") for level in ("low", "middle", "high"))
READINGS = {
    ME: "one member in a hundred follows: what it does for them",
    HALF: "half of all members follow: what it does for them",
    ALL: "all follow: what it does for everybody",
    OTHERS: "half follow: what it does to the other half",
    WHOLE: "the network as a whole",
}
MECHANISM = "be a parameter of the model or sim/file.py:function"
MODELS: dict[str, type[BaseModel]] = {**SECTIONS, "style": Style, "design": Design, "moderation": Moderation}


class Statement(BaseModel):
    """A statement, and the contrast that tests it, or why none can."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    heading: str
    place: int  # of the heading: 0 for the section on differences, then 1 to 15
    number: int  # the article's own
    claim: str  # in our words
    mechanism: tuple[str, ...]  # parameters of the model, or sim/file.py:function
    why_not: str = ""  # no contrast can test it, because ...
    assumed: str = ""  # a contrast would only read back the parameter that makes it true
    kind: Literal["advice", "world", "design", ""] = ""
    change: dict[str, float] = {}  # what following means, or what differs
    against: dict[str, float] = {}  # what holds on the other side; nothing changed unless given
    held: dict[str, float] = {}  # holds on both sides: the world in which it is asked
    styles: tuple[str, ...] = ()  # the members it concerns; all unless given
    cut: str = ""  # read among these alone: "selectivity.high", of the recipients
    reading: str = ""  # the primary one
    measure: str = ""
    direction: Literal["higher", "lower", ""] = ""  # what would bear it out
    least: float | None = None  # the smallest effect of interest; the measure's own unless given
    contradicted: str = ""  # what would contradict it
    off: dict[str, float] = {}  # the mechanism switched off, for the control
    note: str = ""  # what a reader must know about the test

    @property
    def name(self) -> str:
        """Return the statement's short name: heading.number."""
        return f"{self.place}.{self.number}"

    @property
    def counts(self) -> bool:
        """Tell whether it is one of the 92: the section on differences stands beside them."""
        return self.place > 0

    @property
    def tested(self) -> bool:
        """Tell whether a contrast tests it."""
        return bool(self.kind)

    @property
    def smallest(self) -> float:
        """Return the smallest effect of interest, in the measure's unit."""
        return MEASURES[self.measure].smallest_effect if self.least is None else self.least

    @property
    def readings(self) -> tuple[str, ...]:
        """Return the readings that are given, the primary first."""
        return (self.reading, *(r for r in self.possible if r != self.reading))

    @property
    def possible(self) -> tuple[str, ...]:
        """Return the readings that its kind and its measure allow."""
        if self.kind != ADVICE:
            return (WHOLE,)
        return (ME, HALF, ALL, OTHERS) if is_known_by_style(self.measure) else (ALL,)


def load_statements(folder: Path = HOME) -> list[Statement]:
    """Return all statements in the order of the headings.

    Raises:
        BadInput: with every mistake, each with its file and number.
    """
    mistakes: list[str] = []
    statements = [statement for path in sorted(folder.glob("*.toml")) for statement in _statements_of(path, mistakes)]
    seen: set[str] = set()
    for statement in statements:
        if statement.name in seen:
            mistakes.append(must("number", "be given once in a heading", f"{statement.number} twice", where=statement.heading))
        seen.add(statement.name)
    if mistakes:
        raise Mistakes(mistakes)
    return sorted(statements, key=lambda p: (p.place, p.number))


def _statements_of(path: Path, mistakes: list[str]) -> Iterator[Statement]:
    try:
        table = read_toml(path)
    except Mistakes as error:
        mistakes += error.mistakes
        return
    unknown = set(table) - {"heading", "place", "point"}
    if unknown or not isinstance(table.get("heading"), str) or not isinstance(table.get("place"), int):
        mistakes.append(must("", "have heading, place and [[point]] tables alone", f"the keys {sorted(table)}", where=path.name))
        return
    for entry in table.get("point", []):
        where = f"{path.name}, number {entry.get('number', '?')}"
        try:
            statement = Statement(heading=table["heading"], place=table["place"], **entry)
        except (ValidationError, TypeError) as error:
            problems = error.errors() if isinstance(error, ValidationError) else [{"loc": ["point"], "msg": str(error)}]
            for problem in problems:
                key = ".".join(map(str, problem["loc"]))
                mistakes.append(_misformed(where, key, str(problem["msg"])))
            continue
        found = list(mistakes_in(statement))
        mistakes += [f"{where}: {line}" for line in found]
        if not found:
            yield statement


def _misformed(where: str, key: str, message: str) -> str:
    """Return the mistake of a key that the form of a statement does not have, or whose value has another form."""
    if key not in Statement.model_fields:
        return must(key, "be a key of a statement", f"an unknown key{nearest(key, Statement.model_fields)}", where=where)
    return must(key, message.replace("Input should be ", "be "), where=where)


def mistakes_in(statement: Statement) -> Iterator[str]:
    """Yield what is wrong with an entry, a line each."""
    if sum(map(bool, (statement.kind, statement.why_not, statement.assumed))) != 1:
        yield must("kind", "be given, or assumed, or why_not: exactly one of them", "none or several")
    if not statement.mechanism and not statement.why_not:
        yield must("mechanism", MECHANISM, "none")
    for name in statement.mechanism:
        if not mechanism_exists(name):
            yield must("mechanism", MECHANISM, f"{name!r}{nearest(name, _numbers())}")
    if statement.tested:
        yield from _mistakes_in_contrast(statement)


def _mistakes_in_contrast(statement: Statement) -> Iterator[str]:
    if not statement.direction:
        yield must("direction", "be higher or lower", "none")
    if not statement.contradicted:
        yield must("contradicted", "say what would contradict the claim", "nothing")
    if not statement.off:
        yield must("off", "be the parameters that switch the mechanism off", "none")
    yield from _mistakes_in_figure(statement)
    for key in ("change", "against", "held", "off"):
        yield from _mistakes_in_numbers(statement, key)
    if statement.kind == DESIGN and (statement.change or statement.against):
        yield must("change", "be left out for kind design: the designs are the contrast", "parameters")
    if set(statement.held) & (set(statement.change) | set(statement.against)):
        yield must("held", "have no parameter of change or against", "one of them")
    if statement.kind != DESIGN and statement.change == statement.against:
        yield must("change", "differ from against", "the same")


def _mistakes_in_figure(statement: Statement) -> Iterator[str]:
    """Yield what is wrong with whose figure is read."""
    if statement.measure not in MEASURES:
        yield must("measure", "be a measure", f"{statement.measure!r}{nearest(statement.measure, MEASURES)}")
    elif statement.reading not in statement.possible:
        found = f"{statement.reading!r}{nearest(statement.reading, statement.possible)}"
        yield must("reading", f"be one of {', '.join(statement.possible)}", found)
    elif statement.cut and (statement.cut not in CUTS or statement.kind == ADVICE or not is_known_by_style(statement.measure)):
        yield must("cut", f"be one of {', '.join(CUTS)}, with a measure that is known by level, and not for advice", repr(statement.cut))
    elif statement.kind == ADVICE and statement.styles and not is_known_by_style(statement.measure):
        yield must("measure", "be one that is known by style, such as positive_response", repr(statement.measure))
    for style in statement.styles:
        if style not in list_styles():
            yield must("styles", "be shipped styles", f"{style!r}{nearest(style, list_styles())}")


def _mistakes_in_numbers(statement: Statement, table: str) -> Iterator[str]:
    for path, value in getattr(statement, table).items():
        head, _, rest = path.partition(".")
        if head not in MODELS or rest not in limits(MODELS[head]):
            yield must(table, "be parameters of the model", f"{path!r}{nearest(path, _numbers())}")
            continue
        limit = limits(MODELS[head])[rest]
        if not limit.low <= value <= limit.high:
            yield must(f"{table}.{path}", f"be from {limit.low:g} to {limit.high:g}", f"{value:g}")
        if path in settled():
            yield must(f"{table}.{path}", rule_of(path))
        if statement.kind == ADVICE and head != "style" and table in ("change", "against"):
            yield must(table, "be parameters of style.* for advice, which members can follow", repr(path))


def is_known_by_style(measure: str) -> bool:
    """Tell whether a measure is known by style, so that followers' figures can be separated from others'."""
    return MEASURES[measure].has_levels


@functools.cache
def _numbers() -> tuple[str, ...]:
    return tuple(f"{head}.{name}" for head, model in MODELS.items() for name in limits(model))


@functools.cache
def mechanism_exists(name: str) -> bool:
    """Tell whether a mechanism is a number of the model, or a function of a file of `sim`."""
    path, _, function = name.partition(":")
    if not function:
        return name in _numbers()
    try:
        module: Any = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    except ImportError:
        return False
    return path.startswith("sim/") and callable(getattr(module, function, None))
