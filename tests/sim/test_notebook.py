"""Tables that notebooks show."""

from __future__ import annotations

from sim.notebook import html_table


def test_cells_titles_and_the_caption_are_escaped():
    found = html_table("a<b", [("<script>", 1), ("&", None)], ("x>y",))
    assert "<script>" not in found
    assert [words in found for words in ("a&lt;b", "<td>&lt;script&gt;</td><td>1</td>", "<td>&amp;</td>", "<th>x&gt;y</th>")] == [True] * 4


def test_without_titles_there_is_no_head():
    assert "<thead>" not in html_table("a", [("b",)])
    assert html_table("a", []).count("<tr>") == 0
