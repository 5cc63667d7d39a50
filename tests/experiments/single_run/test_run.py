"""One run by command: its files, its forecast, what it tells, what does not fit."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from experiments.cli import main as cli
from experiments.runs.cost import gigabytes, memory_of_run
from experiments.runs.pilot import PILOT_MEMBERS
from experiments.single_run import run as single_run
from experiments.single_run.run import Followed, used_memory
from sim import load_scenario
from sim.errors import BadInput
from sim.simulation import warm_kernels
from tests.helpers.light import draw_nothing
from tests.helpers.reports import assert_stands_alone, read


def test_the_command_writes_the_report_says_where_and_warns_of_few_members(tmp_path, capsys, monkeypatch):
    draw_nothing(monkeypatch)
    words = ["run", "--members", "30", "--warm-up", "2", "--days", "5", "--quiet", "--out", str(tmp_path / "o")]
    assert cli.perform(words) == 0
    printed = capsys.readouterr()
    assert printed.out.endswith(f"The files: {tmp_path / 'o'}\nThe report: {tmp_path / 'o' / 'report.html'}\n")
    assert printed.err.startswith("Nothing can be concluded from a network of ")
    page = read(tmp_path / "o")
    assert_stands_alone(page)
    assert "What happens under message-first in one run?" in page.words
    assert "ties.csv" in page.words
    assert "events.csv" not in page.words
    told = json.loads((tmp_path / "o" / "findings.json").read_text(encoding="utf-8"))
    assert told["question"] == "What happens under message-first in one run?"
    assert len(told["answer"]) == 4


def test_enough_members_are_not_warned_of(tmp_path, capsys, monkeypatch):
    draw_nothing(monkeypatch)
    assert cli.perform(["run", "--members", "80", "--warm-up", "2", "--days", "3", "--quiet", "--out", str(tmp_path / "o")]) == 0
    assert "concluded" not in capsys.readouterr().err


ASKED = ["run", "--members", "40", "--warm-up", "2", "--days", "5", "--quiet"]


def test_a_dry_run_says_what_it_takes_and_leaves_nothing(tmp_path, capsys, monkeypatch):
    draw_nothing(monkeypatch)
    monkeypatch.chdir(tmp_path)
    assert cli.perform([*ASKED, "--dry-run"]) == 0
    printed = capsys.readouterr()
    assert re.fullmatch(
        r"1 run of 7 days with 40 members, about \d+ s on one thread and at most 0\.4 GB\.\nA pilot with 40 members said how long it takes\.\n",
        printed.out,
    )
    assert printed.err == ""
    assert cli.perform([*ASKED, "--dry-run", "--events", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["runs"] == told["workers"] == 1
    assert told["bytes"] == memory_of_run(40, 7, events=True, graphml=False)
    assert list(tmp_path.iterdir()) == []


def test_time_grows_with_members_but_for_figures_and_page(monkeypatch):
    now = iter([0.0, 1.0, 3.0, 8.0])  # before a pilot of one second, two for its tables, five for its page
    seen = []
    monkeypatch.setattr(single_run.time, "perf_counter", lambda: next(now))
    monkeypatch.setattr(single_run, "compile_kernels", lambda _watch: None)
    monkeypatch.setattr("sim.simulation.simulate", lambda scenario, seed, **more: seen.append((scenario.members, seed, more["events"])))
    monkeypatch.setattr(single_run, "write_tables", lambda *_, events: None)
    monkeypatch.setattr(single_run, "write_page", lambda *_, events: None)
    found = single_run.forecast_of(load_scenario(members=3 * PILOT_MEMBERS), 4, events=True)
    assert seen == [(PILOT_MEMBERS, 4, True)]
    assert found["seconds"] == 1.0 * 2.0 + 2.0 * 3.0 + 5.0  # 1,500 members and 500 for what a run takes anyway, against 500 and 500


@pytest.mark.parametrize(
    ("more", "line"),
    [
        (["--engine", "mesa"], "firstcontact: `--dry-run` must stand with the engine columns (got mesa)"),
        (["--out", "held"], "firstcontact: `--out` must "),
    ],
)
def test_a_dry_run_refuses_what_it_cannot_tell_and_the_folder_of_another_run(more, line, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / "mine.txt").write_text("mine", encoding="utf-8")
    assert cli.perform([*ASKED, "--dry-run", *more]) == 2
    assert capsys.readouterr().err.startswith(line)


@pytest.mark.parametrize("dry", [[], ["--dry-run"]], ids=["", "dry"])
@pytest.mark.parametrize("more", [[], ["--events"], ["--graphml", "net.graphml"]], ids=["plain", "events", "graphml"])
def test_a_run_that_does_not_fit_is_refused_with_the_number_of_members_that_would(dry, more, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def needed(members):
        return memory_of_run(members, 7, events="--events" in more, graphml="--graphml" in more)

    monkeypatch.setattr(single_run, "machine_memory", lambda: needed(25) + 1.0)
    assert cli.perform([*ASKED, *more, *dry]) == 2
    printed = capsys.readouterr()
    room, need = (gigabytes(needed(many)) for many in (25, 40))
    assert printed.err == (
        f"firstcontact: `--members` must be at most 25 in the {room} of memory that are here (got 40, which need up to {need})\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_network_file_that_does_not_fit_is_refused_by_its_option(tmp_path, monkeypatch):
    ring = tmp_path / "ring.csv"
    ring.write_text("".join(f"{k},{(k + 1) % 30}\n" for k in range(30)), encoding="utf-8")
    monkeypatch.setattr(single_run, "machine_memory", lambda: 1e6)  # less than the program itself needs
    with pytest.raises(BadInput, match=r"^`--network` must be at most 0 members in the 0\.0 GB of memory that are here \(got 30, "):
        single_run.check_fits(load_scenario().with_(network_file=str(ring)), events=False, graphml=False)


# the most that the process itself held: what `getrusage` tells may be that of the process that began it
PEAK = """
import sys
from pathlib import Path
from experiments.cli.main import perform
assert perform(sys.argv[1:]) == 0
said = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(float(said["VmHWM"].split()[0]) * 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="counts kilobytes as Linux does")
@pytest.mark.parametrize("more", [[], ["--events"]], ids=["plain", "events"])
def test_a_run_needs_no_more_memory_than_is_said_and_at_least_two_thirds_of_it(more, tmp_path):
    members, days = 3000, 90
    warm_kernels()  # what compiles them needs more
    words = [
        "run",
        "--members",
        str(members),
        "--warm-up",
        "0",
        "--days",
        str(days),
        "--quiet",
        "--json",
        "--out",
        str(tmp_path / "o"),
        *more,
    ]
    done = subprocess.run([sys.executable, "-c", PEAK, *words], capture_output=True, text=True, check=True)
    peak = float(done.stdout.splitlines()[-1])
    said = memory_of_run(members, days, events=bool(more), graphml=False)
    assert said / 1.5 <= peak <= said


def test_a_run_tells_the_day_and_what_there_is():
    told = []

    class Kept:
        def last(self, *_):
            return None

        def passed(self, world):
            told.append(world.day)

    follow = Followed(Kept(), lambda *said: told.append(said), 30)
    assert follow.last(None, None) is None
    world = SimpleNamespace(day=3, present=1200, items_sent=500, graph=SimpleNamespace(sizes=np.arange(10)))
    follow.passed(world)
    (day, days, words), kept = told
    assert (day, days, kept) == (3, 30, 3)
    assert words.startswith("1,200 members joined, 3 ties, ")
    assert " items/s" in words
    assert words.endswith(" GB") == (used_memory() != "")
