"""The article's table and page."""

from __future__ import annotations

COLUMNS = "heading,number,claim,reading,primary,design,measure,difference,ci_low,ci_high,pairs,verdict,mechanism"


def test_the_article_has_its_output_files(folder):
    assert {"article.csv", "article.html", "scenario.toml", "figures/score.png"} <= {
        path.relative_to(folder).as_posix() for path in folder.rglob("*")
    }
    text = (folder / "article.csv").read_text()
    assert text.splitlines()[0] == COLUMNS
    assert "nan" not in text
    assert "<script" not in (folder / "article.html").read_text()
