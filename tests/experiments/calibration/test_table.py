"""The tables by kind, for one size or several, the line that says what is met, and the place in a document."""

from __future__ import annotations

import json
import math

from experiments.calibration.declared import ASSUMED, EMPIRICAL, OTHER, VENDOR
from experiments.calibration.table import COLUMNS, as_markdown, data_of, line_of, rewrite, tables_of
from experiments.calibration.targets import Target

MET = Target("acceptance", "empirical: a study", 0.2, 0.4, 0.3, 50.0, kind=EMPIRICAL, half_width=0.0123)
MISSED = Target("delay", f"{OTHER}: a log", 0.5, 0.6, 0.475, 1200.0, kind=OTHER)
UNSEEN = Target("load", f"{OTHER}: a log", 0.5, 0.6, math.nan, 0.0, kind=OTHER)
NOTES = Target("notes", "vendor: a firm", 0.5, 0.6, 0.55, 9.0, "ratio", VENDOR)
VOLUME = Target("sessions", "assumed: because", 0.5, 0.6, 0.55, 9.0, kind=ASSUMED)
ALL = [MET, MISSED, UNSEEN, NOTES, VOLUME]


def test_a_table_a_kind_with_what_it_weighs():
    tables = tables_of({100: ALL})
    assert [table.title for table in tables] == [
        "Empirical: weight 1",
        "Empirical, other population: weight 0.5",
        "Vendor: told apart",
        "Assumed: nobody has measured it, never counted as met",
    ]
    assert tables[0].columns == COLUMNS
    assert tables[0].rows == [["acceptance", "0.2 to 0.4", "0.300 ± 0.012", "", "50", "share", "a study"]]
    assert tables[1].rows == [
        ["delay", "0.5 to 0.6", "0.475", "0.025", "1,200", "share", "a log"],
        ["load", "0.5 to 0.6", "not seen", "not seen", "0", "share", "a log"],
    ]


def test_several_sizes_stand_side_by_side():
    other = Target("delay", f"{OTHER}: a log", 0.5, 0.6, 0.55, 4000.0, kind=OTHER, half_width=0.01)
    (table,) = tables_of({2000: [MISSED], 10000: [other]})
    assert table.columns == ["pattern", "wanted", "2,000 members", "10,000 members", "unit", "source"]
    assert table.rows == [["delay", "0.5 to 0.6", "0.475, missed by 0.025", "0.550 ± 0.010", "share", "a log"]]


def test_the_line_counts_what_was_measured_and_tells_the_rest_apart():
    line = line_of(ALL, 2000, "both_equal", 5)
    assert line.startswith("1 of 3 empirical targets are met, 50% by weight, at 2,000 members under both_equal, 5 seeds.")
    assert "Missed: delay by 0.025; load, not seen." in line
    assert "Vendors' figures: 1 of 1 within bounds." in line
    assert "What is assumed, which counts nowhere: 1 of 1 within bounds." in line
    assert "Missed" not in line_of([MET], 2000, "both_equal", 5)


def test_plain_values_are_json():
    found = json.loads(json.dumps(data_of({2000: [MET], 10000: [UNSEEN]}), allow_nan=False))
    assert [(row["members"], row["name"], row["got"], row["met"], row["weight"]) for row in found] == [
        (2000, "acceptance", 0.3, True, 1.0),
        (10000, "load", None, False, 0.5),
    ]


def test_a_document_gets_the_table_between_its_marks(tmp_path):
    text = as_markdown(tables_of({100: [MET, NOTES]}))
    assert "| pattern | wanted | got | missed by | out of | unit | source |\n|---|---|---|---|---|---|---|\n| acceptance |" in text
    path = tmp_path / "page.md"
    path.write_text("before\n<a>\nold\n</a>\nafter\n", encoding="utf-8")
    assert rewrite(path, ("<a>", "</a>"), text) == f"The table in {path} is rewritten."
    assert path.read_text(encoding="utf-8") == f"before\n<a>\n\n{text}\n\n</a>\nafter\n"
    assert "has no place" in rewrite(path, ("<b>", "</b>"), text)
