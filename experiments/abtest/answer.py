"""The answer in words, from the findings alone."""

from __future__ import annotations

import math
from typing import Any

from experiments.abtest import calibrated
from experiments.abtest.findings import Findings, row_of
from experiments.abtest.metrics import BOTH, INITIATOR, ITEM, METRICS, RECIPIENT
from experiments.abtest.power import check_of, members_needed
from experiments.abtest.question import Panel
from experiments.abtest.schemes import CLUSTER, CLUSTER_CUPED, CUPED, DIFFERENCE, HAJEK, HAJEK_NETWORK, SCHEMES
from experiments.abtest.worlds import periods_of
from experiments.reporting.text import counted, listed, named, with_interval

EXACT = 2  # figures
LITTLE = 0.01  # of a bias, below which its part is told in words
NAMES = {
    DIFFERENCE: "difference in means",
    CUPED: "difference in means with CUPED",
    CLUSTER: "difference in means with errors of clusters",
    CLUSTER_CUPED: "difference in means with CUPED and errors of clusters",
    HAJEK: "exposure to those one wrote with (Hájek)",
    HAJEK_NETWORK: "exposure to one's connections (Hájek)",
}
CREDITED = {
    INITIATOR: "credited to the initiator",
    RECIPIENT: "credited to the recipient",
    BOTH: "credited half to each end",
    ITEM: "read item by item",
}


def question_of(f: Findings) -> str:
    """Return the question that is answered."""
    control, treatment = map(named, f.question.arms)
    return f"What would an A/B test of {treatment} against {control} have shown?"


def answer(f: Findings) -> list[str]:
    """Return the answer in sentences: what the test shows, why it is wrong, how often it misleads, what would be better."""
    q = f.question
    first, last = q.main, q.rates
    return [
        _shows(f, first),
        *_why(f, first),
        *_best(f, first),
        *_misleads(f, last),
        *_ships(f, last),
        *_needed(f),
        *calibrated.sentences(f),
    ]


def per_cent(x: float, row: Any) -> float:
    """Return an effect in per cent of what is there under control."""
    return 100.0 * x / abs(row.control) if row.control else math.nan


def lift(x: float, row: Any) -> str:
    """Return an effect in per cent, with its sign."""
    part = per_cent(x, row)
    return f"{part:+.1f}%" if abs(part) < 100.0 else f"{part:+.0f}%"


def _within(name: str, row: Any) -> str:
    """Return a part of the bias in points of per cent, with its interval."""
    parts = (per_cent(row[name], row), *sorted((per_cent(row[f"{name}_low"], row), per_cent(row[f"{name}_high"], row))))
    return with_interval(*parts, unit=" points")


def _title(metric: str) -> str:
    return METRICS[metric].title.lower()


def _weeks(f: Findings) -> str:
    days = periods_of(f.question.scenario).days
    return counted(days // 7, "week") if days % 7 == 0 else counted(days, "day")


def _read(credit: str, estimator: str) -> str:
    """Return how a test is read, in words."""
    return f"{CREDITED[credit]}, by {NAMES[estimator]}"


def _shows(f: Findings, panel: Panel) -> str:
    q, row = f.question, row_of(f, panel, f.question.by, f.question.better)
    start = f"Randomised {SCHEMES[q.by].words} for {_weeks(f)}, {_read(q.credit, q.estimator)},"
    if not row.estimable:
        return f"{start} a test cannot estimate {_title(q.better)}; launching it for all changes them by {lift(row.truth, row)}."
    return f"{start} a test would show {lift(row.estimate, row)} {_title(q.better)}; launching it for all brings {lift(row.truth, row)}."


def _why(f: Findings, panel: Panel) -> list[str]:
    row = row_of(f, panel, f.question.by, f.question.better)
    if not row.estimable:
        return []
    parts = [f"{_part(name, row)} is {name}" for name in ("attribution", "interference")]
    if row.bias_low <= 0.0 <= row.bias_high:
        return [f"That it is wrong is not shown: it differs by {_within('bias', row)}, of which {listed(parts)}."]
    return [f"Of the difference of {_within('bias', row)}, {listed(parts)}."]


def _part(name: str, row: Any) -> str:
    """Return a part of a bias in points, in words where it is surely nothing beside the whole."""
    most = max(abs(row[f"{name}_low"]), abs(row[f"{name}_high"]))
    return "less than a hundredth" if most < LITTLE * abs(row.bias) else _within(name, row)


def _rate(row: Any, name: str) -> str:
    return f"{100.0 * row[name]:.0f}% (95% confidence interval {100.0 * row[f'{name}_low']:.0f} to {100.0 * row[f'{name}_high']:.0f})"


def _misleads(f: Findings, panel: Panel) -> list[str]:
    q, row = f.question, row_of(f, panel, f.question.by, f.question.better)
    if not row.estimable:
        return []
    size = f"{panel.members:,} members" if panel.members else "the members of the network file"
    contains = f"With {size}, its 95% confidence interval contains the effect of launching in {_rate(row, 'coverage')} of tests"
    return [f"{contains}, and its estimate of {_title(q.better)} has the right sign in {_rate(row, 'right_sign')}."]


def _ships(f: Findings, panel: Panel) -> list[str]:
    q, d = f.question, f.decisions
    row = d[(d.panel == panel.name) & (d.scheme == q.by)].iloc[0]
    rule = (
        f"better in {_title(q.better)} and not worse in {listed([_title(name) for name in q.margins])}" if q.margins else _title(q.better)
    )
    if "shipped" not in row or not math.isfinite(row.shipped):
        return [f"By the rule ({rule}) such a test cannot decide: {row.not_estimable or 'nothing'} cannot be estimated."]
    verdict = "deserves" if row.launch_deserves else "does not deserve"
    unseen = f" It cannot see {row.not_estimable}." if row.not_estimable else ""
    ships = f"By the rule ({rule}) it ships in {_rate(row, 'shipped')} of tests"
    return [f"{ships}; a launch {verdict} it, so the decision is wrong in {_rate(row, 'wrong')}.{unseen}"]


def _best(f: Findings, panel: Panel) -> list[str]:
    """Return the reading with the least root mean squared error among all."""
    q, s = f.question, f.summary
    here = s[(s.panel == panel.name) & (s.metric == q.better) & s.estimable.astype(bool)]
    if not len(here):
        return []
    squared = here.bias**2 + here.spread**2
    row = here.loc[squared.idxmin()]
    words = f"randomised {SCHEMES[row.scheme].words}, {_read(row.credit, row.estimator)}"
    return [f"Nearest to the effect of launching, in bias and spread together, comes a test {words}: {lift(row.estimate, row)} on average."]


def _needed(f: Findings) -> list[str]:
    found = members_needed(f, f.question.better)
    if found is None:
        return []
    members, weeks = found
    rounded = float(f"{members:.{EXACT}g}")
    start = f"To see an effect as large as that of launching with 80% power, a test {SCHEMES[f.question.by].words} needs about"
    several = f.weeks[f.weeks.scheme == f.question.by].members.nunique() > 1
    law = "keeps falling as it does between the sizes that were run" if several else "falls with the root of the members"
    checked = check_of(f, f.question.better)
    told = (
        ""
        if checked is None
        else f" Checked at {checked.members:,} members, the spread is {checked.ratio:.2f} times what it should be "
        f"(95% confidence interval {checked.low:.2f} to {checked.high:.2f})."
    )
    return [f"{start} {rounded:,.0f} members for {counted(weeks, 'week')}, if its spread {law}.{told}"]
