"""The table of the benchmark: medians, ranges, ratios of rounds; what a machine has no memory for is named."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from experiments.benchmarks import benchmark, checkout
from experiments.benchmarks.rows import LARGE, ROWS, WORKS
from experiments.documents import HOME
from sim.errors import BadInput

DAYS, THREADS = ROWS[0], ROWS[1]


class Timed:
    """In place of a checkout: gives its times one after another, and notes who was asked."""

    def __init__(self, name, times, asked):
        self.name, self.times, self.asked = name, iter(times), asked

    def measure(self, work, longest=None):
        self.asked.append((self.name, work.arguments))
        return {"days": next(self.times)}


def test_checkouts_take_turns_and_who_begins_changes():
    asked, told = [], []
    ours, theirs = (Timed(name, [1.0, 2.0], asked) for name in ("here", "old"))
    found = benchmark.measure([ours, theirs], ["10k"], 2, lambda *at: told.append(at))
    assert [name for name, _ in asked] == ["here", "old", "old", "here"]
    assert {arguments for _, arguments in asked} == {WORKS["10k"].arguments}
    assert found == {"here": [{"10k": {"days": 1.0}}, {"10k": {"days": 2.0}}], "old": [{"10k": {"days": 1.0}}, {"10k": {"days": 2.0}}]}
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


class Slow:
    """In place of a checkout and a clock: each work takes so many seconds, and is ended when its time is up."""

    name = "here"

    def __init__(self, **seconds):
        self.seconds, self.now, self.given = seconds, 0.0, []

    def measure(self, work, longest=None):
        name = next(name for name, one in WORKS.items() if one is work)
        self.given.append((name, longest))
        self.now += min(self.seconds[name], longest)
        return None if self.seconds[name] > longest else {"days": self.seconds[name]}

    def read(self):
        return self.now


def test_no_work_goes_on_when_the_time_is_up_and_none_begins_that_would_not_end():
    slow = Slow(**{"10k": 10.0, "100k": 25.0})
    found = benchmark.measure([slow], ["10k", "100k"], 3, lambda *_: None, minutes=1.0, clock=slow.read)
    assert slow.given == [("10k", 60.0), ("100k", 50.0), ("10k", 25.0), ("10k", 15.0)]  # with 15 s left the first alone would end
    assert [set(one) for one in found["here"]] == [{"10k", "100k"}, {"10k"}, {"10k"}]
    ended = Slow(**{"10k": 90.0})
    assert benchmark.measure([ended], ["10k"], 2, lambda *_: None, minutes=1.0, clock=ended.read) == {"here": [{}, {}]}
    assert ended.now == 60.0


def test_a_row_counts_the_rounds_in_which_all_its_works_ended_everywhere():
    found = {"here": [{"10k": {"days": 2.0}}, *rounds((3.0, 2.0))], "old": rounds((9.0, 9.0), (6.0, 5.0))}
    table = benchmark.table_of([DAYS, THREADS], found, "here", "old").set_index("row")
    assert (table.loc[DAYS.title, "rounds"], table.loc[DAYS.title, "ratio"]) == (2, 3.25)  # of 4.5 and 2
    assert (table.loc[THREADS.title, "rounds"], table.loc[THREADS.title, "here"]) == (1, 1.5)
    none = benchmark.table_of([DAYS], {"here": [{}]}, "here", None)
    said = {"commit": "abc1234", "changed": False, "cores": 2, "rounds": 3}
    assert benchmark.as_markdown(none, {}, said, None).splitlines()[-1] == f"| {DAYS.title} | 1.5 s | did not end in time |"


def test_the_median_of_each_figure_is_kept_over_the_rounds_that_have_it():
    assert benchmark.medians([{"a": {"days": 1.0}}, {"a": {"days": 5.0}, "b": {"days": 7.0}}, {"a": {"days": 2.0}}]) == {
        "a": {"days": 2.0},
        "b": {"days": 7.0},
    }


def test_the_minutes_of_make_leave_room_within_what_its_help_says():
    text = (HOME / "Makefile").read_text(encoding="utf-8")
    for name in ("bench", "bench-against"):
        found = re.search(rf"^{name}: .*\((\d+) minutes or less\)\n\t.*--minutes (\d+)", text, re.MULTILINE)
        assert int(found[2]) + 3 <= int(found[1])


def rounds(*times):
    return [{"10k": {"days": one}, "10k on two": {"days": two}} for one, two in times]


FOUND = {"here": rounds((2.0, 1.0), (3.0, 2.0), (4.0, 4.0)), "old": rounds((6.0, 6.0), (6.0, 5.0), (20.0, 10.0))}


def test_a_ratio_says_how_many_times_better_it_is_here_round_by_round():
    table = benchmark.table_of([DAYS, THREADS], FOUND, "here", "old").set_index("row")
    days, threads = table.loc[DAYS.title], table.loc[THREADS.title]
    assert list(days[["here", "here_low", "here_high", "reference", "reference_low", "reference_high"]]) == [3.0, 2.0, 4.0, 6.0, 6.0, 20.0]
    assert days.ratio == 3.0  # of 3, 2 and 5: less time is better
    assert threads.here == 1.5  # of 2, 1.5 and 1
    assert threads.ratio == pytest.approx(1.25)  # of 2 / 1, 1.5 / 1.2 and 1 / 2: a larger speed-up is better
    assert (days.rounds, days.goal, days.unit) == (3, 1.5, "s")


def test_the_table_for_people_has_units_ranges_and_what_a_member_day_is():
    said = {"commit": "abc1234", "changed": True, "cores": 2, "rounds": 3}
    both = benchmark.as_markdown(benchmark.table_of([DAYS], FOUND, "here", "old"), {"looks": 0.9, "decisions": 0.5}, said, "old")
    assert both.splitlines() == [
        "Measured at commit abc1234 with changes on 2 cores, the median of up to 3 rounds with the least and the most in brackets.",
        "A member-day makes 0.90 looks, 0.50 decisions.",
        "",
        "| what | goal | here | old | times better |",
        "|---|---|---|---|---|",
        "| 10,000 members x 360 days, one thread | 1.5 s | 3 s (2 to 4) | 6 s (6 to 20) | 3.00 |",
    ]
    alone = benchmark.as_markdown(benchmark.table_of([DAYS], FOUND, "here", None), {}, said | {"changed": False}, None)
    assert alone.splitlines()[-1] == "| 10,000 members x 360 days, one thread | 1.5 s | 3 s (2 to 4) |"
    once = benchmark.as_markdown(benchmark.table_of([DAYS], FOUND, "here", None), {}, said | {"changed": False, "rounds": 1}, None)
    assert once.startswith("Measured at commit abc1234 on 2 cores, once each.\n")


def test_rows_that_need_more_memory_than_there_is_are_left_out_with_a_line():
    said, large = [], [row for row in ROWS if row.group == LARGE]
    fitting = benchmark.rows_that_fit(large, 8000.0, said.append)
    assert [row.works[-1] for row in fitting] == ["1m on two"] * 4
    assert said == [f"left out: {row.title}: needs 20 GB of memory (this machine has 8)" for row in large if row not in fitting]
    assert benchmark.rows_that_fit(large, 20_000.0, said.append) == large


def test_the_command_writes_the_table_and_prints_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(
        checkout.Checkout, "measure", lambda _self, work, _longest=None: {"looks": 0.9} if work.arguments[0] == "load" else {"days": 2.0}
    )
    assert benchmark.main(["--only", "10,000 members x", "--rounds", "2", "--out", str(tmp_path)]) == 0
    text = (tmp_path / "bench.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out == text
    assert text.splitlines()[-1] == "| 10,000 members x 360 days, one thread | 1.5 s | 2 s (2 to 2) |"
    table = pd.read_csv(tmp_path / "bench.csv")
    assert list(table.columns) == benchmark.COLUMNS
    assert table.here.tolist() == [2.0]
    facts = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert facts["works"] == {"10k": {"days": 2.0}}
    assert facts["load"] == {"looks": 0.9}
    assert facts["cores"] >= 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--rounds", "0"], "--rounds must be at least 1"), (["--only", "x y"], "no rows"), (["--minutes", "0"], "--minutes must be above 0")],
)
def test_what_cannot_be_measured_is_refused(arguments, said, capsys):
    with pytest.raises(SystemExit, match="2"):
        benchmark.main(arguments)
    assert said in capsys.readouterr().err


def test_what_fails_is_said_with_its_exit_status(monkeypatch, capsys):
    def fails(*_args, **_named):
        raise RuntimeError("here, run 1: no such thing")

    monkeypatch.setattr(benchmark, "carry_out", fails)
    assert benchmark.main([]) == 1
    assert "here, run 1: no such thing" in capsys.readouterr().err

    def refuses(*_args, **_named):
        raise BadInput("REF must be a commit of this repository")

    monkeypatch.setattr(benchmark, "carry_out", refuses)
    assert benchmark.main(["--against", "x"]) == 2
