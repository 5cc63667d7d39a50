"""At which value of a number the winner changes: gone on with after an interruption, and one question a folder."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

from experiments.analyses.base import Analysis
from experiments.analyses.time_budget import Budget
from experiments.analyses.tipping import forecast, report
from experiments.analyses.tipping.analysis import (
    LEAST_MEMBERS,
    LEAST_PLACES,
    AtDraw,
    Tipping,
    Where,
    Worlds,
    chosen_range,
    scattered,
    shared,
    tip,
)
from experiments.methods.root_finding import CHANGES, NONE, OPEN, Root
from experiments.runs.draws import Called, Draws
from experiments.runs.keys import arms_of
from experiments.runs.ledger import Ledger
from experiments.runs.study import Point
from experiments.space.factors import factor
from sim import load_scenario
from sim.errors import BadInput
from tests.experiments.analyses.draws_of import of_tipping
from tests.helpers.analyses import TINY, held, status
from tests.helpers.calibrated import calibration
from tests.helpers.drawings import both, legend, titles
from tests.helpers.slow import Slow

WORDS = ["tipping", "reply.base", "--range", "-5", "0", *TINY]
REFUSED = [
    (
        ["tipping", "repply.base"],
        "`parameter` must be a parameter of the scenario such as reply.base or design.friction (got 'repply.base'; did you mean 'reply.base'?)",
    ),
    (["tipping", "design.primary"], "must be one in which the arms do not differ themselves (got design.primary: -1 and 1)"),
    (["tipping", "members"], "`--range` must be given for members, from 3 or more, such as --range 300 3000 (got none)"),
    (
        ["tipping", "members", "--range", "1", "500"],
        "`--range` must be given for members, from 3 or more, such as --range 300 3000 (got 1 500)",
    ),
    (["tipping", "reply.base", "--range", "0", "-1"], "`--range` must be LOW below HIGH within -6 to 2 of reply.base (got 0 -1)"),
    (["tipping", "reply.base", "--range", "-60", "0"], "`--range` must be LOW below HIGH within -6 to 2 of reply.base (got -60 0)"),
    (["tipping", "feed.length", "--range", "1", "2"], "`--range` must hold at least 4 values of feed.length, a whole number (got 1 2)"),
    (["tipping", "reply.base", "--days", "10"], "`--days` must be at least 61 for intent_success (got 10)"),
    (
        ["tipping", "reply.base", "--arms", "connect_first", "both_equal", "message_first"],
        "`--arms` must be two designs, such as connect_first message_first (got 3)",
    ),
    (["tipping", "reply.base", "--budget", "nan"], "`--budget` must be minutes above 0 (got nan)"),
    (
        ["tipping", "reply.base", "--draws", "nowhere.csv"],
        "`--draws` must be the draws.csv of a calibration, its folder, or none (got nowhere.csv: ",
    ),
    (["tipping", "reply.base", "--seed", "-1"], "`--seed` must be a whole number from 0 to 2**63 - 1 (got -1)"),
]


def small(_folder):
    return WORDS


@pytest.mark.slow
def test_an_interrupted_question_goes_on_to_the_same_bytes(tmp_path, monkeypatch):
    from experiments.analyses import time_budget as budget

    monkeypatch.setattr("experiments.analyses.tipping.analysis.LEAST", 40)  # else the clock decides how many pairs lie closer
    pace = 60.0 * 0.02 / 45
    monkeypatch.setattr(budget, "pace", lambda *_: pace)  # the pilot's times differ from run to run: what follows from them must not
    monkeypatch.setattr(budget.Budget, "left", lambda _self, _share=0.9: 1.2)  # nor may the clock cut here
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    assert status(*WORDS, "--out", whole) == 0
    from experiments.runs.scheduler import Session

    put, calls = Session._settle, [0]

    def settle(self, *args):
        calls[0] += 1
        if calls[0] == 9:
            raise KeyboardInterrupt
        return put(self, *args)

    monkeypatch.setattr(Session, "_settle", settle)
    assert status(*WORDS, "--out", torn) == 130
    with Ledger(torn / "ledger.sqlite", read_only=True) as book:
        assert 0 < len(book) < held(whole)[0]
    assert status(*WORDS, "--out", torn) == 0
    assert held(torn) == held(whole)


@pytest.mark.slow
def test_another_question_in_the_folder_is_refused(tmp_path, capsys):
    out = tmp_path / "out"
    assert status(*WORDS, "--out", out) == 0
    capsys.readouterr()
    other = ["tipping", "reply.base", "--range", "-4", "0", *TINY]
    assert status(*other, "--out", out) == 2
    assert "`--out` must be a new folder, one of the same plan, or left out" in capsys.readouterr().err


def test_the_range_is_the_schemas_unless_given():
    found = factor(load_scenario(), "reply.base")
    assert chosen_range(found, None) == (found.low, found.high)
    assert chosen_range(found, (-2.0, -1.0)) == (-2.0, -1.0)


@pytest.mark.parametrize(
    ("path", "given", "taken"),
    [
        ("members", (LEAST_MEMBERS, 300), True),
        ("members", (LEAST_MEMBERS - 1, 300), False),
        ("members", None, False),
        ("feed.length", (3, 3 + LEAST_PLACES - 1), True),
        ("feed.length", (3, 3 + LEAST_PLACES - 2), False),
        ("feed.length", (2.5, 3 + LEAST_PLACES - 1), True),
        ("reply.base", (-1.0, -1.0), False),
        ("reply.base", (-1.0, -0.999), True),
        ("reply.base", (-1.0, 1e6), False),
    ],
)
def test_a_range_is_within_the_schemas_and_has_places_enough(path, given, taken):
    found = factor(load_scenario(), path)
    if taken:
        assert chosen_range(found, given) == given
    else:
        with pytest.raises(BadInput, match="--range"):
            chosen_range(found, given)


def tipped(kind, root=np.nan, low=np.nan, high=np.nan, sign=0):
    """Return a question over reply.base from -5 to 0, where the scenario has -2.9; the difference falls with it, or rises if its sign below is not sure."""
    scenario = load_scenario(members=60, days=65, warm_up=5)
    x = np.linspace(-4.9, -0.1, 12)
    y = (0.01 if sign else -0.01) * -(x + 2.5)
    analysis = Analysis(scenario, arms_of(scenario, ["connect_first", "message_first"]), "intent_success", 1, 1, 1.0)
    found = Root(kind, root, low=low, high=high, sign=sign, others=0, x=x, y=y)
    return Tipping(analysis, factor(scenario, "reply.base"), low=-5.0, high=0.0, root=found)


DRAWS = tuple(Point(k, {"reply.base": -3.0, "reply.load": -0.1 * k}) for k in range(1, 8))


def over(*roots):
    """Return what was found in worlds, a kind, root, bounds and sign each, beside a question in which nothing changes."""
    found = [
        AtDraw(draw, tipped(kind, root, low=low, high=high, sign=sign).root)
        for draw, (kind, root, low, high, sign) in zip(DRAWS, roots, strict=False)
    ]
    return dataclasses.replace(tipped(NONE, sign=-1), worlds=Worlds(Draws(DRAWS, (1 / 7,) * 7, "draws.csv", Called(())), found, len(found)))


def test_the_tipping_point_goes_over_worlds_as_far_as_it_does_without_noise():
    """Errors of .1 take a hundredth from a variance of one."""
    t = over(
        *((CHANGES, root, root - 0.196, root + 0.196, 1) for root in (-4.0, -3.0, -2.0)),
        (NONE, np.nan, np.nan, np.nan, -1),
        (OPEN, np.nan, -5.0, 0.0, 0),
    )
    span = t.worlds.span
    assert (span.low, span.middle, span.high) == pytest.approx((-3.0 - 0.99**0.5, -3.0, -3.0 + 0.99**0.5))
    assert span.told
    first, second = report.over_worlds(t)
    assert first == (
        "Of 5 calibrated worlds (draws.csv), in 3 the winner changes within the range, in 1 message-first has less intent success than "
        "connect-first all over it and in 1 it is not decided."
    )
    assert second == "Over those in which it changes, it does from -4.0 to -2.0 log-odds, in the middle one at -3.0."
    told = {"worlds": 5, "worlds_wanted": 5, "draws": {"range": "range over calibrated worlds", "why": []}, "changes": 3}
    assert t.data["worlds"] == told | {"more_all_over": 0, "less_all_over": 1, "not_decided": 1, "span": span._asdict()}
    for one in both(report.draw_worlds, t):
        assert one.figure.headline == "In 3 of 5 worlds the winner changes with the base chance of a reply"
        assert legend(one) == {"range over worlds, noise taken out", "95% confidence interval", "tipping point in a world"}
    table = report.worlds_table(t.worlds)
    assert list(table.columns) == ["draw", "kind", "root", "ci_low", "ci_high", "sign_below", "pairs", "reply.base", "reply.load"]
    assert table.root.isna().to_list() == [False, False, False, True, True]


def test_worlds_that_differ_less_than_their_intervals_are_not_told_from_noise():
    t = over(*((CHANGES, root, root - 1.96, root + 1.96, 1) for root in (-3.1, -3.0, -2.9)))
    assert t.worlds.span[:3] == pytest.approx((-3.0, -3.0, -3.0))
    assert report.over_worlds(t)[1].endswith("; these worlds cannot be told from noise.")


def test_what_is_varied_is_no_change_of_a_world_and_away_from_its_own_value_it_is_said_not_to_be_held(tmp_path):
    scenario = load_scenario(members=60, warm_up=5, days=65)
    draws = of_tipping(scenario.with_(**{"reply.base": -2.75}), calibration(tmp_path, scenario), "reply.base")
    assert draws.called.why == ()
    assert draws.called.more == ("A world fits at its own value of reply.base: at others nobody held it to the figures.",)


def test_two_tipping_points_have_no_spread():
    assert over(*((CHANGES, root, root - 1.0, root + 1.0, 1) for root in (-3.1, -3.0))).worlds.span is None
    assert report.over_worlds(tipped(NONE, sign=1)) == []


def test_with_draws_each_world_is_asked_with_pairs_of_its_own(tmp_path, capsys, monkeypatch):
    path, out = tmp_path / "draws.csv", tmp_path / "out"
    path.write_text("draw,reply.base,reply.load\n1,-3.0,-1.0\n4,-2.0,-0.5\n9,-1.0,0.0\n", encoding="utf-8")
    words = [*WORDS, "--days", "8", "--measure", "unwelcome_read", "--budget", "1", "--draws", path, "--worlds", "3"]
    monkeypatch.setattr(
        "experiments.analyses.time_budget.pace", lambda *_: 60.0
    )  # time enough for one pair; what is needed is made all the same
    monkeypatch.setattr("experiments.analyses.tipping.analysis.shared", lambda _allowed, worlds: (14, worlds))
    assert status(*words, "--dry-run") == 0
    assert capsys.readouterr().out.startswith("32 to 56 pairs of 2 arms: 64 to 112 runs of 13 days")
    assert status(*words, "--out", out, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    worlds, pairs = pd.read_csv(out / "worlds.csv"), pd.read_csv(out / "tipping.csv")
    assert worlds.draw.to_list() == [1, 4, 9]
    assert list(worlds.columns[-1:]) == ["reply.load"]  # what is varied is not a world's own
    assert told["worlds"]["worlds"] == 3
    assert told["worlds"]["draws"]["range"] == "range over assumptions"
    for name in ("report.html", "findings.json"):
        assert "These draws are assumptions, and no worlds that fit" in (out / name).read_text(encoding="utf-8")
    assert held(out)[0] == 2 * (len(pairs) + worlds.pairs.sum())  # no pair serves two
    before = held(out)
    assert status(*words, "--out", out) == 0
    assert held(out) == before
    assert status(*words[:-1], "2", "--out", out) == 2
    assert "`--worlds` must be at least 3 (got 2)" in capsys.readouterr().err


CASES = {
    "changes": (
        tipped(CHANGES, -2.453, -2.681, -2.154, 1),
        ("◀ message-first has more below -2.45", "connect-first has more above -2.45 ▶"),
        "Where the base chance of a reply is below -2.45 log-odds (95% confidence interval -2.68 to -2.15), a chance of 7.9%, message-first has more intent success; above that, connect-first has",
        "95% confidence interval of the tipping point",
    ),
    "wider": (
        tipped(CHANGES, -2.453, -4.0, -1.0, -1),
        ("◀ connect-first has more below -2.5", "message-first has more above -2.5 ▶"),
        "Where the base chance of a reply is below -2.5 log-odds (95% confidence interval -4.0 to -1.0), a chance of 7.9%, connect-first has more intent success; above that, message-first has",
        "95% confidence interval of the tipping point",
    ),
    "none": (
        tipped(NONE, sign=-1),
        ("connect-first has more all over the range", ""),
        "Message-first has less intent success all over the range of the base chance of a reply, from -5 to 0 log-odds",
        None,
    ),
    "sure below": (
        tipped(OPEN, -1.0, -2.0, 0.0, 1),
        ("◀ message-first has more below -2.0", "not decided"),
        "Whether the winner changes with the base chance of a reply, from -5 to 0 log-odds, is not decided; below -2.0 message-first has more",
        "not decided where, or whether",
    ),
    "sure above": (
        tipped(OPEN, -3.0, -5.0, -2.0, 0),
        ("not decided", "message-first has more above -2.0 ▶"),
        "Whether the winner changes with the base chance of a reply, from -5 to 0 log-odds, is not decided; above -2.0 message-first has more",
        "not decided where, or whether",
    ),
    "nowhere": (
        tipped(OPEN, -3.0, -5.0, 0.0, 0),
        ("not decided anywhere", ""),
        "Whether the winner changes with the base chance of a reply, from -5 to 0 log-odds, is not decided",
        "not decided where, or whether",
    ),
}


@pytest.mark.parametrize(("found", "sides", "headline", "band"), CASES.values(), ids=CASES)
def test_the_figure_says_which_arm_has_more_on_either_side(found, sides, headline, band):
    for one in both(report.draw, found):
        assert titles(one.canvas.axes[0]) == sides
        assert one.figure.headline == headline
        marks = {"a pair of runs", "fit to all pairs", "no difference", "the scenario's own value"}
        assert legend(one) == marks | ({band} if band else set()) | ({"tipping point"} if found.root.found else set())
        assert one.canvas.axes[0].get_xlabel().replace("\n", " ") == "the base chance of a reply (reply.base), log-odds"
        assert one.canvas.axes[0].get_ylabel() == "difference in intent success, percentage points"


def test_marks_stand_where_they_are_meant():
    """The differences lie on -0.01 (x + 2.5), so at the scenario's -2.9 the fit is at +0.4 points."""
    for one in both(report.draw, CASES["changes"][0]):
        lines = {line.get_label(): line for line in one.canvas.axes[0].lines}
        star, tip = (lines[label] for label in ("the scenario's own value", "tipping point"))
        assert (star.get_xdata()[0], star.get_ydata()[0]) == (-2.9, pytest.approx(0.4))
        assert (list(tip.get_xdata()), list(tip.get_ydata())) == ([-2.453], [0.0])
        spans = [line for line in one.canvas.axes[0].lines if list(line.get_xdata()) == [-2.681, -2.154]]
        assert [list(line.get_ydata()) for line in spans] == [[0.0, 0.0]]


def test_the_answer_names_the_parameter_in_words_with_its_unit():
    assert report.answer(CASES["changes"][0])[0] == (
        "The winner changes where the base chance of a reply (reply.base) is -2.45 log-odds (95% confidence interval -2.68 to -2.15), a chance of 7.9%: below "
        "that, message-first has more intent success than connect-first, above it less."
    )


def test_what_is_not_decided_says_which_arm_has_more_where_that_is_sure():
    first, second = report.answer(CASES["sure above"][0])
    assert (
        "message-first has more intent success than connect-first above -2.0, and below that the difference is not distinguishable" in first
    )
    assert second == "The scenario itself has -2.9 log-odds, a chance of 5.2%."
    assert report.answer(CASES["changes"][0])[1] == "The scenario itself has -2.9 log-odds, a chance of 5.2%, below that."
    assert report.answer(CASES["wider"][0])[1] == "The scenario itself has -2.9 log-odds, a chance of 5.2%, within that interval."


@pytest.mark.parametrize(
    ("allowed", "pairs"),
    [(0, (12, 40)), (41, (12, 41)), (100, (30, 100)), (400, (120, 400)), (9999, (120, 400))],  # three tenths go over the whole range
)
def test_how_many_pairs_a_search_takes(allowed, pairs, monkeypatch):
    monkeypatch.setattr("experiments.analyses.tipping.analysis.LEAST", 40)
    assert forecast.planned(allowed) == pairs
    many = 4 if allowed else 1  # searches: where there is no time for any, the scenario's own alone
    assert forecast.planned(4 * allowed, 3) == tuple(many * one for one in pairs)


@pytest.mark.parametrize(
    ("allowed", "worlds", "found"),
    [
        (839, 20, (40, 19)),
        (840, 20, (40, 20)),
        (881, 20, (41, 20)),
        (120, 20, (40, 2)),
        (79, 20, (40, 0)),
        (0, 20, (40, 0)),
        (500, 0, (400, 0)),
    ],
)
def test_the_time_is_shared_among_as_many_worlds_as_it_is_enough_for(allowed, worlds, found, monkeypatch):
    monkeypatch.setattr("experiments.analyses.tipping.analysis.LEAST", 40)
    assert shared(allowed, worlds) == found


def test_a_dry_run_of_too_small_a_budget_says_what_the_method_needs(capsys):
    assert status(*WORDS, "--budget", "1e-6", "--dry-run") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("8 to 14 pairs of 2 arms: 16 to 28 runs of 70 days on 2 workers, about ")  # 14 are enough in these tests
    assert "with 60 members, the budget of 1e-06 minutes allows about 0 pairs; the method needs 8 to 14, and has use for 400" in lines[1]
    assert lines[2] == "The budget is less than that: the command takes longer than 1e-06 minutes."


def test_what_is_no_ledger_is_refused_by_a_dry_run_too(tmp_path, capsys):
    (tmp_path / "x").write_text("no ledger")
    for dry in ([], ["--dry-run"]):
        assert status(*WORDS, "--out", tmp_path / "out", "--ledger", tmp_path / "x", *dry) == 2
        assert str(tmp_path / "x") in capsys.readouterr().err


def asked_slowly(folder, monkeypatch, *, budget, seconds, pilot=None, worlds=7):
    """Return what was found within minutes by pairs that take seconds each, and the study; a pilot may have seen them take others."""
    study = Slow(seconds)
    monkeypatch.setattr("experiments.analyses.tipping.analysis.LEAST", 40)
    monkeypatch.setattr("experiments.analyses.time_budget.pace", lambda *_: pilot or seconds)
    base = tipped(NONE, sign=-1)
    draws = Draws(DRAWS, (1 / 7,) * 7, "draws.csv")
    where = Where(base.factor, -5.0, 0.0)
    time = Budget(folder, budget, study.clock)
    found = tip(base.analysis, where, study=study, budget=time, progress=lambda *_: None, draws=draws, worlds=worlds)
    time.save()
    return found, study


@pytest.mark.parametrize(("budget", "worlds"), [(10.0, 7), (3.0, 3), (1.5, 1), (0.6, 0), (0.01, 0)])
def test_the_budget_holds_for_worlds_too(budget, worlds, tmp_path, monkeypatch):
    """A pair takes a second, a search 40 pairs; nine tenths of the time are for runs."""
    found, study = asked_slowly(tmp_path, monkeypatch, budget=budget, seconds=1.0)
    assert len(found.worlds.found) == worlds
    assert study.ran >= 40  # the scenario itself has its least in any case
    assert study.now <= max(40.0, 0.9 * 60.0 * budget)
    assert len(set(study.numbers)) == study.ran  # no two pairs have the same seeds
    assert found.root.found


@pytest.mark.parametrize(("budget", "seconds"), [(10.0, 3.0), (10.0, 20.0), (60.0, 8.0)])
def test_where_pairs_take_longer_than_the_pilots_it_stops_between_runs(budget, seconds, tmp_path, monkeypatch):
    found, study = asked_slowly(tmp_path, monkeypatch, budget=budget, seconds=seconds, pilot=1.0)
    block = 8 * study.slots
    assert study.now <= max(40 * seconds, 0.9 * 60.0 * budget) + block * seconds
    assert len(found.worlds.found) < 7
    assert found.root.found  # what was cut goes over the whole range all the same


def test_a_first_look_that_the_clock_cuts_goes_over_the_whole_range(tmp_path, monkeypatch):
    """Of 120 places, evenly over the range, there is time for about half: not for those of its lower half alone."""
    found, study = asked_slowly(tmp_path, monkeypatch, budget=60.0, seconds=60.0, pilot=1.0)
    assert 40 <= study.ran < 80
    assert len(found.worlds.found) == 0
    assert np.diff([-5.0, *sorted(found.root.x), 0.0]).max() < 0.5
    assert found.root.found


def test_what_the_clock_cut_is_cut_again_by_who_goes_on(tmp_path, monkeypatch):
    first, _ = asked_slowly(tmp_path, monkeypatch, budget=3.0, seconds=1.0)
    again, _ = asked_slowly(tmp_path, monkeypatch, budget=3.0, seconds=0.001)
    for one, other in zip(first.worlds.found, again.worlds.found, strict=True):
        assert np.array_equal(one.root.x, other.root.x)
    assert np.array_equal(first.root.x, again.root.x)


def test_worlds_for_which_there_was_no_time_are_told(tmp_path, monkeypatch):
    found, _ = asked_slowly(tmp_path, monkeypatch, budget=3.0, seconds=1.0)
    assert report.over_worlds(found)[0] == "The time (--budget) was enough for 3 of 7 assumed draws."
    assert (found.data["worlds"]["worlds"], found.data["worlds"]["worlds_wanted"]) == (3, 7)
    (tmp_path / "none").mkdir()
    none, _ = asked_slowly(tmp_path / "none", monkeypatch, budget=0.01, seconds=1.0)
    assert report.over_worlds(none)[0] == "The time (--budget) was enough for none of 7 assumed draws."
    assert list(report.worlds_table(none.worlds).columns)[:3] == ["draw", "kind", "root"]
    assert "Of 0" not in " ".join(report.over_worlds(none))


@pytest.mark.parametrize("many", [1, 2, 12, 40, 120])
def test_scattered_places_are_each_there_once_and_go_over_the_range_from_the_first(many):
    order = scattered(many)
    assert sorted(order) == list(range(many))
    for first in range(4, many):
        gaps = np.diff([-1, *sorted(order[:first]), many])
        assert gaps.max() <= 4 * many / first + 1
