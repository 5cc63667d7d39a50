"""The article's statements at the draws of a calibration: in how many of these worlds each verdict holds.

In each world the primary contrasts are run on two pairs with seeds of their own. What noise adds to the spread over worlds is taken out
(`methods.worlds`); what is left of an effect in a world has the verdict that it would have if it were known for certain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.article.contrasts import Contrast, Figure
from experiments.article.runs import Runs
from experiments.article.verdicts import NOT_DECIDED, VERDICTS, Figures, Reading, effects_of, verdict_of, verdict_on
from experiments.methods.paired import Interval
from experiments.methods.worlds import LEAST, range_over, seen_in
from experiments.reporting.text import UNTOLD, counted
from experiments.runs.draws import without
from experiments.runs.keys import point_seeds
from experiments.space.factors import DESIGN, MEMBERS, MODERATION, with_values

if TYPE_CHECKING:
    import pandas as pd

    from experiments.article.statement import Statement
    from experiments.runs.draws import Draws
    from experiments.runs.study import Point
    from sim.scenario.scenario import Scenario

PAIRS = 2  # a world
OF_ARMS = (f"{DESIGN}.", f"{MODERATION}.")  # parameters that each arm has for itself


class Over(NamedTuple):
    """What a statement is in worlds."""

    verdicts: list[str]  # one a world
    told: bool  # whether worlds can be told from noise in some primary reading

    @property
    def tally(self) -> dict[str, int]:
        """Return in how many worlds each verdict holds, those that there are; nothing where worlds cannot be told from noise."""
        have = Counter(self.verdicts if self.told else ())  # a tally of verdicts by noise would say how sure they are
        return {word: have[word] for word in VERDICTS if have[word]}


def runs_of(world: Point, scenario: Scenario, contrasts: Iterable[Contrast], figures: Iterable[Figure], seed: int) -> Runs:
    """Return the runs of a world: what its draw says of members, network and answers holds from the first day, of designs in every arm.

    Args:
        world: a draw.
        scenario: that the statements are tested on.
        contrasts: whose arms are run; what a contrast sets stands over the draw.
        figures: what is kept of every run.
        seed: of the article.
    """
    held = {path: x for path, x in world.values.items() if path.startswith(OF_ARMS)}  # noqa: PD011  (of no table)
    base = with_values(scenario, without(world, MEMBERS, *held).values)
    return Runs(base, contrasts, figures, seed, held=held, seeds=partial(point_seeds, seed, world.number))


def judged(statements: Sequence[Statement], contrasts: Sequence[Contrast], seen: Sequence[Figures]) -> tuple[dict[str, Over], pd.DataFrame]:
    """Return what each statement is over worlds, by name, and a row a primary contrast and world.

    Args:
        statements: those asked for.
        contrasts: the primary ones of those that are tested.
        seen: the figures of each world.
    """
    import pandas as pd

    effects = [(c, np.array([effects_of(c, figures) for figures in seen])) for c in contrasts]  # (worlds, pairs) each
    found, rows = {}, []
    for statement in statements:
        mine = [(c, x) for c, x in effects if c.statement.name == statement.name]
        if not mine:
            continue
        by_world = list(zip(*(_verdicts(c, x) for c, x in mine), strict=True))
        found[statement.name] = Over([verdict_on(readings) for readings in by_world], any(range_over(x).told for _, x in mine))
        for k, readings in enumerate(by_world):
            rows += [_row(k, reading, x[k]) for reading, (_, x) in zip(readings, mine, strict=True)]
    return found, pd.DataFrame(rows)


def _verdicts(contrast: Contrast, effects: np.ndarray) -> list[Reading]:
    """Return the reading of a contrast in each world, noise taken out where worlds can be told from it; nothing is decided where it is undefined."""
    there = np.isfinite(effects).all(axis=1)
    kept = np.full(len(effects), np.nan)
    if there.sum() >= LEAST:
        kept[there] = seen_in(effects[there])
    out = []
    for x in kept.tolist():
        point = Interval(x, x, x)
        words = verdict_of(point, contrast.statement) if np.isfinite(x) else NOT_DECIDED
        out.append(Reading(contrast, point, mean=np.nan, mean_without=np.nan, pairs=PAIRS, verdict=words))
    return out


def _row(world: int, reading: Reading, effects: np.ndarray) -> dict[str, Any]:
    """Return a row of the table: the differences of the pairs as they were, and without what noise adds to their spread, where that can be told."""
    c = reading.contrast
    return {
        "world": world,
        "heading": c.statement.heading,
        "number": c.statement.number,
        "design": c.design,
        "measure": c.statement.measure,
        **{f"difference_{k}": float(x) for k, x in enumerate(effects, 1)},
        "without_noise": reading.difference.estimate,
        "verdict": reading.verdict,
    }


def table(rows: pd.DataFrame, worlds: Sequence[Point]) -> pd.DataFrame:
    """Return the rows with the number of each draw in place of its place, and its parameters behind."""
    numbers = [one.number for one in worlds]
    values: Mapping[str, list[float]] = {path: [one.values[path] for one in worlds] for path in worlds[0].values}  # noqa: PD011  (a point, no table)
    told = rows.assign(draw=[numbers[k] for k in rows.world], **{path: [x[k] for k in rows.world] for path, x in values.items()})
    return told[["draw", *[c for c in told.columns if c not in ("draw", "world")]]]


def in_words(over: Over) -> str:
    """Return what a statement is over worlds: "borne out in 17 of 20 worlds, contradicted in 3", unless they cannot be told from noise."""
    if not over.told:
        return f"worlds {UNTOLD}"
    first, *rest = sorted(over.tally.items(), key=lambda one: (-one[1], VERDICTS.index(one[0])))
    return ", ".join([f"{first[0]} in {first[1]} of {len(over.verdicts)} worlds", *(f"{word} in {n}" for word, n in rest)])


def score(verdicts: Mapping[str, str], over: Mapping[str, Over], draws: Draws) -> list[str]:
    """Return in sentences how the verdicts hold over worlds, of how many that cannot be told, and what these worlds are.

    Args:
        verdicts: on statements, by name.
        over: what each that is tested is over worlds.
        draws: of which the worlds are some.
    """
    many = len(next(iter(over.values())).verdicts) if over else 0
    decided = {name: one for name, one in over.items() if verdicts[name] != NOT_DECIDED}
    parts = []
    for word in VERDICTS:
        mine = [one for name, one in decided.items() if verdicts[name] == word and one.told]
        if mine:
            all_of = sum(one.tally.get(word, 0) == many for one in mine)
            most = sum(2 * one.tally.get(word, 0) > many for one in mine)
            parts.append(f"of {len(mine)} {word}, {all_of} in all of them and {most} in more than half")
    lines = [f"In {counted(many, draws.called.one)} ({draws.source}), verdicts hold: {'; '.join(parts)}."] if parts else []
    untold = sum(not one.told for one in decided.values())
    lines += [f"For {counted(untold, 'verdict')}, worlds {UNTOLD}."] if untold else []
    return [*lines, *draws.called.sentences] if over else []
