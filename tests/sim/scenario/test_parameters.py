"""The schema: each number with unit, bounds and source."""

from __future__ import annotations

import re

from sim.scenario.fields import SOURCE_KINDS
from sim.scenario.library import HOME
from sim.scenario.template import parameter_table


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
