"""From statements to scenarios: who follows, what changes, and whose figures are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from experiments.article.statement import ADVICE, ALL, DESIGN, HALF, ME, MODELS, OTHERS, WHOLE, Statement
from experiments.runs.record import TAB, Cell
from experiments.space.factors import with_values
from sim.results.measures import MEASURES
from sim.results.values import Value
from sim.scenario import mixture
from sim.scenario.validation import limits

if TYPE_CHECKING:
    from sim.results.history import History
    from sim.scenario.scenario import Scenario

# Each style is cut into three groups, so that the same members can follow or not: 1%, so many more that it is half, the rest.
ONE, HALFWAY, REST = "", "-a", "-b"
GROUPS = {ONE: 0.01, HALFWAY: 0.49, REST: 0.50}
FOLLOWERS = {ME: (ONE,), HALF: (ONE, HALFWAY), ALL: (ONE, HALFWAY, REST)}
DESIGNS = ("connect_first", "message_first")
BOTH = "both"  # the design of a contrast between the designs


class Arm(NamedTuple):
    """One side of a contrast: a scenario that holds from the switch on."""

    design: str
    changes: tuple[tuple[str, float], ...]  # dotted keys of the layout's scenario, in order


class Figure(NamedTuple):
    """What is read of a run: a measure of the followers or of the others."""

    followers: str  # ME, HALF or ALL
    inside: bool  # of the followers; else of the others
    styles: tuple[str, ...]  # of which; all if there are none
    cut: str  # a dimension and a level of the recipients, a dot between; empty: of all
    measure: str

    @property
    def name(self) -> str:
        """Return its name in the ledger."""
        who = self.followers if self.inside else f"not {self.followers}"
        return TAB.join((who, ",".join(self.styles), self.cut, self.measure))


class Contrast(NamedTuple):
    """A reading of a statement under a design: two arms, and the figure that is read in both."""

    statement: Statement
    reading: str
    design: str  # BOTH where the designs themselves are the contrast
    primary: bool
    with_: Arm
    without: Arm
    figure: Figure


def layout(scenario: Scenario) -> Scenario:
    """Return the scenario with each style cut into groups; all members stay what they were."""
    styles = {name + group: style for name, style in scenario.styles.items() for group in GROUPS}
    shares = {name + group: share * part for name, share in scenario.style_shares.items() for group, part in GROUPS.items()}
    table = mixture.without(scenario.table())
    table |= {"styles": {name: style.model_dump() for name, style in styles.items()}, "style_shares": dict(sorted(shares.items()))}
    return type(scenario).model_validate(table)


def contrasts_of(statement: Statement, scenario: Scenario, *, control: bool = False) -> Iterator[Contrast]:
    """Yield the readings of a statement, the primary first, under each design.

    Args:
        statement: what is put to the test.
        scenario: before it was cut into groups.
        control: whether its mechanism is switched off on both sides.
    """
    both = statement.held | (statement.off if control else {})
    if statement.kind == DESIGN:
        arms = [Arm(design, _changes(statement, scenario, values={}, both=both, followers=ALL)) for design in reversed(DESIGNS)]
        figure = figure_for(ALL, statement, inside=True)
        yield Contrast(statement, WHOLE, design=BOTH, primary=True, with_=arms[0], without=arms[1], figure=figure)
        return
    for design in DESIGNS:
        for k, reading in enumerate(statement.readings):
            followers = {OTHERS: HALF, WHOLE: ALL}.get(reading, reading)
            with_, without = (
                Arm(design, _changes(statement, scenario, values=values, both=both, followers=followers))
                for values in (statement.change, statement.against)
            )
            figure = figure_for(followers, statement, inside=reading != OTHERS)
            yield Contrast(statement, reading, design=design, primary=k == 0, with_=with_, without=without, figure=figure)


def _changes(
    statement: Statement, scenario: Scenario, values: Mapping[str, float], both: Mapping[str, float], followers: str
) -> tuple[tuple[str, float], ...]:
    """Return what an arm changes, by dotted key; what holds on both sides, or is off, is so for everybody."""
    styles = statement.styles or scenario.style_names
    found: dict[str, float] = {}
    for path, value in values.items():
        head, _, name = path.partition(".")
        if head == "style":
            groups = FOLLOWERS[followers] if statement.kind == ADVICE else tuple(GROUPS)
            found |= {f"styles.{style}{group}.{name}": _typed(path, value) for style in styles for group in groups}
        else:
            found[path] = _typed(path, value)
    for path, value in both.items():
        head, _, name = path.partition(".")
        keys = [f"styles.{style}{group}.{name}" for style in scenario.style_names for group in GROUPS] if head == "style" else [path]
        found |= dict.fromkeys(keys, _typed(path, value))
    return tuple(sorted(found.items()))


def _typed(path: str, value: float) -> float:
    head, _, name = path.partition(".")
    return int(value) if limits(MODELS[head])[name].kind is int else float(value)


def scenario_of(arm: Arm, base: Scenario, held: Mapping[str, float] | None = None) -> Scenario:
    """Return the scenario of an arm; `base` is the layout, `held` has what else its design is, below what the contrast sets."""
    return with_values(base.with_(design=arm.design), held or {}).with_(**dict(arm.changes))


# figures --------------------------------------------------------------------------------------------------------------


def figure_for(followers: str, statement: Statement, *, inside: bool) -> Figure:
    """Return the figure that a contrast reads: of the followers or of the others, of some styles, of some recipients."""
    styles = tuple(statement.styles) if statement.kind == ADVICE and inside else ()
    return Figure(followers, inside, styles, cut=statement.cut, measure=statement.measure)


def figures_of(history: History, figures: Iterable[Figure]) -> dict[Figure, Cell]:
    """Return these figures of a history as (numerator, denominator, value)."""
    return {figure: _cell_of(history, figure) for figure in figures}


def _cell_of(history: History, figure: Figure) -> Cell:
    measure = figure.measure
    if figure.cut:
        dimension, _, level = figure.cut.partition(".")
        return _cell([history.levels.get((dimension, level, measure))], measure)
    if figure.followers == ALL and figure.inside and not figure.styles:
        found = history.measures[measure]
        return found.numerator, found.denominator, found.value
    groups = [group for group in GROUPS if (group in FOLLOWERS[figure.followers]) == figure.inside]
    names = figure.styles or [name for name in history.scenario.style_names if not name.endswith((HALFWAY, REST))]
    return _cell([history.levels.get(("style", name + group, measure)) for name in names for group in groups], measure)


def _cell(values: list[Value | None], measure: str) -> Cell:
    top = sum(value.numerator or 0.0 for value in values if value)
    bottom = sum(value.denominator or 0.0 for value in values if value)
    return top, bottom, MEASURES[measure].scale * top / bottom if bottom else None
