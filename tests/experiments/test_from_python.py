"""Questions put from Python: the numbers and the files of the commands, checked as they are, and nothing left behind unless asked for."""

from __future__ import annotations

import csv
import json
import pickle
import tempfile
from pathlib import Path
from types import SimpleNamespace

import firstcontact as fc
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from experiments.cli import main as cli
from experiments.runs import worker
from experiments.runs.ledger import KEPT, Ledger
from experiments.sweep import shipped_sweeps
from tests.helpers.light import ask_little, light
from tests.helpers.sweeps import left

TINY = {"members": 60, "warm_up": 5, "days": 65}
WORDS = ["--members", "60", "--warm-up", "5", "--days", "65", "--quiet"]
MADE = ("provenance.json", "ledger.sqlite", "ledger.txt", "budget.json")
VARIED = {"reply.base": (-5.0, 0.0), "design.friction": (0.0, 4.0)}


@pytest.fixture(autouse=True, scope="module")
def _light():
    """Runs are made in this process, and files of figures are empty: both would take longer than small runs."""
    with light(), pytest.MonkeyPatch.context() as patch:
        ask_little(patch)
        yield


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Return the folder in which temporary ledgers are."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def small():
    return fc.load_scenario(**TINY)


@pytest.fixture(scope="module")
def compared():
    return fc.compare(small(), pairs=3, quiet=True)


@pytest.fixture(scope="module")
def swept():
    return fc.sweep(parameters=VARIED, scenario=small(), points=24, pairs=1, seeds="new", quiet=True)


@pytest.fixture(scope="module")
def tipped():
    return fc.tipping("reply.base", small(), limits=(-5, 0), budget=0.01, quiet=True)


@pytest.fixture(scope="module", params=["compared", "swept", pytest.param("tipped", marks=pytest.mark.slow), "mapped"])
def result(request):
    """Each kind of result that is quick to get."""
    if request.param == "mapped":
        for package in ("ema_workbench", "SALib", "sklearn"):
            pytest.importorskip(package)
        return fc.regions(request.getfixturevalue("swept"))
    return request.getfixturevalue(request.param)


# every result


def test_a_result_is_shown_short_and_in_a_notebook_with_what_one_looks_at_first(result):
    assert len(repr(result)) < 400
    assert repr(result).startswith(f"<{type(result).__name__}: {result.question}")
    page = result._repr_html_()
    assert all(f"<p>{line.split('(')[0].split('<')[0].strip()[:40]}" in page for line in result.answer)
    assert page.count("<table>") == 1
    assert len(page) < 20_000


def test_a_result_is_frozen_and_travels(result):
    with pytest.raises(AttributeError):
        result.folder = Path()
    again = pickle.loads(pickle.dumps(result))
    assert again.answer == result.answer
    pd.testing.assert_frame_equal(again.summary, result.summary)


def test_a_result_is_drawn_and_nothing_is_written(result, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in [*result.figures, None]:
        if name in ("assumptions", "moves"):  # nobody asked which, nor over which worlds
            with pytest.raises(fc.BadInput, match="be one for which there is something to draw"):
                result.plot(name)
            continue
        axes = result.plot(name)
        panels = [axes] if isinstance(axes, Axes) else list(axes)
        assert panels
        assert all(isinstance(panel, Axes) for panel in panels)
        assert panels[0].get_figure(root=True).number in plt.get_fignums()  # so a notebook shows it
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(fc.BadInput, match="`figure` must be one of "):
        result.plot("nothing")


def test_plain_values_are_json(result):
    assert json.loads(json.dumps(result.data, default=float))


def test_a_folder_with_something_else_is_refused_by_its_argument(result, tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(fc.BadInput, match=r"`folder` must be a new or empty folder"):
        result.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


# the commands


def status(*words):
    return cli.perform([str(word) for word in words])


def plain(folder):
    """Return what lies in a folder, without pages (which name the ledger) and what the clock or the machine decides."""
    return {name: text for name, text in left(folder).items() if not name.endswith((*MADE, ".html"))}


def test_a_comparison_has_the_numbers_and_files_of_the_command(compared, tmp_path):
    assert status("compare", *WORDS, "--pairs", 3, "--out", tmp_path / "command") == 0
    compared.write(tmp_path / "python")
    one, other = plain(tmp_path / "command"), plain(tmp_path / "python")
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    whole = {path.name for path in (tmp_path / "command").iterdir()}
    assert whole - {path.name for path in (tmp_path / "python").iterdir()} == {"ledger.sqlite"}
    assert "ledger.sqlite" in (tmp_path / "command" / "report.html").read_text(encoding="utf-8")
    assert "ledger.sqlite" not in (tmp_path / "python" / "report.html").read_text(encoding="utf-8")
    with (tmp_path / "command" / "summary.csv").open(encoding="utf-8", newline="") as file:
        assert [float(row["difference"]) for row in csv.DictReader(file)] == compared.summary.difference.tolist()


@pytest.mark.slow  # that of a comparison is quick
def test_a_sweep_has_the_numbers_and_files_of_the_command(swept, tmp_path):
    file = tmp_path / "sweep.toml"
    lines = ["[with]", *(f"{key} = {value}" for key, value in TINY.items()), "[sweep]", "points = 24", "pairs = 1", 'seeds = "new"']
    lines += ["[sweep.parameters]", *(f'"{path}" = {list(one)}' for path, one in VARIED.items())]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert status("sweep", file, "--quiet", "--out", tmp_path / "command") == 0
    swept.write(tmp_path / "python")
    one, other = plain(tmp_path / "command"), plain(tmp_path / "python")
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert len(swept.runs) == 24 * 2 * swept.summary.measure.nunique()
    assert swept.points.columns.tolist() == ["point", *VARIED]


@pytest.mark.slow
def test_what_is_written_says_how_long_the_runs_took_and_not_when_it_was_written(tipped, tmp_path, monkeypatch):
    monkeypatch.setattr("time.time", lambda: tipped.made.started + 1e6)
    told = json.loads((tipped.write(tmp_path / "o") / "provenance.json").read_text(encoding="utf-8"))
    assert told["seconds"] == round(tipped.made.seconds, 3) < 1e5


def test_a_map_of_a_result_is_that_of_its_folder(swept, tmp_path):
    for package in ("ema_workbench", "SALib", "sklearn"):
        pytest.importorskip(package)
    folder = swept.write(tmp_path / "o")
    one, other = fc.regions(swept), fc.regions(str(folder))
    pd.testing.assert_frame_equal(one.points, other.points)
    assert one.answer == other.answer
    assert other.folder is None
    assert fc.regions(folder, out=True).folder == folder / "regions-intent_success"


def test_with_a_folder_it_is_continued(tmp_path):
    out = tmp_path / "o"
    few = fc.compare(small(), pairs=2, out=out, draws="none", quiet=True)
    assert few.folder == out
    with Ledger(out / "ledger.sqlite") as book:
        assert len(book) == 4
    with pytest.MonkeyPatch.context() as patch:
        asked = []
        patch.setattr("experiments.runs.scheduler.run_job", lambda *args, **rest: asked.append(args) or worker.run_job(*args, **rest))
        more = fc.compare(small(), pairs=3, out=str(out), draws="none", quiet=True)
    assert len(asked) == 1
    assert more.runs[more.runs.pair <= 2].value.tolist() == few.runs.value.tolist()
    assert (out / "report.html").exists()


def test_a_sweep_in_a_folder_is_continued_by_its_folder(tmp_path):
    out = tmp_path / "o"
    fc.sweep(parameters={"reply.base": (-4, -2)}, scenario=small(), points=2, pairs=2, out=out, draws="none", quiet=True)
    more = fc.sweep(out, points=4, quiet=True)
    assert (len(more.points), more.folder, len(more.runs.point.unique())) == (4, out, 4)
    with pytest.raises(fc.BadInput, match="`out` must be left out where a folder is continued"):
        fc.sweep(out, points=5, out=tmp_path / "p", quiet=True)


def test_a_table_that_is_changed_changes_no_result(compared, swept, tmp_path):
    for result in (compared, swept):
        tables = [name for name in ("summary", "runs", "levels", "daily") if hasattr(result, name)]
        for name in tables:
            before = getattr(result, name).copy()
            table = getattr(result, name)
            table[before.columns[-1]] = 0
            pd.testing.assert_frame_equal(getattr(result, name), before)
    table = compared.summary
    table["difference"] = 0.0
    compared.write(tmp_path / "out")
    assert (pd.read_csv(tmp_path / "out" / "summary.csv").difference != 0.0).any()


def test_the_control_is_one_of_the_arms():
    with pytest.raises(
        fc.BadInput, match=r"^`reference` must be one of the arms: connect_first, message_first \(got 'mesage_first'; did you mean"
    ):
        fc.compare(small(), reference="mesage_first")


def test_a_sweep_takes_designs_that_are_objects_and_its_folder_keeps_them(tmp_path):
    eager, even = fc.Design(primary=1.0, friction=4.0), fc.Design(primary=1.0, friction=0.0)
    asked = {"parameters": {"reply.base": (-4, -2)}, "scenario": small(), "points": 1, "pairs": 2, "quiet": True}
    found = fc.sweep(arms={"eager": eager, "even": even, "usual": "connect_first"}, out=tmp_path / "o", **asked)
    assert set(found.runs.arm) == {"eager", "even", "usual"}
    again = fc.sweep(tmp_path / "o", points=2, quiet=True)
    assert set(again.summary.reference) == {"eager"}
    sent = again.summary[again.summary.measure == "unwelcome_messages"].set_index(["point", "arm"])["difference"]
    assert (sent.xs("even", level="arm") < 0).all()  # Connect costs no more than Message
    with pytest.raises(fc.BadInput, match=r"`arms` must be designs that differ \(got 'a' and 'b', which are the same\)"):
        fc.sweep(arms={"a": eager, "b": eager}, **asked)


def test_true_is_the_folder_of_the_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert status("compare", *WORDS, "--pairs", 2) == 0
    (there,) = (tmp_path / "results").iterdir()
    assert fc.compare(small(), pairs=2, out=True, quiet=True).folder.absolute() == there


# the temporary ledger


def test_without_a_folder_nothing_is_left(temporary, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert fc.compare(small(), pairs=2, quiet=True).folder is None
    assert list(temporary.iterdir()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["temporary"]


def test_a_ledger_that_is_given_keeps_the_runs(temporary, tmp_path):
    fc.compare(small(), pairs=2, ledger=str(tmp_path / "mine.sqlite"), draws="none", quiet=True)
    assert list(temporary.iterdir()) == []
    with Ledger(tmp_path / "mine.sqlite") as book:
        assert len(book) == 4


def test_a_failure_names_the_ledger_with_which_it_continues(temporary, monkeypatch):
    real, asked = worker.run_job, []

    def third_fails(*args, **rest):
        asked.append(args)
        if len(asked) > 2:
            raise RuntimeError("no more")
        return real(*args, **rest)

    monkeypatch.setattr("experiments.runs.scheduler.run_job", third_fails)
    with pytest.raises(RuntimeError, match="no more") as found:
        fc.compare(small(), pairs=4, draws="none", quiet=True)
    (home,) = temporary.iterdir()
    ledger = home / "ledger.sqlite"
    assert found.value.__notes__ == [f"finished runs are kept in {ledger}: with ledger={str(ledger)!r} it continues from there"]
    monkeypatch.setattr("experiments.runs.scheduler.run_job", lambda *args, **rest: asked.append("again") or real(*args, **rest))
    assert fc.compare(small(), pairs=4, ledger=ledger, draws="none", quiet=True).pairs == 4
    assert asked.count("again") == 2


def test_a_failure_before_the_first_run_leaves_nothing(temporary, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("none")

    monkeypatch.setattr("experiments.runs.scheduler.run_job", fails)
    with pytest.raises(RuntimeError, match="none") as found:
        fc.compare(small(), pairs=2, quiet=True)
    assert KEPT not in getattr(found.value, "__notes__", [])
    assert list(temporary.iterdir()) == []


# arguments

WRONG = [
    (lambda: fc.compare(pairs=1), "`pairs` must be at least 2 for intervals (got 1)"),
    (lambda: fc.compare(pairs=2.5), "`pairs` must be at least 2 for intervals (got 2.5)"),
    (lambda: fc.compare(max_pairs=1), "`max_pairs` must be at least 2 (got 1)"),
    (lambda: fc.compare(seed=0.3), "`seed` must be a whole number from 0 to 2**63 - 1 (got 0.3)"),
    (lambda: fc.compare(seed="1"), "`seed` must be a whole number from 0 to 2**63 - 1 (got '1')"),
    (lambda: fc.compare(seed=None), "`seed` must be a whole number from 0 to 2**63 - 1 (got nothing)"),
    (lambda: fc.compare(seed=2**63), "`seed` must be a whole number from 0 to 2**63 - 1 (got a huge number)"),
    (lambda: fc.compare(workers=0), "`workers` must be at least 1 (got 0)"),
    (lambda: fc.compare(threads=0), "`threads` must be at least 1 (got 0)"),
    (lambda: fc.compare(until="precize"), "`until` must be precise or decided (got 'precize'; did you mean 'precise'?)"),
    (lambda: fc.compare(precision="x"), "`precision` must be above 0 and below 10, such as 0.1 (got x)"),
    (lambda: fc.compare(members=2), "`members` must be at least 3 for a comparison (got 2)"),
    (
        lambda: fc.compare(arms="message_first"),
        "`arms` must be two designs or more, such as connect_first message_first (got 'message_first')",
    ),
    (lambda: fc.compare(arms=["message_first"]), "`arms` must be two designs or more, such as connect_first message_first (got 1)"),
    (lambda: fc.compare(reference="both_equal"), "`reference` must be one of the arms: connect_first, message_first (got 'both_equal')"),
    (lambda: fc.compare(out=3), "`out` must be a path (got 3)"),
    (fc.sweep, '`source` must be given, or `parameters` such as {"reply.base": (-4, -2)} in its place (got nothing)'),
    (lambda: fc.sweep("quick-sweep", seed=2), "`seed` must stand with `parameters`: a file, or the folder of a sweep, says it itself"),
    (lambda: fc.sweep(parameters={"reply.base": (0, -1)}), "`parameters.reply.base` must be from a lower to a higher value (got 0 to -1)"),
    (lambda: fc.sweep(parameters={"reply.base": (-4, -2)}, pairs=0), "`pairs` must be at least 1 (got 0)"),
    (lambda: fc.tipping("reply.base", limits=(3, 1)), "`limits` must be LOW below HIGH within -6 to 2 of reply.base (got 3 1)"),
    (lambda: fc.tipping("reply.base", budget=0), "`budget` must be minutes above 0 (got 0.0)"),
    (lambda: fc.tipping("reply.base", measure="x"), "`measure` must be a measure (got 'x')"),
    (lambda: fc.sensitivity(parameters="reply.base"), "`parameters` must be a list of parameters (got 'reply.base')"),
    (lambda: fc.regions("quik-sweep"), f"`sweep` must be one of {', '.join(shipped_sweeps())}, or a path to a TOML file"),
]


@pytest.mark.parametrize(("call", "line"), WRONG, ids=[line for _, line in WRONG])
def test_a_wrong_argument_is_refused_in_the_line_of_the_command_by_its_own_name(call, line, temporary, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(fc.BadInput) as found:
        call()
    assert str(found.value).startswith(line)
    assert "--" not in str(found.value)
    assert list(temporary.iterdir()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["temporary"]


def test_whole_numbers_of_numpy_are_taken():
    assert fc.compare(small(), pairs=np.int64(2), seed=np.uint8(1), quiet=True).pairs == 2


def test_arms_are_designs_of_ones_own_under_names_of_ones_own(tmp_path):
    calm = fc.Design(primary=1.0, messages_a_day=1.0)
    file = tmp_path / "calm.toml"
    file.write_text("primary = 1.0\nmessages_a_day = 1.0\n", encoding="utf-8")
    by_object = fc.compare(small(), {"usual": "message_first", "calm": calm}, pairs=2, quiet=True)
    by_file = fc.compare(small(), ["message_first", file], pairs=2, quiet=True)
    assert by_object.arms == ["usual", "calm"]
    assert by_file.arms == ["message_first", "calm"]
    assert by_object.summary.difference.tolist() == by_file.summary.difference.tolist()


def test_several_arms_stand_below_one_another_in_a_notebook():
    found = fc.compare(small(), ["connect_first", "message_first", "both_equal"], pairs=2, quiet=True)
    columns, rows = found._first_rows()
    assert columns[0] == "arm"
    assert {row[0] for row in rows} == {"message-first", "both-equal"}
    assert all(len(row) == len(columns) for row in rows)


def test_advice_names_arguments_from_python_and_options_in_a_command(monkeypatch):
    from experiments.analyses.tipping import report
    from experiments.arguments import naming_options

    monkeypatch.setattr(report, "answer", lambda _found: ["More minutes (--budget) or another --range would help."])
    found = fc.TippingResult(SimpleNamespace(analysis=SimpleNamespace(notes=[]), worlds=None), made=None)
    assert found.answer == ["More minutes (budget) or another limits would help."]
    with naming_options():
        assert found.answer == ["More minutes (--budget) or another --range would help."]
