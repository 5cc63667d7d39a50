"""Where in a sweep each arm wins: the sweep is run as far as it is not, and never read before it is whole."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest

from experiments.runs.ledger import Ledger
from sim.errors import BadInput
from tests.helpers.analyses import held, needs, status

EXTRAS = ("SALib", "sklearn", "ema_workbench")
SWEEP = """
name = "tiny"
arms = ["connect_first", "message_first"]
[with]
members = 60
days = 62
warm_up = 5
[sweep]
sampler = "sobol"
points = 24
pairs = 1
seeds = "new"
[sweep.parameters]
"reply.base" = [-5.0, 0.0]
"design.friction" = [0.0, 4.0]
"""

REFUSED = [
    (["regions", "quik-sweep"], "(got 'quik-sweep'; did you mean 'quick-sweep'?)"),
    (["regions", "no-such.toml"], "no-such.toml"),
    (["regions", "--measure", "intent_sucess"], "`--measure` must be a measure (got 'intent_sucess'; did you mean 'intent_success'?)"),
    (["regions", "."], ". must be the folder of a finished `firstcontact sweep` (got "),
]


def small(folder):
    (folder / "tiny.toml").write_text(SWEEP, encoding="utf-8")
    return ["regions", str(folder / "tiny.toml"), "--workers", "2", "--quiet"]


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    home = tmp_path_factory.mktemp("swept")
    (home / "tiny.toml").write_text(SWEEP, encoding="utf-8")
    needs(EXTRAS)
    assert status("regions", home / "tiny.toml", "--out", home / "run", "--workers", "2", "--quiet") == 0
    return home


def test_regions_of_a_file_run_its_sweep_and_lie_inside_it(swept, capsys):
    run = swept / "run"
    assert {"runs.csv", "points.csv", "report.html", "regions-intent_success"} <= {p.name for p in run.iterdir()}
    assert {"regions.csv", "boxes.csv", "peeling.csv", "importance.csv"} <= {p.name for p in (run / "regions-intent_success").iterdir()}
    before = held(run)
    assert status("regions", swept / "tiny.toml", "--out", run, "--quiet", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert sum(found["decided"].values()) == pytest.approx(1.0)
    assert found["points"] == 24
    assert held(run) == before


@pytest.mark.slow
def test_regions_of_a_folder_go_where_they_are_told_and_finish_its_sweep(swept, tmp_path):
    run = tmp_path / "run"
    assert status("sweep", swept / "tiny.toml", "--out", run, "--workers", "2", "--quiet") == 0
    (run / "runs.csv").unlink()  # as if it had been killed before its tables
    assert status("regions", run, "--out", tmp_path / "map", "--quiet") == 0
    assert (run / "runs.csv").read_bytes() == (swept / "run" / "runs.csv").read_bytes()
    assert (tmp_path / "map" / "report.html").exists()


@pytest.mark.slow
@pytest.mark.parametrize("apart", [False, True])
def test_regions_never_read_tables_that_are_older_than_the_runs(apart, swept, tmp_path, monkeypatch, capsys):
    """An extended sweep that is killed before its tables has those of the smaller one."""
    from experiments.analyses.regions.analysis import load_space
    from experiments.sweep import run as sweeping

    run, place = tmp_path / "run", tmp_path / ("elsewhere.sqlite" if apart else "run/ledger.sqlite")
    shutil.copytree(swept / "run", run)
    if apart:
        (run / "ledger.sqlite").rename(place)
        (run / "ledger.txt").write_text(f"{place}\n")
    before = (run / "runs.csv").read_bytes()
    with monkeypatch.context() as killed:
        killed.setattr(sweeping, "write_tables", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert status("sweep", "--extend", run, "--pairs", 2, "--quiet") == 130
    with Ledger(place, read_only=True) as book:
        assert len(book) == 96
    assert (run / "runs.csv").read_bytes() == before
    with pytest.raises(BadInput, match=f"sweep --resume {run}"):
        load_space(run, "intent_success")
    assert status("sweep", "--status", run) == 0
    assert f"firstcontact sweep --resume {run}" in capsys.readouterr().out
    assert status("regions", run, "--quiet") == 0
    assert set(pd.read_csv(run / "runs.csv").pair) == {1, 2}
    assert load_space(run, "intent_success").pairs == 2
    assert status("sweep", "--status", run) == 0
    assert "--resume" not in capsys.readouterr().out


def test_where_less_is_better_less_wins(swept, tmp_path, capsys):
    from experiments.analyses.regions.analysis import DOWN, UP, load_space
    from experiments.analyses.regions.report import verb

    space = load_space(swept / "run", "unwelcome_read")
    assert verb(space, DOWN) == "wins"
    assert verb(space, UP) == "loses"
    assert verb(load_space(swept / "run", "intent_success"), UP) == "wins"
    assert "has more" in verb(load_space(swept / "run", "message_share"), UP)
    assert status("regions", swept / "run", "--measure", "unwelcome_read", "--out", tmp_path / "o", "--quiet") == 0
    assert "unwelcome items read" in capsys.readouterr().out


def test_provenance_names_the_network_that_the_sweep_read_though_its_file_has_gone(swept, tmp_path):
    shutil.copytree(swept / "run", tmp_path / "run")
    place = tmp_path / "run" / "provenance.json"
    facts = json.loads(place.read_text(encoding="utf-8"))
    assert "network" not in facts
    read = {"file": str(tmp_path / "gone.csv"), "members": 60, "ties": 90}
    place.write_text(json.dumps(facts | {"network": read}), encoding="utf-8")
    assert status("regions", tmp_path / "run", "--out", tmp_path / "map", "--quiet") == 0
    assert json.loads((tmp_path / "map" / "provenance.json").read_text(encoding="utf-8"))["network"] == read
    assert status("regions", swept / "run", "--out", tmp_path / "drawn", "--quiet") == 0
    assert "network" not in json.loads((tmp_path / "drawn" / "provenance.json").read_text(encoding="utf-8"))
