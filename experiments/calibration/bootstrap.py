"""How sure a log's figures are: the bootstrap by sender, which takes all that somebody began together, or leaves it out.

First messages of one sender are alike: taken one by one they would seem to say more than they do. An export of one member has one sender; there
whom they wrote to are drawn. A sender who is drawn twice makes those whom they wrote to look more unequal than they are: this bias of the draws
is taken out, they are moved so that their mean is the figure itself.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from experiments.calibration.described import DESCRIBED, described
from experiments.calibration.patterns.load import Loads
from experiments.calibration.patterns.pairs import some_of
from experiments.calibration.seen import Seen
from experiments.defaults import BOOTSTRAP

SIDES = (2.5, 97.5)  # percentiles of the 95% interval
SEED = 1
MOST_KNOWN = 0.9  # of the draws, which must have a figure


def resampled(seen: Seen, people: np.ndarray) -> Seen:
    """Return what would be seen if these people had been there, each as often as they are drawn: with what they sent.

    Args:
        seen: of the log.
        people: (people,) numbers of those who are drawn; who comes twice is two people.
    """
    many = np.bincount(people, minlength=seen.people)
    order = np.argsort(seen.pairs.sender, kind="stable")
    rows, sender = _taken(seen.pairs.sender, order, many)
    pairs = some_of(seen.pairs, rows)._replace(sender=sender)
    asked = seen.asked
    if asked is not None:
        places, who = _taken(asked.sender, np.argsort(asked.sender, kind="stable"), many)
        asked = type(asked)(who, asked.day[places], asked.accepted[places], asked.noted[places])
    loads = Loads(seen.loads.had[rows], seen.loads.wrote[rows])
    return seen._replace(pairs=pairs, loads=loads, asked=asked, written=np.repeat(seen.written, many))


def _taken(owner: np.ndarray, order: np.ndarray, many: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of owners who are drawn so many times each, and the new owner of each row: each time is somebody else."""
    sizes = np.bincount(owner, minlength=len(many))
    start = np.concatenate([[0], np.cumsum(sizes)])
    drawn = np.repeat(np.arange(len(many)), many)
    lengths = sizes[drawn]
    new = np.repeat(np.arange(len(drawn)), lengths)
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return order[start[drawn][new] + within], new


def of_pairs(seen: Seen, rows: np.ndarray) -> Seen:
    """Return what would be seen of these pairs, by their numbers, which may come again."""
    return seen._replace(pairs=some_of(seen.pairs, rows), loads=Loads(seen.loads.had[rows], seen.loads.wrote[rows]))


def draws_of(
    seen: Seen, draws: int = BOOTSTRAP, seed: int = SEED, *, alone: bool = False, advance: Callable[[int, int], None] = lambda *_: None
) -> np.ndarray:
    """Return the figures of `DESCRIBED`, in its order, of each draw: (draws, measures); nan where a draw has none.

    Args:
        seen: of the log.
        draws: how many.
        seed: of the draws.
        alone: whether all is sent by one member, so that pairs are drawn.
        advance: is told how many are done, of how many.
    """
    rng, found = np.random.default_rng(seed), np.full((draws, len(DESCRIBED)), np.nan)
    for k in range(draws):
        if alone:
            again = of_pairs(seen, rng.integers(0, len(seen.pairs.day), len(seen.pairs.day)))
        else:
            again = resampled(seen, rng.integers(0, seen.people, seen.people))
        found[k] = [one.value for one in described(again).values()]
        advance(k + 1, draws)
    return found


def centred(draws: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return draws, (draws, measures), moved so that the mean of each measure is its figure: (measures,)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a measure without any figure
        moved: np.ndarray = draws - np.nanmean(draws, axis=0) + values
    return moved


def intervals(draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds of the 95% intervals of (draws, measures): percentiles; nan where a tenth of the draws or more have no figure."""
    low, high = np.full(draws.shape[1], np.nan), np.full(draws.shape[1], np.nan)
    for k, column in enumerate(draws.T):
        known = column[np.isfinite(column)]
        if len(known) > MOST_KNOWN * len(column):
            low[k], high[k] = np.percentile(known, SIDES)
    return low, high
