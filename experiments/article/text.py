"""What was seen of the statements in words: a contrast, an effect, the score, the surprises. From the findings alone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from experiments.article.contrasts import BOTH
from experiments.article.statement import ADVICE, DESIGN, READINGS, Statement
from experiments.article.verdicts import (
    ASSUMED,
    BORNE_OUT,
    CONTRADICTED,
    DEPENDS,
    NO_DIFFERENCE,
    NOT_DECIDED,
    NOT_TESTED,
    VERDICTS,
    Finding,
    Reading,
)
from experiments.reporting.text import INTERVAL, counted, decimals, figure, listed, named, scale_of, with_interval
from sim.results.measures import MEASURES, Measure

SURPRISES = 3
SPEAKS_OF = {  # measures whose definitions lean on another's
    "inquiry_success": "intent_success",
    "relationship_success": "intent_success",
    "successes_per_member": "intent_success",
    "positive_to_messages": "positive_response",
    "positive_to_invitations": "positive_response",
    "far_partners": "partners",
    "restricted_not_promoting": "restricted_members",
}


def contrast_in_words(statement: Statement) -> str:
    """Return what is compared with what; `changes_in_words` says what that is in numbers."""
    if statement.kind == DESIGN:
        return f"Message-first against connect-first, everything else the same.{_read_among(statement)}"
    who = f"{listed([s.replace('_', ' ') for s in statement.styles])} members" if statement.styles else ""
    world = ", in a network that differs from the baseline in the same way on both sides" if statement.held else ""
    if statement.kind == ADVICE:
        return f"{(who or 'members').capitalize()} who follow the advice against the same members not following it{world}."
    return f"A network in which the numbers below are changed{f' for {who}' if who else ''} against one in which they are not{world}.{_read_among(statement)}"


def _read_among(statement: Statement) -> str:
    """Return of whom the figure is read, if not of all."""
    dimension, _, level = statement.cut.partition(".")
    thirds = {"low": "lowest", "middle": "middle", "high": "highest"}
    of = {"selectivity": "selectivity", "inbox": "items in the inbox"}
    return f" The figure is that of the recipients in the {thirds[level]} third by {of[dimension]}." if dimension else ""


def changes_in_words(statement: Statement) -> list[tuple[str, str, str]]:
    """Return a row a parameter that the contrast sets: its name, its value with the statement's change, and without."""
    paths = dict.fromkeys([*statement.change, *statement.against])
    rows = [(path, _number(statement.change, path), _number(statement.against, path)) for path in paths]
    return rows + [(path, f"{value:g}", f"{value:g}") for path, value in statement.held.items()]


def _number(values: Mapping[str, float], path: str) -> str:
    return f"{values[path]:g}" if path in values else "as in the baseline"


def effect_in_words(reading: Reading, of: str = "") -> str:
    """Return a difference with its interval, in the unit of its measure, with the digits that the interval can tell.

    Args:
        reading: what was seen.
        of: what stands before the bounds; empty in a table whose heading says it.
    """
    if not math.isfinite(reading.difference.estimate):
        return f"no figure: in no pair of runs was there anything that {MEASURES[reading.contrast.statement.measure].title.lower()} counts"
    scale, word = scale_of(MEASURES[reading.contrast.statement.measure].unit)
    return with_interval(*(scale * x for x in reading.difference), unit=word, of=of)


def means_in_words(reading: Reading) -> str:
    """Return both sides' means, with the digits that the interval of their difference can tell."""
    unit = MEASURES[reading.contrast.statement.measure].unit
    scale, _ = scale_of(unit)
    places = decimals(scale * reading.difference.low, scale * reading.difference.high)
    return f"{figure(reading.mean, unit, places)} instead of {figure(reading.mean_without, unit, places)}"


def measure_in_words(measure: Measure) -> str:
    """Return what a measure is, and what the one is that its definition speaks of."""
    base = SPEAKS_OF.get(measure.name)
    more = f" {MEASURES[base].title}: {MEASURES[base].definition}" if base else ""
    return f"{measure.title}. {measure.definition}{more}"


def where(reading: Reading) -> str:
    """Return under which design a reading was made."""
    return "between the designs" if reading.contrast.design == BOTH else f"under {named(reading.contrast.design)}"


def reading_in_words(reading: Reading) -> str:
    """Return whose figure it is."""
    return READINGS[reading.contrast.reading]


def scored(found: Sequence[Finding]) -> list[Finding]:
    """Return the findings that the score is about: those among the 92, or all where none of them was asked for."""
    return [finding for finding in found if finding.statement.counts] or list(found)


def tally(found: Sequence[Finding]) -> dict[str, int]:
    """Return how many of the findings that the score is about have each verdict."""
    have = Counter(finding.verdict for finding in scored(found))
    return {verdict: have[verdict] for verdict in VERDICTS}


SAID = {  # of a verdict: what one does, and what several do
    BORNE_OUT: ("is borne out", "are borne out"),
    CONTRADICTED: ("is contradicted", "are contradicted"),
    NO_DIFFERENCE: ("makes no difference that matters", "make no difference that matters"),
    DEPENDS: ("depends on the design", "depend on the design"),
    NOT_DECIDED: ("is not decided", "are not decided"),
    ASSUMED: ("is assumed", "are assumed"),
    NOT_TESTED: ("cannot be tested in the model", "cannot be tested in the model"),
}


def score(found: Sequence[Finding]) -> list[str]:
    """Return the score in sentences: each verdict that there is, the undecided too."""
    have = tally(found)
    total, tested = sum(have.values()), tested_of(have)
    if total == 1:
        [finding] = scored(found)
        return [f"The statement {SAID[finding.verdict][0]}.", *([finding_in_words(finding)] if finding.readings else [])]
    first, rest = (
        [f"{have[verdict]} {SAID[verdict][have[verdict] > 1]}" for verdict in verdicts if have[verdict]]
        for verdicts in ((BORNE_OUT, CONTRADICTED, NO_DIFFERENCE, DEPENDS, NOT_DECIDED), (ASSUMED, NOT_TESTED))
    )
    how_many = f"all {total}" if tested == total else "none" if not tested else f"{tested}"
    lines = [f"Of {counted(total, 'statement')}, {how_many} {_is(tested)} tested{': ' + ', '.join(first) if first else ''}."]
    return [*lines, listed(rest) + "."] if rest else lines


def headline(found: Sequence[Finding]) -> str:
    """Return what the picture of the score shows."""
    have = tally(found)
    tested = tested_of(have)
    if not tested:
        return f"None of {counted(sum(have.values()), 'statement')} is tested"
    return f"{have[BORNE_OUT]} of {counted(tested, 'tested statement')} {_is(have[BORNE_OUT])} borne out, {have[CONTRADICTED]} contradicted"


def tested_of(have: Mapping[str, int]) -> int:
    """Return how many statements of a tally were tested."""
    return sum(have.values()) - have[ASSUMED] - have[NOT_TESTED]


def _is(n: int) -> str:
    return "is" if n == 1 else "are"


def question(found: Sequence[Finding]) -> str:
    """Return what was asked: of all statements, of a heading, or of one."""
    headings = dict.fromkeys(finding.statement.heading for finding in found)
    if len(found) == 1:
        return f"Does the model bear out the article’s statement {found[0].statement.name}?"
    of = f" on “{next(iter(headings))}”" if len(headings) == 1 else ""
    return f"How much of the article’s advice{of} does the model bear out?"


def strength(reading: Reading) -> float:
    """Return a difference in units of the smallest effect of interest, above 0 where it bears the claim out; nan if undefined."""
    return in_smallest_effects(reading, reading.difference.estimate)


def in_smallest_effects(reading: Reading, x: float) -> float:
    """Return a difference of a reading's measure in such units."""
    sign = 1.0 if reading.contrast.statement.direction == "higher" else -1.0
    return sign * x / reading.contrast.statement.smallest


def surprises(found: Sequence[Finding]) -> list[str]:
    """Return the most surprising of several findings in words: what the designs turn round first, then what contradicts a claim most."""
    decided = [f for f in found if f.verdict in (DEPENDS, CONTRADICTED)]

    def rank(finding: Finding) -> tuple[bool, float]:
        words = {r.verdict for r in finding.primaries}
        return {BORNE_OUT, CONTRADICTED} <= words, max(-strength(r) for r in finding.primaries)

    chosen: list[Finding] = []
    for finding in sorted(decided, key=rank, reverse=True):
        if all(_another(finding, other) for other in chosen):
            chosen.append(finding)
    return [finding_in_words(finding) for finding in chosen[:SURPRISES]] if len(found) > 1 else []


def _another(a: Finding, b: Finding) -> bool:
    """Tell whether two findings rest on different contrasts."""
    return (a.statement.change, a.statement.against, a.statement.kind) != (b.statement.change, b.statement.against, b.statement.kind)


def finding_in_words(finding: Finding) -> str:
    """Return a statement that was tested, the verdict on it, and its primary readings."""
    seen = "; ".join(
        f"{where(r)} {means_in_words(r)}, {effect_in_words(r, of='' if k else INTERVAL)}" for k, r in enumerate(finding.primaries)
    )
    return f"“{finding.statement.claim}” In the model: {finding.verdict}. {MEASURES[finding.statement.measure].title}: {seen}."
