"""Output files of the article's statements: a table, a picture and a page, or the table of the controls."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.article import text
from experiments.article.verdicts import (
    ASSUMED,
    BORNE_OUT,
    CONTRADICTED,
    DEPENDS,
    NO_DIFFERENCE,
    NOT_DECIDED,
    NOT_TESTED,
    VERDICTS,
    Finding,
    Reading,
    identical,
    read,
    table,
)
from experiments.reporting import run_folder
from experiments.reporting.page import FINDINGS, picture, write_page
from experiments.reporting.style import ARMS, BAD, EVEN, GOOD, OPEN, STYLE, Figure, blank, rc_context, save
from sim.results.measures import MEASURES

if TYPE_CHECKING:
    from experiments.article.contrasts import Contrast
    from experiments.article.verdicts import Figures

PAGE = "article.html"
VERDICTS_EXPLAINED = (
    "No difference that matters: the whole confidence interval is smaller than the smallest effect of interest. Else borne out or contradicted: "
    "the whole interval is on the statement's side of zero, or on the other; not decided if it contains zero. Depends on the design: "
    "the verdicts under the two designs are not the same, which need not mean that they differ by much."
)
COLOURS = {
    BORNE_OUT: GOOD,
    DEPENDS: "#e0a63a",
    NO_DIFFERENCE: EVEN,
    CONTRADICTED: BAD,
    NOT_DECIDED: "#d5d9de",
    ASSUMED: "#eceef1",
    NOT_TESTED: "#f7f8f9",
}
TONES = {
    BORNE_OUT: "good",
    CONTRADICTED: "bad",
    NO_DIFFERENCE: "even",
    NOT_DECIDED: "open",
    DEPENDS: "moved",
    ASSUMED: "open",
    NOT_TESTED: "open",
}
WIDTH, ROW, FURTHEST = 320.0, 14.0, 60.0  # of a drawn effect, in pixels, and its scale's end in smallest effects
TICKS = (-30.0, -10.0, -3.0, -1.0, 0.0, 1.0, 3.0, 10.0, 30.0)


def draw_score(found: Sequence[Finding], folder: Path) -> Figure:
    """Draw how many statements of each heading have which verdict."""
    headings = list(dict.fromkeys(f.statement.heading for f in found if f.statement.counts))
    with rc_context(STYLE):
        canvas = blank(figsize=(9.4, 0.36 * len(headings) + 1.5))
        ax = canvas.subplots()
        have = {heading: Counter(f.verdict for f in found if f.statement.heading == heading) for heading in headings}
        left = dict.fromkeys(headings, 0)
        for verdict in VERDICTS:
            for y, heading in enumerate(headings):
                n = have[heading][verdict]
                if n:
                    ax.barh(y, n, left=left[heading], color=COLOURS[verdict], edgecolor="white", height=0.74)
                    dark = verdict in (BORNE_OUT, CONTRADICTED, NO_DIFFERENCE)
                    ax.text(left[heading] + n / 2, y, str(n), ha="center", va="center", color="white" if dark else "#222831", fontsize=9)
                    left[heading] += n
        ax.set_yticks(range(len(headings)), headings)
        ax.set_ylim(len(headings) - 0.4, -0.6)
        ax.set_xlim(0, max(left.values(), default=1) + 0.1)
        ax.grid(visible=False)
        ax.set_xlabel("statements")
        marks = [ax.barh([-9], [0], color=COLOURS[v], edgecolor=OPEN, label=v) for v in VERDICTS]
        canvas.legend(handles=marks, loc="outside upper left", ncols=4, fontsize=8.5)
        save(canvas, folder, "score")
    have_all = text.counted(found)
    return Figure(
        "score",
        "The score",
        "Statements of each heading by verdict. A statement that concerns both designs counts as borne out only if it is under both.",
        "Bars by heading. " + "; ".join(f"{verdict}: {n}" for verdict, n in have_all.items()) + ".",
    )


def write_article(found: Sequence[Finding], how: Sequence[tuple[str, str]], folder: Path) -> Path:
    """Write the figure and `article.html`; return the page's path."""
    score = draw_score(found, folder / "figures")
    headings: dict[str, list[dict[str, Any]]] = {}
    for finding in found:
        headings.setdefault(finding.statement.heading, []).append(_shown(finding))
    context = {
        "question": "How much of the article’s advice does the model bear out?",
        "answer": text.score(found),
        "surprises": text.surprises(found),
        "picture": picture(score, folder),
        "headings": headings,
        "how": how,
        "width": WIDTH,
        "ticks": [_tick(x) for x in TICKS],
        "band": (_x(-1.0), _x(1.0) - _x(-1.0)),
        "zero": _x(0.0),
        "files": FILES,
    }
    return write_page("article.html", context, folder, PAGE)


FILES = (
    ("article.csv", "every reading of every statement: difference, interval, verdict"),
    ("findings.json", "the score, the surprises and the verdicts, for programs"),
    ("scenario.toml", "the scenario, to run again"),
    ("provenance.json", "versions, seeds, command, machine, times"),
    ("ledger.sqlite", "the runs themselves: the same command continues from there"),
)


def _x(strength: float) -> float:
    """Return where a difference is drawn: in smallest effects, evenly near zero and by its logarithm beyond."""
    bounded = max(-FURTHEST, min(FURTHEST, strength))
    return round(WIDTH / 2 * (1.0 + math.asinh(bounded) / math.asinh(FURTHEST)), 1)


def _tick(x: float) -> dict[str, Any]:
    return {"x": _x(x), "label": f"{x:+g}" if x else "0"}


def _shown(finding: Finding) -> dict[str, Any]:
    p = finding.statement
    return {
        "name": p.name,
        "claim": p.claim,
        "verdict": finding.verdict,
        "tone": TONES[finding.verdict],
        "why_not": p.why_not or p.assumed,
        "contrast": text.contrast_in_words(p) if p.tested else "",
        "measure": MEASURES[p.measure].title if p.tested else "",
        "direction": p.direction,
        "contradicted": p.contradicted,
        "mechanism": p.mechanism,
        "note": p.note,
        "smallest": _smallest(finding) if p.tested else "",
        "primaries": [_drawn(r, k) for k, r in enumerate(finding.primaries)],
        "height": ROW * max(1, len(finding.primaries)) + 2.0,
        "readings": [_row(r) for r in finding.readings],
    }


def _smallest(finding: Finding) -> str:
    p = finding.statement
    return f"{100 * p.smallest:g} points" if MEASURES[p.measure].unit == "share" else f"{p.smallest:g} {MEASURES[p.measure].unit}"


def _drawn(reading: Reading, k: int) -> dict[str, Any]:
    """Return a primary reading as it is drawn: right of zero what bears the claim out."""
    sign = 1.0 if reading.contrast.statement.direction == "higher" else -1.0
    mid, low, high = (sign * x / reading.contrast.statement.smallest for x in reading.difference)
    there = all(map(math.isfinite, (mid, low, high)))
    return {
        "there": there,
        "x": _x(mid) if there else 0.0,
        "low": _x(min(low, high)) if there else 0.0,
        "high": _x(max(low, high)) if there else 0.0,
        "y": ROW * (k + 0.5) + 1.0,
        "colour": "#222831" if len(reading.contrast.design) < 5 else ARMS[k],
        "where": text.where(reading),
        "effect": text.effect_in_words(reading),
        "means": text.means_in_words(reading),
        "verdict": reading.verdict,
        "tone": TONES[reading.verdict],
    }


def _row(reading: Reading) -> dict[str, Any]:
    return {
        "reading": text.reading_in_words(reading),
        "where": text.where(reading),
        "means": text.means_in_words(reading),
        "effect": text.effect_in_words(reading),
        "verdict": reading.verdict,
        "tone": TONES[reading.verdict],
        "primary": reading.contrast.primary,
        "pairs": reading.pairs,
    }


class Result(NamedTuple):
    """What the command prints."""

    lines: list[str]
    what: str
    path: Path
    data: dict[str, Any]


def write_findings(found: Sequence[Finding], how: Sequence[tuple[str, str]], folder: Path) -> Result:
    """Write the table, the page and what programs read of it; `how` is how it was run: what, and what it was."""
    run_folder.write_table(folder / "article.csv", table(found))
    path = write_article(found, how, folder)
    score, surprises = text.score(found), text.surprises(found)
    told = {"score": score, "surprises": surprises, "verdicts": {f.statement.name: f.verdict for f in found}}
    run_folder.write_text(folder / FINDINGS, json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    return Result([*score, *surprises], "The report", path, told)


def write_controls(contrasts: Sequence[Contrast], figures: Figures, folder: Path) -> Result:
    """Write what still differs once the mechanism is off: it measures something else."""
    import pandas as pd

    rows = []
    for contrast in contrasts:
        # intervals that hold together, of all readings alike: one of so many would exclude zero
        reading = read(contrast._replace(primary=True), figures, len(contrasts))
        same, one = identical(contrast, figures), contrast.with_ == contrast.without
        _, low, high = reading.difference
        clean = same or not (low > 0.0 or high < 0.0)
        p = contrast.statement
        rows.append((p.heading, p.number, contrast.reading, contrast.design, p.measure, one, same, *reading.difference, clean))
    columns = ["heading", "number", "reading", "design", "measure", "one_scenario", "identical", "difference", "ci_low", "ci_high", "clean"]
    seen = pd.DataFrame(rows, columns=columns)
    path = folder / "controls.csv"
    run_folder.write_table(path, seen)
    unclean = seen[~seen.clean]
    score = (
        f"Of {len(seen)} contrasts with their mechanism off, {int(seen.identical.sum())} are identical to the bit "
        f"({int(seen.one_scenario.sum())} of them since the contrast is nothing but that parameter), {len(unclean)} still differ."
    )
    lines = [score]
    lines += [
        f"{r.heading}, {r.number}, {r.reading}, {r.design}: {r.measure} still differs by {r.difference:.4g}" for r in unclean.itertuples()
    ]
    return Result(lines, "The controls", path, {"contrasts": len(seen), "identical": int(seen.identical.sum()), "unclean": len(unclean)})
