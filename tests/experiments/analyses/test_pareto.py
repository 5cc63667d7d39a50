"""Which settings trade response against load best: the space that is searched, and what dominates what, on known figures."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from experiments.analyses.base import Analysis
from experiments.analyses.pareto import design_space, forecast, report
from experiments.analyses.pareto.analysis import GOALS, Pareto, Setting, alike, dominating, whole, worlds_of
from experiments.analyses.pareto.design_space import DESIGN_VARIABLES, FREE, SHUT
from experiments.reporting.style import Line2D
from experiments.runs.draws import Called, Draws
from experiments.runs.keys import arms_of
from experiments.runs.study import Point
from sim import load_scenario
from sim.errors import BadInput
from sim.scenario.library import list_designs
from tests.experiments.analyses.draws_of import of_pareto
from tests.helpers.analyses import TINY, held, status
from tests.helpers.calibrated import calibration
from tests.helpers.drawings import both, legend

EXTRAS = ("pymoo",)
REFUSED = [
    (["pareto", "no-such-scenario"], "no-such-scenario"),
    (["pareto", "--days", "0"], "`--days` must be at least 61 for intent_success (got 0)"),
    (["pareto", "--draws", "nowhere.csv"], "`--draws` must be the draws.csv of a calibration, its folder, or none (got nowhere.csv: "),
    (["pareto", "--budget", "-3"], "`--budget` must be minutes above 0 (got -3.0)"),
]


def small(_folder):
    return ["pareto", *TINY]


def at(**changed):
    """The search's coordinates of the middle of everything, but for these variables."""
    middle = {variable.name: (low + high) / 2.0 for variable, (low, high) in zip(DESIGN_VARIABLES, design_space.bounds(), strict=True)}
    return list((middle | changed).values())


@pytest.mark.parametrize(
    ("a_month", "opened", "asked"),
    [(0.99 * SHUT, 0.0, 0.0), (1.01 * SHUT, 1.0, 1.01 * SHUT), (0.99 * FREE, 1.0, 0.99 * FREE), (1.01 * FREE, 1.0, 0.0)],
)
def test_messages_to_strangers_go_from_closed_over_credits_to_free(a_month, opened, asked):
    found = design_space.values_at(at(**{design_space.STRANGERS: np.log(a_month)}))
    assert (found["design.open_messages"], found["design.credits_a_month"]) == (opened, pytest.approx(asked))


def test_logarithms_are_undone_and_what_lies_outside_is_cut():
    found = design_space.values_at(at(**{"invitations a week": np.log(10.0), "friction of the other": 9.0, "filter strength": -1.0}))
    assert found["design.invitations_a_week"] == pytest.approx(10.0)
    assert (found["design.friction"], found["moderation.filter_strength"]) == (4.0, 0.0)


@pytest.mark.parametrize("name", list_designs())
def test_every_shipped_design_is_a_setting_within_the_bounds(name):
    place = design_space.place_of(load_scenario().with_(design=name))
    assert all(low <= x <= high for x, (low, high) in zip(place, design_space.bounds(), strict=True))
    again = load_scenario().with_(design=name).designs[name]
    found = design_space.values_at(place)
    assert found["design.primary"] == again.primary
    assert found["design.open_messages"] == again.open_messages


def test_a_setting_in_words():
    values = design_space.values_at(at(**{design_space.STRANGERS: np.log(5.0), "primary button": -1.0}))
    words = dict(zip((variable.name for variable in DESIGN_VARIABLES), design_space.in_words(values), strict=True))
    assert (words["primary button"], words[design_space.STRANGERS]) == ("Connect", "5 credits a month")
    values |= {"design.primary": 0.5, "design.open_messages": 0.0}
    assert design_space.in_words(values)[0] == "Message (+0.50)"
    assert "closed" in design_space.in_words(values)


def setting(name, response, load, *, shipped=False, pairs=12):
    """Twelve pairs around these means, the same luck for every setting."""
    luck = np.random.default_rng(1).normal(0.0, 0.01, (pairs, 2))
    noise = np.random.default_rng(len(name)).normal(0.0, 1e-4, (pairs, 2))
    return Setting(name, shipped, {}, np.array([response, load]) + luck + noise)


def test_a_setting_is_dominated_by_what_is_surely_better_on_one_goal_and_not_worse_on_the_other():
    one, more, less, both, trade = (
        setting("one", 0.20, 1.0),
        setting("more!", 0.25, 1.0),
        setting("less!!", 0.20, 0.5),
        setting("both!!!", 0.25, 0.5),
        setting("trade!!!!", 0.30, 1.5),
    )
    every = [one, more, less, both, trade]
    assert dominating(one, every) == ["more!", "less!!", "both!!!"]
    assert dominating(more, every) == ["both!!!"]
    assert dominating(both, every) == []
    assert dominating(trade, every) == []  # the most responsive, and the most load
    assert alike(one, every) == ["less!!"]


def test_pairs_are_left_out_for_all_settings_at_once_and_a_setting_of_half_its_pairs_fails():
    good, gap, bad = setting("a", 0.2, 1.0), setting("bb", 0.3, 1.0), setting("ccc", 0.4, 1.0)
    gap.seen[3, 1] = np.nan
    bad.seen[:6, 0] = np.nan
    kept, failed = whole([good, gap, bad])
    assert ([s.name for s in kept], failed) == (["a", "bb"], ["ccc"])
    assert all(len(s.seen) == 11 for s in kept)


def test_a_setting_that_does_what_another_does_is_none_of_its_own_but_shipped_ones_stay():
    one = setting("a", 0.2, 1.0)
    kept, _ = whole([one, one._replace(name="twin"), one._replace(name="shipped", shipped=True), one._replace(name="other", shipped=True)])
    assert [s.name for s in kept] == ["shipped", "other"]


def test_where_no_run_has_both_goals_there_is_nothing_to_confirm():
    empty = setting("a", 0.2, 1.0)
    empty.seen[:, 0] = np.nan
    with pytest.raises(BadInput, match="scenario"):
        whole([empty])


def searched(*settings):
    """Return a search that confirmed these settings."""
    scenario = load_scenario(members=60, days=65, warm_up=5)
    analysis = Analysis(scenario, arms_of(scenario, ["connect_first", "message_first"]), GOALS[0], 1, 1, 1.0)
    values = design_space.values_at(at())
    tried = pd.DataFrame({GOALS[0]: [0.1, 0.2], GOALS[1]: [0.5, 0.4]})
    return Pareto(analysis, [s._replace(numbers=values) for s in settings], tried, generations=2, failed=[])


def test_every_mark_of_the_figure_is_in_the_legend_and_better_has_an_arrow():
    found = searched(setting("setting 1", 0.20, 1.0), setting("setting 20", 0.25, 0.5), setting("message_first", 0.25, 1.2, shipped=True))
    for one in both(report.draw, found):
        ax = one.canvas.axes[0]
        assert ax.get_title(loc="left") == "↖ better"
        assert legend(one) == {
            "setting found",
            "shipped design",
            "filled: nothing dominates it",
            "hollow: dominated",
            "95% confidence intervals",
            "tried by the search, on 2 pairs",
        }
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("unwelcome items read, items a member and week", "intent success, %")
        best = 100.0 * found.settings[1].seen[:, 0].mean()
        assert one.figure.headline.startswith(f"1 of 3 settings is not dominated; the most responsive, setting 20, has {best:.2f}% (")
        filled = [line for line in ax.lines if line.get_marker() in "os" and line.get_markerfacecolor() == line.get_color()]
        assert len(filled) == 1


def test_labels_lie_on_no_other_and_on_no_mark_also_where_there_is_little_room():
    close = [setting(f"setting {k}", 0.2 + 0.002 * k, 1.0 + 0.01 * k) for k in range(1, 9)]
    found = searched(*close, *(setting(name, 0.21, 1.0 + 0.02 * k, shipped=True) for k, name in enumerate(list_designs())))
    for one in both(report.draw, found):
        canvas, ax = one.canvas, one.canvas.axes[0]
        canvas.draw_without_rendering()
        boxes = [Text.get_window_extent(text) for text in ax.texts]  # without their lines
        assert len(boxes) == len(found.settings)
        assert [(a, b) for k, a in enumerate(boxes) for b in boxes[:k] if a.overlaps(b)] == []
        marks = [line for line in ax.lines if isinstance(line, Line2D) and line.get_marker() in "os"]
        assert len(marks) == len(found.settings)
        dots = [ax.transData.transform(line.get_xydata()[0]) for line in marks]
        assert [box for box in boxes for x, y in dots if box.contains(x, y)] == []
        frame = ax.get_window_extent()
        assert all(frame.x0 <= box.x0 and box.x1 <= frame.x1 + 1.0 for box in boxes)


def test_what_a_setting_is_stands_apart_from_how_it_does(tmp_path):
    found = searched(setting("setting 1", 0.20, 1.0), setting("setting 20", 0.25, 0.5))
    report.write(found, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.index("<summary>Confirmed settings and shipped designs</summary>") < page.index("<summary>What each of them is</summary>")
    assert "the share that succeeded" in page.partition("<main")[0]


DRAWS = Draws(tuple(Point(k, {"reply.base": -3.0, "design.friction": 1.0}) for k in (1, 4, 9)), (1 / 3,) * 3, "draws.csv")


def test_of_a_world_what_is_searched_is_left_out():
    assert [(one.number, one.values) for one in worlds_of(DRAWS, 2)] == [(1, {"reply.base": -3.0}), (4, {"reply.base": -3.0})]  # noqa: PD011  (a point, no table)
    assert worlds_of(None, 20) == []
    with pytest.raises(BadInput, match="`--draws` must have a column that is not of the design"):
        worlds_of(Draws((Point(1, {"design.friction": 1.0}),), (1.0,), "draws.csv"), 20)


def test_in_how_many_worlds_a_setting_is_on_the_front():
    one, two = (
        Setting(name, False, {}, np.array(seen)) for name, seen in (("a", [[0.2, 1.0], [0.2, 1.0]]), ("b", [[0.3, 0.5], [0.3, 2.0]]))
    )
    found = dataclasses.replace(searched(one, two), draws=DRAWS, each=3)
    assert found.front_share == {"a": 0.5, "b": 1.0}
    assert (found.data["pairs"], found.data["worlds"]) == (6, 2)
    (line,) = report.over_worlds(found)
    assert "Means are over 2 worlds" in line
    assert "3 assumed draws (draws.csv), in place of bounds. These draws are assumptions, and no worlds that fit: " in line
    assert report.over_worlds(dataclasses.replace(found, draws=dataclasses.replace(DRAWS, called=Called(()))))[0].startswith(
        "The values of 2 parameters are those of 3 calibrated worlds (draws.csv), in place of bounds. Means are over "
    )
    assert line.endswith("As far as 3 pairs in each can tell, no other setting has more response and less load than b in 2.")
    assert report.settings_table(found).front_share.to_list() == [0.5, 1.0]
    assert "front_share" not in report.settings_table(searched(one, two)).columns
    assert "run again on 3 pairs in each of 2 worlds with new seeds" in report.answer(found)[2]


@pytest.mark.parametrize("there", [{}, {"designs.message_first.friction": 2.5, "designs.connect_first.friction": 2.5}])
def test_what_is_searched_is_no_change_of_a_world_and_away_from_its_own_value_it_is_said_not_to_be_held(tmp_path, there):
    """A number of the designs was drawn, too: its column is the search's, whatever the scenario has there."""
    scenario = load_scenario(members=60, warm_up=5, days=65)
    pytest.importorskip("pymoo")
    folder = calibration(tmp_path, scenario)
    drawn, numbers = pd.read_csv(folder / "draws.csv"), pd.read_csv(folder / "parameters.csv")
    drawn.assign(**{"design.friction": 1.5}).to_csv(folder / "draws.csv", index=False)
    one = pd.DataFrame([{"parameter": "design.friction", "said": "something"}])
    pd.concat([numbers, one]).to_csv(folder / "parameters.csv", index=False)
    draws = of_pareto(scenario.with_(**there), folder)
    assert "design.friction" in draws.names
    assert draws.called.why == ()
    assert draws.called.more == ("A world fits at its own value of design.friction: at others nobody held it to the figures.",)


@pytest.mark.slow
def test_with_draws_settings_are_judged_over_worlds(tmp_path, capsys):
    pytest.importorskip("pymoo")
    path, out = tmp_path / "draws.csv", tmp_path / "out"
    path.write_text("draw,reply.base,design.friction\n1,-3.0,1.0\n4,-2.5,2.0\n9,-2.0,0.5\n", encoding="utf-8")
    words = ["pareto", *TINY, "--budget", "1e-6", "--draws", path, "--worlds", "3"]
    assert status(*words, "--dry-run", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert status(*words, "--out", out, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["worlds"], found["pairs"]) == (3, 3)
    assert told["runs_at_least"] <= held(out)[0] <= told["runs"]
    table = pd.read_csv(out / "pareto.csv")
    assert set(table.front_share.round(6)) <= {0.0, 0.333333, 0.666667, 1.0}
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "over 3 worlds" in page
    assert "These draws are assumptions, and no worlds that fit" in page
    assert found["draws"]["range"] == "range over assumptions"
    before = held(out)
    assert status(*words, "--out", out) == 0
    assert held(out) == before


@pytest.mark.parametrize(
    ("allowed", "runs"),
    [
        # of 236 runs 3 generations of 12 settings in 4 of 20 worlds are 144; 5 to 7 settings in each of 20
        (0, (144 + 100, 144 + 140)),
        (1000, (672 + 6 * 40, 672 + 5 * 60)),  # 14 generations; of 328 left 60 for each of 5, 40 for each of 6 or 7
    ],
)
def test_how_many_runs_a_search_over_worlds_takes(allowed, runs):
    found = forecast.planned(5, allowed, worlds=20)
    assert tuple(found) == (min(runs), max(runs))


@pytest.mark.parametrize(
    ("allowed", "runs"),
    [
        # in these tests: 2 generations of 12 settings on 2 pairs are 48 runs, 5 designs on these pairs 10; of 69 runs 21 are left:
        # 4 for each of 5 settings, 3 for each of 6 or 7
        (0, (48 + 10 + 18, 48 + 10 + 21)),
        (1000, (696 + 10 + 300, 696 + 10 + 301)),  # 29 generations; 60 for each of 5, 50 for each of 6, 43 for each of 7
    ],
)
def test_how_many_runs_a_search_takes(allowed, runs):
    assert forecast.planned(5, allowed) == runs
