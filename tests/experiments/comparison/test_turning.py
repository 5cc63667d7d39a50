"""Which signs turn without assumptions: told at once of the shipped scenario, from a table that is refused beside other draws."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from experiments.comparison import turning
from experiments.comparison.explain import ALL, EXPLAIN_PAIRS, NEUTRAL
from experiments.comparison.result import EXPLAIN_COLUMNS
from experiments.comparison.run import compare, request_of
from experiments.comparison.turning import NOT_ASKED, TABLE, committed, made, refusals, said, ship
from experiments.inference import shipped
from experiments.reporting.run_folder import read_table
from experiments.runs.ledger import Ledger
from experiments.runs.processes import InProcess
from experiments.runs.scheduler import Scheduler
from sim.scenario.assumptions import neutralised
from sim.scenario.scenario import load_scenario

ROOT = Path(__file__).parents[3]

BASELINE = load_scenario()


@pytest.fixture
def home(tmp_path):
    """Give a folder with the key and the table that are shipped."""
    for name in (shipped.KEY, TABLE):
        shutil.copyfile(shipped.SHIPPED / name, tmp_path / name)
    return tmp_path


def other_key(folder):
    key = json.loads((folder / shipped.KEY).read_text(encoding="utf-8"))
    key["counters"]["accepted"] += 1
    (folder / shipped.KEY).write_text(json.dumps(key), encoding="utf-8")


def test_of_the_shipped_scenario_the_signs_that_turn_are_told_without_a_run():
    (line,) = said(request_of(BASELINE))["message_first"]
    assert line.startswith(
        "Without the assumptions that favour a channel the sign of these turns (over 10 pairs, which are shipped; both are decided): "
    )
    assert "unwelcome items delivered from +0.0391 to -0.02140, " in line
    assert said(request_of(BASELINE, pairs=5, seed=9)) == said(request_of(BASELINE))  # neither is of the scenario


def test_what_is_committed_is_beside_its_draws_and_what_make_baseline_found():
    """The tests below show that another key is seen; `test_shipped` asks whether the key is of this model."""
    assert refusals() == []
    found = pd.read_csv(ROOT / "results/baseline/explain.csv")
    there = found[found.kind.isin([NEUTRAL, ALL])].reset_index(drop=True)
    pd.testing.assert_frame_equal(committed(request_of(BASELINE)), there, rtol=1e-9)


def test_beside_other_draws_the_table_is_refused_and_the_question_was_not_asked(home):
    assert refusals(home) == []
    assert committed(request_of(BASELINE), home) is not None
    other_key(home)
    assert refusals(home) == ["turning.csv was made beside other draws: `make assumptions` makes it again"]
    assert committed(request_of(BASELINE), home) is None
    assert said(request_of(BASELINE), home) == {"message_first": [NOT_ASKED]}
    (home / TABLE).unlink()
    assert refusals(home) == ["there is no turning.csv beside draws"]


@pytest.mark.parametrize("change", [{"members": 1000}, {"days": 200}, {"reply.base": -3.0}, {"designs.message_first.friction": 2.0}])
def test_of_a_changed_scenario_it_is_said_that_nobody_asked(change):
    assert said(request_of(BASELINE.with_(**change))) == {"message_first": [NOT_ASKED]}


def test_other_arms_have_nothing_committed_and_the_usual_one_beside_them_has():
    three = said(request_of(BASELINE, ("connect_first", "message_first", "both_equal")))
    assert three["both_equal"] == [NOT_ASKED]
    assert three["message_first"] == said(request_of(BASELINE))["message_first"]
    assert said(request_of(BASELINE, ("message_first", "connect_first"))) == {"connect_first": [NOT_ASKED]}
    neither = said(request_of(BASELINE, ("message_first", "connect_first", "both_equal")))
    assert neither == {"connect_first": [NOT_ASKED], "both_equal": []}  # no sentence twice
    against = said(request_of(BASELINE, ("both_equal", "connect_first", "message_first")))
    assert against == {"connect_first": [NOT_ASKED], "message_first": []}  # what is committed is against connect_first


def test_a_scenario_without_such_assumptions_has_no_sign_that_could_turn():
    assert said(request_of(neutralised(BASELINE))) == {}


def test_the_table_is_made_of_both_scenarios_alone_and_shipped_with_the_key(home, tmp_path):
    request = request_of(load_scenario(members=60, warm_up=5, days=65), pairs=2)
    told = []
    with closing(Ledger(tmp_path / "ledger.sqlite")) as book:
        found = made(request, Scheduler(book, InProcess(), 2), lambda *at: told.append(at))
        assert len(book) == 2 * 2 * EXPLAIN_PAIRS
    assert told[-1] == (2 * EXPLAIN_PAIRS, 2 * EXPLAIN_PAIRS)
    other_key(home)
    ship(found, home)
    assert refusals(home) == []
    table = read_table((home / TABLE).read_bytes())
    assert set(table.kind) == {NEUTRAL, ALL}
    assert list(table.columns) == [turning.KEY, *EXPLAIN_COLUMNS]


def test_a_comparison_says_it_behind_the_difference_or_what_explain_found():
    small = {"members": 60, "warm_up": 5, "days": 65, "pairs": 2, "workers": 1, "draws": "none", "quiet": True}
    plain = compare(**small).found
    assert plain.first_answer[1] == NOT_ASKED
    explained = compare(**small, explain=True).found
    assert explained.first_answer[1].startswith("Without the assumptions that favour a channel ")
    assert "(over all 2 pairs)" in explained.first_answer[1]
    assert NOT_ASKED not in explained.first_answer
