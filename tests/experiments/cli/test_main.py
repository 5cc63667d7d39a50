"""Commands: help, statuses, one line for each mistake, nothing run before input is checked."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest

from experiments.cli import main as cli
from experiments.cli.app import app
from experiments.cli.show import shown
from sim.scenario.library import list_designs, list_moderations, list_styles
from sim.scenario.presets import Style

COMMANDS = [command.callback.__name__ for command in app.registered_commands]


def status(*arguments):
    return cli.perform([str(a) for a in arguments])


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples(command, capsys):
    assert status(command, "--help") == 0
    assert "Example" in capsys.readouterr().out


def write(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


BAD_SCENARIOS = {
    "not toml": ("members = = 3", "TOML"),
    "not utf-8": (b"name = '\xff\xfe'", "UTF-8"),
    "unknown key": ("membres = 30", "members"),
    "unknown section": ("[repply]\nbase = -2.0", "reply"),
    "out of bounds": ("[reply]\nbase = 99.0", "reply.base"),
    "not a number": ("[reply]\nbase = nan", "reply.base"),
    "infinite": ("[reply]\nbase = inf", "reply.base"),
    "huge": ("members = 99999999999999999999", "members"),
    "a word": ('members = "many"', "members"),
    "unknown design": ('design = "mesage_first"', "message_first"),
    "unknown style": ("[style_shares]\nseler = 1.0", "seller"),
}


@pytest.mark.parametrize("name", BAD_SCENARIOS)
@pytest.mark.parametrize("command", ["compare", "run", "check"])
def test_a_bad_scenario_is_one_line_and_status_two(name, command, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text, word = BAD_SCENARIOS[name]
    path = write(tmp_path / "bad.toml", text)
    started = time.perf_counter()
    assert status(command, path) == 2
    assert time.perf_counter() - started < 3.0
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert "bad.toml" in lines[0]
    assert word in lines[0]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.toml"]


BAD_NETWORKS = {
    "one column": ("a\nb\n", "line 1 must have two columns of members or more (got one column)"),
    "weights or times": ("a,b,1\nb,a,2\n", "--network-as ties"),
    "two times": ("sender,recipient,sent at,date\na,b,2024-01-05,2024-01-06\n", "--columns"),
    "serials": ("sender,recipient,time\na,b,45321.5\n", "spreadsheet"),
    "empty": ("", "must have two columns of members in each row (got an empty file)"),
    "words for times": ("sender,recipient,timestamp\na,b,soon\n", "time stamp"),
    "ragged": ("a,b\na,b,c\n", "columns"),
    "not utf-8": (b"a,b\n\xff\xfe,c\n", "UTF-8"),
}


@pytest.mark.parametrize("name", BAD_NETWORKS)
def test_a_bad_network_is_one_line_and_status_two(name, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text, word = BAD_NETWORKS[name]
    assert status("compare", "--network", write(tmp_path / "net.csv", text)) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert "net.csv" in lines[0]
    assert word in lines[0]


@pytest.mark.parametrize(
    ("attribute", "word"),
    [
        ({0: "sellr"}, "(got 'sellr'; did you mean 'seller'?)"),
        ({k: f"kind {k}" for k in range(550)}, "`industry` must be of at most 500 kinds (got 550)"),
    ],
    ids=["style", "industries"],
)
def test_a_network_in_a_scenario_is_read_before_anything_runs(attribute, word, tmp_path, capsys, monkeypatch):
    import networkx as nx

    monkeypatch.chdir(tmp_path)
    graph = nx.cycle_graph(600)
    nx.set_node_attributes(graph, attribute, "style" if len(attribute) == 1 else "industry")
    nx.write_graphml(graph, tmp_path / "net.graphml")
    write(tmp_path / "mine.toml", 'network_file = "net.graphml"')
    for command in ("run", "compare"):
        assert status(command, "mine.toml", "--quiet") == 2
        assert word in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine.toml", "net.graphml"]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["compare", "--members", "2"], "3"),
        (["compare", "--members", "-5"], "members"),
        (["compare", "--days", "0"], "days"),
        (["compare", "--pairs", "1"], "2"),
        (["compare", "--arms", "message_first"], "two"),
        (
            ["compare", "--arms", "message_first", "message_first"],
            "`--arms` must be designs that differ (got 'message_first', which is 'message_first' again)",
        ),
        (["compare", "--arms", "message_first", "conect_first"], "connect_first"),
        (["compare", "--until", "precize"], "`--until` must be precise or decided (got 'precize'; did you mean 'precise'?)"),
        (["compare", "--precision", "0"], "`--precision` must be above 0 and below 10, such as 0.1 (got 0.0)"),
        (["compare", "--seed", "-1"], "`--seed` must be a whole number from 0 to 2**63 - 1 (got -1)"),
        (["compare", "--workers", "0"], "`--workers` must be at least 1 (got 0)"),
        (["compare", "--threads", "0"], "`--threads` must be at least 1 (got 0)"),
        (["compare", "--max-pairs", "1"], "`--max-pairs` must be at least 2 (got 1)"),
        (["compare", "--max-pairs", "10001"], "`--max-pairs` must be at most 10,000 (got 10001)"),
        (["compare", "--pairs", "9999999"], "`--pairs` must be at most 10,000 (got 9999999)"),
        (["compare", "--pairs", "9999999", "--dry-run"], "`--pairs` must be at most 10,000 (got 9999999)"),
        (["article", "--pairs", "10001"], "`--pairs` must be at most 10,000 (got 10001)"),
        (["show", "parameters", "reply.bass"], "(got 'reply.bass'; did you mean 'reply.base'?)"),
        (
            ["compare", "--reference", "both_equal"],
            "`--reference` must be one of the arms: connect_first, message_first (got 'both_equal')",
        ),
        (["compare", "no-such-scenario"], "no-such-scenario"),
        (["compare", "--network", "."], ". must be an edge list, a message log or a graph file such as GraphML (got no regular file)"),
        (
            ["compare", "--network", "none.csv"],
            "none.csv must be an edge list, a message log or a graph file such as GraphML (got no such file)",
        ),
        (
            ["compare", "--members", "100", "--network", "x.csv"],
            "`--members` must be left out with --network, whose file says how many there are (got 100)",
        ),
        (["compare", "--wrong"], "--wrong"),
        (["run", "--engine", "colums"], "`--engine` must be columns or mesa (got 'colums'; did you mean 'columns'?)"),
        (["run", "--design", "mesage_first"], "message_first"),
        (["show", "desings"], "(got 'desings'; did you mean 'designs'?)"),
        (["show", "measures", "intent_sucess"], "(got 'intent_sucess'; did you mean 'intent_success'?)"),
        (["show", "styles", "selller"], "(got 'selller'; did you mean 'seller'?)"),
        (["show", "parameters", "repply"], "(got 'repply'; did you mean 'reply'?)"),
    ],
)
def test_bad_options_are_one_line_and_status_two(arguments, word, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert status(*arguments) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert word in lines[0]
    assert list(tmp_path.iterdir()) == []


def test_an_out_folder_that_cannot_be_written_is_refused_first(tmp_path, capsys):
    file = write(tmp_path / "file", "x")
    for out in (file, file / "below"):
        assert status("compare", "--out", out) == 2
        assert "`--out` must be a folder" in capsys.readouterr().err


def test_new_writes_a_scenario_without_mistakes(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    assert status("new", path) == 0
    assert status("check", path) == 0
    assert status("new", path) == 2
    assert f"{path} must be a new file (got one that exists)" in capsys.readouterr().err


def test_check_names_every_mistake_at_once(tmp_path, capsys):
    path = write(tmp_path / "bad.toml", "membres = 3\n[reply]\nbase = 99.0\nqualty = 1.0\n")
    assert status("check", path) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 3


@pytest.mark.parametrize("what", ["styles", "designs", "moderation", "measures", "parameters", "scenario"])
def test_show_prints_tables_and_json(what, capsys):
    assert status("show", what) == 0
    assert capsys.readouterr().out
    assert status("show", what, "--json") == 0
    assert json.loads(capsys.readouterr().out)


def test_a_shipped_entry_has_the_reasons_of_its_own_values_and_the_schemas_of_the_rest():
    rows = {row[0]: (row[1], row[-1]) for row in shown("styles", "seller").rows}
    assert rows["follow_ups"] == (4, "twice what the article calls reasonable")
    assert rows["intents"] == (2.4, "a daily quota of prospects")
    default = {row[0]: row[-1] for row in shown("styles", "quiet_member").rows}
    assert default["rapport_exchanges"] == Style.model_fields["rapport_exchanges"].json_schema_extra["source"]
    for what, names in (("styles", list_styles()), ("designs", list_designs()), ("moderation", list_moderations())):
        for name, (_, model) in names.items():
            given = {row[0]: row[1] for row in shown(what, name).rows}
            assert given == dict(model.model_dump())


@pytest.mark.parametrize("engine", ["columns", "mesa"])
def test_run_leaves_its_files(engine, tmp_path):
    out, graph = tmp_path / "out", tmp_path / "g.graphml"
    small = ["--members", "40", "--warm-up", "5", "--days", "20", "--quiet", "--events"]
    assert status("run", *small, "--engine", engine, "--graphml", graph, "--out", out) == 0
    names = {p.name for p in out.iterdir()}
    assert {
        "measures.csv",
        "daily.csv",
        "members.csv",
        "ties.csv",
        "events.csv",
        "intents.csv",
        "figures",
        "report.html",
        "findings.json",
    } <= names
    header = (
        "item,day_sent,day_delivered,day_read,day_answered,sender,recipient,kind,purpose,distance,mutual,role,acquainted,surface,turn,place,"
        "quality,relevance_seen,credits_left,violation,unheeded,unwelcome,reported,outcome,exchange,tie"
    )
    assert (out / "events.csv").read_text().splitlines()[0] == header
    header = "arose,member,partner,purpose,distance,button,judged,answered,exchanges,in_contact,connected,result"
    assert (out / "intents.csv").read_text().splitlines()[0] == header
    assert graph.stat().st_size > 0


def test_both_engines_leave_the_same_files(tmp_path):
    small = ["--members", "40", "--warm-up", "5", "--days", "65", "--quiet", "--events", "--seed", "4"]
    for engine in ("columns", "mesa"):
        assert status("run", *small, "--engine", engine, "--out", tmp_path / engine) == 0
    columns, mesa = (
        {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != "provenance.json"}
        for folder in (tmp_path / "columns", tmp_path / "mesa")
    )
    assert len(columns) >= 10
    assert columns.keys() == mesa.keys()
    assert [name for name in columns if columns[name] != mesa[name]] == []


@pytest.mark.parametrize("members", ["0", "1"])
def test_run_accepts_nobody_and_no_days(members, tmp_path):
    assert status("run", "--members", members, "--days", "0", "--warm-up", "0", "--quiet", "--out", tmp_path / "o") == 0


def test_a_style_a_design_and_a_scenario_are_one_file_each(tmp_path, monkeypatch, light_commands):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "calm.toml", "# Few messages.\nprimary = -1.0\nmessages_a_day = 2.0\n")
    write(tmp_path / "terse.toml", "# Short.\nbrief = 0.95\n")
    write(tmp_path / "campus.toml", 'members = 60\ndays = 62\nwarm_up = 5\n[style_shares]\nquiet_member = 0.5\n"terse.toml" = 0.5\n')
    assert status("compare", "campus.toml", "--arms", "connect_first", "calm.toml", "--pairs", "2", "--quiet", "--out", "o") == 0
    assert "terse" in (tmp_path / "o" / "by_style.csv").read_text()


def test_several_designs_in_one_population(tmp_path, monkeypatch, light_commands):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "mixed.toml", "members = 60\ndays = 30\nwarm_up = 5\n[design_shares]\nmessage_first = 0.5\nconnect_first = 0.5\n")
    assert status("run", "mixed.toml", "--quiet", "--out", "o") == 0
    assert {"message_first", "connect_first"} <= set((tmp_path / "o" / "members.csv").read_text().replace("\n", ",").split(","))


DROPPED = """
import sys, time
from experiments.cli import main as cli
from experiments.cli import signals

class Last:
    def __del__(self):
        raise KeyboardInterrupt

def command():
    last = Last()
    del last  # Python drops what is raised here
    time.sleep(60)

signals.listen()
sys.exit(cli.status_of(command))
"""


def test_a_ctrl_c_that_falls_into_a_clean_up_is_heard(hears_ctrl_c):
    ended = subprocess.run([sys.executable, "-c", DROPPED], capture_output=True, text=True, timeout=50, check=False)
    assert ended.returncode == 130
    assert ended.stderr == "firstcontact: interrupted\n"  # there is no ledger


def test_garbage_is_seldom_looked_for_in_what_a_command_has_loaded_and_never_as_it_ends():
    told = "print(gc.get_freeze_count() > 0, gc.get_threshold()[0] > 10_000)"
    code = f"import atexit, gc; atexit.register(lambda: {told}); from experiments.cli.main import main; main(['--version'])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=50, check=True)
    assert ended.stdout.endswith("\nTrue True\n")


@pytest.mark.slow  # of a comparison; `test_interruption` has that of a sweep
def test_ctrl_c_keeps_what_is_done_and_the_command_goes_on(hears_ctrl_c, tmp_path, light_commands):
    out = tmp_path / "out"
    words = "compare --members 60 --warm-up 2 --days 70 --pairs 40 --draws none --workers 1 --quiet --out"
    command = [sys.executable, "-m", "experiments.cli.main", *words.split(), str(out)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    ledger, deadline = out / "ledger.sqlite", time.time() + 120
    while time.time() < deadline and process.poll() is None and (not ledger.exists() or ledger.stat().st_size < 30_000):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    error = process.communicate(timeout=60)[1]
    assert process.returncode == 130, error
    assert "kept" in error

    from experiments.runs.ledger import Ledger

    with Ledger(ledger) as book:
        done = len(book)
    assert 0 < done < 80
    assert cli.perform([*words.split(), str(out)]) == 0
    with Ledger(ledger) as book:
        assert len(book) == 80


def test_a_calibration_looks_at_its_input_before_it_runs(tmp_path, capsys):
    for arguments, word in (
        (["--members", "0"], "`--members` must be at least 3 for a calibration (got 0)"),
        (["--fit", tmp_path], f"`--fit` must be a new file (got {tmp_path}, which exists)"),
        (["--fit", tmp_path / "f" / "x"], "`--fit` must be a file that you may write (got "),
    ):
        write(tmp_path / "f", "")
        started = time.perf_counter()
        assert status("calibration", *arguments) == 2
        assert time.perf_counter() - started < 3.0
        assert word in capsys.readouterr().err


def test_a_forecast_knows_how_many_a_network_file_holds(tmp_path):
    from experiments.comparison.forecast import forecast
    from experiments.runs.cost import memory_of
    from experiments.runs.keys import arms_of
    from experiments.runs.request import Request
    from sim import load_scenario

    ring = write(tmp_path / "ring.csv", "".join(f"{k},{(k + 1) % 90}\n" for k in range(90)))
    scenario = load_scenario("baseline").with_(network_file=str(ring), warm_up=2, days=4)
    found = forecast(Request(scenario, arms_of(scenario, ["connect_first", "message_first"]), "connect_first", pairs=2), explain=False)
    items = 90 * 6 * (0.65 + 6 / 1500)  # of each of two arms, 200 bytes each
    assert found["bytes"] == pytest.approx(memory_of(scenario) + 2 * 200 * items)
    assert any("with 90 members" in line for line in found["lines"])


def test_a_dry_run_warns_of_more_memory_than_there_is(capsys, monkeypatch):
    from experiments.cli.options import Screen
    from experiments.runs import cost

    monkeypatch.setattr(cost, "machine_memory", lambda: 2e9)
    Screen().tell({"bytes": 2e9, "lines": ["It takes all."]})
    assert capsys.readouterr() == ("It takes all.\n", "")
    Screen().tell({"bytes": 3e9, "lines": ["It takes more."]})
    said = "That is more than the 2.0 GB of memory that are here: fewer workers, or members, need less.\n"
    assert capsys.readouterr() == ("It takes more.\n", said)


def test_a_comparison_of_a_mixture_says_that_each_arm_has_one_design(tmp_path, capsys, monkeypatch, light_commands):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "mixed.toml", "members = 40\ndays = 10\nwarm_up = 2\n[design_shares]\nmessage_first = 0.5\nconnect_first = 0.5\n")
    assert status("compare", "mixed.toml", "--pairs", "2", "--workers", "1", "--quiet", "--out", "o") == 0
    assert "design_shares are set aside" in capsys.readouterr().out
    assert "design_shares are set aside" in (tmp_path / "o" / "report.html").read_text()
    assert status("run", "mixed.toml", "--quiet", "--out", "r") == 0
    assert "mixed under connect_first and message_first" in capsys.readouterr().out


def test_a_narrow_terminal_gets_a_line_a_cell(capsys, monkeypatch):
    from experiments.cli.console import show_table

    long = "a sentence that a column of eight letters would tear apart"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    for width, whole in (("60", True), ("200", False)):
        monkeypatch.setenv("COLUMNS", width)
        show_table("Title", ["name", "unit", "low", "high", "default", "source"], [["base", "logit", -6, 2, "", long]])
        shown = capsys.readouterr().out
        assert (f"\n  source: {long}\n" in shown) == whole
        assert ("  low: -6" in shown) == whole


@pytest.mark.parametrize(
    ("words", "spread"),
    [
        ("calibration --members 5 6 --quiet", "calibration --members 5 --members 6 --quiet"),
        ("calibration --members 5 6 baseline", "calibration --members 5 --members 6 baseline"),  # a scenario is no number of members
        ("calibration --members -5", "calibration --members -5"),
        ("calibration --members many", "calibration --members many"),
        ("run --members 5 baseline", "run --members 5 baseline"),  # another command takes one
        ("run --members -5", "run --members -5"),
        ("compare --arms a b --seed -1", "compare --arms a --arms b --seed -1"),
    ],
)
def test_options_of_several_values_are_those_of_the_command(words, spread):
    assert cli.spread_values(words.split()) == spread.split()
