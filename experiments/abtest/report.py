"""Findings as tables, a picture and a page."""

from __future__ import annotations

import math
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.abtest.answer import CREDITED, NAMES, answer, lift, per_cent, question_of
from experiments.abtest.calibrated import over_worlds, worlds_table
from experiments.abtest.findings import Findings, row_of
from experiments.abtest.metrics import METRICS, WINDOW
from experiments.abtest.power import power_table
from experiments.abtest.question import Panel, Question
from experiments.abtest.replicate import DEALT
from experiments.abtest.schemes import HAJEK, HAJEK_NETWORK, SCHEMES
from experiments.abtest.worlds import periods_of
from experiments.reporting import run_folder
from experiments.reporting.page import Page, Section, Table, write_findings
from experiments.reporting.palette import ARMS, AXIS, INK, SOFT
from experiments.reporting.style import Drawn, Figure, Screen, draw_all
from experiments.reporting.text import counted, listed, named, too_small, with_interval
from experiments.runs.keys import members_of, size_in_words
from sim.version import model_version

if TYPE_CHECKING:
    import pandas as pd

FILES = (
    ("summary.csv", "each reading: truth, estimate, bias in two parts, spread, coverage, right sign, power, false positives"),
    ("decisions.csv", "by scheme: how often the treatment is shipped, and how often wrongly"),
    ("apart.csv", "the effect on the treated, and the spillover on the untreated"),
    ("weeks.csv", "what is read after 1, 2, 4, ... weeks"),
    ("increasing.csv", "how often a ramp tells that members disturb one another, by the test of increasing allocation"),
    ("egos.csv", "of tests by ego: how many egos, their connections beside those of all, how many of these have the ego's arm"),
    ("carried.csv", "of days and weeks that take turns: what is carried over from one block to the next"),
    ("power.csv", "what can be detected, by members and weeks"),
    ("worlds.csv", "launch and bias over draws; empty without --draws"),
    ("estimates.csv", "every test"),
    ("scenario.toml", "the scenario, to run again"),
    ("budget.json", "how many replicates the time was enough for"),
    ("provenance.json", "versions, seeds, command, machine, times"),
    ("ledger.sqlite", "the replicates: the same command continues from there"),
)
HOW_TO_READ = (
    "Launch: the treatment for all against the control for all, on the same members and draws. What a test shows differs from it for two reasons. "
    "Attribution, wrong by construction: what remains if each item is taken from the world in which everybody has the arm that sent it, and credited as the test "
    "does. Interference, the rest: what the treated do to the untreated. Points are of the per cents beside them. "
    f"Attribution is averaged over {DEALT} ways to deal out arms in the same two worlds, and interference is a test less the same deal undisturbed, so the luck of "
    "the deal is out of both; what a test shows is the launch and both parts."
)
SIZES = (1e3, 1e4, 1e5, 1e6)  # members of the table of power
LABEL, NARROW_LABEL = 34, 14  # characters of a line beside the axis
LIMITS = (
    "Arms and outcomes are those of the model: what members say to one another about a test, and that they notice it, is not in it.",
    f"An approach counts as answered within {WINDOW} days; what comes later is in no measure of a test.",
    "Errors of clusters are CR2 with the degrees of freedom of Bell and McCaffrey, also below 50 clusters: false positives say how far off they are.",
    "By exposure (Hájek) errors take units for exposed apart from one another, and few have a large weight: they are too short, as its false positives say.",
    "Communities are those of Louvain's method, with --by leiden of that of Leiden. Exposure is reckoned on who wrote to whom before the switch, and on connections at it; who finds whom in a search is in neither.",
    "Intent success counts exchanges within two weeks; the measure of a comparison waits 60 days for a relationship, longer than most tests last.",
    "Blocks of days follow one another without days between: an answer that comes in a later block counts for the block of its approach. What that and all else carries over is told by blocks of two lengths.",
    "The test of increasing allocation takes an effect that grows or wears off for interference; its last column says how often, where there is none.",
    "Tests in one population share its members, so binomial intervals of rates are a little too short.",
    "What launching does is told over the days of the test, for members who are there at its begin, credited as the test credits: so it differs between credits, and what comes later is in neither.",
    "It is the mean over the populations that were run, which has an error of its own; intervals of biases, from pairs of test and launch, contain it, coverage does not.",
    "Each interval holds by itself: of twenty schemes without bias one is shown to miss. The reading that comes nearest is chosen among all by the same populations, so it looks a little nearer than it is.",
)


def tables_of(f: Findings, population: float | None) -> dict[str, pd.DataFrame]:
    """Return all tables by file name; `population` is one more size for what can be detected."""
    members = [*SIZES, *([population] if population else [])]
    power = power_table(f, f.question.better, [float(n) for n in members])
    return {
        "summary.csv": f.summary,
        "decisions.csv": f.decisions,
        "apart.csv": f.apart,
        "weeks.csv": f.weeks,
        "increasing.csv": f.increasing,
        "egos.csv": f.egos,
        "carried.csv": f.carried,
        "power.csv": power,
        "worlds.csv": worlds_table(f),
        "estimates.csv": f.estimates,
    }


def write(f: Findings, folder: Path, *, population: float | None = None) -> None:
    """Write tables, the picture and the page."""
    for name, table in tables_of(f, population).items():
        run_folder.write_table(folder / name, table)
    figures = draw_all([draw], f, folder / run_folder.FIGURES)
    q = f.question
    page = Page(
        question_of(f),
        answer(f),
        figures[0] if figures else None,
        sections=[
            Section("Schemes", [HOW_TO_READ, *(_schemes(f, panel) for panel in dict.fromkeys((q.main, q.rates)))]),
            Section("Readings", [_readings(f, q.main)]),
            Section("Decisions and false positives", [_decisions(f, q.rates)]),
            Section(
                "Who is reached, and what wears off",
                [_apart(f, q.main), *_egos(f, q.main), _weeks(f, q.main), *_carried(f, q.main), *_increasing(f, q.main)],
            ),
            Section("How many, how long", [_power(f, population)]),
            *([Section(_heading(q), [*q.called.sentences, _worlds(f)])] if q.worlds else []),
            Section("Limitations", list(LIMITS)),
        ],
        notes=notes(f),
        how=[
            ("Scenario", q.scenario.name),
            ("Size", size_in_words(q.scenario)),
            ("Arms", f"{named(q.arms[1])} against {named(q.arms[0])}, {100 * q.share:g}% treated"),
            (
                "Replicates",
                "; ".join(f"{p.name}: {p.replicates} of {p.members:,} members" if p.members else p.name for p in q.panels if not p.at),
            ),
            ("Assignments", f"{_dealt(q)}{', in the same shares in each style' if q.stratified else ''}"),
            ("Seed", str(q.seed)),
            ("Model version", model_version()),
        ],
        files=FILES,
    )
    write_findings(page, folder)


def _dealt(q: Question) -> str:
    """Return in how many ways arms are dealt out."""
    once = q.draws > 1 and not set(q.main.schemes) <= set(q.rates.schemes)
    words = f"{counted(q.draws, 'assignment')} in each population"
    return f"{words}, one by schemes whose rates are not told" if once else words


def notes(f: Findings) -> list[str]:
    """Return what a reader must know of all that is found."""
    return [few] if (few := too_small(members_of(f.question.scenario))) else []


def _size(panel: Panel) -> str:
    return f"{panel.members:,} members" if panel.members else "the members of the file"


def _part(name: str, row: Any) -> str:
    parts = (per_cent(row[name], row), *sorted((per_cent(row[f"{name}_low"], row), per_cent(row[f"{name}_high"], row))))
    return with_interval(*parts, of="")


def _per_cent_of(x: float) -> str:
    return f"{100.0 * x:.0f}%" if math.isfinite(x) else "–"


def _reading(row: Any) -> str:
    """Return how a test is read: whom outcomes are credited to, and by which estimator."""
    return f"{CREDITED[row.credit]}, {NAMES[row.estimator]}"


def _schemes(f: Findings, panel: Panel) -> Table:
    """Return what each scheme's usual reading shows of the primary metric."""
    metric, rows = f.question.better, []
    for scheme in panel.schemes:
        row = row_of(f, panel, scheme, metric)
        start = [SCHEMES[scheme].words, _reading(row), lift(row.truth, row)]
        if not row.estimable:
            rows.append([*start, "not estimable", "–", "–", "–", "–", "–"])
            continue
        parts = [_part(name, row) for name in ("attribution", "interference")]
        rates = [_per_cent_of(row[name]) for name in ("coverage", "right_sign", "power")]
        rows.append([*start, lift(row.estimate, row), *parts, *rates])
    columns = [
        "Randomised",
        "Read",
        "Launch",
        "Test shows",
        "Attribution, points (95% interval)",
        "Interference, points (95% interval)",
        "Interval holds the launch",
        "Right sign",
        "Power",
    ]
    title = f"{METRICS[metric].title} by scheme, in per cent of the control: {panel.replicates} replicates of {_size(panel)}"
    return Table(title, columns, rows)


def _readings(f: Findings, panel: Panel) -> Table:
    """Return the bias of every reading of every metric."""
    s = f.summary[f.summary.panel == panel.name]
    rows = []
    for _, row in s.iterrows():
        start = [METRICS[row.metric].title, SCHEMES[row.scheme].words, _reading(row), lift(row.truth, row)]
        if not row.estimable:
            few = f" ({row.effective:.0f} units in effect)" if row.estimator in (HAJEK, HAJEK_NETWORK) else ""
            rows.append([*start, f"not estimable{few}", "–", "–", "–"])
            continue
        rows.append(
            [
                *start,
                lift(row.estimate, row),
                *(_part(name, row) for name in ("attribution", "interference")),
                _per_cent_of(row.false_positives),
            ]
        )
    columns = ["Measure", "Randomised", "Read", "Launch", "Test shows", "Attribution, points", "Interference, points", "False positives"]
    return Table(f"All readings, in per cent of the control: {_size(panel)}", columns, rows, folded=True)


def _decisions(f: Findings, panel: Panel) -> Table:
    """Return how often each scheme ships, and wrongly."""
    rows = []
    for _, row in f.decisions[f.decisions.panel == panel.name].iterrows():
        verdict = "ship" if row.launch_deserves else "do not ship"
        told = ["–", "–"] if not math.isfinite(row.get("shipped", math.nan)) else [_rate(row, "shipped"), _rate(row, "wrong")]
        usual = row_of(f, panel, row.scheme, f.question.better)
        rows.append([SCHEMES[row.scheme].words, verdict, *told, row.not_estimable or "–", _rate(usual, "false_positives")])
    columns = ["Randomised", "A launch says", "Shipped", "Wrong decision", "Not estimable", "False positives at 5%"]
    return Table(f"Decisions by the rule, with 95% binomial intervals: {_size(panel)}", columns, rows)


def _rate(row: Any, name: str) -> str:
    value = row.get(name, math.nan)
    if not math.isfinite(value):
        return "–"
    return f"{100.0 * value:.0f}% ({100.0 * row[f'{name}_low']:.0f} to {100.0 * row[f'{name}_high']:.0f})"


def _lift_of(x: float, control: float) -> str:
    return f"{100.0 * x / abs(control):+.1f}%" if control and math.isfinite(x) else "–"


def _apart(f: Findings, panel: Panel) -> Table:
    """Return the effect on the treated and the spillover on the untreated, by the usual credit of each scheme that has them."""
    metric, rows = f.question.better, []
    for scheme in panel.schemes:
        row = row_of(f, panel, scheme, metric)
        a = f.apart
        here = a[(a.panel == panel.name) & (a.scheme == scheme) & (a.metric == metric) & (a.credit == row.credit)] if len(a) else a
        for _, one in here.iterrows():
            parts = [
                with_interval(*(100.0 * one[f"{name}{end}"] / abs(row.control) for end in ("", "_low", "_high")), of="")
                for name in ("on_treated", "spillover")
                if row.control
            ]
            rows.append([SCHEMES[scheme].words, CREDITED[row.credit], lift(row.truth, row), *parts])
    title = f"{METRICS[metric].title}, each against what the same members have under control for all, in per cent of the control"
    return Table(title, ["Randomised", "Read", "Launch", "On the treated", "Spillover on the untreated"], rows)


def _weeks(f: Findings, panel: Panel) -> Table:
    """Return what the asked scheme's usual reading shows after some weeks."""
    metric, w = f.question.better, f.weeks
    here = w[(w.panel == panel.name) & (w.scheme == f.question.by) & (w.metric == metric)] if len(w) else w
    rows = [
        [counted(int(one.weeks), "week"), _lift_of(one.truth, one.control), _lift_of(one.estimate, one.control)]
        for one in here.itertuples()
    ]
    title = f"{METRICS[metric].title} so far, randomised {SCHEMES[f.question.by].words}, in per cent of the control"
    return Table(title, ["After", "Launch", "Test shows"], rows)


def _increasing(f: Findings, panel: Panel) -> list[Table]:
    """Return how often the test of increasing allocation finds on a ramp that members disturb one another."""
    here = f.increasing[f.increasing.panel == panel.name] if len(f.increasing) else f.increasing
    rows = [[METRICS[row.metric].title, _rate(row, "found"), _rate(row, "undisturbed")] for _, row in here.iterrows()]
    title = "Ramps whose treated and untreated change apart from 5 to 50%, at the level of 5% (Han, Li, Mao and Wu 2022)"
    return [Table(title, ["Measure", "In the test", "If nobody disturbed anybody"], rows)] if rows else []


def _egos(f: Findings, panel: Panel) -> list[str]:
    """Return in words who the egos of a test by ego are, and how much of their surroundings has their arm."""
    here = f.egos[f.egos.panel == panel.name] if len(f.egos) else f.egos
    return [
        f"Tests by ego and contacts have {one.egos:,.0f} egos, who have {one.degree:.0f} connections each where all members have {one.degree_of_all:.0f}: clusters "
        f"do not overlap, and whoever has many connections seldom has half of them to themselves. Of an ego's connections "
        f"{100.0 * one.covered:.0f}% have the ego's arm, and {100.0 * one.clustered:.0f}% of members are in the cluster of an ego."
        for one in here.itertuples()
    ]


def _carried(f: Findings, panel: Panel) -> list[Table]:
    """Return what days and weeks that take turns carry over."""
    here = f.carried[f.carried.panel == panel.name] if len(f.carried) else f.carried
    rows = [
        [METRICS[row.metric].title, *(_part(name, row) for name in ("longer", "shorter", "carried"))]
        for _, row in here.iterrows()
        if row.control and math.isfinite(row.carried)
    ]
    title = "Arms that take turns for all: what is carried over to the next block, points of per cent of the control"
    return [Table(title, ["Measure", "Interference by week", "Interference by day", "More by day: carried over"], rows)] if rows else []


def _heading(q: Question) -> str:
    return q.called.range.removeprefix("range ").capitalize()


def _worlds(f: Findings) -> Table:
    """Return the range of launch and bias over draws."""
    rows = []
    for metric in METRICS:
        found = over_worlds(f, metric)
        if found is not None and found.control and math.isfinite(found.launch.low):
            ends = [sorted(100.0 * x / abs(found.control) for x in (r.low, r.high)) for r in (found.launch, found.bias)]
            told = [f"{low:+.1f} to {high:+.1f}" for low, high in ends]
            rows.append([METRICS[metric].title, *told, _per_cent_of(found.bias.share), "yes" if found.bias.told else "no"])
    columns = ["Measure", "Launch", "Bias, points", "Worlds with the bias's usual sign", "Told from noise"]
    title = f"Randomised {SCHEMES[f.question.by].words}, in per cent of the control, over {counted(len(f.question.worlds), f.question.called.one)}"
    return Table(title, columns, rows)


def _power(f: Findings, population: float | None) -> Table | str:
    table = tables_of(f, population)["power.csv"]
    if not len(table):
        return "This scheme is not read week by week, so what it can detect is not told."
    rows = [
        [
            f"{row.members:,.0f}",
            counted(int(row.weeks), "week"),
            f"{row.detectable:.3g}% ({row.detectable_low:.3g} to {row.detectable_high:.3g})",
            f"{row.launch:+.1f}%",
        ]
        for row in table.itertuples()
    ]
    title = f"{METRICS[f.question.better].title}: minimum detectable effect at 80% power, in per cent of the control"
    return Table(title, ["Members", "After", "Detectable (95% interval of the law)", "Launch"], rows)


def draw(f: Findings, screen: Screen) -> Drawn | None:
    """Draw each scheme's estimates as a distribution, and the truth as a line."""
    q, panel = f.question, f.question.main
    shown = [(scheme, row_of(f, panel, scheme, q.better)) for scheme in panel.schemes]
    shown = [(scheme, row) for scheme, row in shown if row.estimable]
    if not shown:
        return None
    canvas = screen.blank(0.9 + (0.6 if screen.narrow else 0.42) * len(shown))
    ax = canvas.subplots()
    e = f.estimates[(f.estimates.panel == panel.name) & (f.estimates.metric == q.better)]
    for y, (scheme, row) in enumerate(shown):
        here = e[(e.scheme == scheme) & (e.credit == row.credit) & (e.estimator == row.estimator)].estimate.to_numpy(float)
        values = np.sort([per_cent(x, row) for x in here if math.isfinite(x)])
        beside = 0.16 * np.where(np.arange(len(values)) % 2, 1.0, -1.0) * (np.arange(len(values)) % 3) / 2.0
        ax.plot(values, y + beside, ".", color=ARMS[1], ms=3.5, alpha=0.55)
        middle, half = per_cent(row.estimate, row), values.std()
        ax.plot([middle - half, middle + half], [y, y], color=ARMS[1], lw=2.2, solid_capstyle="butt")
        ax.plot(middle, y, "o", color=ARMS[1], ms=6)
    launch = per_cent(shown[0][1].truth, shown[0][1])
    ax.axvline(launch, color=INK, lw=1.6)
    ax.axvline(0.0, color=AXIS, lw=0.8)
    width = NARROW_LABEL if screen.narrow else LABEL
    ax.set_yticks(range(len(shown)), ["\n".join(textwrap.wrap(SCHEMES[scheme].words, width)) for scheme, _ in shown])
    ax.set_ylim(len(shown) - 0.5, -0.6)
    ax.tick_params(length=0)
    ax.annotate("launch", (launch, -0.55), xytext=(4, 0), textcoords="offset points", color=SOFT, va="top")
    ax.set_xlabel(f"{METRICS[q.better].title.lower()}, change in %")
    misses = [SCHEMES[scheme].words for scheme, row in shown if row.bias_low > 0.0 or row.bias_high < 0.0]
    control, treatment = map(named, q.arms)
    headline = (
        f"Tests that miss the effect of launching {treatment}: randomised {listed(misses)}"
        if misses
        else f"No scheme is shown to miss the effect of launching {treatment}"
    )
    caption = (
        f"Each dot is a test of {treatment} against {control} over {counted(periods_of(q.scenario).days, 'day')}, by its scheme's usual "
        f"reading; the circle is what such tests show on average, the bar one standard deviation to both sides, the line what launching does. "
        f"{counted(panel.replicates, 'population')} of {_size(panel)}, {_dealt(q)}."
    )
    told = "; ".join(f"{SCHEMES[scheme].words} {lift(row.estimate, row)}" for scheme, row in shown)
    return Drawn(canvas, Figure("schemes", headline, caption, f"Launching: {launch:+.1f}%. Tests: {told}."))
