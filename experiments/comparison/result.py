"""What a comparison has found, as tables: handed to the writer of files, of figures and of the report."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.reporting.text import named
from experiments.runs.keys import size_in_words
from sim.results.measures import MEASURES, Catalogue

if TYPE_CHECKING:
    import pandas as pd

    from experiments.calibration.targets import Target
    from experiments.runs.portrait import Portrait
    from sim.scenario.scenario import Scenario

RUN_COLUMNS = ["pair", "population_seed", "seed", "arm", "measure", "group", "numerator", "denominator", "value"]
SUMMARY_COLUMNS = [
    "measure",
    "group",
    "unit",
    "role",
    "arm",
    "reference",
    "mean",
    "mean_reference",
    "difference",
    "ci_low",
    "ci_high",
    "ratio",
    "ratio_ci_low",
    "ratio_ci_high",
    "pairs",
    "pairing_gain",
    "verdict",
]
LEVEL_COLUMNS = ["dimension", "level", *SUMMARY_COLUMNS]
DAILY_COLUMNS = ["arm", "day", "part", "measure", "mean", "ci_low", "ci_high"]
SURFACE_COLUMNS = ["measure", "arm", "at_low", "at_high", "move", "ci_low", "ci_high", "pairs"]
POPULATION_COLUMNS = ["measure", "arm", "targets", "difference", "ci_low", "ci_high", "pairs"]
EXPLAIN_COLUMNS = ["measure", "assumption", "title", "kind", "arm", "difference", "ci_low", "ci_high", "pairs"]
Portraits = dict[str, "list[Portrait]"]  # of the first pairs, by arm; none of networks too large to hold their items
WITHOUT = "Without"  # begins a sentence on what is left without the assumptions


class Tables(NamedTuple):
    """What the pairs of a comparison show."""

    runs: pd.DataFrame  # RUN_COLUMNS
    summary: pd.DataFrame  # SUMMARY_COLUMNS
    levels: pd.DataFrame  # LEVEL_COLUMNS
    daily: pd.DataFrame  # DAILY_COLUMNS


@dataclass(frozen=True)
class Comparison:
    """Results of arms against a reference, with common random numbers."""

    scenario: Scenario
    arms: list[str]  # the reference first
    reference: str
    seed: int
    pairs: int
    until: str | None  # the stopping rule, by name
    runs: pd.DataFrame  # RUN_COLUMNS
    summary: pd.DataFrame  # SUMMARY_COLUMNS
    levels: pd.DataFrame  # LEVEL_COLUMNS
    daily: pd.DataFrame  # DAILY_COLUMNS
    left_out: list[str]  # lines on measures whose window does not fit
    answer: dict[str, list[str]]  # by arm but the reference: sentences, first of the primary measure or why nothing is said of it
    notes: list[str]  # what the intervals do not cover, and the like
    made_portraits: Callable[[], Portraits]  # of the first pairs; of a folder that keeps none, run when asked for
    explain: pd.DataFrame | None = None  # EXPLAIN_COLUMNS
    explain_answer: list[str] = field(default_factory=list)
    turning: dict[str, list[str]] = field(default_factory=dict)  # by arm: which signs turn without assumptions that favour a channel
    suggestions: pd.DataFrame | None = None  # SURFACE_COLUMNS, if that was run
    suggestions_answer: list[str] = field(default_factory=list)  # how the answer depends on what no design touches
    populations: pd.DataFrame | None = None  # POPULATION_COLUMNS, if that was run
    populations_answer: list[str] = field(default_factory=list)  # what the answer is without other populations' targets
    calibration: list[Target] | None = None  # if it was run
    worlds: pd.DataFrame | None = None  # a row a draw, arm and measure, if draws were given; the summary then has their ranges
    worlds_answer: dict[str, list[str]] = field(default_factory=dict)  # by arm: how far the answer goes over them, and on what it stands
    worlds_digest: str = ""  # of the draws, as they were asked for
    worlds_range: str = ""  # what their range is called
    worlds_stands: dict[tuple[str, str], str] = field(default_factory=dict)  # by arm and measure, on what a verdict stands
    worlds_moves: pd.DataFrame | None = None  # which of the numbers that were drawn moves the answer (`moves.COLUMNS`)
    worlds_conditioned: pd.DataFrame | None = None  # draws that were moved to a changed number, and whether they still show the figures
    catalogue: Catalogue = MEASURES  # the measures, with those of one's own

    @functools.cached_property
    def portraits(self) -> Portraits:
        """Return the single members of the first pairs, by arm: for figures that show them."""
        return self.made_portraits()

    @property
    def question(self) -> str:
        """Return the question that this comparison answers."""
        others = " or ".join(named(arm) for arm in self.arms if arm != self.reference)
        return f"What does {others} change against {named(self.reference)}?"

    @property
    def answers(self) -> list[list[str]]:
        """Return the answer, arm by arm: what worlds say of an arm stands behind its first sentence, so that both intervals are beside one another.

        Which signs turn without the assumptions that favour a channel stands among it (`worlds.lines_of`), or alone where there are no worlds.
        """
        return [[first, *(self.worlds_answer.get(arm) or self.turning.get(arm, [])), *rest] for arm, (first, *rest) in self.answer.items()]

    @property
    def first_answer(self) -> list[str]:
        """Return the sentences of the answer on all arms."""
        return [line for lines in self.answers for line in lines]

    @property
    def size(self) -> str:
        """Return the size of the experiment in words, for captions."""
        return f"{size_in_words(self.scenario)}, {self.pairs} pairs"


def facts_of(c: Comparison, *, explain: bool) -> dict[str, Any]:
    """Return what a folder of the same plan may differ in: where it is the same, and all files are as they were written, it is finished."""
    return {"arms": c.arms, "pairs": c.pairs, "until": c.until, "explain": explain, "worlds": c.worlds_digest}


def at_once(lines: list[str]) -> list[str]:
    """Return of the sentences on assumptions those that are said at once: what is left without the assumptions."""
    return [line for line in lines if line.startswith(WITHOUT)]


def pairs_in_words(used: int, of: int) -> str:
    """Return on how many of a comparison's pairs something rests."""
    return f"the first {used} of {of} pairs" if used < of else f"all {of} pairs"
