"""A reader of reports, as a browser would be: what a page holds, and that it needs nothing from outside."""

from __future__ import annotations

from html.parser import HTMLParser

from experiments.reporting.style import Drawn, Figure, draw_all

VOID = {"meta", "img", "br", "link", "source"}


class Reader(HTMLParser):
    """Keeps what a page holds, and complains of tags that are not closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.words = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data.strip())

    def all(self, tag, name):
        return [attributes.get(name) for found, attributes in self.attributes if found == tag]


def read(folder):
    return Reader((folder / "report.html").read_text(encoding="utf-8"))


def assert_stands_alone(page):
    assert "script" not in page.tags
    assert "link" not in page.tags
    images = [*page.all("img", "src"), *page.all("source", "srcset")]
    assert all(source.startswith("data:image/svg+xml,%3Csvg") for source in images)
    assert page.tags.count("picture") == page.tags.count("img") == page.tags.count("source")
    anchors = page.all("a", "href")
    assert all(href.startswith("#") for href in anchors)
    there = {attributes["id"] for _, attributes in page.attributes if "id" in attributes}
    assert {href[1:] for href in anchors} <= there
    assert all(len(text) > 20 for text in page.all("img", "alt"))
    assert page.tags.count("h1") == 1
    assert page.all("html", "lang") == ["en"]
    assert "width=device-width, initial-scale=1" in page.all("meta", "content")


def line(_found, screen):
    canvas = screen.blank(2.0)
    canvas.subplots().plot([1, 2], [3, 4])
    return Drawn(canvas, Figure("line", "It rises", "A line that rises.", "A straight line from three to four."))


def of_a_number(found, screen):
    canvas = screen.blank(1.5)
    canvas.subplots().set_title(f"{found}")
    return Drawn(canvas, Figure("number", f"It is {found}", "A number.", "A title that says what was found."))


def nothing(_found, _screen):
    return None


def drawn(folder):
    return draw_all([line], None, folder)[0]
