"""The files of one run: tables, figures, and the page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.reporting import run_folder
from experiments.reporting.text import figure, listed, named, scale_of, too_small
from experiments.runs.keys import size_in_words
from experiments.single_run.parts import EVENTS, INTENTS
from sim.results.measures import GOAL, GROUPS, GUARDRAIL, HIGHER, LOWER, MEASURES, OWN, PRIMARY, SHARE, Measure
from sim.version import model_version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from experiments.reporting.page import Cell, Page, Table
    from experiments.reporting.style import Figure
    from sim.results.history import History
    from sim.scenario.scenario import Scenario


def write_history(history: History, folder: Path, *, events: bool, parquet: bool = False) -> None:
    """Write the tables, the figures and the page of one history."""
    write_tables(history, folder, events=events)
    write_page(history, folder, events=events, parquet=parquet)


def write_tables(history: History, folder: Path, *, events: bool) -> None:
    """Write the tables of one history."""
    for name in ("measures", "daily", "members", "ties", *(("events", "intents") if events else ())):
        run_folder.write_table(folder / f"{name}.csv", history.to_pandas(name))
    if history.scenario.design_shares:
        run_folder.write_table(folder / BY_DESIGN, by_design(history))


def by_design(history: History) -> pd.DataFrame:
    """Return a row a design and measure of a mixture: what is sent by the sender's design, what members have by their own."""
    levels = history.to_pandas("levels")
    part = levels[levels.dimension == "design"].drop(columns="dimension").rename(columns={"level": "design"})
    return part.reset_index(drop=True)


def write_page(history: History, folder: Path, *, events: bool, parquet: bool = False) -> None:
    """Write the figures and the page of one history."""
    from experiments.reporting.network_figures import draw_growth, draw_tail
    from experiments.reporting.page import write_findings
    from experiments.reporting.style import draw_all

    figures = draw_all([draw_growth, draw_tail], history, folder / "figures")
    write_findings(page_of(history, figures, events=events, parquet=parquet), folder)


BETTER = {HIGHER: "higher", LOWER: "lower"}
UNTOLD = ("unwelcome_delivered", "unwelcome_p95", "restricted_not_promoting")  # guardrails that the answer leaves out: others say the same
BY_DESIGN = "by_design.csv"
FILES = (
    ("measures.csv", "each measure: numerator, denominator and value"),
    (BY_DESIGN, "each measure by design, of a mixture"),
    ("daily.csv", "what happened each day"),
    ("members.csv", "who was there, and what each sent and received"),
    ("ties.csv", "the connections at the end"),
    ("events.csv", "every message and invitation"),
    ("intents.csv", "every intent, and what became of it"),
    (f"{EVENTS}/", "every message and invitation, in parts"),
    (f"{INTENTS}/", "every intent, and what became of it, in parts"),
    ("scenario.toml", "the complete scenario, to run again"),
    ("provenance.json", "versions, seeds, command, machine, times"),
    ("figures/", "every figure as PNG and SVG"),
)


def page_of(history: History, figures: Sequence[Figure], *, events: bool, parquet: bool = False) -> Page:
    """Return the page of one history: the same for either engine."""
    from experiments.reporting.page import Bullets, Page, Section

    first, rest = (figures[0] if figures else None), figures[1:]
    tables = _tables(history)
    sections = [Section("Every measure", tables or ["None can be taken of so few days."])]
    if history.scenario.design_shares:
        sections.append(Section("By design", [_designs(history), MIXED]))
    if rest:
        sections.append(Section("The network at the end", rest))
    if left_out := history.catalogue.fitting(history.scenario)[1]:
        sections.append(Section("Measures left out", [Bullets(left_out)]))
    notes = [note for note in (too_small(members_at_switch(history)), estimated(history)) if note]
    return Page(
        question=f"What happens under {designs_of(history.scenario)} in one run?",
        answer=answer(history),
        first=first,
        sections=sections,
        notes=notes,
        how=_how(history),
        files=[(name, what) for name, what in FILES if _is_left(name, history, events=events, parquet=parquet)],
    )


def _is_left(name: str, history: History, *, events: bool, parquet: bool) -> bool:
    """Tell whether this run leaves the file."""
    mixed = bool(history.scenario.design_shares)
    asked = {BY_DESIGN: mixed, "events.csv": events, "intents.csv": events, f"{EVENTS}/": parquet, f"{INTENTS}/": parquet}
    return asked.get(name, True)


MIXED = (
    "The designs are in one population, whose members write to one another, so a difference between them is not what launching one for "
    "all would do: the command “firstcontact abtest” says how far it is from that."
)


def _designs(history: History) -> Table:
    """Return goals and guardrails by design."""
    from experiments.reporting.page import Table

    names = sorted(history.scenario.design_shares)
    found = {(row.design, row.measure): row.value for row in by_design(history).itertuples()}
    shown = [m for m in map(history.catalogue.__getitem__, history.measures) if any((name, m.name) in found for name in names)]
    rows = [[m.title, *(_of_level(found.get((name, m.name)), m) for name in names)] for m in shown if m.role in (GOAL, GUARDRAIL)]
    return Table("Goals and guardrails by design", ["measure", *map(named, names)], rows)


def _of_level(value: float | None, measure: Measure) -> str:
    return "–" if value is None or not math.isfinite(value) else figure(value, measure.unit)


def estimated(history: History) -> str:
    """Return which measures of the network are estimates, with their standard errors; nothing where all members are looked at."""
    errors, others = history.shape.errors, max(len(history.shape.degrees) - 1, 1)
    found = {"two_hop_reach": errors.two_hop / others, "mean_distance": errors.distance, "clustering": errors.clustering}
    told = []
    for name, x in found.items():
        if x > 0.0 and name in history.measures:
            scale, unit = scale_of(MEASURES[name].unit)
            told.append(f"{MEASURES[name].title.lower()} (standard error {scale * x:.2g}{unit})")
    return f"Estimated from a sample of the members, since there are many: {listed(told)}." if told else ""


def members_at_switch(history: History) -> int:
    """Return how many members were there at the switch."""
    return sum(history.members["at_switch"].tolist())


def designs_of(scenario: Scenario) -> str:
    """Return the design, or the designs, that hold after the switch."""
    return listed([named(name) for name in sorted(scenario.design_shares) or [scenario.design]])


def answer(history: History) -> list[str]:
    """Return the primary measure with its meaning, the other goals, the guardrails, and what one run cannot tell."""
    others = [history.catalogue[name] for name in history.measures if name not in (PRIMARY, *UNTOLD)]
    lines = [
        f"{start} {listed([f'{m.title.lower()} {_value(history, m, told=True)}' for m in those])}."
        for start, role in (("The other goals:", GOAL), ("The guardrails:", GUARDRAIL))
        if (those := [m for m in others if m.role == role])
    ]
    return [
        _primary(history),
        *lines,
        "One run has no interval: the command “firstcontact compare” tells a difference between designs from chance.",
    ]


def _primary(history: History) -> str:
    measure = history.catalogue[PRIMARY]
    if PRIMARY not in history.measures:
        return f"{measure.title}, the primary measure, needs {measure.window + 1} days or more after the switch."
    return f"{measure.title} is {_value(history, measure)}: {measure.definition[:1].lower()}{measure.definition[1:]}"


def _value(history: History, measure: Measure, *, told: bool = False) -> str:
    """Return a value with its unit; in a sentence (`told`) without one that the title says."""
    value = history.measures[measure.name].value
    if value is None:
        return "undefined (nothing to count)"
    said = measure.unit == SHARE or (told and "per member" in measure.title)
    return figure(value, measure.unit) + ("" if said else f" {measure.unit}")


def _tables(history: History) -> list[Table]:
    """Return a table a group of measures."""
    from experiments.reporting.page import Cell, Table

    tables = []
    for group in GROUPS:
        those = [m for m in map(history.catalogue.__getitem__, history.measures) if m.group == group]
        rows: list[list[str | Cell]] = [
            [Cell(m.title, small=m.definition), _value(history, m), m.role, BETTER.get(m.direction, "neither")] for m in those
        ]
        if rows:
            title = "Your own measures" if group == OWN else group.capitalize()
            tables.append(Table(title, ["measure", "value", "role", "better"], rows))
    return tables


def _how(history: History) -> list[tuple[str, str]]:
    scenario = history.scenario
    return [
        ("Scenario", scenario.name),
        ("Size", f"{size_in_words(scenario)}; {members_at_switch(history):,} were there at the switch"),
        ("Switch", f"{named(scenario.warm_up_design)} before it, {designs_of(scenario)} from then on"),
        ("Engine", "the columns and Mesa give this run to the byte"),
        ("Seed", str(history.seed)),
        ("Model version", model_version()),
    ]
