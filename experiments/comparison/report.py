"""Output files of a comparison: tables, figures, the page that explains them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.comparison.answer import sign_changes
from experiments.comparison.figures import write_figures
from experiments.reporting.page import picture, write_page
from experiments.reporting.run_folder import LEDGER, SCENARIO, write_provenance, write_table, write_text
from experiments.reporting.style import Figure
from experiments.reporting.text import POINTS, change, figure, named
from sim.results.measures import CONTEXT, GOAL, GUARDRAIL, PRIMARY
from sim.scenario.assumptions import ASSUMPTIONS, assumptions_of
from sim.scenario.template import parameter_table
from sim.version import model_version

if TYPE_CHECKING:
    from experiments.comparison.result import Comparison

CLASSES = {
    "better": "good",
    "worse": "bad",
    "no difference that matters": "even",
    "not decided": "open",
    "higher": "moved",
    "lower": "moved",
}


def write_comparison(c: Comparison, folder: Path, started: float, seconds: float | None = None) -> None:
    """Write everything but the ledger: tables, figures, report, provenance last.

    Args:
        c: what was found.
        folder: made for it.
        started: when, in seconds since 1970.
        seconds: that it took; all since then unless given.
    """
    write_text(folder / SCENARIO, c.scenario.to_toml())
    for name, table in (("runs", c.runs), ("summary", c.summary), ("daily", c.daily), ("by_style", c.levels), ("explain", c.explain)):
        if table is not None:
            write_table(folder / f"{name}.csv", table)
    if c.calibration is not None:
        import pandas as pd

        rows = [(t.name, t.source, t.low, t.high, t.got, t.denominator, t.unit, t.missed_by) for t in c.calibration]
        columns = ["target", "source", "low", "high", "got", "denominator", "unit", "missed_by"]
        write_table(folder / "calibration.csv", pd.DataFrame(rows, columns=columns))
    write_report(c, write_figures(c, folder / "figures"), folder)
    took = {} if seconds is None else {"seconds": round(seconds, 3)}
    write_provenance(folder, c.seed, started, {"arms": c.arms, "pairs": c.pairs, **took}, scenario=c.scenario)


def write_report(c: Comparison, figures: list[Figure], folder: Path) -> Path:
    """Write `report.html` into the run folder and return its path. `figures` lie in its folder figures/."""
    return write_page("report.html", context(c, figures, folder), folder)


def context(c: Comparison, figures: list[Figure], folder: Path) -> dict[str, Any]:
    """Return everything that the page says."""
    pictures = {f.name: picture(f, folder) for f in figures}
    return {
        "question": c.question,
        "answer": c.answer,
        "size": c.size,
        "notes": c.notes,
        "left_out": c.left_out,
        "pictures": pictures,
        "goals": _rows(c, (GOAL, GUARDRAIL)),
        "others": _rows(c, (CONTEXT,)),
        "explain_answer": c.explain_answer,
        "explain": _explained(c),
        "assumptions": [ASSUMPTIONS[n].title for n in assumptions_of(c.scenario)],
        "shares": _shares(c),
        "calibration": _calibration(c),
        "signs": {named(arm): sign_changes(c.summary, arm) for arm in c.arms[1:]},
        "has_primary": PRIMARY in set(c.summary.measure),
        "glossary": [_entry(m) for m in c.catalogue.values()],
        "run": _how(c),
        "levels": _levels(c),
        "files": [(name, what) for name, what in FILES if name != LEDGER or (folder / LEDGER).exists()],
        "sources": _sources(),
    }


FILES = (
    ("summary.csv", "each measure: means, difference, ratio, 95% confidence intervals, verdict"),
    ("by_style.csv", "the same by style, purpose, distance and recipient"),
    ("daily.csv", "the course by day with confidence bands"),
    ("runs.csv", "each measure of each run, numerators and denominators"),
    ("scenario.toml", "the complete scenario, to run again"),
    ("provenance.json", "versions, seeds, command, machine, times"),
    ("ledger.sqlite", "the runs themselves: the same command continues from there"),
    ("figures/", "every figure as PNG and SVG"),
)


def _rows(c: Comparison, roles: tuple[str, ...]) -> list[dict[str, str]]:
    out = []
    for _, r in c.summary[c.summary.role.isin(roles)].iterrows():
        gain = f"{r.pairing_gain:.1f}" if r.pairing_gain < 1e6 else "all"
        smallest = c.catalogue[r.measure].smallest_effect
        least = f"{POINTS * smallest:g} points" if r.unit == "share" else f"{smallest:g}"
        out.append(
            {
                "title": c.catalogue[r.measure].title,
                "role": r.role,
                "primary": r.measure == PRIMARY,
                "arm": named(r.arm),
                "unit": r.unit,
                "mean": figure(r["mean"], r.unit),
                "reference": figure(r.mean_reference, r.unit),
                "change": change(r, of=""),
                "verdict": r.verdict,
                "tone": CLASSES[r.verdict],
                "gain": gain,
                "group": r.group,
                "least": least,
            }
        )
    return out


def _levels(c: Comparison) -> list[dict[str, Any]]:
    """Return the primary measure within each dimension, arm by arm: for whom."""
    out = []
    rows = c.levels[c.levels.measure == PRIMARY]
    titles = {
        "style": "By the sender's style",
        "purpose": "By purpose",
        "distance": "By distance",
        "selectivity": "By how selective the recipient is",
        "inbox": "By how full the recipient's inbox is",
        "design": "By the sender's design",
    }
    for (arm, dimension), part in rows.groupby(["arm", "dimension"], sort=False):
        lines = [
            {
                "level": r.level.replace("_", " "),
                "mean": figure(r["mean"], r.unit),
                "reference": figure(r.mean_reference, r.unit),
                "change": change(r, of=""),
                "verdict": r.verdict,
                "tone": CLASSES[r.verdict],
            }
            for _, r in part.iterrows()
        ]
        out.append({"title": titles[str(dimension)] + _of_arm(c, str(arm)), "rows": lines})
    return out


def _of_arm(c: Comparison, arm: str) -> str:
    """Return which arm is meant, if there are several beside the reference."""
    return f" ({named(arm)})" if len(c.arms) > 2 else ""


def _explained(c: Comparison) -> list[dict[str, str]]:
    if c.explain is None:
        return []
    rows = c.explain[c.explain.measure == PRIMARY]
    return [
        {
            "title": r.title + _of_arm(c, r.arm),
            "kind": r.kind,
            "change": f"{POINTS * r.difference:+.2f}",
            "interval": f"{POINTS * r.ci_low:+.2f} to {POINTS * r.ci_high:+.2f}",
        }
        for r in rows.itertuples()
    ]


def _shares(c: Comparison) -> list[tuple[str, str]]:
    total = sum(c.scenario.style_shares.values())
    return [
        (name.replace("_", " "), f"{POINTS * share / total:.0f}%")
        for name, share in sorted(c.scenario.style_shares.items(), key=lambda x: -x[1])
    ]


def _calibration(c: Comparison) -> list[dict[str, str]]:
    if c.calibration is None:
        return []
    return [
        {
            "name": t.name,
            "source": t.source,
            "wanted": f"{t.low:g} to {t.high:g}",
            "got": f"{t.got:.3f}",
            "missed": "" if t.met else f"missed by {t.missed_by:.3f}",
        }
        for t in c.calibration
    ]


def _sources() -> dict[str, int]:
    table = parameter_table()
    assumed = sum(str(row["source"]).startswith("assumption") for row in table)
    return {"all": len(table), "assumed": assumed}


def _entry(m: Any) -> dict[str, str]:
    window = f" Watched for {m.window} days." if m.window else ""
    return {"title": m.title, "name": m.name, "unit": m.unit, "role": m.role, "direction": m.direction, "text": m.definition + window}


def _how(c: Comparison) -> list[tuple[str, str]]:
    s = c.scenario
    stopping = {
        None: "a fixed number",
        "precise": "until the interval of the primary measure was narrow enough",
        "decided": "until it was decided",
    }[c.until]
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
            "95% confidence intervals; the primary measure's own, all others simultaneous (max |t| by sign flips); the arms of a pair share population, warm-up and random numbers",
        ),
    ]
