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
from experiments.reporting.text import POINTS, figure, listed, named
from sim.results.measures import MEASURES

SURPRISES = 3


def contrast_in_words(statement: Statement) -> str:
    """Return what is compared with what."""
    if statement.kind == DESIGN:
        return "Message first against Connect first, everything else the same."
    who = f"{listed([s.replace('_', ' ') for s in statement.styles])} members" if statement.styles else "Members"
    one, other = _numbers(statement.change), _numbers(statement.against) or "as they are"
    world = f", in a network with {_numbers(statement.held)}" if statement.held else ""
    if statement.kind == ADVICE:
        return f"{who.capitalize()} who follow ({one}) against the same members not following ({other}){world}."
    scope = f" for {who}" if statement.styles else ""
    return f"A network with {one}{scope} against one with {other.replace('as they are', 'the defaults')}{world.replace('in a network', 'both')}."


def _numbers(values: Mapping[str, float]) -> str:
    return ", ".join(f"{path} {value:g}" for path, value in values.items())


def effect_in_words(reading: Reading) -> str:
    """Return a difference with its interval, in the unit of its measure."""
    unit = MEASURES[reading.contrast.statement.measure].unit
    scale, word = (POINTS, " points") if unit == "share" else (1.0, "")
    if not all(map(math.isfinite, reading.difference)):
        return "undefined: nothing to count"
    d, low, high = (scale * x for x in reading.difference)
    digits = 2 if abs(low) + abs(high) >= 0.2 else 4  # enough to tell a small interval from none
    return f"{d:+.{digits}f}{word} ({low:+.{digits}f} to {high:+.{digits}f})"


def means_in_words(reading: Reading) -> str:
    """Return both sides' means."""
    unit = MEASURES[reading.contrast.statement.measure].unit
    return f"{figure(reading.mean, unit)} instead of {figure(reading.mean_without, unit)}"


def where(reading: Reading) -> str:
    """Return under which design a reading was made."""
    return "between the designs" if reading.contrast.design == BOTH else f"under {named(reading.contrast.design)}"


def reading_in_words(reading: Reading) -> str:
    """Return whose figure it is."""
    return READINGS[reading.contrast.reading]


def counted(found: Sequence[Finding]) -> dict[str, int]:
    """Return how many of the 92 have each verdict."""
    have = Counter(finding.verdict for finding in found if finding.statement.counts)
    return {verdict: have[verdict] for verdict in VERDICTS}


def score(found: Sequence[Finding]) -> list[str]:
    """Return the score in sentences."""
    have = counted(found)
    total, tested = sum(have.values()), sum(have.values()) - have[ASSUMED] - have[NOT_TESTED]
    first = (
        f"Of {total} statements {tested} are tested: {have[BORNE_OUT]} are borne out, {have[CONTRADICTED]} contradicted, "
        f"{have[NO_DIFFERENCE]} make no difference that matters, {have[DEPENDS]} depend on the design, {have[NOT_DECIDED]} are not decided."
    )
    rest = f"{have[ASSUMED]} are assumed and {have[NOT_TESTED]} cannot be tested in the model."
    return [first, rest]


def strength(reading: Reading) -> float:
    """Return a difference in units of the smallest effect of interest, above 0 where it bears the claim out; nan if undefined."""
    sign = 1.0 if reading.contrast.statement.direction == "higher" else -1.0
    return sign * reading.difference.estimate / reading.contrast.statement.smallest


def surprises(found: Sequence[Finding]) -> list[str]:
    """Return the most surprising findings in words: what the designs turn round first, then what contradicts a claim most."""
    decided = [f for f in found if f.verdict in (DEPENDS, CONTRADICTED)]

    def rank(finding: Finding) -> tuple[bool, float]:
        words = {r.verdict for r in finding.primaries}
        return {BORNE_OUT, CONTRADICTED} <= words, max(-strength(r) for r in finding.primaries)

    chosen: list[Finding] = []
    for finding in sorted(decided, key=rank, reverse=True):
        if all(_another(finding, other) for other in chosen):
            chosen.append(finding)
    return [surprise_in_words(finding) for finding in chosen[:SURPRISES]]


def _another(a: Finding, b: Finding) -> bool:
    """Tell whether two findings rest on different contrasts."""
    return (a.statement.change, a.statement.against, a.statement.kind) != (b.statement.change, b.statement.against, b.statement.kind)


def surprise_in_words(finding: Finding) -> str:
    """Return a finding that contradicts its claim, or depends on the design."""
    seen = "; ".join(f"{where(r)} {means_in_words(r)}, {effect_in_words(r)}" for r in finding.primaries)
    return f"“{finding.statement.claim}” In the model: {finding.verdict}. {MEASURES[finding.statement.measure].title}: {seen}."
