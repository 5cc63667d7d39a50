"""Every measure is counted again by a plain script from the files of a run: it was written from the definitions, and shares no code."""

from __future__ import annotations

import csv

import pytest

from experiments.reporting import run_folder
from sim import OutreachModel, simulate
from tests.helpers.generators import case, from_file
from tests.recount.by_items import gini, percentile_95
from tests.recount.by_members import clustering, steps_from
from tests.recount.measures import differences, recounted
from tests.recount.record import Record

TABLES = ("measures", "daily", "members", "ties", "events", "intents")
QUICK = (3, 5, 12, 13, 20)
NUMBERS = [pytest.param(n, marks=[] if n in QUICK else pytest.mark.slow) for n in range(50)]


def lived(number, folder, engine="columns"):
    """Let a generated scenario of 60 to 150 members live for 62 to 90 days, and write the files that `run --events` leaves."""
    c = case(number)
    if c.network is None:
        c = c._replace(scenario=c.scenario.with_(members=60 + 13 * number % 91))
    c = from_file(c._replace(scenario=c.scenario.with_(days=62 + 7 * number % 29)), folder)
    if engine == "mesa":
        history = OutreachModel(c.scenario, c.seed, network=c.network).run()
    else:
        history = simulate(c.scenario, c.seed, events=True, network=c.network)
    (folder / run_folder.SCENARIO).write_text(c.scenario.to_toml(), encoding="utf-8")
    for name in TABLES:
        run_folder.write_table(folder / f"{name}.csv", history.to_pandas(name))
    return history


@pytest.fixture(scope="module")
def record_of_two(tmp_path_factory):
    """The files of a run in which nobody was banned."""
    folder = tmp_path_factory.mktemp("two")
    lived(2, folder)
    return folder


@pytest.mark.parametrize("number", NUMBERS)
def test_every_measure_is_what_its_definition_says(number, tmp_path):
    history = lived(number, tmp_path)
    record = Record(tmp_path)
    assert set(recounted(record)) >= set(history.measures)
    assert differences(record) == []


def test_the_agents_leave_the_same_files(tmp_path):
    for engine in ("columns", "mesa"):
        (tmp_path / engine).mkdir()
        lived(7, tmp_path / engine, engine)
    for name in TABLES:
        a, b = ((tmp_path / engine / f"{name}.csv").read_bytes() for engine in ("columns", "mesa"))
        assert a == b, name
    assert Record(tmp_path / "columns").intents


@pytest.mark.parametrize(
    ("table", "column", "of_row", "becomes", "said"),
    [
        ("measures", "numerator", {"measure": "reports"}, "-1.0", "reports: numerator is -1"),
        ("daily", "approaches", {"day": "3"}, "-1.0", "day 3: approaches is -1.0"),
        ("intents", "exchanges", {"result": "success"}, "99", "exchanges, judged again"),
        ("intents", "result", {"result": "open"}, "failure", "its windows are open"),
        ("events", "role", {"role": "approach"}, "none", "its role, told from the others: approach"),
        ("events", "surface", {"tie": "new", "surface": "profile"}, "suggestion", "suggested_ties: numerator"),
        ("daily", "sessions", {"day": "4"}, "0.0", "sessions_per_member: numerator"),
        ("members", "quiet", {"at_switch": "1", "active": "1", "quiet": "0"}, "1", "retention: numerator"),
        ("members", "restrictions", {"at_switch": "1", "restrictions": "0"}, "1", "restricted_members: numerator"),
    ],
)
def test_the_script_sees_what_is_not_so(record_of_two, tmp_path, table, column, of_row, becomes, said):
    for path in record_of_two.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    path = tmp_path / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    next(row for row in rows if row.items() >= of_row.items())[column] = becomes
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert any(said in line for line in differences(Record(tmp_path)))


def test_a_second_answer_to_a_thread_is_seen(record_of_two):
    record = Record(record_of_two)
    thread = next(thread for thread in record.threads if thread.answered is not None and len(thread.items) > 1)
    assert differences(record) == []
    for item in thread.items:
        item["outcome"] = "answered"
    assert any(f"its thread has {len(thread.items)} answers" in line for line in differences(record))


def test_the_figures_that_the_script_works_out_by_hand():
    each = [0, 0, 1, 3]
    assert percentile_95(each) == pytest.approx(1 + 0.85 * 2)  # at place 2.85 of 0 to 3
    assert gini(each) == pytest.approx((3 * 2 + 1 * 2 + 2) * 2 / (2 * 4 * 4))
    near = {0: {1, 2, 3}, 1: {0, 2}, 2: {0, 1}, 3: {0}}
    assert [clustering(near, i) for i in near] == pytest.approx([1 / 3, 1.0, 1.0, 0.0])
    assert steps_from(near, 3) == {3: 0, 0: 1, 1: 2, 2: 2}


def test_a_run_that_keeps_nothing_has_no_record():
    history = simulate(case(7).scenario, 1)
    assert history.events is history.intents is None
    with pytest.raises(KeyError, match="pass events=True to the run"):
        history.to_pandas("intents")
