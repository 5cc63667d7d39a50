"""Output files of the article's statements: a table, a picture and a page, or the table of the controls."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.article import text
from experiments.article.contrasts import BOTH, DESIGNS
from experiments.article.verdicts import VERDICTS, Finding, Reading, identical, read, table
from experiments.article.worlds import in_words
from experiments.article.worlds import score as worlds_score
from experiments.reporting import run_folder
from experiments.reporting.page import FINDINGS, Cell, Table, picture, verdict_cell, write_page
from experiments.reporting.style import Drawn, Figure, Screen, draw_all, mark_verdict, verdict_legend
from experiments.reporting.text import amount, counted
from sim.results.measures import MEASURES
from sim.scenario.template import parameter_table

if TYPE_CHECKING:
    from experiments.article.contrasts import Contrast
    from experiments.article.statement import Statement
    from experiments.article.verdicts import Figures
    from experiments.article.worlds import Over
    from experiments.runs.draws import Draws

PAGE, WORLDS = "article.html", "worlds.csv"
VERDICTS_EXPLAINED = (
    "No difference that matters: the whole confidence interval is smaller than the smallest effect of interest. Else borne out or contradicted: "
    "the whole interval is on the statement's side of zero, or on the other; not decided if it contains zero. Depends on the design: "
    "the verdicts under the two designs are not the same, which need not mean that they differ by much. Assumed: what the statement says "
    "is put into the model. Not tested: the model has no place for it."
)
WIDTH, ROW, FURTHEST = 320.0, 16.0, 60.0  # of a drawn effect, in pixels, and its scale's end in smallest effects
MARGIN = 6.0  # pixels beside the scale's ends: half a mark
TICKS = (-30.0, -10.0, -3.0, -1.0, 0.0, 1.0, 3.0, 10.0, 30.0)
SIDES = {DESIGNS[0]: "control", DESIGNS[1]: "treatment", BOTH: "both"}  # what an effect is drawn as
WHERE = {"control": "under connect-first", "treatment": "under message-first", "both": "between the designs"}


# the picture ----------------------------------------------------------------------------------------------------------


def draw_score(found: Sequence[Finding], screen: Screen) -> Drawn | None:
    """Draw the statements of each heading, a mark each by its verdict."""
    scored = text.scored(found)
    if not scored:
        return None
    headings: dict[str, list[str]] = {}
    for finding in scored:
        headings.setdefault(finding.statement.heading, []).append(finding.verdict)
    canvas = screen.blank((0.56 if screen.narrow else 0.36) * len(headings) + (2.2 if screen.narrow else 1.5))
    ax = canvas.subplots()
    for y, verdicts in enumerate(headings.values()):
        for x, verdict in enumerate(sorted(verdicts, key=VERDICTS.index), 1):
            mark_verdict(ax, verdict, x, y, size=8.0)
    most = max(len(verdicts) for verdicts in headings.values())
    if screen.narrow:
        ax.set_yticks([])
        for y, heading in enumerate(headings):
            ax.text(0.6, y - 0.5, heading, va="center")
    else:
        ax.set_yticks(range(len(headings)), list(headings))
    ax.set_ylim(len(headings) - 0.5, -0.8 if screen.narrow else -0.6)
    ax.set_xlim(0.5, most + 0.5)
    ax.set_xticks(range(1, most + 1))
    ax.grid(visible=False)
    ax.set_xlabel("statements, a mark each")
    marks = [mark for verdict in VERDICTS for mark in verdict_legend({one.verdict for one in scored} & {verdict})]
    canvas.legend(handles=marks, loc="outside upper left", ncols=2 if screen.narrow else 4)
    return Drawn(canvas, _told(found))


def _told(found: Sequence[Finding]) -> Figure:
    """Return what there is to say about the picture."""
    have = "; ".join(f"{verdict}: {n}" for verdict, n in text.tally(found).items() if n)
    beside = len(found) - len(text.scored(found))
    rest = f" {counted(beside, 'statement')} on what differs between messaging and connecting {'is' if beside == 1 else 'are'} not counted."
    return Figure(
        "score",
        text.headline(found),
        "A mark is a statement; its shape and colour are its verdict. A statement that concerns both designs counts as borne out only if it "
        f"is under both.{rest if beside else ''}",
        f"Marks of the statements, a line a heading. {have}.",
    )


# the page -------------------------------------------------------------------------------------------------------------


def write_article(
    found: Sequence[Finding],
    how: Sequence[tuple[str, str]],
    folder: Path,
    over: Mapping[str, Over] | None = None,
    told: Sequence[str] = (),
) -> Path:
    """Write the figure and `article.html`; return the page's path.

    Args:
        found: the findings.
        how: how it was run: what, and what it was.
        folder: for the page.
        over: what each statement is over worlds, by name.
        told: of all, in sentences.
    """
    over = over or {}
    figures = draw_all([draw_score], found, folder / "figures")
    headings: dict[str, list[dict[str, Any]]] = {}
    for finding in found:
        headings.setdefault(finding.statement.heading, []).append(_shown(finding, over.get(finding.statement.name)))
    drawn = {_side(reading) for finding in found for reading in finding.primaries}
    context = {
        "question": text.question(found),
        "answer": [*text.score(found), *told],
        "surprises": text.surprises(found),
        "score": figures[0] if len(found) > 1 else None,
        "pictures": {figure.name: picture(figure, folder) for figure in figures},
        "headings": headings,
        "several": len(found) > 1,
        "beyond": any(one["beyond"] for points in headings.values() for point in points for one in point["drawn"]),
        "marks": [(side, words) for side, words in WHERE.items() if side in drawn],
        "how": how,
        "width": WIDTH,
        "ticks": [{"x": _x(x), "label": f"{x:+g}".replace("-", "−") if x else "0"} for x in TICKS],
        "band": (_x(-1.0), round(_x(1.0) - _x(-1.0), 1)),
        "zero": _x(0.0),
        "files": [*FILES, *(OF_WORLDS if over else ())],
    }
    return write_page("article.html", context, folder, PAGE)


FILES = (
    ("article.csv", "every reading of every statement: difference, interval, verdict"),
    ("findings.json", "the score, the surprises and the verdicts, for programs"),
    ("scenario.toml", "the scenario, to run again"),
    ("provenance.json", "versions, seeds, command, machine, times"),
    ("ledger.sqlite", "the runs themselves: the same command continues from there"),
    ("figures/", "the score as PNG and SVG"),
)


OF_WORLDS = ((WORLDS, "every primary reading in every world: the differences, and the verdict without noise"),)


def _x(strength: float) -> float:
    """Return where a difference is drawn: in smallest effects, evenly near zero and by its logarithm beyond."""
    bounded = max(-FURTHEST, min(FURTHEST, strength))
    return round(WIDTH / 2 + (WIDTH / 2 - MARGIN) * math.asinh(bounded) / math.asinh(FURTHEST), 1)


def _side(reading: Reading) -> str:
    """Return as what an effect is drawn: of the control, of the treatment, or of the contrast of both."""
    return SIDES[reading.contrast.design]


def _shown(finding: Finding, over: Over | None) -> dict[str, Any]:
    p, drawn = finding.statement, [_drawn(r, k) for k, r in enumerate(finding.primaries)]
    return {
        "name": p.name,
        "claim": p.claim,
        "verdict": verdict_cell(finding.verdict),
        "why_not": p.why_not or p.assumed,
        "facts": [*_facts(p), *([("Over worlds", f"{_sentence(in_words(over))}.")] if over else [])] if p.tested else [],
        "mechanism": p.mechanism,
        "drawn": drawn,
        "height": ROW * len(drawn),
        "label": "; ".join(f"{text.where(r)} {text.effect_in_words(r)}, {r.verdict}" for r in finding.primaries),
        "changes": _changes(p) if p.tested else None,
        "readings": _readings(finding) if p.tested else None,
    }


def _facts(p: Statement) -> list[tuple[str, str]]:
    """Return what a reader must know of a test: the contrast, the measure with its meaning, and what would bear the claim out."""
    measure = MEASURES[p.measure]
    least = amount(p.smallest, measure.unit) + ("" if measure.unit == "share" else f" {measure.unit}")
    facts = [
        ("Contrast", text.contrast_in_words(p)),
        ("Measure", text.measure_in_words(measure)),
        ("Would bear it out", f"{measure.title}: {p.direction}. An interval wholly within {least} of zero is no difference that matters."),
        ("Would contradict it", p.contradicted),
    ]
    return [*facts, ("Note", p.note)] if p.note else facts


def _changes(p: Statement) -> Table | None:
    """Return the parameters that the contrast sets, each with its unit and source; nothing where the designs are the contrast."""
    known = {f"{row['section']}.{row['name']}": row for row in parameter_table()}
    rows: list[list[str | Cell]] = [
        [Cell(path, small=f"{known[path]['unit']} ({known[path]['source']})"), one, other] for path, one, other in text.changes_in_words(p)
    ]
    return Table(f"Parameters of statement {p.name}", ["parameter", "with the change", "without"], rows) if rows else None


def _readings(finding: Finding) -> Table:
    """Return every reading of a statement, the primary first."""
    title = MEASURES[finding.statement.measure].title
    rows: list[list[str | Cell]] = [
        [
            Cell(_sentence(text.reading_in_words(r)), small="primary reading" if r.contrast.primary else ""),
            text.where(r),
            text.means_in_words(r),
            text.effect_in_words(r),
            verdict_cell(r.verdict),
        ]
        for r in finding.readings
    ]
    columns = ["reading", "design", title.lower(), "difference (95% confidence interval)", "verdict"]
    return Table(f"Readings of statement {finding.statement.name}", columns, rows)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _drawn(reading: Reading, k: int) -> dict[str, Any]:
    """Return a primary reading as it is drawn: right of zero what bears the claim out."""
    strengths = [text.in_smallest_effects(reading, x) for x in reading.difference]
    middle, low, high = (strengths[0], min(strengths[1:]), max(strengths[1:]))
    there, wide = math.isfinite(middle), math.isfinite(low) and math.isfinite(high)
    return {
        "side": _side(reading),
        "there": there,
        "x": _x(middle) if there else 0.0,
        "low": _x(low if wide else middle) if there else 0.0,
        "high": _x(high if wide else middle) if there else 0.0,
        "beyond": [side for side, is_so in (("left", low < -FURTHEST), ("right", high > FURTHEST)) if is_so],
        "y": ROW * (k + 0.5),
    }


class Result(NamedTuple):
    """What the command prints."""

    lines: list[str]
    what: str
    path: Path
    data: dict[str, Any]


def write_findings(
    found: Sequence[Finding],
    how: Sequence[tuple[str, str]],
    folder: Path,
    *,
    over: Mapping[str, Over] | None = None,
    draws: Draws | None = None,
) -> Result:
    """Write the table, the page and what programs read of it; `how` is how it was run, `over` what statements are over worlds, by name."""
    run_folder.write_table(folder / "article.csv", table(found))
    verdicts = {f.statement.name: f.verdict for f in found}
    held = worlds_score(verdicts, over, draws) if over and draws else []
    path = write_article(found, how, folder, over, held)
    score, surprises = text.score(found), text.surprises(found)
    told: dict[str, Any] = {"score": score, "surprises": surprises, "verdicts": verdicts}
    told |= {"worlds": {name: one.tally or None for name, one in over.items()}, "over_worlds": held} if over else {}
    told |= {"draws": draws.called.data} if over and draws else {}
    run_folder.write_text(folder / FINDINGS, json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    return Result([*score, *held, *_one_over(found, over), *surprises], "The report", path, told)


def _one_over(found: Sequence[Finding], over: Mapping[str, Over] | None) -> list[str]:
    """Return what a single statement is over worlds."""
    if not over or len(found) != 1:
        return []
    return [f"{_sentence(in_words(one))}." for one in over.values()]


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
    unclean, alike, alone = seen[~seen.clean], int(seen.identical.sum()), int(seen.one_scenario.sum())
    score = (
        f"Of {counted(len(seen), 'contrast')} with the mechanism off, {alike} {'is' if alike == 1 else 'are'} identical to the bit "
        f"({alone} of them since the contrast is nothing but that parameter), {len(unclean)} still {'differs' if len(unclean) == 1 else 'differ'}."
    )
    lines = [score]
    lines += [
        f"{r.heading}, {r.number}, {r.reading}, {r.design}: {r.measure} still differs by {r.difference:.4g}" for r in unclean.itertuples()
    ]
    return Result(lines, "The controls", path, {"contrasts": len(seen), "identical": alike, "unclean": len(unclean)})
