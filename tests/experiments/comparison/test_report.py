"""Reports: one file, nothing from outside, readable without pictures, names escaped; figures say the same every time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest

from experiments.cli import main as cli
from experiments.reporting.page import Page, Section, Table, write_findings
from experiments.reporting.style import Figure, save
from sim.results.measures import MEASURES

VOID = {"meta", "img", "br", "link"}
TINY = ["--members", "80", "--warm-up", "15", "--quiet", "--pairs", "3", "--workers", "1"]


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


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    out = tmp_path_factory.mktemp("report") / "one"
    assert cli.perform(["compare", *TINY, "--days", "70", "--out", str(out)]) == 0
    return read(out)


def assert_stands_alone(page):
    assert "script" not in page.tags
    assert "link" not in page.tags
    assert all(source.startswith("data:image/png;base64,") for source in page.all("img", "src"))
    anchors = page.all("a", "href")
    assert all(href.startswith("#") for href in anchors)
    there = {attributes["id"] for _, attributes in page.attributes if "id" in attributes}
    assert {href[1:] for href in anchors} <= there
    assert all(len(text) > 20 for text in page.all("img", "alt"))
    assert page.tags.count("h1") == 1
    assert page.all("html", "lang") == ["en"]
    assert "width=device-width, initial-scale=1" in page.all("meta", "content")


def test_a_report_needs_nothing_from_outside(page):
    assert_stands_alone(page)


def test_the_first_screen_has_the_question_the_answer_and_a_picture(page):
    first = page.tags[: page.tags.index("nav")]
    assert first.count("img") == 1
    assert page.words[page.words.index("First Contact") :][2] == "What does message-first change against connect-first?"
    answers = [a for tag, a in page.attributes if tag == "p" and a.get("class") == "answer"]
    assert len(answers) == 2


def test_every_arm_has_its_tables_of_who_gains(tmp_path, capsys):
    three = ["--arms", "connect_first", "message_first", "both_equal"]
    assert cli.perform(["compare", "--members", "60", "--warm-up", "5", "--days", "62", "--pairs", "2", "--workers", "1", "--quiet", *three,
                        "--out", str(tmp_path / "o")]) == 0  # fmt: skip
    words, said = " ".join(read(tmp_path / "o").words), capsys.readouterr().out
    for arm in ("message-first", "both-equal"):
        assert f"by the sender's style ({arm})" in words
        assert said.count(f"Goals and guardrails: {arm}") == 1


def test_what_is_assumed_is_shown_for_a_horizon_too_short_for_the_primary_measure(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.calibration.targets.gather", lambda *_, **__: None)  # it has runs of its own, of the usual size
    monkeypatch.setattr("experiments.calibration.targets.targets", lambda _: [])
    monkeypatch.setattr("experiments.runs.processes.processes", lambda _: ThreadPoolExecutor(1))  # each step would start its own
    assert cli.perform(["compare", *TINY, "--days", "20", "--explain", "--out", str(tmp_path / "o")]) == 0
    page = read(tmp_path / "o")
    assert any(text.startswith("Bars: the neutral difference") for text in page.all("img", "alt"))
    assert "--explain" not in " ".join(page.words)


def test_every_measure_has_a_glossary_entry(page):
    assert {f"m-{name}" for name in MEASURES} <= set(page.all("dt", "id"))


def test_a_horizon_that_is_too_short_gives_no_answer_and_names_one_that_would_do(tmp_path):
    out = tmp_path / "short"
    assert cli.perform(["compare", *TINY, "--days", "20", "--out", str(out)]) == 0
    page = read(out)
    assert_stands_alone(page)
    text = " ".join(page.words)
    assert "No answer is given" in text
    assert f"{MEASURES['intent_success'].window + 1} days" in text


def test_names_from_files_are_escaped(tmp_path):
    network = tmp_path / "<b>&friends.csv"
    network.write_text("source,target\n" + "".join(f"{k},{(k + 1) % 40}\n" for k in range(40)))
    out = tmp_path / "out"
    arguments = ["compare", "--network", str(network), *TINY[2:], "--days", "20", "--out", str(out)]
    assert cli.perform(arguments) == 0
    page = read(out)
    assert "b" not in page.tags
    assert any("<b>&friends.csv" in words for words in page.words)
    assert any("All pairs begin with one network" in words for words in page.words)


def drawn(folder):
    from matplotlib.figure import Figure as Canvas

    canvas = Canvas()
    canvas.subplots().plot([1, 2], [3, 4])
    save(canvas, folder, "line")
    return Figure("line", "A line", "A line that rises.", "A straight line from three to four.")


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


def test_a_figure_has_the_same_bytes_every_time(tmp_path):
    for name in ("a", "b"):
        drawn(tmp_path / name)
    for ending in ("png", "svg"):
        assert (tmp_path / "a" / f"line.{ending}").read_bytes() == (tmp_path / "b" / f"line.{ending}").read_bytes()
