"""A calibration as tables: the worlds, what is known of each number, how each figure is met, and the gates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.inference.bank import FIGURE
from experiments.inference.fitted import NOTHING
from experiments.inference.gates import CONTRACTED, IDENTIFIED
from experiments.inference.posterior import ENOUGH
from experiments.inference.runner import MEMBERS, RUN
from experiments.methods.information import combined_spread
from experiments.reporting.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from experiments.inference.bank import Bank
    from experiments.inference.calibration import Calibration
    from experiments.inference.gates import Gates

QUANTILES = (0.05, 0.5, 0.95)
SILENT = 0.9  # of the prior's spread: what keeps more than this the data say nothing about


def draws(c: Calibration) -> pd.DataFrame:
    """Return a row a world that fits: its number from 1, and the numbers that are turned, by their paths."""
    import pandas as pd

    names = [one.path for one in c.question.prior.turned]
    table = pd.DataFrame(c.values, columns=names)
    table.insert(0, "draw", np.arange(1, len(table) + 1))
    return table


def bank(c: Calibration) -> pd.DataFrame:
    """Return a row a draw of the prior: its numbers, and each figure that its run shows, by its name behind "figure."."""
    return _runs(c, c.bank)


def large(c: Calibration) -> pd.DataFrame:
    """Return the same of the draws that were run at the scenario's own size; none if there are none."""
    import pandas as pd

    return pd.DataFrame() if c.large is None else _runs(c, c.large)


def further(c: Calibration) -> pd.DataFrame:
    """Return a row a run that is held to the data: the number that gives its seeds, its members, its numbers, and the figures of the data that it shows."""
    table = _runs(c, c.further.bank, c.question.data.names)
    table.insert(0, RUN, c.further.numbers)
    table.insert(1, MEMBERS, c.further.members)
    return table


def _runs(c: Calibration, bank: Bank, names: Sequence[str] | None = None) -> pd.DataFrame:
    import pandas as pd

    names = sorted({name for one in bank.figures if one is not None for name in one}) if names is None else list(names)
    table = pd.DataFrame(bank.values, columns=[one.path for one in c.question.prior.turned])
    figures = pd.DataFrame(bank.summaries(names), columns=[FIGURE + name for name in names])
    return pd.concat([table, figures], axis=1)


def is_measured(c: Calibration) -> bool:
    """Tell whether enough worlds that fit are kept for their spread to be measured on them."""
    return c.tried > c.dropped and len(c.values) >= ENOUGH


def is_told(c: Calibration) -> np.ndarray:
    """Return of which numbers the data say something: (parameters,).

    The regression, which many draws bear, foresees less than `SILENT` of the prior's spread; or that of the worlds is smaller than chance makes it, by two
    standard errors of a standard deviation.
    """
    told: np.ndarray = c.gates.contraction < SILENT
    return told | (spread(c) < 1.0 - 2.0 / np.sqrt(2.0 * (len(c.values) - 1))) if is_measured(c) else told


def spread(c: Calibration) -> np.ndarray:
    """Return the spread of the worlds over that of the prior, both as shares of the range: (parameters,).

    A regression over a wide bank foresees less than the worlds show, which are moved by their own runs. Where few worlds are kept, it is all there is.
    """
    if not is_measured(c):
        return c.gates.contraction
    prior = c.question.prior
    found: np.ndarray = prior.unit(c.values).std(axis=0, ddof=1) / prior.unit(c.bank.values).std(axis=0, ddof=1)
    return found


def combinations(c: Calibration) -> pd.DataFrame:
    """Return a row a combination of numbers that figures should tell to half of its spread or less, the best told first.

    Its number from 1; `foreseen`, its spread over the prior's in a straight-line approximation; `worlds`, that of the worlds, NaN where too few are kept
    to measure it; then its weights, a column a number, whose squares sum to 1.
    """
    import pandas as pd

    of, prior = c.gates.information, c.question.prior
    told = of.combined <= CONTRACTED
    worlds = combined_spread(of, prior.unit(c.values), prior.unit(c.bank.values)) if is_measured(c) else np.full(len(told), np.nan)
    table = pd.DataFrame(of.combinations[told], columns=[one.path for one in prior.turned])
    table.insert(0, "combination", np.arange(1, len(table) + 1))
    table.insert(1, "foreseen", of.combined[told])
    table.insert(2, "worlds", worlds[told])
    return table


def parameters(c: Calibration) -> pd.DataFrame:
    """Return a row a number that is turned: path, unit, range and why, default, posterior, how narrow it is, what it moves.

    `spread` is that of the worlds over the prior's (where few are kept, `contraction`), `contraction` that of the regression's posterior, before draws are run again; `expected` what nine of ten pseudo-logs reach of it,
    `foreseen` what is left of it in a straight-line approximation; `first_order` is the largest index over
    figures, of `moves`, `moving` whether it is above .1 and above chance, `halved` whether `expected` is then at most a half; `uneven` tells whether
    ranks leave the bands; `said` is "narrowed" (the worlds have half of the spread or less), "something" or "nothing" (see `is_told`).
    """
    import pandas as pd

    prior, gates, left, told = c.question.prior, c.gates, spread(c), is_told(c)
    low, middle, high = np.quantile(c.values, QUANTILES, axis=0)
    rows = []
    for k, one in enumerate(prior.turned):
        most = int(np.argmax(gates.first[:, k])) if len(gates.first) else 0
        ratio = float(gates.contraction[k])
        rows.append(
            {
                "parameter": one.path,
                "unit": one.unit,
                "low": one.low,
                "high": one.high,
                "why": one.why,
                "default": one.default,
                "q05": low[k],
                "median": middle[k],
                "q95": high[k],
                "spread": float(left[k]),
                "contraction": ratio,
                "expected": float(gates.expected[k]),
                "foreseen": float(gates.information.spread[k]),
                "first_order": float(gates.first[most, k]),
                "moves": c.data.titles[most],
                "moving": bool(gates.moving[k]),
                "halved": bool(gates.halved[k]),
                "uneven": bool(gates.uneven[k]),
                "said": "narrowed" if left[k] <= CONTRACTED else "something" if told[k] else NOTHING,
            }
        )
    return pd.DataFrame(rows)


def figures(c: Calibration) -> pd.DataFrame:
    """Return a row a figure: name, title, unit, what was observed with its error, what worlds show, by how many standard errors they miss."""
    import pandas as pd

    data = c.data
    return pd.DataFrame(
        {
            "figure": data.names,
            "title": data.titles,
            "unit": data.units,
            "observed": data.values,  # noqa: PD011  (of no table)
            "error": data.errors,
            "noise": c.fit.noise,
            "worlds": np.nanmean(c.figures, axis=0),
            "worlds_low": np.nanmin(c.figures, axis=0),
            "worlds_high": np.nanmax(c.figures, axis=0),
            "missed_by": np.nanmean(c.missed, axis=0),
        }
    )


def gates(c: Calibration) -> pd.DataFrame:
    """Return a row a gate and a control: its name, whether it is passed (a control: noticed), and what was found, in words."""
    import pandas as pd

    return pd.DataFrame(gate_rows(c), columns=["gate", "passed", "found"])


def gate_rows(c: Calibration) -> list[tuple[str, bool, str]]:
    """Return the gates and controls with what was found."""
    g, names = c.gates, [one.path for one in c.question.prior.turned]
    uneven = [name for name, out in zip(names, g.uneven, strict=True) if out]
    wide = [name for name, known, ratio in zip(names, g.halved, g.contraction, strict=True) if known and ratio > CONTRACTED]
    missed = [one.title for one in g.held if not one.inside]
    halved = g.moving & is_measured(c) & (spread(c) <= CONTRACTED)
    ranks = f"{len(g.ranks)} pseudo-logs, {len(names)} numbers, simultaneous bands at 99%"
    rows = [
        ("calibration", g.calibrated, f"{ranks}: " + (f"uneven are {', '.join(uneven)}" if uneven else "all ranks are even")),
        (
            "contraction",
            g.contracted,
            _contracted(
                g, wide, [name for name, out in zip(names, g.wide, strict=True) if out], halved=[names[k] for k in np.flatnonzero(halved)]
            ),
        ),
        ("held out", g.predicted, f"{len(g.held)} figures" + (f", missed: {'; '.join(missed)}" if missed else ", all predicted")),
    ]
    return rows + [(f"control: {name}", seen, "noticed" if seen else "not noticed") for name, seen in g.controls.items()]


def _contracted(g: Gates, wide: list[str], unusual: list[str], halved: list[str]) -> str:
    moving, known = int(g.moving.sum()), int(g.halved.sum())
    if not moving:
        return f"no number moves a figure, by a first-order index above {IDENTIFIED:g}"
    head = f"{counted(moving, 'number')} {'moves' if moving == 1 else 'move'} a figure, by a first-order index above {IDENTIFIED:g}"
    what = [f"{head}, of which nine of ten fits to pseudo-logs halve {known or 'none'}"]
    if known:
        what.append(f"wider than half of the prior are {', '.join(wide)}" if wide else "and the data do so")
    elif halved:
        what.append(f"the worlds, which are moved by their own runs, halve {', '.join(halved)}")
    if known < moving:
        what.append(f"a straight-line approximation halves {int((g.moving & (g.information.spread <= CONTRACTED)).sum()) or 'none'}")
    return "; ".join(what + ([f"wider than for any pseudo-log are {', '.join(unusual)}"] if unusual else []))


def plain_values(x: Any) -> Any:
    """Return a value for JSON: NumPy's as Python's, null where it is undefined."""
    if isinstance(x, dict):
        return {key: plain_values(one) for key, one in x.items()}
    if isinstance(x, list | tuple):
        return [plain_values(one) for one in x]
    x = x.item() if isinstance(x, np.generic) else x
    return None if isinstance(x, float) and not np.isfinite(x) else x
