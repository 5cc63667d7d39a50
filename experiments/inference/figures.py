"""Figures of a calibration: each number's range and what is left of it, each figure and what worlds show, the ranks of the truth."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from experiments.inference.gates import CONTRACTED
from experiments.inference.tables import QUANTILES, is_told, spread
from experiments.methods import rank_bands
from experiments.reporting.palette import AXIS, BAND, EVEN, FAINT, GROUND, INK, SOFT, WORSE
from experiments.reporting.style import Drawn, Figure, Screen
from experiments.reporting.text import listed
from experiments.space.factors import factors
from experiments.space.words import in_words

if TYPE_CHECKING:
    from experiments.inference.calibration import Calibration

ROW, TALL_ROW = 0.27, 0.4  # inches of a line, and of one whose label may have two
LIMIT = 5.0  # standard errors, beyond which dots stand at the edge


def draw_numbers(c: Calibration, screen: Screen) -> Drawn:
    """Draw for each number the range in which it may well lie and where 90% of worlds have it, the narrowest on top."""
    prior = c.question.prior
    unit, default = prior.unit(c.values), prior.unit(np.array([[one.default for one in prior.turned]]))[0]
    low, middle, high = np.quantile(unit, QUANTILES, axis=0)
    rejected = np.quantile(prior.unit(c.plain), QUANTILES, axis=0)
    left = spread(c)
    order = np.argsort(-left, kind="stable")
    canvas = screen.blank(1.4 + ROW * len(order))
    ax = canvas.subplots()
    y = np.arange(len(order))
    ax.barh(y, 1.0, height=0.66, color=BAND, lw=0, label="where it may well lie")
    known = is_told(c)[order]
    for mask, colour, words in ((known, INK, "90% of worlds"), (~known, SOFT, "90% of worlds; the data say nothing")):
        if mask.any():
            ax.hlines(y[mask], low[order][mask], high[order][mask], color=colour, lw=3.2 if colour == INK else 1.6, label=words)
    if not c.together:
        ax.hlines(y - 0.28, rejected[0][order], rejected[2][order], color=WORSE, lw=1.2, label="plain rejection")
    ax.plot(middle[order], y, "o", ms=5, color=INK, mec=GROUND, label="median")
    ax.plot(default[order], y, "|", ms=11, color=SOFT, mew=1.6, label="the scenario's own")
    ax.set(yticks=y, yticklabels=[prior.turned[k].path for k in order], xlim=(-0.02, 1.02), xticks=[0, 0.5, 1], xlabel="share of the range")
    ax.grid(visible=False)
    canvas.legend(loc="outside lower left", ncols=1 if screen.narrow else 3)
    many = int((left <= CONTRACTED).sum())
    worlds = "the worlds that fit" if c.showing else "the draws that are kept, of which none fits,"
    return Drawn(
        canvas,
        Figure(
            "numbers",
            f"The data narrow {many} of {len(order)} numbers to half of their spread or less",
            f"Each bar is the range in which a number may well lie; the line is where 90% of {worlds} have it. The narrowest are on top.",
            "; ".join(f"{prior.turned[k].path}: {low[k]:.2f} to {high[k]:.2f} of its range" for k in order[::-1]),
        ),
    )


def draw_figures(c: Calibration, screen: Screen) -> Drawn:
    """Draw what worlds show of each figure, in standard errors from what was observed."""
    canvas = screen.blank(1.4 + (TALL_ROW if screen.narrow else ROW) * len(c.data.titles))
    ax = canvas.subplots()
    y = np.arange(len(c.data.titles))[::-1]
    ax.axvspan(-2.0, 2.0, color=BAND, lw=0, label="two standard errors")
    ax.axvline(0.0, color=AXIS, lw=1.1, label="observed")
    for k, row in enumerate(y):
        at = np.clip(c.missed[:, k], -LIMIT, LIMIT)
        ax.plot(at, np.full(len(at), row), "o", ms=3.5, color=FAINT, mew=0, label="a world" if k == 0 else None)
        ax.plot(np.nanmean(at), row, "D", ms=5, color=INK, mec=GROUND, label="mean of worlds" if k == 0 else None)
    told = "standard errors above or below" + ("\n" if screen.narrow else " ") + "what was observed"
    labels = ["\n".join(textwrap.wrap(title, 26 if screen.narrow else 70)) for title in c.data.titles]
    ax.set(
        yticks=y,
        yticklabels=labels,
        xlim=(-LIMIT - 0.2, LIMIT + 0.2),
        xlabel=told,
    )
    ax.grid(visible=False)
    canvas.legend(loc="outside lower left", ncols=1 if screen.narrow else 4)
    off = int((np.abs(np.nanmean(c.missed, axis=0)) > 2.0).sum())
    all_of_them, one = (
        ("Worlds", "world that fits") if c.showing else ("Draws that are kept, of which none fits,", "draw that does not fit")
    )
    return Drawn(
        canvas,
        Figure(
            "figures",
            f"{all_of_them} show {len(y) - off} of {len(y)} figures within two standard errors of what was observed, on average",
            f"Each dot is a {one}, run with seeds of its own. A standard error is that of the observation with that of a run.",
            "; ".join(f"{t}: {m:+.1f}" for t, m in zip(c.data.titles, np.nanmean(c.missed, axis=0), strict=True)),
        ),
    )


def draw_ranks(c: Calibration, screen: Screen) -> Drawn:
    """Draw the share of ranks up to each place less that place, for each number, with the simultaneous bands."""
    g = c.gates
    many, parameters = g.ranks.shape
    found, shares = rank_bands.bands(many, parameters), rank_bands.shares(g.ranks)
    canvas = screen.blank(3.6)
    ax = canvas.subplots()
    ax.fill_between(
        found.places, found.low - found.places, found.high - found.places, color=BAND, lw=0, label="all lines stay within in 99% of cases"
    )
    for k in range(parameters):
        colour = WORSE if g.uneven[k] else EVEN
        ax.plot(found.places, shares[:, k] - found.places, color=colour, lw=1.8 if g.uneven[k] else 0.8, label=None)
    ax.plot([], [], color=EVEN, lw=0.8, label="a number")
    if g.uneven.any():
        ax.plot([], [], color=WORSE, lw=1.8, label="a number whose ranks are uneven")
    ax.set(xlabel="rank of the truth among the worlds that fit its log", ylabel="share of ranks up to it, less it", xlim=(0, 1))
    canvas.legend(loc="outside lower left", ncols=1 if screen.narrow else 3)
    known = factors(c.question.scenario)
    names = [in_words(known[one.path]) for one, out in zip(c.question.prior.turned, g.uneven, strict=True) if out]
    told = f"The ranks of {listed(names)} are uneven" if names else "Where the truth is known, it is found as often as it should be"
    return Drawn(
        canvas,
        Figure(
            "ranks",
            told,
            f"{many} pseudo-logs from the bank, each fitted without itself: if fits are right, the truth lies anywhere among their draws equally often.",
            f"A line a number, {parameters} in all, with a band around zero. " + told + ".",
        ),
    )
