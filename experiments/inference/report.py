"""A calibration in words, as files and a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.inference import tables
from experiments.inference.data import SHIPPED
from experiments.inference.figures import draw_figures, draw_numbers, draw_ranks
from experiments.inference.fitted import FIT, LITTLE_TOLD, NOTHING, fit_facts
from experiments.inference.gates import ALL_OF_THEM, CONTRACTED
from experiments.inference.posterior import ENOUGH, MISSES, SHOWN
from experiments.inference.runner import BANK, FURTHER, LARGE
from experiments.inference.tables import draws, parameters
from experiments.reporting import run_folder
from experiments.reporting.page import Page, Section, Table, write_findings
from experiments.reporting.style import draw_all
from experiments.reporting.text import counted, figure, listed
from experiments.space.factors import factors, with_values
from experiments.space.words import in_words
from sim.version import model_version

if TYPE_CHECKING:
    from experiments.inference.calibration import Calibration

__all__ = ["answer", "data", "draws", "parameters", "passed", "question", "sound", "write"]
DRAWINGS = {"numbers": draw_numbers, "figures": draw_figures, "ranks": draw_ranks}
DRAWS, BEST, COMBINATIONS = "draws.csv", "calibrated.toml", "combinations.csv"
FILES = (
    (DRAWS, "the worlds that fit: a row a draw, a column a number"),
    (FIT, "to what they were fitted: design, days, size, and whether all gates are passed"),
    (BEST, "the scenario at the draw that is nearest to the data"),
    ("scenario.toml", "the scenario that was calibrated"),
    ("parameters.csv", "each number that is turned: its range and why, its posterior, what it moves"),
    ("figures.csv", "each figure: observed, and what the worlds show"),
    (COMBINATIONS, "which combinations of numbers the figures tell, with their weights"),
    ("gates.csv", "gates and controls"),
    (BANK, "every draw of the prior, with all figures of its run"),
    (LARGE, "the first of them at the scenario's own size, with all figures of their runs"),
    (FURTHER, "all other runs: at adjusted draws, second ones, and those of the check by figures that were held out"),
    ("provenance.json", "versions, seeds, command, machine, times"),
    ("ledger.sqlite", "the runs themselves: the same command continues from there"),
)
MOST_WEIGHTS = 4  # numbers of a combination that are named, the heaviest
MOST, MOST_MOVED, MOST_MISSED = 8, 3, 2  # names in a sentence; figures of which it is said how far they moved, and how many draws miss them


def question(c: Calibration) -> str:
    """Return the question that is answered."""
    return f"Which worlds fit {c.question.data.source}?"


def passed(c: Calibration) -> bool:
    """Tell whether all gates are passed, and the worlds fit; fits to the shipped targets must halve six numbers."""
    enough = c.question.data.kind != SHIPPED or int(c.gates.halved.sum()) >= ALL_OF_THEM
    return c.together and c.gates.passed and enough


def sound(c: Calibration) -> bool:
    """Tell whether few figures are against the others, and enough worlds fit and differ as much as they should, however little the data say."""
    return c.fit.together and c.gates.sound and c.tried - c.dropped >= ENOUGH


def answer(c: Calibration) -> list[str]:
    """Return what was found in sentences."""
    return [*_first(c), *_after(c)]


def _first(c: Calibration) -> list[str]:
    """Return what is said before the picture: how many worlds fit, under which design, whether to trust them, how far their numbers are narrowed."""
    return [_worlds(c), *c.question.came_about, *_together(c), _gates(c), _narrowed(_named(c, "narrowed"), len(c.question.prior.turned))]


def _after(c: Calibration) -> list[str]:
    """Return the rest of the answer."""
    return [*_silent(_named(c, NOTHING)), *_combined(c), *_moved(c), *c.question.data.notes, *_left(c)]


def _named(c: Calibration, said: str) -> list[str]:
    """Return in words the numbers of which the data say this."""
    table, known = parameters(c), factors(c.question.scenario)
    return [in_words(known[path]) for path in table.parameter[table.said == said]]


def _moved(c: Calibration) -> list[str]:
    """Return how the bank's figures came to the scenario's own size, if they did, and which moved farthest."""
    if c.shift is None:
        return []
    data, q = c.question.data, c.question
    off = np.abs(np.nan_to_num(c.shift.mean)) / data.errors
    far = [
        f"{data.titles[k]} by {figure(float(c.shift.mean[k]), data.units[k])}"
        for k in np.argsort(-off, kind="stable")[:MOST_MOVED]
        if off[k] > 0.0
    ]
    told = f", on average {listed(far)}" if far else ""
    return [
        (
            f"Runs of the bank have {q.members:,} members; its figures are moved to {q.size:,} by what {q.shift} draws show at both sizes{told}. All runs "
            f"that are held to the data have {q.size:,}."
        )
    ]


def _worlds(c: Calibration) -> str:
    tried, many = c.tried, len(c.values)
    most = np.argsort(-c.astray, kind="stable")[:MOST_MISSED]
    missed = [f"{c.astray[k]} miss {c.data.titles[k]}" for k in most if c.astray[k] > 0]
    others = f" Of the {c.dropped} others {listed(missed)}." if missed else ""
    anew = f"with {counted(len(c.question.prior.turned), 'assumed number')} drawn anew"
    if c.showing == many:
        head = f"{counted(many, 'world')} {anew}"
    else:
        head = f"{c.showing or 'none'} of {counted(many, 'draw')} that are kept, {anew}, {'fit' if c.showing > 1 else 'fits'}"
    few = f" With fewer than {ENOUGH} that fit, they are assumptions." if c.showing < ENOUGH else ""
    return (
        f"{head[0].upper()}{head[1:]}: of {tried} adjusted draws that were "
        f"run again, {tried - c.dropped} show all of {counted(len(c.data.values), 'figure')} within {MISSES:g} standard errors.{others}{few}"
    )


def _narrowed(names: list[str], many: int) -> str:
    if not names:
        return "The data narrow no number to half of its spread."
    return f"The data narrow {len(names)} of {many} numbers to half of their spread or less: {_some(names)}."


def _silent(names: list[str]) -> list[str]:
    return [f"They say nothing about {_some(names)}: there the worlds differ as much as before, but for chance."] if names else []


def _combined(c: Calibration) -> list[str]:
    """Return how many combinations of numbers the figures tell: one may be known where no number in it is."""
    table = tables.combinations(c)
    if table.empty:
        return ["In a straight-line approximation the figures tell no combination of numbers to half of its spread."]
    told = f"In a straight-line approximation the figures tell {counted(len(table), 'combination')} of numbers, each to half of its spread or less"
    halved = int((table.worlds <= CONTRACTED).sum())
    return [f"{told}; the worlds do so for {halved or 'none'}." if tables.is_measured(c) else f"{told}."]


def _some(names: list[str]) -> str:
    more = len(names) - MOST
    return listed(names) if more <= 0 else f"{', '.join(names[:MOST])} and {more} more"


def _together(c: Calibration) -> list[str]:
    """Return whether the figures can be met together. That they are unusual says not that they cannot: adjusted draws may show them all."""
    usual = f"{100 * c.fit.strangeness:.0f}% of the bank's own draws are more usual"
    if c.together:
        return [f"These figures are unusual for these ranges: {usual}."] if c.fit.unusual else []
    most = f"{100 * c.dropped_at_first:.0f}% of the first round's adjusted draws miss a figure"
    beside = "Plain rejection stands beside the adjusted draws."
    if c.fit.together and not c.fit.unusual:
        size = f"a bank of {len(c.bank.values):,} draws may be too small for {len(c.question.prior.turned)} numbers"
        return [f"Few worlds fit: {most}. Either these figures cannot be met together by this model, or {size}. {beside}"]
    why = [f"{usual} than these figures"] if c.fit.unusual else []
    why += ["more than a fifth of them are contradicted by the others"] if c.fit.quarrel else []
    return [f"These figures cannot be met together by this model: {listed([*why, most] if c.dropped else why)}. {beside}"]


def _gates(c: Calibration) -> str:
    rows = tables.gate_rows(c)
    failed = [f"{name} ({found})" for name, good, found in rows if not good]
    known = int(c.gates.halved.sum())
    if c.question.data.kind == SHIPPED and known < ALL_OF_THEM:
        moving = counted(int(c.gates.moving.sum()), "number")
        failed.append(f"fits halve {known or 'none'} of {moving} that move a figure, and should halve {ALL_OF_THEM}")
    if not failed:
        return "All gates are passed, and all controls, which are wrong on purpose, are noticed."
    return f"Not passed: {'; '.join(failed)}. {LITTLE_TOLD if sound(c) else 'Do not rely on these worlds for more than a look.'}"


def _left(c: Calibration) -> list[str]:
    """Return which figures are not fitted, and why."""
    of = c.fit.ready
    lines = []
    if of.beyond:
        lines.append(
            f"Fewer than {100 * SHOWN:.0f}% of the draws show this within {MISSES:g} standard errors, and hardly any lie on one side of it, so the model is wrong in it, and it is not fitted: "
            f"{listed(list(of.beyond))}."
        )
    if of.against:
        told = [f"{one.title}, {figure(one.observed, one.unit)} where they say {figure(one.expected, one.unit)}" for one in of.against]
        fate = "fitted all the same, since these are too many" if c.fit.quarrel else "not fitted"
        lines.append(
            f"Contradicted by the other figures, through the model, by more than {MISSES:g} standard errors, and {fate}: {'; '.join(told)}."
        )
    if of.left_out:
        lines.append(f"Left out, since a tenth of the runs or more do not show them: {listed(list(of.left_out))}.")
    return lines


def data(c: Calibration) -> dict[str, Any]:
    """Return the result as plain values."""
    values = {
        "question": question(c),
        "answer": answer(c),
        "passed": passed(c),
        "together": c.together,
        "worlds": len(c.values),
        "tried": c.tried,
        "dropped": c.dropped,
        "parameters": parameters(c).to_dict(orient="records"),
        "combinations": tables.combinations(c).to_dict(orient="records"),
        "figures": tables.figures(c).to_dict(orient="records"),
        "gates": tables.gates(c).to_dict(orient="records"),
        "held_fixed": list(c.question.prior.held),
    }
    plain: dict[str, Any] = tables.plain_values(values)
    return plain


def write(c: Calibration, folder: Path) -> None:
    """Write tables, the scenario nearest to the data, figures and page."""
    for name, table in (
        (DRAWS, draws(c)),
        ("parameters.csv", parameters(c)),
        ("figures.csv", tables.figures(c)),
        (COMBINATIONS, tables.combinations(c)),
        ("gates.csv", tables.gates(c)),
        (BANK, tables.bank(c)),
        (FURTHER, tables.further(c)),
    ):
        run_folder.write_table(folder / name, table)
    if c.large is not None:
        run_folder.write_table(folder / LARGE, tables.large(c))
    run_folder.write_text(folder / run_folder.SCENARIO, c.question.scenario.to_toml())
    run_folder.write_text(folder / FIT, fit_facts(c.question, passed=passed(c), sound=sound(c), showing=c.showing))
    names = [one.path for one in c.question.prior.turned]
    best = with_values(c.question.scenario, dict(zip(names, c.values[c.best].tolist(), strict=True)))
    head = (
        f"# The draw that is nearest to {c.question.data.source}; draws.csv has {len(c.values)}, which differ where the data say little.\n"
    )
    run_folder.write_text(folder / BEST, head + best.to_toml())
    drawn = draw_all(DRAWINGS.values(), c, folder / "figures")
    write_findings(_page(c, drawn), folder)


def _page(c: Calibration, drawn: list[Any]) -> Page:
    by_name = {one.name: one for one in drawn}
    q = c.question
    fits = Section("How each figure is met", [by_name["figures"], _figures(c)])
    known = Section("What the data say about each number", [_numbers(c), *_combinations(c), _held(c)])
    trust = Section("Whether to trust it", [by_name["ranks"], *_trust(c)])
    how = [
        ("Scenario", q.scenario.name),
        ("Data", q.data.source),
        ("Design that they came about under", q.still.design),
        ("Size", f"{q.size:,} members, {q.data.warm_up} + {q.data.days} days"),
        ("Bank", f"{len(c.bank.values)} draws of a scrambled Sobol sequence with {q.members:,} members, each with seeds of its own"),
        ("Method", "regression-adjusted ABC, numbers on the logit of their range; errors of observation are added to what runs show"),
        ("Seed", str(q.seed)),
        ("Model version", model_version()),
    ]
    first = _first(c)
    parts = [fits, known, trust]
    return Page(question(c), [*first, *_after(c)], by_name["numbers"], parts, how=how, files=_files(c), before=len(first))


def _files(c: Calibration) -> list[tuple[str, str]]:
    """Return what each file holds: the draws are no worlds that fit if none does."""
    none = {} if c.showing else {DRAWS: "draws that are kept though none fits: a row a draw, a column a number"}
    return [(name, none.get(name, words)) for name, words in FILES]


def _figures(c: Calibration) -> Table:
    rows = [
        [
            row.title,
            f"{figure(row.observed, row.unit)} ± {figure(2 * row.error, row.unit)}",
            figure(row.worlds, row.unit),
            f"{figure(row.worlds_low, row.unit)} to {figure(row.worlds_high, row.unit)}",
        ]
        for row in tables.figures(c).itertuples()
    ]
    title, of = ("the worlds that fit", "worlds") if c.showing else ("draws that are kept though none fits", "draws")
    return Table(f"Observed, and in {title}", ["figure", "observed, 95%", f"mean of {of}", "lowest to highest"], rows)


def _numbers(c: Calibration) -> Table:
    rows = [
        [
            row.parameter,
            f"{row.low:.3g} to {row.high:.3g}, {row.why}",
            f"{row.q05:.3g} to {row.q95:.3g}",
            row.said,
            f"{row.moves} ({row.first_order:.2f})",
        ]
        for row in parameters(c).itertuples()
    ]
    columns = ["number", "where it may well lie", "90% of worlds", "the data say", "moves most (first-order index)"]
    return Table("The numbers that are turned", columns, rows)


def _combinations(c: Calibration) -> list[Any]:
    paths = [one.path for one in c.question.prior.turned]
    rows = []
    for row in tables.combinations(c).to_dict(orient="records"):
        weights = sorted(((path, row[path]) for path in paths), key=lambda one: -abs(one[1]))[:MOST_WEIGHTS]
        named = ", ".join(f"{path} {weight:+.2f}" for path, weight in weights)
        share = sum(weight**2 for _, weight in weights)
        rows.append(
            [named, f"{100 * share:.0f}%", f"{row['foreseen']:.2f}", "not measured" if np.isnan(row["worlds"]) else f"{row['worlds']:.2f}"]
        )
    if not rows:
        return []
    words = (
        "Where several numbers move the same figures, what is known is a weighted sum of them, and each by itself may lie nearly anywhere; a row that is "
        "nearly all one number is that number. Spreads are those of the sum, over what the ranges leave it. Foreseen is a straight-line approximation that "
        "does not look at what was observed; the worlds can lie on either side of it, since figures bend."
    )
    columns = ["heaviest numbers and their weights, in spreads of their ranges", "of the whole", "spread foreseen", "spread of the worlds"]
    return [words, Table("Combinations of numbers that the figures tell", columns, rows)]


def _held(c: Calibration) -> Table:
    rows = [[path] for path in c.question.prior.held]
    return Table(f"Assumed numbers that are held fixed ({len(rows)})", ["number"], rows, folded=True)


def _trust(c: Calibration) -> list[Any]:
    rows = [[name, "passed" if good else "not passed", found] for name, good, found in tables.gate_rows(c)]
    held = [
        [one.title, f"{one.observed:.3g}", f"{one.predicted:.3g} ± {2 * one.error:.2g}", "predicted" if one.inside else "missed"]
        for one in c.gates.held
    ]
    words = (
        f"Pseudo-logs are draws of the bank that are fitted as the data are, each without itself. A number moves a figure if it alone makes "
        "up a tenth of that figure's variance. The fits halve it if, besides, in nine of ten fits to pseudo-logs its posterior is at most "
        f"{CONTRACTED:g} times as wide as its prior: which tolerances and the noise of runs may not allow. The data must then narrow it so, too."
    )
    return [
        words,
        Table("Gates and controls", ["gate", "verdict", "what was found"], rows),
        Table("Figures that were left out of a fit, and predicted by it", ["figure", "observed", "predicted", "verdict"], held),
    ]
