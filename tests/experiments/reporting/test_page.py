"""A page of findings: one file, nothing from outside, words escaped."""

from __future__ import annotations

from experiments.reporting.page import Page, Section, Table, write_findings
from tests.helpers.reports import assert_stands_alone, drawn, read


def test_a_page_of_findings_shows_what_it_is_given(tmp_path):
    figure = drawn(tmp_path / "figures")
    table = Table("Lines", ["line", "slope"], [["<first>", "1"]], folded=True)
    write_findings(
        Page("Does it rise?", ["It rises."], figure, [Section("How far", ["By one."], tables=[table])], ["One line."], [("Seed", "1")]),
        tmp_path,
    )
    page = read(tmp_path)
    assert_stands_alone(page)
    assert {"Does it rise?", "It rises.", "How far", "By one.", "Lines", "<first>", "One line.", "Seed"} <= set(page.words)
    assert [attributes for tag, attributes in page.attributes if tag == "details"] == [{}]
