"""Reports: one file, nothing from outside, readable without pictures, names escaped."""

from __future__ import annotations

import pytest

from experiments.cli import main as cli
from experiments.comparison.split import AGREE
from sim.results.measures import MEASURES
from tests.helpers.light import light
from tests.helpers.reports import assert_stands_alone, read

TINY = ["--members", "80", "--warm-up", "15", "--quiet", "--pairs", "3", "--workers", "1"]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    out = tmp_path_factory.mktemp("report") / "one"
    with light(drawn=True):
        assert cli.perform(["compare", *TINY, "--days", "70", "--out", str(out)]) == 0
    return read(out)


def test_a_report_needs_nothing_from_outside(page):
    assert_stands_alone(page)


def test_the_first_screen_has_the_question_the_answer_and_a_picture(page):
    first = page.tags[: page.tags.index("nav")]
    assert first.count("img") == 1
    assert page.words[page.words.index("First Contact") :][2] == "What does message-first change against connect-first?"
    answers = [a for tag, a in page.attributes if tag == "p" and a.get("class") == "answer"]
    assert len(answers) >= 3
    assert "Intent success: of all" in " ".join(page.words)  # what it is, where it first stands


def test_successes_are_split_and_new_ties_stand_by_surface(page):
    words = " ".join(page.words)
    assert "Under message-first successes per member are × " in words
    assert "What the change in successes per member is made of: message-first" in words
    assert AGREE in words
    assert "New connections by invitation, by surface" in words
    assert "network.suggestions is" in words
    rows = [
        words.index(f"{title} {role}") for title, role in (("Intent success", "primary goal"), ("Successes per member", "co-primary goal"))
    ]
    assert rows[0] < rows[1] < words.index("Unwelcome items delivered guardrail")


def test_every_arm_has_its_tables_of_who_gains(tmp_path, capsys, light_commands):
    three = ["--arms", "connect_first", "message_first", "both_equal"]
    assert (
        cli.perform(
            [
                "compare",
                "--members",
                "60",
                "--warm-up",
                "5",
                "--days",
                "62",
                "--pairs",
                "2",
                "--workers",
                "1",
                "--quiet",
                *three,
                "--out",
                str(tmp_path / "o"),
            ]
        )
        == 0
    )
    words, said = " ".join(read(tmp_path / "o").words), capsys.readouterr().out
    for arm in ("message-first", "both-equal"):
        assert f"Intent success by the sender's style: {arm}" in words
        assert f"All other measures: {arm}" in words
        assert said.count(f"Goals and guardrails: {arm}") == 1


@pytest.mark.slow
def test_what_is_assumed_is_shown_for_a_horizon_too_short_for_the_primary_measure(tmp_path, monkeypatch, light_commands):
    monkeypatch.setattr("experiments.calibration.runs.reached", lambda *_: [])  # it has runs of its own, of a year
    assert cli.perform(["compare", *TINY, "--days", "20", "--explain", "--out", str(tmp_path / "o")]) == 0
    page = read(tmp_path / "o")
    assert any(text.startswith("Bars for message-first") for text in page.all("img", "alt"))
    assert "--explain" not in " ".join(page.words)


def test_every_measure_has_a_glossary_entry(page):
    assert {m.title for m in MEASURES.values()} <= set(page.words[page.words.index("Glossary", 1) :])


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """The page of a comparison of too few days, on a network from a file with a name that would be markup."""
    folder = tmp_path_factory.mktemp("short")
    network = folder / "<b>&friends.csv"
    network.write_text("source,target\n" + "".join(f"{k},{(k + 1) % 40}\n" for k in range(40)))
    arguments = ["compare", "--network", str(network), *TINY[2:], "--days", "20", "--out", str(folder / "out")]
    with light():
        assert cli.perform(arguments) == 0
    return read(folder / "out")


def test_a_horizon_that_is_too_short_gives_no_answer_and_names_one_that_would_do(short):
    assert_stands_alone(short)
    text = " ".join(short.words)
    assert "No answer is given" in text
    assert f"{MEASURES['intent_success'].window + 1} days" in text


def test_names_from_files_are_escaped(short):
    assert "b" not in short.tags
    assert any("<b>&friends.csv" in words for words in short.words)
    assert any("All pairs begin with one network" in words for words in short.words)
