"""Which numbers give runs their seeds: every stream of `point_seeds` that has a place of its own, with its first number and its width.

Two runs of one seed and one number have common random numbers. Within a family that must not happen by chance, so each stream has a range
for itself. Families share numbers: a study and a calibration of the same seed are other questions, at other values. Analyses that number the
pairs along a parameter (`analyses.tipping`) do so from 1 in a family of their own.
"""

from __future__ import annotations

from typing import NamedTuple


class Stream(NamedTuple):
    """Numbers that one kind of runs takes its seeds from: `first` to `last`."""

    first: int
    width: int  # numbers at most
    what: str

    @property
    def last(self) -> int:
        """Return its last number."""
        return self.first + self.width - 1

    def meets(self, other: Stream) -> bool:
        """Tell whether both have a number in common."""
        return self.first <= other.last and other.first <= self.last


MILLION = 1_000_000
STEP, ROUND = 100_000, 10_000  # between the first numbers of two steps, and of two rounds of adjusted draws

# of a calibration, with its seed
AGAIN, TWICE, CHECKED, SHIFTED, ONCE_MORE, CONDITIONED = MILLION, 2 * MILLION, 3 * MILLION, 4 * MILLION, 5 * MILLION, 6 * MILLION
# known: a screening came later, and took numbers that were taken. It is a command of its own, and its draws are of all numbers, so no run of
# one is one of the other; to move either would move the draws that are shipped, or which numbers were found to move something
SCREENED = SHIFTED
CALIBRATION = {
    "bank": Stream(1, MILLION - 1, "draws of the prior"),
    "again": Stream(AGAIN, MILLION, "adjusted draws, round by round"),
    "twice": Stream(TWICE, MILLION, "second runs of the bank's first draws, which tell the noise of a run"),
    "checked": Stream(CHECKED, MILLION, "runs without a third of the figures"),
    "shifted": Stream(SHIFTED, MILLION, "the bank's first draws at the scenario's own size"),
    "screened": Stream(SCREENED, MILLION, "draws of a screening"),
    "once more": Stream(ONCE_MORE, MILLION, "adjusted draws after a step, step by step and round by round"),
    "conditioned": Stream(CONDITIONED, MILLION, "draws that were moved to a changed number, by theirs"),
}

# of studies at draws that fit, with the study's seed: a draw's number, and so many further on each time that it is taken again
TAKEN_AGAIN, IN_SEARCH = MILLION, 1000 * MILLION
PILOTED = IN_SEARCH  # known: runs of a pilot say how long a pair takes, and are thrown away
STUDIES = {
    "points": Stream(1, IN_SEARCH - 1, "points of a study with new seeds; worlds by the numbers of their draws"),
    "searched": Stream(IN_SEARCH + 1, IN_SEARCH, "worlds in a search, whose best settings are confirmed in the same worlds on other seeds"),
    "piloted": Stream(PILOTED, IN_SEARCH, "points of a pilot"),
}

SHARED = {frozenset({"shifted", "screened"}), frozenset({"searched", "piloted"})}  # the only streams of a family that meet
