"""Output files of a comparison: tables, figures, the page that explains them."""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.comparison import split, surfaces
from experiments.comparison.answer import sign_changes, within
from experiments.comparison.figures import DRAWINGS
from experiments.comparison.result import at_once, facts_of
from experiments.comparison.split import in_place, role_of
from experiments.comparison.standing import range_of
from experiments.comparison.stopping_rule import RULES
from experiments.comparison.tables import verdict_matrix
from experiments.reporting.page import Bullets, Cell, Heading, Page, Section, Table, Terms, verdict_cell, write_findings
from experiments.reporting.run_folder import FIGURES, LEDGER, SCENARIO, write_provenance, write_table, write_text
from experiments.reporting.style import Figure, Render, draw_all
from experiments.reporting.text import POINTS, amount, change, change_parts, counted, figure, named, places_of, with_interval
from sim.results.measures import CONTEXT, GOAL, GUARDRAIL, PRIMARY, Measure
from sim.scenario.assumptions import ASSUMPTIONS, assumptions_of
from sim.scenario.template import parameter_table
from sim.version import model_version

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.result import Comparison

FILES = (
    ("summary.csv", "each measure: means, difference, ratio, 95% confidence intervals, verdict"),
    ("by_style.csv", "the same by style, purpose, distance and recipient"),
    ("explain.csv", "what each assumption adds to each difference"),
    ("worlds.csv", "each difference at the draws that were given, with their numbers"),
    ("moves.csv", "which of these numbers each difference goes with, and how much of its spread the data constrain"),
    ("conditioned.csv", "draws that were moved to a changed number, and whether they still show the figures"),
    ("suggestions.csv", "each difference with no, and with all, asking from lists of suggestions"),
    ("populations.csv", "each difference with and without the targets that other populations gave"),
    ("calibration.csv", "published patterns, and what the model gives"),
    ("daily.csv", "the course by day with confidence bands"),
    ("runs.csv", "each measure of each run, numerators and denominators"),
    ("scenario.toml", "the complete scenario, to run again"),
    ("provenance.json", "versions, seeds, command, machine, times"),
    ("ledger.sqlite", "the runs themselves: the same command continues from there"),
    ("figures/", "every figure as PNG and SVG"),
)
SEEN_FIRST = 4  # sentences before the picture: the difference, how far it goes over worlds, on what it stands, what it hangs on; and which signs turn
OF_WORLDS = ("worlds", "moves", "conditioned")
TITLES = {  # of the tables within a comparison, by dimension
    "style": "By the sender's style",
    "purpose": "By purpose",
    "distance": "By distance",
    "selectivity": "By how selective the recipient is",
    "inbox": "By how full the recipient's inbox is",
    "design": "By the sender's design",
}
COLUMNS = (  # of a table of measures
    "Measure",
    "Verdict",
    "Difference (95% confidence interval)",
    "Treatment",
    "Control",
    "Smallest effect of interest",
    "Variance reduction",
)
HOW_TO_READ = (
    "The control is the reference arm. Better (▲) and worse (▼): the 95% confidence interval excludes zero; no difference that matters (=): it lies within "
    "the smallest effect of interest; the rest is not decided (○). Variance reduction: by what factor common random numbers within a pair lower the variance "
    "of the difference."
)


def write_comparison(c: Comparison, folder: Path, started: float, seconds: float | None = None, render: Render | None = None) -> None:
    """Write everything but the ledger: tables, figures, report, provenance last.

    Args:
        c: what was found.
        folder: made for it.
        started: when, in seconds since 1970.
        seconds: that it took; all since then unless given.
        render: where figures are drawn; in this process unless given.
    """
    write_text(folder / SCENARIO, c.scenario.to_toml())
    for name, table in (
        ("runs", c.runs),
        ("summary", c.summary),
        ("daily", c.daily),
        ("by_style", c.levels),
        ("explain", c.explain),
        ("suggestions", c.suggestions),
        ("populations", c.populations),
        ("worlds", c.worlds),
        ("moves", c.worlds_moves),
        ("conditioned", c.worlds_conditioned),
    ):
        if table is not None:
            write_table(folder / f"{name}.csv", table)
        elif name in OF_WORLDS:
            (folder / f"{name}.csv").unlink(missing_ok=True)  # of the same comparison, when draws were given
    if c.calibration is not None:
        import pandas as pd

        rows = [(t.name, t.source, t.low, t.high, t.got, t.denominator, t.unit, t.missed_by) for t in c.calibration]
        columns = ["target", "source", "low", "high", "got", "denominator", "unit", "missed_by"]
        write_table(folder / "calibration.csv", pd.DataFrame(rows, columns=columns))
    seen = dataclasses.replace(c, made_portraits=functools.partial(dict, c.portraits))  # made here: a worker has no runs to make them of
    figures = draw_all(DRAWINGS.values(), seen, folder / FIGURES, *([render] if render else []))
    write_report(c, figures, folder)
    took = {} if seconds is None else {"seconds": round(seconds, 3)}
    write_provenance(folder, c.seed, started, facts_of(c, explain=c.explain is not None) | took, scenario=c.scenario)


def write_report(c: Comparison, figures: list[Figure], folder: Path) -> Path:
    """Write `report.html` into the run folder and return its path. `figures` lie in its folder figures/."""
    return write_findings(page(c, {f.name: f for f in figures}, folder), folder)


def page(c: Comparison, figures: dict[str, Figure], folder: Path) -> Page:
    """Return everything that the page says."""

    def shown(*names: str) -> list[Figure]:
        return [figures[name] for name in names if name in figures]

    left = [Heading("Left out"), Bullets(c.left_out)] if c.left_out else []
    first = figures.get("goals") or figures.get("days")
    return Page(
        c.question,
        [*_answer(c), *_for_whom(c, figures), *at_once(c.explain_answer), _definition(c)],
        first,
        [
            Section("Goals and guardrails", [HOW_TO_READ, *_goals(c), *split.blocks(c), *_matrix(c), *shown("tradeoff")]),
            Section("Everything that changes", [*shown("differences"), *surfaces.blocks(c), *_others(c)]),
            Section("How it unfolds", shown("days")),
            Section("Who gains and who pays", [*shown("styles"), *_levels(c), *shown("inboxes", "networks")]),
            Section(
                "Assumptions and sensitivity",
                [
                    *_explained(c, shown("assumptions")),
                    *_moving(c, shown("moves")),
                    *c.suggestions_answer,
                    *c.populations_answer,
                    *_definitions(c),
                    *_population(c),
                    *_calibration(c),
                    *left,
                ],
            ),
            Section("Glossary", [Terms([_entry(m) for m in c.catalogue.values()])]),
        ],
        notes=[*c.notes, _trust()],
        before=SEEN_FIRST + bool(c.turning) if c.worlds_answer else 0,
        how=_how(c),
        files=[
            (name, what) for name, what in FILES if name in ("provenance.json", "figures/") or name == LEDGER or (folder / name).exists()
        ],
    )


def _answer(c: Comparison) -> list[str]:
    """Return the answer: a paragraph a sentence, or of several arms a paragraph an arm."""
    return c.first_answer if len(c.arms) == 2 else [" ".join(lines) for lines in c.answers]


def _for_whom(c: Comparison, figures: dict[str, Figure]) -> list[str]:
    return [f"{figures['styles'].headline}."] if "styles" in figures and len(c.arms) == 2 else []


def _trust() -> str:
    table = parameter_table()
    assumed = sum(str(row["source"]).startswith("assumption") for row in table)
    return (
        f"{assumed} of the model's {counted(len(table), 'parameter')} are assumptions, and the intervals hold within the model: trust the direction, after a look at "
        "Assumptions and sensitivity, more than the size."
    )


def _definition(c: Comparison) -> str:
    """Say what the primary measure is, where it first stands."""
    m = c.catalogue[PRIMARY]
    return f"{m.title}: {m.definition[:1].lower()}{m.definition[1:]}"


# tables ---------------------------------------------------------------------------------------------------------------


def _goals(c: Comparison) -> list[Table]:
    rows = c.summary[c.summary.role.isin([GOAL, GUARDRAIL])]
    return [_measures(c, rows[rows.arm == arm], f"Goals and guardrails: {named(arm)}", folded=k > 0) for k, arm in enumerate(c.arms[1:])]


def _others(c: Comparison) -> list[Table]:
    rows = c.summary[c.summary.role == CONTEXT]
    return [_measures(c, rows[rows.arm == arm], f"All other measures: {named(arm)}", folded=True) for arm in c.arms[1:]]


def _measures(c: Comparison, rows: pd.DataFrame, title: str, *, folded: bool = False) -> Table:
    """Return a table of measures, the primary and the co-primary one first."""
    return Table(title, list(COLUMNS), [_measure(c.catalogue[r.measure], r) for _, r in in_place(rows).iterrows()], folded)


def _difference(r: pd.Series) -> Cell:
    """Return a difference with its interval below it."""
    return Cell(*change_parts(r, of=""))


def _measure(m: Measure, r: pd.Series) -> list[str | Cell]:
    places = places_of(r)
    role = role_of(m.name, r.role)
    return [
        Cell(m.title, f"{role}, {r.unit}"),
        verdict_cell(r.verdict, within(r, m.smallest_effect)),
        _difference(r),
        figure(r["mean"], r.unit, places),
        figure(r.mean_reference, r.unit, places),
        amount(m.smallest_effect, r.unit),
        f"{r.pairing_gain:.1f}" if r.pairing_gain < 1e6 else "all",
    ]


def _matrix(c: Comparison) -> list[Any]:
    """Return every arm against every other in the primary measure, if there are several beside the control."""
    if len(c.arms) < 3 or PRIMARY not in set(c.summary.measure):
        return []
    found = verdict_matrix(c.runs, c.arms, c.catalogue[PRIMARY])
    unit = c.catalogue[PRIMARY].unit
    rows: list[list[str | Cell]] = []
    for arm in c.arms:
        row: list[str | Cell] = [named(arm)]
        for other in c.arms:
            there = found.get((arm, other))
            row.append("–" if there is None else Cell(there.verdict, change(there.row(unit), of=""), verdict_cell(there.verdict).tone))
        rows.append(row)
    text = f"Each arm (row) against each other (column) in intent success; the confidence intervals of all {len(found) // 2} comparisons hold together with 95% (Bonferroni), so they are wider than those above."
    return [
        Heading("Arms against one another"),
        text,
        Table("Arms against one another", ["Arm", *(f"against {named(a)}" for a in c.arms)], rows),
    ]


def _levels(c: Comparison) -> list[Table]:
    """Return the primary measure within each dimension, arm by arm: for whom."""
    rows = c.levels[c.levels.measure == PRIMARY]
    out: list[Table] = []
    for (arm, dimension), part in rows.groupby(["arm", "dimension"], sort=False):
        lines = [
            [
                r.level.replace("_", " "),
                verdict_cell(r.verdict),
                _difference(r),
                figure(r["mean"], r.unit, places_of(r)),
                figure(r.mean_reference, r.unit, places_of(r)),
            ]
            for _, r in part.iterrows()
        ]
        title = f"Intent success {TITLES[str(dimension)].lower()}" + _of_arm(c, str(arm))
        out.append(
            Table(title, ["Level", "Verdict", "Difference (95% confidence interval)", "Treatment", "Control"], lines, folded=bool(out))
        )
    return out


def _of_arm(c: Comparison, arm: str) -> str:
    """Return which arm is meant, if there are several beside the reference."""
    return f": {named(arm)}" if len(c.arms) > 2 else ""


# what it rests on -----------------------------------------------------------------------------------------------------


def _explained(c: Comparison, shown: list[Figure]) -> list[Any]:
    if c.explain is None:
        if c.explain_answer:
            return list(c.explain_answer)
        if c.worlds_moves is not None and len(c.worlds_moves):  # what moves the answer is shown, and not listed by hand
            return []
        titles = [f"{ASSUMPTIONS[n].title}." for n in assumptions_of(c.scenario)]
        return [
            "How much of the difference is assumed was not run; compare --explain shows it. These assumptions favour one channel:",
            Bullets(titles),
        ]
    rows = c.explain[c.explain.measure == PRIMARY]
    lines = [
        [r.title + _of_arm(c, r.arm), with_interval(*(POINTS * x for x in (r.difference, r.ci_low, r.ci_high)), of="")]
        for r in rows.itertuples()
    ]
    table = Table(
        "Intent success: what each assumption adds, in points", ["Assumption", "Adds (95% confidence interval)"], lines, folded=True
    )
    return [*c.explain_answer, *shown, table]


def _moving(c: Comparison, shown: list[Figure]) -> list[Any]:
    """Return which unmeasured number moves the answer, and on what verdicts stand."""
    if c.worlds is None:
        return []
    rows = [
        [
            Cell(c.catalogue[r.measure].title + _of_arm(c, r.arm), r.unit),
            _difference(r),
            range_of(r),
            c.worlds_stands.get((r.arm, r.measure), r.verdict),
        ]
        for _, r in in_place(c.summary[c.summary.role != CONTEXT]).iterrows()
    ]
    columns = ["Measure", "At the defaults (95% confidence interval)", f"{c.worlds_range[:1].upper()}{c.worlds_range[1:]}", "It is"]
    return [*shown, Table("Both intervals, and on what each verdict stands", columns, rows, folded=bool(shown))]


def _definitions(c: Comparison) -> list[Any]:
    out: list[Any] = [Heading("Definitions of success")]
    if PRIMARY not in set(c.summary.measure):
        return [*out, "The primary measure does not fit the horizon."]
    for arm in c.arms[1:]:
        if lines := sign_changes(c.summary, arm):
            out += [f"For {named(arm)}, the sign differs from intent success if success is defined as", Bullets(lines)]
        else:
            out.append(
                f"For {named(arm)}, no other definition of success (two or three exchanges, still in contact on day 60, connected on day 60) has a decided "
                "difference of the opposite sign."
            )
    return out


def _population(c: Comparison) -> list[Any]:
    total = sum(c.scenario.style_shares.values())
    shares = [
        f"{name.replace('_', ' ')} {POINTS * share / total:.0f}%"
        for name, share in sorted(c.scenario.style_shares.items(), key=lambda x: -x[1])
    ]
    return [
        Heading("Population and parameters"),
        (
            f"{c.size}. Differences depend on the size of the population; those in reach shrink as it grows. firstcontact "
            "show parameters says where each parameter comes from."
        ),
        f"Styles, an assumption too: {', '.join(shares)}.",
    ]


def _calibration(c: Comparison) -> list[Any]:
    head = Heading("Calibration")
    if c.calibration is None:
        return [head, "firstcontact calibrate --check shows which published patterns the defaults meet and which they miss."]
    from experiments.calibration.table import verdict_of

    rows: list[list[str | Cell]] = [
        [
            Cell(t.name, t.source),
            Cell(verdict_of(t), tone="better" if t.met else "worse"),
            f"{t.low:g} to {t.high:g}",
            f"{t.got:.3f}",
        ]
        for t in c.calibration
    ]
    return [head, Table("Published patterns", ["Pattern and source", "Result", "Target range", "Model"], rows)]


def _entry(m: Measure) -> tuple[str, str]:
    window = f" Watched for {m.window} days." if m.window else ""
    return m.title, f"{m.definition}{window} ({m.name}; {m.unit}; {m.role}, {m.direction}.)"


def _how(c: Comparison) -> list[tuple[str, str]]:
    s = c.scenario
    stopping = "a fixed number" if c.until is None else RULES[c.until]
    return [
        ("Scenario", s.name),
        ("Size", c.size),
        ("Arms", ", ".join(named(a) for a in c.arms)),
        ("Control (reference)", named(c.reference)),
        ("Warm-up under", named(s.warm_up_design)),
        ("Pairs", f"{c.pairs} ({stopping})"),
        ("Seed", str(c.seed)),
        ("Model version", model_version()),
        (
            "Intervals",
            (
                "95% confidence intervals; the primary measure's own, all others simultaneous (max |t| by sign flips); the arms of a pair share population, "
                "warm-up and random numbers"
            ),
        ),
    ]
