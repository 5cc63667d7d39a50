"""What a test of statements takes: different runs less those that are there, their time by days, their memory."""

from __future__ import annotations

import json

import pytest

from experiments.article import forecast as forecasts
from experiments.article.forecast import forecast
from experiments.article.run import ArticleRequest
from experiments.cli import main as cli
from experiments.runs.cost import memory_of_histories
from tests.experiments.article.small import TINY

# different runs of a pair under each design, times the designs
COUNTS = {
    "1.1": 2,  # the designs are the contrast
    "3.1": 2 * 2,  # with and without, for everybody
    "3.5": 4 * 2,  # nobody follows, one in a hundred, half or all; "others" reads the runs of half
}


@pytest.fixture
def pace(monkeypatch):
    """A pair of two arms, 120 days of warm-up and twice 100 days, takes a worker 32 seconds: a tenth of a second a day."""
    monkeypatch.setattr(forecasts, "seconds_of_pair", lambda _request, _pairs: 32.0)


def said(capsys, *arguments):
    assert cli.perform(["article", *TINY, "--dry-run", *map(str, arguments)]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", COUNTS)
def test_runs_are_counted_each_once(name, statements, pace, tmp_path):
    request = ArticleRequest([statements[name]], pairs=3, members=1000, seed=1)
    found = forecast(request, tmp_path / "none", workers=2)
    runs = COUNTS[name]
    lines = found.pop("lines")
    assert found == {
        "pairs": 3,
        "runs_a_pair": runs,
        "wanted": 3 * runs,
        "done": 0,
        "runs": 3 * runs,
        "seconds": pytest.approx(3 * (120 + runs * 100) / 10 / 2),  # a warm-up a pair
        "workers": 2,
        "bytes": 2 * memory_of_histories(request.scenario, runs),
    }
    assert lines[0] == f"{runs} different runs a pair, 3 pairs: {3 * runs} runs of 100 days after the switch."


@pytest.mark.slow
def test_statements_share_runs_and_more_than_24_of_a_pair_have_another_warm_up(statements, pace, tmp_path):
    chosen = [one for one in statements.values() if one.tested]
    found = forecast(ArticleRequest(chosen, pairs=2, members=80, seed=1), tmp_path / "none", workers=1)
    alone = sum(ArticleRequest([one], 2, 80, 1).runs().count for one in chosen[:20])
    runs, jobs = found["runs_a_pair"], -(-found["runs_a_pair"] // 24)
    assert ArticleRequest(chosen[:20], 2, 80, 1).runs().count < alone
    assert found["seconds"] == pytest.approx(2 * (jobs * 120 + runs * 100) / 10)
    assert "On 1 worker that is about " in found["lines"][1]


def test_what_no_contrast_tests_takes_no_run(statements, tmp_path):
    untested = next(one for one in statements.values() if not one.tested)
    found = forecast(ArticleRequest([untested], 2, 80, 1), tmp_path / "none", workers=1)
    assert (found["runs"], found["lines"]) == (0, ["No contrast tests what is asked for: no run is made."])


@pytest.mark.slow
def test_what_a_folder_has_is_taken_off(folder, tmp_path, capsys, pace):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    out = ["--heading", "downsides", "--out", folder]
    there = said(capsys, *out)
    told = json.loads(said(capsys, *out, "--pairs", "3", "--json"))
    each = told["runs_a_pair"]
    assert there == f"{each} different runs a pair, 2 pairs: all {2 * each} runs are in {folder / 'ledger.sqlite'}.\n"
    assert (told["wanted"], told["done"], told["runs"]) == (3 * each, 2 * each, each)
    assert told["lines"][0].endswith(f"; {2 * each} are in {folder / 'ledger.sqlite'}, {each} are missing.")
    elsewhere = json.loads(said(capsys, "--heading", "downsides", "--out", tmp_path / "o", "--ledger", folder / "ledger.sqlite", "--json"))
    assert (elsewhere["runs"], elsewhere["seconds"]) == (0, 0.0)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("more", [[], ["--controls"]])
def test_a_dry_run_leaves_nothing(more, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = said(capsys, "--point", "1.1", *more).splitlines()
    assert lines[0] == "2 different runs a pair, 2 pairs: 4 runs of 100 days after the switch."
    assert lines[1].startswith("On 1 worker that is about ")
    told = json.loads(said(capsys, "--point", "1.1", *more, "--json"))
    assert told["runs"] == 4
    assert told["seconds"] > 0.0
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_refuses_a_folder_of_another_plan(tmp_path, capsys):
    (tmp_path / "plan.json").write_text("{}")
    assert cli.perform(["article", *TINY, "--point", "1.1", "--dry-run", "--out", str(tmp_path)]) == 2
    assert "`--out` must be a new folder, one of the same plan, or left out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--point", "3.3"], "`--point` must be heading.number, such as 3.5 (got '3.3'"),
        (["--heading", "nothing"], "`--heading` must be part of one of these: "),
        (["--pairs", "1"], "`--pairs` must be at least 2 (got 1)"),
        (["--members", "2"], "`--members` must be at least 3 (got 2)"),
        (["--workers", "0"], "`--workers` must be at least 1 (got 0)"),
        (["--ledger", "."], "must be a file, or a name for one, as the ledger (got a folder)"),
    ],
)
def test_a_dry_run_refuses_what_the_command_refuses(arguments, word, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.perform(["article", *arguments, "--dry-run"]) == 2
    assert word in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert cli.perform(["article", *arguments, "--out", str(tmp_path / "out")]) == 2
    assert word in capsys.readouterr().err
