"""What is shared by all that a question gives back: shown short, safe in a page, drawn, written."""

from __future__ import annotations

from dataclasses import dataclass

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from experiments.reporting.result import Made, Result, Stopwatch
from experiments.reporting.style import STYLE, Drawn, Figure, draw_all
from sim.errors import BadInput


def draw(found, screen):
    canvas = screen.blank(2.0)
    canvas.subplots(1, found).plot([1, 2], [3, 4]) if found == 1 else canvas.subplots(1, found)
    return Drawn(canvas, Figure("line", "It rises", "A line.", "A line from three to four."))


@dataclass(frozen=True, eq=False, repr=False)
class Found(Result):
    question = "What is <it>?"
    answer = ('It is "this" & that.', "word " * 200)
    summary = pd.DataFrame({"a": [0.123456, 2.0], "b": ["<x>", "y"]})
    data = {}  # noqa: RUF012  (never changed)
    _drawings = {"line": draw, "empty": lambda _found, _folder: None}  # noqa: RUF012  (likewise)

    def _put(self, folder):
        (folder / "found.txt").write_text(str(self.found), encoding="utf-8")


def found(many=1):
    return Found(many, made=Made({"command": "try", "plan": "1"}, 0.0, 1.23456))


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def test_it_is_shown_in_less_than_400_characters():
    shown = repr(found())
    assert len(shown) < 400
    assert shown.startswith('<Found: What is <it>? It is "this" & that. word word')
    assert shown.endswith(" ...>")


def test_a_notebook_shows_text_as_text():
    page = found()._repr_html_()
    assert "<h3>What is &lt;it&gt;?</h3><p>It is &quot;this&quot; &amp; that.</p>" in page
    assert "<td>0.1235</td><td>&lt;x&gt;</td>" in page
    assert "Figures: line, empty" in page


def test_axes_come_back_one_or_an_array_and_pyplot_knows_their_figure():
    one = found().plot()
    assert one.lines[0].get_ydata().tolist() == [3, 4]
    assert one.figure.number in plt.get_fignums()
    several = found(3).plot("line")
    assert several.shape == (3,)
    with pytest.raises(BadInput, match=r"`figure` must be one of line, empty \(got 'lime'; did you mean 'line'\?\)"):
        found().plot("lime")
    with pytest.raises(BadInput, match="`figure` must be one for which there is something to draw"):
        found().plot("empty")


def test_figures_for_files_are_no_windows(tmp_path):
    draw_all([draw], 1, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"line.png", "line.svg", "line-narrow.svg"}
    assert plt.get_fignums() == []


def test_figures_that_are_shown_have_the_style_of_the_reports():
    axes = found().plot()
    assert axes.spines["top"].get_visible() == STYLE["axes.spines.top"]
    assert plt.rcParams["axes.spines.top"]  # outside, the user's


def test_it_is_written_into_a_new_folder_with_its_plan_and_not_into_another_plan_s(tmp_path):
    assert found().write(str(tmp_path / "o")) == tmp_path / "o"
    assert (tmp_path / "o" / "found.txt").read_text(encoding="utf-8") == "1"
    assert '"plan": "1"' in (tmp_path / "o" / "plan.json").read_text(encoding="utf-8")
    found(2).write(tmp_path / "o")
    assert (tmp_path / "o" / "found.txt").read_text(encoding="utf-8") == "2"
    other = Found(1, made=Made({"command": "try", "plan": "2"}, 0.0, 1.0))
    with pytest.raises(BadInput, match="`folder` must be a new folder, one of the same plan"):
        other.write(tmp_path / "o")


def test_a_stopwatch_says_when_and_how_long(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 7.0)
    monkeypatch.setattr("time.monotonic", iter([1.0, 3.5]).__next__)
    made = Stopwatch().made({"command": "try"})
    assert (made.started, made.seconds, made.plan) == (7.0, 2.5, {"command": "try"})


def test_what_every_result_must_say_is_asked_of_its_kind():
    bare = Result(1, made=Made({}, 0.0, 0.0))
    for name in ("question", "answer", "summary", "data", "figures"):
        with pytest.raises(NotImplementedError):
            getattr(bare, name)
