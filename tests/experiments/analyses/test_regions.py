"""Where in a sweep each arm wins: the sweep is run as far as it is not, and never read before it is whole."""

from __future__ import annotations

import dataclasses
import json
import shutil

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from experiments.analyses.regions import figures, report, words
from experiments.analyses.regions.analysis import DOWN, UP, Regions, Space, load_space
from experiments.methods.prim import Box
from experiments.runs.ledger import Ledger
from experiments.space.factors import factor
from sim import load_scenario
from sim.errors import BadInput
from sim.results.measures import MEASURES
from tests.helpers import sweeps
from tests.helpers.analyses import held, needs, status
from tests.helpers.drawings import both, cut_off, legend, strays, titles, unreadable, upon_one_another, written
from tests.helpers.light import draw_again

EXTRAS = ("SALib", "sklearn", "ema_workbench")
SWEEP = """
name = "tiny"
arms = ["connect_first", "message_first"]
[with]
members = 60
days = 62
warm_up = 5
[sweep]
sampler = "sobol"
points = 24
pairs = 1
seeds = "new"
[sweep.parameters]
"reply.base" = [-5.0, 0.0]
"design.friction" = [0.0, 4.0]
"""

REFUSED = [
    (["regions", "quik-sweep"], "(got 'quik-sweep'; did you mean 'quick-sweep'?)"),
    (["regions", "no-such.toml"], "no-such.toml"),
    (["regions", "--measure", "intent_sucess"], "`--measure` must be a measure (got 'intent_sucess'; did you mean 'intent_success'?)"),
    (["regions", "."], ". must be the folder of a finished `firstcontact sweep` (got "),
]


def small(folder):
    (folder / "tiny.toml").write_text(SWEEP, encoding="utf-8")
    return ["regions", str(folder / "tiny.toml"), "--workers", "2", "--quiet"]


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    home = tmp_path_factory.mktemp("swept")
    (home / "tiny.toml").write_text(SWEEP, encoding="utf-8")
    needs(EXTRAS)
    assert status("regions", home / "tiny.toml", "--out", home / "run", "--workers", "2", "--quiet") == 0
    return home


def test_regions_of_a_file_run_its_sweep_and_lie_inside_it(swept, capsys):
    run = swept / "run"
    assert {"runs.csv", "points.csv", "report.html", "regions-intent_success"} <= {p.name for p in run.iterdir()}
    assert {"regions.csv", "boxes.csv", "peeling.csv", "importance.csv"} <= {p.name for p in (run / "regions-intent_success").iterdir()}
    before = held(run)
    assert status("regions", swept / "tiny.toml", "--out", run, "--quiet", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert sum(found["decided"].values()) == pytest.approx(1.0)
    assert found["points"] == 24
    assert held(run) == before


@pytest.mark.slow
def test_regions_of_a_folder_go_where_they_are_told_and_finish_its_sweep(swept, tmp_path):
    run = tmp_path / "run"
    assert status("sweep", swept / "tiny.toml", "--out", run, "--workers", "2", "--quiet") == 0
    (run / "runs.csv").unlink()  # as if it had been killed before its tables
    assert status("regions", run, "--out", tmp_path / "map", "--quiet") == 0
    assert (run / "runs.csv").read_bytes() == (swept / "run" / "runs.csv").read_bytes()
    assert (tmp_path / "map" / "report.html").exists()


@pytest.mark.slow
@pytest.mark.parametrize("apart", [False, True])
def test_regions_never_read_tables_that_are_older_than_the_runs(apart, swept, tmp_path, monkeypatch, capsys):
    """An extended sweep that is killed before its tables has those of the smaller one."""
    from experiments.sweep import run as sweeping

    run, place = tmp_path / "run", tmp_path / ("elsewhere.sqlite" if apart else "run/ledger.sqlite")
    shutil.copytree(swept / "run", run)
    if apart:
        (run / "ledger.sqlite").rename(place)
        (run / "ledger.txt").write_text(f"{place}\n")
    before = (run / "runs.csv").read_bytes()
    with monkeypatch.context() as killed:
        killed.setattr(sweeping, "write_tables", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert status("sweep", "--extend", run, "--pairs", 2, "--quiet") == 130
    with Ledger(place, read_only=True) as book:
        assert len(book) == 96
    assert (run / "runs.csv").read_bytes() == before
    with pytest.raises(BadInput, match=f"sweep --resume {run}"):
        load_space(run, "intent_success")
    assert status("sweep", "--status", run) == 0
    assert f"firstcontact sweep --resume {run}" in capsys.readouterr().out
    assert status("regions", run, "--quiet") == 0
    assert set(pd.read_csv(run / "runs.csv").pair) == {1, 2}
    assert load_space(run, "intent_success").pairs == 2
    assert status("sweep", "--status", run) == 0
    assert "--resume" not in capsys.readouterr().out


def test_over_draws_the_map_is_over_what_is_varied_and_says_what_a_point_is(tmp_path, capsys):
    (tmp_path / "draws.csv").write_text("draw,reply.base,reply.load\n1,-3.0,-0.2\n2,-2.0,-0.5\n3,-1.0,-0.8\n", encoding="utf-8")
    out = tmp_path / "run"
    words = ["sweep", sweeps.small(tmp_path, points=20, pairs=1), "--draws", tmp_path / "draws.csv", "--quiet"]
    assert status(*words, "--out", out) == 0
    assert pd.read_csv(out / "worlds.csv").draw.nunique() == 3
    space = load_space(out, "unwelcome_read")
    assert [one.path for one in space.axes] == ["design.friction", "reply.base"]
    assert space.notes[0].endswith("The surface is that of the mean over them.")
    assert "are those of an assumed draw" in space.notes[0]
    assert "These draws are assumptions, and no worlds that fit" in (out / "report.html").read_text(encoding="utf-8")
    before = (out / "summary.csv").read_bytes()
    assert status("sweep", "--extend", out, "--points", "21", "--quiet") == 0
    assert (out / "summary.csv").read_bytes().startswith(before)
    capsys.readouterr()
    for more in ([], ["--dry-run"]):
        assert status("regions", out, "--draws", tmp_path / "draws.csv", "--quiet", *more) == 2
        assert "`--draws` must be left out where a sweep is taken as it was run" in capsys.readouterr().err
    assert status("sweep", "--resume", out, "--draws", tmp_path / "draws.csv", "--quiet") == 2
    assert "`--draws` must be left out where a folder is continued: it has its own" in capsys.readouterr().err


def test_where_less_is_better_less_wins(swept, tmp_path, capsys):
    space = load_space(swept / "run", "unwelcome_read")
    assert words.verb(space, DOWN) == "wins"
    assert words.verb(space, UP) == "loses"
    assert words.verb(load_space(swept / "run", "intent_success"), UP) == "wins"
    assert "has more" in words.verb(load_space(swept / "run", "message_share"), UP)
    assert status("regions", swept / "run", "--measure", "unwelcome_read", "--out", tmp_path / "o", "--quiet") == 0
    assert "unwelcome items read" in capsys.readouterr().out


def test_provenance_names_the_network_that_the_sweep_read_though_its_file_has_gone(swept, tmp_path):
    shutil.copytree(swept / "run", tmp_path / "run")
    place = tmp_path / "run" / "provenance.json"
    facts = json.loads(place.read_text(encoding="utf-8"))
    assert "network" not in facts
    read = {"file": str(tmp_path / "gone.csv"), "members": 60, "ties": 90}
    place.write_text(json.dumps(facts | {"network": read}), encoding="utf-8")
    assert status("regions", tmp_path / "run", "--out", tmp_path / "map", "--quiet") == 0
    assert json.loads((tmp_path / "map" / "provenance.json").read_text(encoding="utf-8"))["network"] == read
    assert status("regions", swept / "run", "--out", tmp_path / "drawn", "--quiet") == 0
    assert "network" not in json.loads((tmp_path / "drawn" / "provenance.json").read_text(encoding="utf-8"))


class Slope:
    """A surface that rises with the first parameter, through zero at -2.5, its band of half a point's width each way."""

    quality, trusted = 0.8, True

    def band(self, x):
        return 0.01 * (x[:, 0] + 2.5), np.full(len(x), 0.005 / 1.96)


def mapped(verdicts, boxes, *, axes=("reply.base", "design.friction"), number=1):
    """Return regions over 20 points of reply.base from -4.9 to -0.1; the last five are held out."""
    scenario = load_scenario()
    x = np.column_stack([np.linspace(-4.9, -0.1, 20), np.linspace(0.0, 4.0, 20)])[:, : len(axes)]
    space = Space(
        "by hand",
        "message_first",
        number=number,
        reference="connect_first",
        entry=MEASURES["intent_success"],
        axes=[factor(scenario, path) for path in axes],
        scenario_name="baseline",
        x=x,
        y=0.01 * (x[:, 0] + 2.5),
        pairs=2,
        seed=1,
        size="some members",
        missing=0,
        notes=[],
        verdicts=verdicts,
        called=None,
        network={},
    )
    importance = pd.DataFrame({"factor": list(axes), "first": 0.5, "total": 0.5})
    return Regions(space, Slope(), importance, boxes)


def box(limits, peeling=3):
    path = pd.DataFrame({"coverage": np.linspace(1.0, 0.8, peeling), "density": np.linspace(0.4, 0.9, peeling), "restricted": 1})
    return Box(limits, coverage=0.8, density=0.9, held_coverage=np.nan, held_density=np.nan, peeling=path)


def test_the_share_of_single_points_is_said_beside_that_of_the_surface():
    found = mapped({"better": 3, "worse": 1, "not decided": 16}, {UP: None, DOWN: None})
    # -2.5 lies between the tenth and the eleventh of 20 points a quarter apart; two on either side lie within the band of half a unit
    assert found.decided == {UP: 0.4, DOWN: 0.4, "not decided": 0.2}
    assert words.beside_the_sweep(found) == (
        "At single points, each from its own 2 pairs, 20% are decided (4 of 20); the surface pools neighbouring points, so it decides more: 80% of the space."
    )
    surer = mapped({"better": 17, "no difference that matters": 1, "not decided": 2}, {UP: None, DOWN: None})
    assert "90% are decided (18 of 20); the surface decides 80% of the space" in words.beside_the_sweep(surer)


def test_of_few_members_the_page_and_the_answer_say_that_nothing_follows():
    found = mapped({"not decided": 20}, {UP: None, DOWN: None})
    few = dataclasses.replace(found, space=dataclasses.replace(found.space, notes=["few"]))
    assert report._notes(few) == [*report._notes(found), "few"]


def test_what_no_box_means_is_said():
    answer = words.answer(mapped({"not decided": 20}, {UP: None, DOWN: box({"reply.base": (-4.9, -3.0)})}))
    assert (
        answer[1]
        == "There is no box for where message-first wins, decided or not: it does so at none of the 15 points from which boxes are made."
    )
    assert answer[2].startswith(
        "Message-first loses where the base chance of a reply (reply.base) is below -3 log-odds, a chance of 4.7%. Of the 15 points it was made from, "
        "it loses at 90% of those there, decided or not; they are 80% of those at which it loses. It could not be checked"
    )


@pytest.mark.parametrize(
    ("kind", "limits", "told"),
    [
        (UP, (-2.0, -0.1), "Checked on 5 points held out: 5 of them lie there, and it wins at 5 of these; of all held out it wins at 5."),
        (UP, (-0.2, -0.1), "Checked on 5 points held out: 1 of them lies there, and it wins at 1 of these; of all held out it wins at 5."),
        (UP, (-4.9, -3.0), "It could not be checked: none of the 5 points held out lies there."),
        (DOWN, (-2.0, -0.1), "Checked on 5 points held out: 5 of them lie there, but it loses at none of them all, there or elsewhere."),
    ],
)
def test_what_the_points_held_out_say_is_said_in_counts(kind, limits, told):
    space = mapped({"not decided": 20}, {}).space
    assert words.box_in_words(space, kind, box({"reply.base": limits})).endswith(told)


@pytest.mark.parametrize(
    ("wins", "rule", "borne_out"),
    [
        ([1, 1, 1, 1, 1], True, True),
        ([0, 1, 1, 1, 1], True, True),
        ([1, 0, 1, 1, 1], False, False),  # three of four there, four of five of all
        ([0, 0, 1, 1, 1], False, True),
        ([0, 1, 1, 0, 0], False, False),  # half of those there
    ],
)
def test_a_rule_holds_for_points_held_out_too_or_it_is_said_that_it_does_not(wins, rule, borne_out):
    space = mapped({"not decided": 20}, {}).space
    y = np.concatenate([space.y[:15], np.where(np.array(wins) == 1, 0.01, -0.01)])
    told = words.box_in_words(dataclasses.replace(space, y=y), UP, box({"reply.base": (-1.0, -0.1)}))  # all held out but the first
    assert ("most often, though not as a rule," in told) is not rule
    assert told.endswith("They do not bear it out.") is not borne_out
    assert told.endswith(", too few for a rule.") is (borne_out and not rule)


def test_points_and_boxes_lie_on_the_map_and_nothing_is_cut_or_black(monkeypatch):
    draw_again(monkeypatch)
    found = mapped({"not decided": 20}, {UP: box({"reply.base": (-2.0, -0.1)}), DOWN: None})
    for one in both(figures.draw_map, found):
        (left, right), (low, high) = one.canvas.axes[0].get_xlim(), one.canvas.axes[0].get_ylim()
        assert left < found.space.x[:, 0].min() < found.space.x[:, 0].max() < right
        assert low < found.space.x[:, 1].min() < found.space.x[:, 1].max() < high
        texts = written(one.canvas)
        assert (cut_off(one.canvas, texts), upon_one_another(texts), unreadable(texts)) == ([], [], [])
        assert strays(one.canvas) == set()


def test_every_mark_of_the_map_is_in_the_legend_and_the_bar_says_who_has_more():
    found = mapped({"not decided": 20}, {UP: box({"reply.base": (-2.0, -0.1)}), DOWN: None})
    for one in both(figures.drawings(found)["map"], found):
        assert legend(one) == {
            "not decided",
            "no difference",
            "a point of the sweep",
            "the scenario's own values",
            "box: message-first wins",
        }
        outline = next(patch for patch in one.canvas.axes[0].patches if isinstance(patch, Rectangle))
        assert (outline.get_x(), outline.get_x() + outline.get_width()) == pytest.approx((-2.0, -0.1))
        assert (outline.get_y(), outline.get_y() + outline.get_height()) == pytest.approx((0.0, 4.0))  # it does not limit the other
        assert titles(one.canvas.axes[1]) == ("◀ connect-first has more", "message-first has more ▶")
        assert one.figure.headline == "Message-first wins in 40% of the swept space and loses in 40%; 20% are not decided"
    for one in both(figures.drawings(found)["peeling"], found):
        assert legend(one) == {"message-first wins", "the box in words"}
    assert list(figures.drawings(mapped({"not decided": 20}, {UP: None, DOWN: box({}, peeling=1)}))) == ["map"]


@pytest.mark.parametrize(
    ("low", "told"),
    [
        (-1.9, ""),  # they touch nowhere; points are at -1.868, -2.121, -2.374, -2.626
        (-2.2, "The two boxes overlap: 1 of 20 points lies in both."),
        (-2.7, "The two boxes overlap: 3 of 20 points lie in both."),
    ],
)
def test_boxes_that_overlap_are_told_and_why(low, told):
    found = mapped({"not decided": 20}, {UP: box({"reply.base": (low, -0.1)}), DOWN: box({"reply.base": (-4.9, -2.0)})})
    last = words.answer(found)[-1]
    assert last.startswith(told) if told else "overlap" not in last


def test_a_single_parameter_is_a_curve_with_its_band():
    found = mapped({"not decided": 20}, {UP: None, DOWN: None}, axes=("reply.base",))
    for one in both(figures.draw_map, found):
        assert legend(one) == {"no difference", "its 95% confidence band", "the surface", "a point of the sweep"}
        assert one.canvas.axes[0].get_ylabel() == "difference in intent success, percentage points"


def test_a_dry_run_says_what_the_sweep_lacks(swept, tmp_path, capsys):
    assert status("regions", swept / "tiny.toml", "--out", tmp_path / "new", "--workers", 1, "--quiet", "--dry-run") == 0
    lines = capsys.readouterr().out.splitlines()
    # 24 points with one pair of two arms
    assert lines[0].startswith("The sweep tiny has 0 of its 48 runs; 48 runs of 67 days are made first on 1 worker, about ")
    assert lines[-1] == "The map is computed from the runs of the sweep: that needs no others."
    run = tmp_path / "run"
    shutil.copytree(swept / "run", run)
    text = (run / "sweep.toml").read_text(encoding="utf-8")
    (run / "sweep.toml").write_text(text.replace("pairs = 1", "pairs = 2"), encoding="utf-8")  # as an extension that was killed leaves it
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    for source in ([run], [swept / "tiny.toml", "--out", run]):
        assert status("regions", *source, "--quiet", "--json", "--dry-run") == 0
        told = json.loads(capsys.readouterr().out)
        assert {key: told[key] for key in ("points", "pairs", "wanted", "done", "failed", "runs")} == {
            "points": 24,
            "pairs": 2,
            "wanted": 96,
            "done": 48,
            "failed": 0,
            "runs": 48,
        }
        assert told["folder"] == str(run)
        assert told["seconds"] > 0.0
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before
    assert not (tmp_path / "new").exists()


def test_where_no_run_is_missing_a_dry_run_makes_none(swept, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("experiments.analyses.regions.forecast.seconds_of_pair", None)
    assert status("regions", swept / "run", "--quiet", "--dry-run") == 0
    assert capsys.readouterr().out.startswith("The sweep tiny has 48 of its 48 runs: none is to be made.\n")
    run = tmp_path / "run"
    shutil.copytree(swept / "run", run)
    (run / "ledger.sqlite").unlink()
    assert status("regions", run, "--quiet", "--dry-run", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["runs"], told["seconds"]) == (0, 0.0)
    assert told["lines"][0] == f"The sweep in {run} has no ledger, and is taken as it is: no run is made."


@pytest.mark.parametrize("source", ["tiny.toml", "run", "bare"])
def test_a_dry_run_refuses_an_arm_that_is_not_there(source, swept, tmp_path, capsys):
    shutil.copytree(swept, tmp_path / "home")
    shutil.copytree(swept / "run", tmp_path / "home" / "bare")
    (tmp_path / "home" / "bare" / "ledger.sqlite").unlink()
    assert status("regions", tmp_path / "home" / source, "--arm", "both_equal", "--quiet", "--dry-run") == 2
    assert "`--arm` must be one of message_first (got 'both_equal')" in capsys.readouterr().err


def test_a_dry_run_refuses_a_sweep_of_too_few_points(tmp_path, capsys):
    needs(EXTRAS)
    (tmp_path / "few.toml").write_text(SWEEP.replace("points = 24", "points = 19"), encoding="utf-8")
    assert status("regions", tmp_path / "few.toml", "--quiet", "--dry-run") == 2
    assert "must hold at least 20 points of at least 1 parameter (got 19 points of 1)" in capsys.readouterr().err
