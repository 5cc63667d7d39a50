"""What replicates say of each reading: truth, what the test shows, why it is wrong, how far it scatters, how often it misleads."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.abtest.metrics import ITEM, METRICS, RATIO
from experiments.abtest.question import Panel, Question, reading_of
from experiments.abtest.replicate import WEEKS, Cells, name_of
from experiments.abtest.schemes import BY_BLOCK, DIFFERENCE, EGOS, HAJEK, HAJEK_NETWORK, SCHEMES, STEPS, readings_of
from experiments.abtest.worlds import periods_of
from experiments.methods.assigned import Estimate
from experiments.methods.paired import Interval, mean_interval
from experiments.methods.worlds import binomial_interval

if TYPE_CHECKING:
    import pandas as pd

    from experiments.abtest.runs import Found

LEAST_ESTIMATED = 0.8  # of tests must have an estimate, else a reading is "not estimable"
LEVEL = 0.95
NOTHING = (None, None, None)  # a cell that is not there


@dataclass(frozen=True)
class Findings:
    """What was found; tables have a row a reading, and panel, scheme, metric, credit and estimator in front."""

    question: Question
    summary: pd.DataFrame  # truth, estimate, bias in two parts, spread, coverage, right sign, power, false positives
    decisions: pd.DataFrame  # by scheme: how often the treatment is shipped, and how often wrongly
    apart: pd.DataFrame  # effect on the treated, spillover on the untreated
    weeks: pd.DataFrame  # what is read after so many weeks, by the usual reading
    increasing: pd.DataFrame  # by metric: how often the increasing-allocation test on a ramp finds that units disturb one another
    egos: pd.DataFrame  # by panel, of a test by ego: who egos are, and how much of their surroundings has their arm
    carried: pd.DataFrame  # by metric, of blocks that take turns: what is carried over the more, the shorter they are
    estimates: pd.DataFrame  # every test


class Tests:
    """The estimates of one reading, (replicates, draws); `expected` is what it shows undisturbed, over many ways to deal out arms if they were read."""

    def __init__(self, replicates: Sequence[Cells], where: Sequence[object], truth: str, draws: int) -> None:
        cells = [[r[name_of("test", *where, k)] for k in range(draws)] for r in replicates]
        self.effect, self.error, self.freedom = (_array(cells, part) for part in range(3))
        self.undisturbed = _array([[r[name_of("undisturbed", *where, k)] for k in range(draws)] for r in replicates], 0)
        expected = _array([[r.get(name_of("expected", *where), NOTHING)] for r in replicates], 0)[:, 0]
        self.expected = np.where(np.isfinite(expected), expected, _mean_of_rows(self.undisturbed))  # (replicates,)
        levels = [[r[truth]] for r in replicates]
        self.control, self.treatment, self.units = (_array(levels, part)[:, 0] for part in range(3))

    @property
    def estimable(self) -> bool:
        """Tell whether nearly all tests have an estimate."""
        return bool(np.isfinite(self.effect).mean() >= LEAST_ESTIMATED)

    @property
    def truth(self) -> float:
        """Return the effect of launching, the mean over replicates."""
        return float((self.treatment - self.control).mean())

    def bounds(self) -> np.ndarray:
        """Return the 95% confidence intervals, (replicates, draws, 2)."""
        rows = zip(self.effect.ravel(), self.error.ravel(), self.freedom.ravel(), strict=True)
        return np.array([Estimate(*map(float, row)).bounds for row in rows]).reshape(*self.effect.shape, 2)


def _array(cells: Sequence[Sequence[tuple[float | None, ...]]], part: int) -> np.ndarray:
    return np.array([[math.nan if cell[part] is None else cell[part] for cell in row] for row in cells], float)


def binomial(hits: int, asked: int) -> Interval:
    """Return a rate with its exact 95% interval (Clopper and Pearson 1934); undefined of nothing."""
    if asked == 0:
        return Interval(math.nan, math.nan, math.nan)
    return Interval(hits / asked, *binomial_interval(hits, asked))


def find(question: Question, found: Found) -> Findings:
    """Return what replicates say."""
    import pandas as pd

    parts: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("summary", "decisions", "apart", "weeks", "increasing", "egos", "carried", "estimates")
    }
    for panel in question.panels:
        for scheme in panel.schemes:
            replicates = [r[scheme] for r in found[panel.name]]
            head = {"panel": panel.name, "members": panel.members, "scheme": scheme}
            for metric in METRICS:
                for credit, estimator in readings_of(SCHEMES[scheme]):
                    tests = tests_of(replicates, question.draws_of(scheme), metric=metric, credit=credit, estimator=estimator)
                    row = {**head, "metric": metric, "credit": credit, "estimator": estimator}
                    parts["summary"].append(row | _summary(tests, replicates, row, METRICS[metric].sign))
                    parts["estimates"] += _each(row, tests)
            parts["apart"] += _apart(head, replicates, question.draws_of(scheme))
            parts["weeks"] += _weeks(head, replicates, question.draws_of(scheme))
            parts["increasing"] += _increasing(head, replicates, question.draws_of(scheme))
            parts["egos"] += _egos(head, replicates, question.draws_of(scheme))
            parts["decisions"].append(head | _decision(question, scheme, replicates))
        parts["carried"] += _carried(question, panel, found[panel.name])
    return Findings(question, **{name: pd.DataFrame(rows) for name, rows in parts.items()})


def tests_of(replicates: Sequence[Cells], draws: int, metric: str, credit: str, estimator: str) -> Tests:
    """Return the tests of a reading."""
    return Tests(replicates, (metric, credit, estimator), name_of("truth", metric, credit), draws)


def _summary(tests: Tests, replicates: Sequence[Cells], row: dict[str, Any], sign: float) -> dict[str, Any]:
    """Return a row of the summary; intervals of biases are over replicates, those of rates binomial over tests."""
    control = float(tests.control.mean())
    figures: dict[str, Any] = {"units": float(tests.units.mean()), "control": control, "truth": tests.truth, "estimable": tests.estimable}
    if row["estimator"] in (HAJEK, HAJEK_NETWORK):
        freedom = tests.freedom[np.isfinite(tests.freedom)]
        figures["effective"] = float(freedom.mean()) + 2.0 if len(freedom) else 0.0
    if not tests.estimable:
        return figures
    attribution = tests.expected - (tests.treatment - tests.control)
    interference = _mean_of_rows(tests.effect) - _mean_of_rows(tests.undisturbed)  # of the same deals, whose luck cancels
    told = np.isfinite(attribution) & np.isfinite(interference)
    for name, values in (("bias", attribution + interference), ("attribution", attribution), ("interference", interference)):
        interval = mean_interval(values[told])
        figures |= {name: interval.estimate, f"{name}_low": interval.low, f"{name}_high": interval.high}
    figures["estimate"] = tests.truth + figures["bias"]  # less of the luck of a few deals than the mean of the tests
    figures |= _spread(tests.effect)
    figures["error"] = float(np.nanmean(tests.error))
    bounds, there = tests.bounds(), np.isfinite(tests.effect)
    low, high = bounds[..., 0], bounds[..., 1]
    certain = there & np.isfinite(low)
    figures |= _rate("coverage", (low <= tests.truth) & (tests.truth <= high), certain)
    figures |= _rate("right_sign", np.sign(tests.effect) == np.sign(tests.truth), there)
    figures |= _rate("power", (low > 0.0) if tests.truth > 0.0 else (high < 0.0), certain)
    better = (low > 0.0) if sign > 0.0 else (high < 0.0)
    figures |= _rate("shown_better", better, certain)
    return figures | _false_positives(replicates, row)


def _rate(name: str, hits: np.ndarray, asked: np.ndarray) -> dict[str, float]:
    interval = binomial(int((hits & asked).sum()), int(asked.sum()))
    return {name: interval.estimate, f"{name}_low": interval.low, f"{name}_high": interval.high}


def _spread(effect: np.ndarray) -> dict[str, float]:
    """Return the standard deviations of estimates: in all, over assignments in one population, and over populations."""
    rows = [row[np.isfinite(row)] for row in effect]
    there = np.concatenate(rows)
    whole = float(there.std(ddof=1)) if len(there) > 1 else math.nan
    several = [row for row in rows if len(row) == effect.shape[1]]
    if effect.shape[1] < 2 or len(several) < 2:
        return {"spread": whole, "spread_assignments": math.nan, "spread_populations": math.nan}
    within = float(np.mean([row.var(ddof=1) for row in several]))
    between = float(np.var([row.mean() for row in several], ddof=1)) - within / effect.shape[1]
    return {"spread": whole, "spread_assignments": math.sqrt(within), "spread_populations": math.sqrt(max(0.0, between))}


def _mean_of_rows(values: np.ndarray) -> np.ndarray:
    """Return the mean of what is there of each row, nan where nothing is."""
    there = np.isfinite(values)
    total = np.where(there, values, 0.0).sum(axis=1)
    found: np.ndarray = np.divide(total, there.sum(axis=1), out=np.full(len(values), np.nan), where=there.any(axis=1))
    return found


def _false_positives(replicates: Sequence[Cells], row: dict[str, Any]) -> dict[str, float]:
    """Return how often the reading finds a difference where arms are dealt out on the control's world."""
    name = name_of("a/a", row["metric"], row["credit"], row["estimator"])
    counted = [r[name] for r in replicates if name in r]
    hits, asked = (int(sum(cell[k] or 0.0 for cell in counted)) for k in (0, 1))
    interval = binomial(hits, asked)
    return {"false_positives": interval.estimate, "false_positives_low": interval.low, "false_positives_high": interval.high}


def _each(row: dict[str, Any], tests: Tests) -> Iterable[dict[str, Any]]:
    """Yield a row a test."""
    for r in range(tests.effect.shape[0]):
        for k in range(tests.effect.shape[1]):
            figures = (tests.effect[r, k], tests.error[r, k], tests.freedom[r, k], tests.undisturbed[r, k])
            names = ("estimate", "error", "freedom", "undisturbed")
            launch = float(tests.treatment[r] - tests.control[r])
            yield {**row, "replicate": r + 1, "draw": k + 1, **dict(zip(names, map(float, figures), strict=True)), "launch": launch}


def _apart(head: dict[str, Any], replicates: Sequence[Cells], draws: int) -> Iterable[dict[str, Any]]:
    """Yield the effect on the treated and the spillover on the untreated, by metric and credit."""
    for metric in METRICS:
        for credit in dict.fromkeys(credit for credit, _ in readings_of(SCHEMES[head["scheme"]])):
            if name_of("apart", metric, credit, 0) not in replicates[0]:
                continue
            cells = [[r[name_of("apart", metric, credit, k)] for k in range(draws)] for r in replicates]
            direct, spill = (_mean_of_rows(_array(cells, part)) if _some(_array(cells, part)) else None for part in (0, 1))
            if direct is None or spill is None:
                continue
            one, other = mean_interval(direct), mean_interval(spill)
            yield {
                **head,
                "metric": metric,
                "credit": credit,
                "on_treated": one.estimate,
                "on_treated_low": one.low,
                "on_treated_high": one.high,
                "spillover": other.estimate,
                "spillover_low": other.low,
                "spillover_high": other.high,
            }


def _some(values: np.ndarray) -> bool:
    return bool(np.isfinite(values).any(axis=1).all())


def _weeks(head: dict[str, Any], replicates: Sequence[Cells], draws: int) -> Iterable[dict[str, Any]]:
    """Yield what the usual reading shows after some weeks, and what a launch has done by then."""
    for metric in METRICS:
        for weeks in WEEKS:
            if name_of("weeks", metric, weeks, 0) not in replicates[0]:
                continue
            effect = _array([[r[name_of("weeks", metric, weeks, k)] for k in range(draws)] for r in replicates], 0)
            levels = _array([[r[name_of("truth after", metric, weeks)]] for r in replicates], 0)[:, 0]
            under = _array([[r[name_of("truth after", metric, weeks)]] for r in replicates], 1)[:, 0]
            there = np.isfinite(effect)
            yield {
                **head,
                "metric": metric,
                "weeks": weeks,
                "control": float(levels.mean()),
                "truth": float((under - levels).mean()),
                "estimate": float(effect[there].mean()) if there.any() else math.nan,
                "spread": float(effect[there].std(ddof=1)) if there.sum() > 1 else math.nan,
                "tests": int(there.sum()),
            }


def _increasing(head: dict[str, Any], replicates: Sequence[Cells], draws: int) -> Iterable[dict[str, Any]]:
    """Yield how often the increasing-allocation test finds interference at 5%: in the test, and in its counterpart, in which there is none."""
    for metric in METRICS if SCHEMES[head["scheme"]].kind == STEPS else ():
        cells = [[r[name_of("increasing", metric, k)] for k in range(draws)] for r in replicates]
        rates: dict[str, float] = {}
        for name, part in (("found", 0), ("undisturbed", 1)):
            p = _array(cells, part)
            rates |= _rate(name, p < 1.0 - LEVEL, np.isfinite(p))
        yield {**head, "metric": metric, **rates}


def _egos(head: dict[str, Any], replicates: Sequence[Cells], draws: int) -> Iterable[dict[str, Any]]:
    """Yield what egos are like beside all units, means over tests."""
    if SCHEMES[head["scheme"]].kind == EGOS:
        who, near = ([[r[name_of(what, k)] for k in range(draws)] for r in replicates] for what in ("egos", "contacts of egos"))
        names = (("egos", who, 0), ("degree", who, 1), ("degree_of_all", who, 2), ("covered", near, 0), ("clustered", near, 1))
        yield {**head, **{name: float(np.nanmean(_array(cells, part))) for name, cells, part in names}}


def _carried(question: Question, panel: Panel, found: Sequence[dict[str, Cells]]) -> Iterable[dict[str, Any]]:
    """Yield, by metric, what blocks of either length miss by interference, and the difference of both: what is carried over from block to block.

    Both have the same treated days in number, members and draws; shorter blocks have more borders, so their difference is what crosses a border.
    """
    if not set(BY_BLOCK) <= set(panel.schemes):
        return
    for metric, one in METRICS.items():
        if one.standing:
            continue
        missed, levels = [], 0.0
        for scheme in BY_BLOCK:
            tests = tests_of([r[scheme] for r in found], question.draws_of(scheme), metric=metric, credit=ITEM, estimator=DIFFERENCE)
            missed.append(_mean_of_rows(tests.effect) - _mean_of_rows(tests.undisturbed))
            levels = float(tests.control.mean())
        row: dict[str, Any] = {"panel": panel.name, "members": panel.members, "metric": metric, "control": levels}
        for name, values in (("longer", missed[0]), ("shorter", missed[1]), ("carried", missed[1] - missed[0])):
            interval = mean_interval(values[np.isfinite(values)])
            row |= {name: interval.estimate, f"{name}_low": interval.low, f"{name}_high": interval.high}
        yield row


def _decision(question: Question, scheme: str, replicates: Sequence[Cells]) -> dict[str, Any]:
    """Return how often a test ships the treatment by the rule, and how often that is not what its launch deserves."""
    credit, estimator = reading_of(question, scheme)
    days = periods_of(question.scenario).days
    ships: np.ndarray | None = None
    deserves, missing = True, []
    for name in (question.better, *question.margins):
        tests = tests_of(replicates, question.draws_of(scheme), metric=name, credit=credit, estimator=estimator)
        if not tests.estimable:
            missing.append(name)
            continue
        metric, bounds = METRICS[name], tests.bounds()
        worst = bounds[..., 0] if metric.sign > 0.0 else -bounds[..., 1]
        limit = 0.0 if name == question.better else -margin_of(question, name, float(tests.control.mean()), days)
        passed, launch = worst > limit, metric.sign * tests.truth > limit
        ships = passed if ships is None else ships & passed
        deserves = deserves and launch
    found: dict[str, Any] = {"credit": credit, "estimator": estimator, "launch_deserves": deserves, "not_estimable": ", ".join(missing)}
    if ships is None or question.better in missing:
        return found
    every = np.ones(ships.shape, bool)
    return found | _rate("shipped", ships, every) | _rate("wrong", ships != deserves, every)


def margin_of(question: Question, name: str, control: float, days: int) -> float:
    """Return a guardrail's margin in its own unit: the share of the control that the rule gives, or its smallest effect of interest."""
    share = question.margins[name]
    if share is not None:
        return share * abs(control)
    return METRICS[name].margin_over(days) if METRICS[name].kind != RATIO else METRICS[name].margin


def row_of(findings: Findings, panel: Panel, scheme: str, metric: str) -> Any:
    """Return the summary's row of a scheme's usual reading, or of the asked one for the asked scheme."""
    q = findings.question
    credit, estimator = reading_of(q, scheme)
    s = findings.summary
    here = (s.panel == panel.name) & (s.scheme == scheme) & (s.metric == metric) & (s.credit == credit) & (s.estimator == estimator)
    return s[here].iloc[0]
