"""A page of findings: one file, nothing from outside, words escaped, its parts in order."""

from __future__ import annotations

import pytest

from experiments.reporting.page import Bullets, Cell, Heading, Page, Section, Table, Terms, leave_out, verdict_cell, write_findings
from tests.helpers.reports import assert_stands_alone, drawn, read

TABLE = Table("Lines", ["line", "verdict", "slope"], [["<first>", verdict_cell("worse", "by far"), Cell("1", "a day")]], folded=True)

LONG = "styles.considerate_networker.a_number_whose_name_is_wider_than_a_phone"


def written(tmp_path, answer=("It rises.",), **more):
    figure = drawn(tmp_path / "figures")
    parts = ["By one.", Heading("Then"), Heading(LONG), LONG, Bullets(["one", "two"]), Terms([("slope", "how steep")]), figure, TABLE]
    write_findings(Page("Does it rise?", answer, figure, [Section("How far", parts)], ["One line."], [("Seed", "1")], **more), tmp_path)
    return read(tmp_path)


def test_a_page_of_findings_shows_what_it_is_given_in_order(tmp_path):
    page = written(tmp_path)
    assert_stands_alone(page)
    told = ["Does it rise?", "It rises.", "One line.", "How far", "By one.", "Then", "one", "two", "slope", "how steep", "<first>", "Seed"]
    assert [word for word in page.words if word in told and page.words.count(word) >= 1][-12:] != []
    places = [page.words.index(word, page.words.index("How far") if k > 2 else 0) for k, word in enumerate(told)]
    assert places == sorted(places)
    assert [attributes for tag, attributes in page.attributes if tag == "details"] == [{}]


def test_the_picture_may_stand_between_the_first_sentences_and_the_others(tmp_path):
    """A phone shows a dozen sentences on three screens: what is asked first is seen first."""
    answer = ["It rises.", "By one.", "Not by two."]
    orders = []
    for before in (0, 1, 2, 3, 9):
        words = written(tmp_path / str(before), answer, before=before).words
        told = [*answer, "A line that rises.", "One line."]
        orders.append([word for word in words[: words.index("How far")] if word in told])
    whole = [*answer, "One line.", "A line that rises."]
    between = [[*answer[:k], "A line that rises.", *answer[k:], "One line."] for k in (1, 2)]
    assert orders == [whole, *between, whole, whole]


def test_each_figure_has_its_headline_above_and_its_caption_below(tmp_path):
    words = written(tmp_path).words
    assert words.index("It rises") < words.index("A line that rises.")


def test_a_verdict_has_a_mark_that_is_not_read_aloud_and_a_label_for_its_card(tmp_path):
    page = written(tmp_path)
    assert {"▼", "worse", "by far"} <= set(page.words)
    assert ("span", {"aria-hidden": "true"}) in page.attributes
    cells = [attributes for tag, attributes in page.attributes if tag == "td"]
    assert cells == [{"role": "cell", "data-label": "verdict", "class": "told"}, {"role": "cell", "data-label": "slope"}]
    assert page.all("th", "scope") == ["col", "col", "col", "row"]


def test_files_that_are_not_kept_are_left_out_of_the_list(tmp_path):
    written(tmp_path, files=[("a.csv", "one"), ("b.csv", "other")])
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    left = leave_out(text, ["a.csv"])
    assert ("a.csv" in text, "a.csv" in left, "b.csv" in left) == (True, False, True)


@pytest.mark.parametrize("columns", [["line", "", "slope"], [""]])
def test_a_column_without_a_heading_is_refused(columns):
    with pytest.raises(ValueError, match="every column of the table 'Lines' must have a heading"):
        Table("Lines", columns, [])
