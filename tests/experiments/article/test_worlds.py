"""The article's statements in worlds: what is run in one, in how many a verdict holds, and what is said of it."""

from __future__ import annotations

import csv
import json

import pytest

from experiments.article.contrasts import contrasts_of
from experiments.article.run import ArticleRequest, _worlds_told
from experiments.article.verdicts import BORNE_OUT, CONTRADICTED, NO_DIFFERENCE
from experiments.article.worlds import PAIRS, Over, in_words, judged, runs_of, score, table
from experiments.cli import main as cli
from experiments.runs.draws import Called, Draws
from experiments.runs.study import Point
from sim.errors import BadInput
from tests.experiments.article.small import TINY
from tests.helpers.calibrated import CASES, OTHER, calibration
from tests.helpers.light import light

DRAWS = "draw,reply.base,design.friction,styles.seller.follow_ups\n2,-3.0,1.5,2\n5,-2.0,2.5,1\n7,-1.0,0.5,0\n"
WORLDS = [Point(k, {"reply.base": -1.0 - 0.1 * k}) for k in range(1, 11)]


def seen(contrasts, effects):
    """Return the figures of worlds in which each contrast has these effects, a tuple of pairs a world."""
    worlds = []
    for world in effects:
        figures = {}
        for c in contrasts:
            figures[c.with_] = [{c.figure: (1.0, 1.0, 5.0 + x)} for x in world]
            figures[c.without] = [{c.figure: (1.0, 1.0, 5.0)} for _ in world]
        worlds.append(figures)
    return worlds


@pytest.fixture
def primaries(statements, scenario):
    return [c for c in contrasts_of(statements["4.1"], scenario) if c.primary]


def test_a_verdict_in_a_world_is_that_of_the_effect_without_noise(statements, primaries):
    one = statements["4.1"]
    up = one.smallest if one.direction == "higher" else -one.smallest
    effects = [(5.0 * up, 5.2 * up)] * 6 + [(-4.0 * up, -4.2 * up)] * 3 + [(0.4 * up, 0.5 * up)]
    found, rows = judged([one], primaries, seen(primaries, effects))
    over = found["4.1"]
    assert over.tally == {BORNE_OUT: 6, NO_DIFFERENCE: 1, CONTRADICTED: 3}
    assert over.told
    assert in_words(over) == "borne out in 6 of 10 worlds, contradicted in 3, no difference that matters in 1"
    told = table(rows, WORLDS)
    assert list(told.columns) == [
        "draw",
        "heading",
        "number",
        "design",
        "measure",
        "difference_1",
        "difference_2",
        "without_noise",
        "verdict",
        "reply.base",
    ]
    assert len(told) == 10 * len(primaries)
    line = score({"4.1": BORNE_OUT}, found, Draws(tuple(WORLDS), (0.1,) * 10, "draws.csv", Called(())))
    assert line == ["In 10 calibrated worlds (draws.csv), verdicts hold: of 1 borne out, 0 in all of them and 1 in more than half."]


def test_of_worlds_that_differ_by_noise_alone_no_verdict_is_told(statements, primaries):
    one = statements["4.1"]
    up = one.smallest if one.direction == "higher" else -one.smallest
    effects = [(15.0 * up, -9.0 * up), (-15.0 * up, 9.0 * up)] * 5
    found, rows = judged([one], primaries, seen(primaries, effects))
    assert in_words(found["4.1"]) == "worlds cannot be told from noise"
    assert found["4.1"].verdicts == [BORNE_OUT, CONTRADICTED] * 5  # with the noise: else all would be alike, and surely so
    assert found["4.1"].tally == {}
    assert sorted(set(rows.without_noise / up)) == pytest.approx([-3.0, 3.0])


def test_the_score_counts_no_verdict_whose_worlds_cannot_be_told_from_noise():
    draws = Draws(tuple(WORLDS), (0.1,) * 10, "draws.csv", Called(()))
    sure, noisy = Over([BORNE_OUT] * 10, told=True), Over([BORNE_OUT] * 10, told=False)
    verdicts = {"1.1": BORNE_OUT, "1.2": BORNE_OUT, "4.1": "not decided"}
    assert score(verdicts, {"1.1": sure, "1.2": noisy, "4.1": noisy}, draws) == [
        "In 10 calibrated worlds (draws.csv), verdicts hold: of 1 borne out, 1 in all of them and 1 in more than half.",
        "For 1 verdict, worlds cannot be told from noise.",
    ]
    assert score(verdicts, {"1.2": noisy}, draws) == ["For 1 verdict, worlds cannot be told from noise."]
    assert score(verdicts, {"4.1": noisy}, draws) == []


def test_the_score_says_why_draws_are_no_worlds_that_fit():
    draws = Draws(tuple(WORLDS), (0.1,) * 10, "draws.csv", Called(("they do not fit", "and are few")))
    told = score({"1.1": BORNE_OUT}, {"1.1": Over([BORNE_OUT] * 10, told=True)}, draws)
    assert told == [
        "In 10 assumed draws (draws.csv), verdicts hold: of 1 borne out, 1 in all of them and 1 in more than half.",
        "These draws are assumptions, and no worlds that fit: they do not fit; and are few.",
    ]


def asked_of(words, monkeypatch):
    """Return what the command would have run."""
    given = []

    def run(request, *_, **__):
        given.append(request)
        raise BadInput("that is enough")

    monkeypatch.setattr("experiments.article.run.run_article", run)
    assert cli.perform(list(map(str, words))) == 2
    return given[0]


@pytest.mark.parametrize(
    "case", [name for name in CASES if not CASES[name][2]]
)  # the article's scenario is its own: nobody changes a number of it
def test_the_command_asks_whether_draws_are_worlds_that_fit(case, tmp_path, monkeypatch):
    there, facts, _, said = CASES[case]
    scenario = ArticleRequest([], 2, 60, 1).scenario
    folder = calibration(tmp_path / "found", scenario.with_(**there), **facts)
    words = ["article", "--point", "4.1", *TINY, "--members", 60, "--draws", folder, "--worlds", 3, "--out", tmp_path / "out"]
    request = asked_of(words, monkeypatch)
    assert request.draws.called.why == (() if said is None else (said,))
    one = "calibrated worlds" if said is None else "assumed draws"
    assert _worlds_told(request).startswith(f"the primary contrasts were run again in 3 {one}, ")


def test_a_calibration_of_another_number_is_no_calibration_of_the_articles_scenario(tmp_path, monkeypatch):
    scenario = ArticleRequest([], 2, 60, 1).scenario.with_(**{"reply.connected": 0.125})
    folder = calibration(tmp_path / "found", scenario)
    words = ["article", "--point", "4.1", *TINY, "--members", 60, "--draws", folder, "--out", tmp_path / "out"]
    assert asked_of(words, monkeypatch).draws.called.why == (OTHER,)


def test_where_nothing_is_defined_nothing_is_decided(statements, primaries):
    found, _ = judged([statements["4.1"]], primaries, seen(primaries, [(float("nan"), 1.0)] * 4))
    assert found["4.1"].verdicts == ["not decided"] * 4
    assert judged([statements["5.3"]], [], [])[0] == {}
    assert score({}, {}, Draws(tuple(WORLDS), (0.1,) * 10, "draws.csv", Called(()))) == []
    assert Over([BORNE_OUT], told=True).tally == {BORNE_OUT: 1}


def test_a_world_holds_for_all_but_what_a_contrast_sets(primaries, scenario):
    world = Point(4, {"reply.base": -1.5, "design.friction": 0.75, "styles.seller.follow_ups": 3, "members": 999.0})
    figures = [c.figure for c in primaries]
    runs, other = (runs_of(one, scenario, primaries, figures, 1) for one in (world, Point(5, world[1])))
    assert runs.base.reply.base == -1.5
    assert runs.base.members == scenario.members
    groups = {name: style.follow_ups for name, style in runs.base.styles.items() if name.startswith("seller")}
    assert len(groups) == 3
    assert set(groups.values()) == {3}
    for job in runs.missing(1, lambda _: set()):
        for arm in job.arms.values():
            assert arm.designs[arm.design].friction == 0.75
    assert runs.missing(1, lambda _: set())[0].seeds != other.missing(1, lambda _: set())[0].seeds
    set_by = primaries[0].with_._replace(changes=(("designs.connect_first.friction", 3.5),))
    moved = [primaries[0]._replace(with_=set_by)]
    assert runs_of(world, scenario, moved, figures, 1).count == 2


@pytest.mark.slow
def test_the_article_says_in_how_many_worlds_its_verdicts_hold(tmp_path, capsys):
    path, out = tmp_path / "draws.csv", tmp_path / "out"
    path.write_text(DRAWS, encoding="utf-8")
    words = ["article", "--point", "4.1", *TINY]
    over = ["--draws", str(path), "--worlds", "3"]
    with light():
        assert cli.perform([*words, *over, "--dry-run", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert "and 2 pairs of the primary contrasts in each of 3 worlds" in told["lines"][0]
        assert cli.perform([*words, *over, "--out", str(out), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert sum(found["worlds"]["4.1"].values()) == 3
        rows = list(csv.DictReader((out / "worlds.csv").read_text().splitlines()))
        assert {row["draw"] for row in rows} == {"2", "5", "7"}
        assert {f"difference_{k}" for k in range(1, PAIRS + 1)} < set(rows[0])
        page = (out / "article.html").read_text(encoding="utf-8")
        assert "Over worlds" in page
        assert "These draws are assumptions, and no worlds that fit" in page
        assert found["draws"]["range"] == "range over assumptions"
        before = (out / "worlds.csv").read_bytes()
        assert cli.perform([*words, *over, "--out", str(out), "--dry-run", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["runs"] == 0  # all are in its ledger
        assert cli.perform([*words, *over, "--out", str(out)]) == 0
        assert (out / "worlds.csv").read_bytes() == before
        assert cli.perform([*words, "--out", str(out)]) == 0  # the same folder, without them
        assert not (out / "worlds.csv").exists()
        assert "Over worlds" not in (out / "article.html").read_text(encoding="utf-8")
    assert cli.perform([*words, *over, "--controls"]) == 2
    assert "`--draws` must be left out with --controls" in capsys.readouterr().err
