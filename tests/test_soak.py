"""The long trials themselves: a small part of each runs here, and each sees what is planted."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from sim.errors import BadInput
from tests.soak import commands, damage, fuzz, harness, kills, long_runs, readers
from tests.soak.harness import Outcome, TimeUp, Trial, limited, luck, tried
from tests.soak.networks import Message, Network, difference, of_log
from tests.soak.sandbox import Said, wrong_with

DAY = 86_400.0


@pytest.fixture
def as_before(monkeypatch):
    """What a trial changes in this process is undone."""
    import sim.simulation
    from experiments.runs import processes

    monkeypatch.setattr(processes, "processes", processes.processes)
    monkeypatch.setattr(sim.simulation, "warm_kernels", sim.simulation.warm_kernels)


def planted(monkeypatch, case):
    """Let the trial `fuzz` have this case."""
    monkeypatch.setattr(fuzz, "case", case)
    monkeypatch.setattr(fuzz, "prepare", lambda: None)


def wrong_words(tally):
    return {wrong.split(";")[0].split(":")[0] for wrong in tally.failures.values()}


def test_a_hundred_inputs_are_taken_or_refused(tmp_path, as_before):
    tally = tried(fuzz.TRIAL, count=100, seed=3, keep=tmp_path)
    assert tally.tried == 100
    assert tally.failures == {}
    assert tally.words["read"] > 10
    assert tally.words["refused"] > 10


def test_the_same_number_writes_the_same_file():
    assert readers.drawn(luck(1, 5)) == readers.drawn(luck(1, 5))
    assert readers.drawn(luck(1, 5)) != readers.drawn(luck(1, 6))
    assert readers.drawn(luck(1, 5)) != readers.drawn(luck(2, 5))


def test_ties_of_a_log_are_those_of_whom_each_wrote():
    sent = [Message("a", "b", 0.0), Message("b", "a", DAY), Message("a", "b", 3 * DAY), Message("a", "c", 5 * DAY)]
    found = of_log(sent)
    assert found == Network(frozenset("abc"), frozenset({frozenset("ab")}), {frozenset("ab"): (4.0, 2.0)})
    assert difference(found, found) == ""
    assert difference(found, found._replace(members=frozenset("ab"))).startswith("members")
    assert difference(found, found._replace(ties=frozenset())).startswith("ties")
    assert "days old" in difference(found, found._replace(days={frozenset("ab"): (4.0, 2.5)}))
    assert "days old" in difference(found, found._replace(days={frozenset("ab"): (float("nan"), 2.0)}))


def without_a_tie(path, *, read=readers.read):
    found = read(path)
    return found._replace(ties=frozenset(sorted(found.ties, key=sorted)[1:]))


def of_small_letters(path, *, read=readers.read):
    found = read(path)
    return found._replace(members=frozenset(name.lower() for name in found.members))


def refuses_all(path):
    raise BadInput(f"{path.name} must be another file")


def refuses_without_a_name(path):
    raise BadInput("must be another file")


def breaks(path):
    raise KeyError(path.name)


@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        (without_a_tie, "read as another"),
        (of_small_letters, "read as another"),
        (refuses_all, "refused though plain"),
        (refuses_without_a_name, "refused, not in one line that names the file"),
        (breaks, "Traceback (most recent call last)"),
    ],
)
def test_a_wrong_reader_is_caught(tmp_path, monkeypatch, reader, seen):
    planted(monkeypatch, lambda seed, number, folder: readers.judged(luck(seed, number), folder))
    monkeypatch.setattr(readers, "read", reader)
    tally = tried(fuzz.TRIAL, count=40, seed=3, keep=tmp_path)
    assert seen in wrong_words(tally)
    number = min(tally.failures)
    kept = tmp_path / f"fuzz-3-{number}"
    assert (kept / "wrong.txt").read_text(encoding="utf-8").strip() == tally.failures[number].strip()
    assert len(list(kept.iterdir())) == 2  # the input and what was wrong


SAID = Said(2, "", "firstcontact: `--seed` must be at least 0 (got -1)\n", [])


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        (SAID, ""),
        (SAID._replace(status=0, err=""), ""),
        (SAID._replace(status=130), "exit status 130"),
        (SAID._replace(err=""), "nothing is said"),
        (SAID._replace(err="Traceback (most recent call last):\n"), "Traceback"),
        (SAID._replace(err="firstcontact: failed: KeyError: 'x'; FIRSTCONTACT_TRACEBACK=1 shows where\n"), "FIRSTCONTACT_TRACEBACK"),
        (SAID._replace(err="firstcontact: \x1b[31m must be a name\n"), "cannot be printed"),
        (SAID._replace(err="x" * 5000 + "\n"), "a line of 5000"),
        (SAID._replace(written=["{folder}/out/runs.csv"]), ""),
        (SAID._replace(written=["{folder}/runs.csv"]), "written outside of --out"),
        (SAID._replace(written=["{folder}/input.toml"]), ""),
        (SAID._replace(written=["/etc/firstcontact"]), "written outside of --out"),
    ],
)
def test_a_command_that_ends_badly_is_caught(tmp_path, said, seen):
    said = said._replace(written=[path.format(folder=tmp_path) for path in said.written])
    given = tmp_path / "input.toml"
    given.write_bytes(b"days = 3")
    wrong = wrong_with(said, [tmp_path / "out"], {given: b"days = 3"}, tmp_path)
    assert (wrong == "") if not seen else (seen in wrong)
    assert wrong_with(SAID, [tmp_path / "out"], {given: b"days = 4"}, tmp_path) == "an input is changed: input.toml"
    assert wrong_with(SAID, [given], {given: b"days = 4"}, tmp_path) == ""


def test_what_a_command_writes_is_heard(tmp_path, as_before):
    commands.prepare()
    outcome = commands._command(["new", "mine.toml"], tmp_path, places=["out"])
    assert outcome.word == "taken"
    assert "written outside of --out" in outcome.wrong
    (tmp_path / "mine.toml").unlink()
    assert commands._command(["new", "mine.toml"], tmp_path, places=["mine.toml"]) == Outcome("taken")


def test_no_case_takes_longer_than_its_limit(tmp_path, monkeypatch):
    def endless(seed, number, folder):
        while True:
            with suppress(Exception):  # as code under trial may
                signal.pause()

    planted(monkeypatch, endless)
    tally = tried(Trial("fuzz", count=1, limit=0.1), count=1, keep=tmp_path)
    assert tally.failures == {0: "took more than 0 s"}
    with pytest.raises(TimeUp), limited(0.05):
        signal.pause()


def test_a_summary_counts_and_the_exit_status_tells(tmp_path, monkeypatch, capsys):
    planted(monkeypatch, lambda seed, number, folder: Outcome("odd" if number % 2 else "even", "it is three" if number == 3 else ""))
    words = ["--count", "5", "--workers", "0", "--keep", str(tmp_path)]
    assert harness.main(fuzz.TRIAL, words) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{tmp_path / 'fuzz-1-3'}: it is three"
    assert said[1].startswith("fuzz: 5 inputs (seed 1): 3 even, 2 odd; 1 wrong; ")
    assert harness.main(fuzz.TRIAL, [*words[:1], "3", *words[2:]]) == 0
    assert "none wrong" in capsys.readouterr().out
    assert harness.main(fuzz.TRIAL, [*words, "--only", "3"]) == 1
    assert "it is three" in capsys.readouterr().out
    assert harness.main(fuzz.TRIAL, [*words, "--minutes", "0"]) == 0
    assert "0 of 5, stopped by the clock" in capsys.readouterr().out


def test_a_process_that_dies_is_named_and_the_others_go_on(tmp_path):
    """The cases are those of a module beside this one: workers import it."""
    trial = Trial("dying", count=6, limit=20.0)
    outcomes = dict(harness.Crew(trial, 1, tmp_path, 2).run(iter(range(6))))
    assert {number: outcome.word for number, outcome in outcomes.items()} == {
        **dict.fromkeys((0, 1, 2, 4, 5), "lived"),
        3: "process ended",
    }


@pytest.mark.slow  # `make damage` tries 600
def test_a_dozen_damages_are_mended_or_refused(tmp_path, as_before):
    tally = tried(damage.TRIAL, count=12, seed=1, keep=tmp_path)
    assert tally.tried == 12
    assert tally.failures == {}


def test_a_sweep_that_continues_wrongly_is_caught(tmp_path, as_before, monkeypatch):
    """Planted: it leaves other files, or fails without naming the damage."""
    damage.prepare()
    shutil.copytree(damage.undamaged().folder, tmp_path / "out")
    assert damage.other(tmp_path / "out") == ""
    table = tmp_path / "out" / "runs.csv"
    table.write_bytes(table.read_bytes().replace(b"1", b"2", 1))
    assert damage.other(tmp_path / "out") == "other files: runs.csv"
    for said, seen in (
        (Said(0, "", "", []), "exit 0 with other files: runs.csv"),
        (Said(1, "", "firstcontact: failed: KeyError: 'a'; FIRSTCONTACT_TRACEBACK=1 shows where\n", []), "FIRSTCONTACT_TRACEBACK"),
        (Said(2, "", "firstcontact: something is odd\n", []), "not one line that names what is damaged"),
    ):
        monkeypatch.setattr(damage, "perform", lambda words, folder, said=said: said)
        assert seen in damage.continued(luck(1, 1), tmp_path).wrong


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
def test_two_kills_lose_nothing(tmp_path, as_before, hears_ctrl_c):
    tally = tried(kills.TRIAL, count=2, seed=1, keep=tmp_path)
    assert tally.failures == {}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
def test_what_a_killed_command_leaves_is_seen(tmp_path):
    child = [sys.executable, "-c", "import subprocess, sys; subprocess.Popen(['sleep', '60']); sys.exit(3)"]
    process = subprocess.Popen(child, start_new_session=True)
    process.wait(30.0)
    assert len(kills.members_of(process.pid)) == 1
    kills.end(process)
    (tmp_path / "said.txt").write_text("Traceback (most recent call last):\n", encoding="utf-8")
    nothing = kills.Undisturbed({}, {})
    assert kills._aftermath(process, tmp_path, {}, nothing, statuses=(3,)).startswith("it said Traceback")
    assert kills._aftermath(process, tmp_path, {}, nothing, statuses=(-9,)).startswith("exit status 3")
    (tmp_path / "said.txt").write_text("", encoding="utf-8")
    assert kills._aftermath(process, tmp_path, {"a": b"1"}, nothing, statuses=(3,)) == "1 runs are lost"
    assert kills._aftermath(process, tmp_path, {}, nothing, statuses=(3,)) == ""


@pytest.mark.slow
def test_two_long_runs_that_are_killed_end_as_undisturbed_ones(tmp_path):
    tally = tried(long_runs.TRIAL, count=2, seed=1, keep=tmp_path)
    assert tally.failures == {}


def test_what_a_resumed_run_leaves_otherwise_is_seen(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "said.txt").write_text("No space\nleft", encoding="utf-8")
    (tmp_path / "out" / "daily.csv").write_bytes(b"1")
    whole = long_runs.Undisturbed({"daily.csv": b"1"}, 1.0)
    assert long_runs._wrong(0, tmp_path, whole) == ""
    assert long_runs._wrong(1, tmp_path, whole) == "exit status 1: No space left"
    assert long_runs._wrong(0, tmp_path, long_runs.Undisturbed({"daily.csv": b"2"}, 1.0)) == "it leaves other files: daily.csv"
    (tmp_path / "out" / "checkpoints").mkdir()
    (tmp_path / "out" / "checkpoints" / "day-00004.world").write_bytes(b"1")
    assert long_runs._wrong(0, tmp_path, whole) == "it leaves other files: checkpoints/day-00004.world"
