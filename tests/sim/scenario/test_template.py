"""The schema as people read it: a table and a template in which no number is missing."""

from __future__ import annotations

from sim.scenario.parameters import SECTIONS
from sim.scenario.presets import Design, Moderation, Style
from sim.scenario.scenario import load_scenario
from sim.scenario.template import commented_template, parameter_table

NUMBERS = [(row["section"], row["name"]) for row in parameter_table()]


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
