"""The schema as people read it: each number with unit, bounds and source."""

from __future__ import annotations

import re

from sim.scenario.library import HOME
from sim.scenario.parameters import SECTIONS, SOURCE_KINDS, Design, Moderation, Style
from sim.scenario.scenario import load_scenario
from sim.scenario.template import commented_template, parameter_table

NUMBERS = [(row["section"], row["name"]) for row in parameter_table()]


def test_every_number_has_a_unit_bounds_and_a_source():
    table = parameter_table()
    assert len(table) > 200
    for row in table:
        assert row["unit"], row
        assert row["low"] < row["high"], row
        assert row["low"] <= row["default"] <= row["high"], row
        kind, _, said = row["source"].partition(": ")
        assert kind in SOURCE_KINDS, row
        assert len(said.removeprefix("because ").split()) > 1, row
        assert kind != "assumption" or said.startswith("because "), row


def test_sources_need_no_document_that_nobody_sees():
    """Every kind of source is said in words; assumptions rest on reasons, not on a specification or an earlier model."""
    library = [path.read_text(encoding="utf-8") for path in HOME.rglob("*.toml")]
    for text in [*(row["source"] for row in parameter_table()), *library]:
        assert not re.search(r"\[[PNVCM]\]|\bMODEL\b|model page|prototype|refitted", text), text


def test_no_number_escapes_the_table():
    fields = {
        (section, name)
        for section, model in {**SECTIONS, "style": Style, "design": Design, "moderation": Moderation}.items()
        for name, field in model.model_fields.items()
        if field.annotation is not str
    }
    assert fields | {("scenario", name) for name in ("members", "days", "warm_up")} == set(NUMBERS)


def written(folder, text):
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_template_is_the_baseline_and_shows_every_number(tmp_path):
    text = commented_template()
    assert load_scenario(written(tmp_path, text)).with_(name="baseline") == load_scenario()
    for section, name in NUMBERS:
        assert f"\n{name} = " in text or f"\n# {name} = " in text, (section, name)
    uncommented = text.replace("# [every_style]", "[every_style]").replace("# intents = 0.8", "intents = 0.7")
    assert load_scenario(written(tmp_path, uncommented)).styles["seller"].intents == 0.7
