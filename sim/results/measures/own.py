"""Measures of one's own: a ratio of counters, or a function of the finished run, with a name, a unit and an identity."""

from __future__ import annotations

import inspect
import math
import re
import types
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

from sim.decisions.codes import Purpose
from sim.decisions.constants import MONTH, TALK_WINDOW, WEEK
from sim.decisions.counters import Counter
from sim.errors import BadInput, must, nearest
from sim.results.computations import Computation, CounterRatio, OwnFigure
from sim.results.measures.catalogue import SHIPPED
from sim.results.measures.identity import Untold, arguments_of, caller, closed_over, digest, source_of, texts_of
from sim.results.measures.measure import CONTEXT, DIRECTIONS, GROUPS, NEITHER, OWN, ROLES, SHARE, Measure

if TYPE_CHECKING:
    from sim.results.finished_run import FinishedRun

    Returned = float | tuple[float, float] | Any | None  # Any: NumPy's numbers, and values of the run's own methods

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
USUAL_SHARE = 0.005  # smallest effect of a share, as most shipped ones have it
LONGEST_WINDOW = 10_000  # days of a scenario

# How long what a counter counts is watched, in days; the others count at once.
WATCHED: Mapping[Counter, int] = types.MappingProxyType(
    {one: WEEK for one in Counter if one.name.endswith("_7")}
    | {one: MONTH for one in Counter if one.name.endswith("_30")}
    | dict.fromkeys((Counter.RESPONSE_DAYS, Counter.RESPONSES), MONTH)
    | dict.fromkeys(
        (
            Counter.INTENTS,
            Counter.SUCCESS,
            Counter.SUCCESS_2,
            Counter.SUCCESS_3,
            Counter.CONTACT_60,
            Counter.CONNECTED_60,
            Counter.WALKED,
            Counter.NOBODY,
        ),
        TALK_WINDOW,
    )
)


@overload
def measure(
    *,
    name: str,
    title: str | None = None,
    unit: str,
    definition: str,
    role: str = CONTEXT,
    direction: str = NEITHER,
    smallest_effect: float | None = None,
    group: str = OWN,
    window: int | None = None,
    numerator: Counter | Sequence[Counter],
    denominator: Counter | Sequence[Counter],
    purposes: Sequence[Purpose] = tuple(Purpose),
    scale: float = 1.0,
    version: str | None = None,
) -> Measure: ...


@overload
def measure(
    *,
    name: str | None = None,
    title: str | None = None,
    unit: str,
    definition: str | None = None,
    role: str = CONTEXT,
    direction: str = NEITHER,
    smallest_effect: float | None = None,
    group: str = OWN,
    window: int | None = None,
    scale: float = 1.0,
    version: str | None = None,
) -> Callable[[Callable[[FinishedRun], Returned]], Measure]: ...


def measure(
    *,
    name: str | None = None,
    title: str | None = None,
    unit: str,
    definition: str | None = None,
    role: str = CONTEXT,
    direction: str = NEITHER,
    smallest_effect: float | None = None,
    group: str = OWN,
    window: int | None = None,
    numerator: Counter | Sequence[Counter] | None = None,
    denominator: Counter | Sequence[Counter] | None = None,
    purposes: Sequence[Purpose] = tuple(Purpose),
    scale: float = 1.0,
    version: str | None = None,
) -> Measure | Callable[[Callable[[FinishedRun], Returned]], Measure]:
    """Make a measure of one's own: of counters over counters, or, as a decorator, of a function of the finished run.

    The function takes a `FinishedRun` and returns a number, (numerator, denominator), or None where the measure is undefined; it
    may read the run, not change it. It is known by the source of its file or notebook cell, and of the functions there that it
    calls: where that is edited, runs that a ledger holds are made again. What it imports from other files is not looked at.

    Args:
        name: of tables and of `--measure`: letters, digits and _, no shipped measure's; the function's own unless given.
        title: for people; the name in words unless given.
        unit: of its value; "share" is shown as per cent, and its differences as points.
        definition: in a sentence or two; the function's docstring unless given.
        role: "goal", "guardrail" or "context".
        direction: "higher better", "lower better" or "neither".
        smallest_effect: the smallest effect of interest, in its unit: a smaller difference is called none that matters. 0.005 of a
            share unless given, else 0, with which no difference ever is.
        group: "response", "spam load", "reach", "platform" or "own".
        window: days for which an item is watched: the horizon must be longer. Of counters, theirs unless given; else 0.
        numerator: counters whose sum is divided.
        denominator: counters by whose sum it is divided; where that is 0, the measure is undefined.
        purposes: whose items and intents are counted.
        scale: by what numerator / denominator is multiplied.
        version: what tells this formula from others of its name, in place of the source: needed where there is none, or where the
            function uses variables of an enclosing one.

    Raises:
        BadInput: with what must be.

    Example:
        >>> from sim import Counter, measure
        >>> filtered = measure(
        ...     name="filtered_share",
        ...     unit="share",
        ...     definition="Share of all items, delivered or not, that the filter took.",
        ...     direction="lower better",
        ...     numerator=Counter.FILTERED,
        ...     denominator=[Counter.FILTERED, Counter.DELIVERED],
        ... )
        >>> filtered.title, filtered.window, filtered.smallest_effect
        ('Filtered share', 0, 0.005)
    """

    def made(name: str, definition: str, computed: Computation, *, window: int, identity: str, where: str) -> Measure:
        _check_texts(name, {"title": title, "unit": unit, "definition": definition})
        for what, given, known in (("role", role, ROLES), ("direction", direction, DIRECTIONS), ("group", group, GROUPS)):
            if given not in known:
                raise _wrong(name, what, f"be one of {', '.join(known)}", f"{given!r}{nearest(str(given), known)}")
        least = (USUAL_SHARE if unit == SHARE else 0.0) if smallest_effect is None else smallest_effect
        return Measure(
            name,
            (title or name.replace("_", " ").capitalize()).strip(),
            group=group,
            unit=unit.strip(),
            role=role,
            direction=direction,
            smallest_effect=_number(name, "smallest_effect", least, zero=True),
            definition=" ".join(definition.split()),
            computed=computed,
            window=_days(name, window),
            identity=identity,
            where=where,
        )

    def of_function(function: Callable[[FinishedRun], Returned]) -> Measure:
        called = _checked_name(name if name is not None else getattr(function, "__name__", None))
        _check_function(called, function, version)
        told = [f"version {version}"] if version is not None else _told_by_source(called, function)
        _let_travel(function)
        source = source_of(function) if isinstance(function, types.FunctionType) else None
        where = source.where if source else caller()
        said = definition or (inspect.getdoc(function) or "").partition("\n\n")[0]
        facts = ["function", called, str(window or 0), repr(scale), *told]
        return made(
            called,
            said,
            OwnFigure(called, function, where, factor),
            window=window or 0,
            identity=digest(*facts),
            where=where,
        )

    factor = _number(name or "measure", "scale", scale)
    if version is not None and not (isinstance(version, str) and version.strip()):
        raise _wrong(name or "measure", "version", 'be a text such as "1"', repr(version))
    if numerator is None and denominator is None:
        return of_function
    called = _checked_name(name)
    top, bottom = _counters(called, "numerator", numerator), _counters(called, "denominator", denominator)
    counted = _purposes(called, purposes)
    watched = max(WATCHED.get(one, 0) for one in (*top, *bottom)) if window is None else window
    facts = [" ".join(one.label for one in part) for part in (top, bottom)] + [" ".join(one.name for one in counted)]
    identity = digest("ratio", called, str(watched), repr(factor), *facts, version or "")
    ratio = CounterRatio(top, bottom, factor, counted)
    return made(called, definition or "", ratio, window=watched, identity=identity, where=caller())


def _let_travel(function: Any) -> None:
    """Give a function a name by which pickle finds it again: where it is decorated, its own name will mean the measure."""
    path = ".computed.function"
    there = getattr(function, "__globals__", {}).get(function.__name__) if isinstance(function, types.FunctionType) else function
    if there is not function and not function.__qualname__.endswith(path):
        function.__qualname__ += path


def _wrong(name: str, what: str, rule: str, got: object = "") -> BadInput:
    return BadInput(must(what, rule, got, where=f"measure {name}"))


def _checked_name(name: str | None) -> str:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise _wrong("of one's own", "name", "be 1 to 60 letters, digits and _, a letter first", repr(name))
    if name in SHIPPED:
        raise _wrong(name, "name", "be one that no shipped measure has", f"that of {SHIPPED[name].title!r}")
    return name


def _check_texts(name: str, texts: dict[str, object]) -> None:
    for what, text in texts.items():
        needed = what != "title"
        if (text is None and not needed) or (
            isinstance(text, str) and text.strip() and (what == "definition" or (text.isprintable() and "$" not in text))
        ):
            continue
        rule = "be given as a text on one line, without $, such as " + ('"share"' if what == "unit" else '"Share of members who ..."')
        raise _wrong(name, what, rule, "nothing" if text in (None, "") else repr(text))


def _check_function(name: str, function: Any, version: str | None) -> None:
    """Refuse what cannot be called with a run, and what no source identifies."""
    if not callable(function):
        raise _wrong(
            name, "numerator", "be given with denominator, or a function be decorated", f"an object of type {type(function).__name__}"
        )
    if not isinstance(function, types.FunctionType):
        if version is None:
            raise _wrong(name, "version", 'be given, such as version="1", for what is no plain function', type(function).__name__)
        return
    if arguments_of(function) != 1:
        raise _wrong(name, "function", "take one argument, the finished run", f"{function.__name__}{inspect.signature(function)}")
    if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
        raise _wrong(name, "function", "return its value", "one that is async, or yields")
    if version is None and closed_over(function):
        used = ", ".join(closed_over(function))
        raise _wrong(name, "version", 'be given, such as version="1", for a function that uses variables of another', used)


def _told_by_source(name: str, function: Any) -> list[str]:
    """Return as texts what a function's value comes from. Errors as in `measure`."""
    try:
        return texts_of(function)
    except Untold as error:
        why = "for a function that reads what no source tells" if error.args else "where no source of the function can be had"
        raise _wrong(name, "version", f'be given, such as version="1", {why}', *error.args) from None


def _counters(name: str, what: str, given: object) -> tuple[Counter, ...]:
    counters = (given,) if isinstance(given, Counter) else tuple(given) if isinstance(given, Sequence) else ()
    if not counters or not all(isinstance(one, Counter) for one in counters):
        raise _wrong(name, what, "be counters, such as Counter.READ", "nothing" if given is None else repr(given))
    if len(set(counters)) < len(counters):
        raise _wrong(name, what, "have each counter once", repr([one.name for one in counters]))
    return counters


def _purposes(name: str, given: object) -> tuple[Purpose, ...]:
    purposes = (given,) if isinstance(given, Purpose) else tuple(given) if isinstance(given, Sequence) else ()
    if not purposes or not all(isinstance(one, Purpose) for one in purposes) or len(set(purposes)) < len(purposes):
        raise _wrong(name, "purposes", "be purposes, each once, such as Purpose.INQUIRY", repr(given))
    return purposes


def _number(name: str, what: str, given: Any, *, zero: bool = False) -> float:
    if isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given < math.inf and (zero or given):
        return float(given)
    raise _wrong(name, what, f"be a number {'of 0 or more' if zero else 'above 0'}", repr(given))


def _days(name: str, given: object) -> int:
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= LONGEST_WINDOW:
        return given
    raise _wrong(name, "window", f"be whole days from 0 to {LONGEST_WINDOW}", repr(given))
