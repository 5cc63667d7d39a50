"""The folder of a sweep: holds one plan, knows its ledger and whether its tables are those of its runs."""

from __future__ import annotations

import pytest

from experiments.runs.ledger import Ledger
from experiments.sweep.folder import check, default_folder, is_finished, ledger_of, opened, prepare, state_of, unfinish, write_plan
from experiments.sweep.plan import load_sweep
from sim.errors import BadInput
from tests.helpers.sweeps import small, status, write


@pytest.fixture
def planned(tmp_path):
    """Return a small sweep and the folder in which it is planned; nothing is run."""
    sweep, folder = load_sweep(small(tmp_path)), tmp_path / "out"
    prepare(sweep, folder)
    write_plan(sweep, folder, folder / "ledger.sqlite")
    return sweep, folder


def test_a_name_never_leaves_the_folder_of_results(tmp_path):
    file = small(tmp_path)
    sweep = load_sweep(write(file, file.read_text().replace('"small"', '"../../etc/it all"')))
    assert default_folder(sweep).parent.as_posix() == "results"


def test_a_folder_gives_back_what_was_planned_there(planned):
    sweep, folder = planned
    assert opened(folder).digest == sweep.digest
    assert check(sweep, folder) == ""


def test_another_sweep_in_the_folder_is_refused(planned, tmp_path, capsys):
    assert status("sweep", small(tmp_path, reply="[-4.0, -2.0]"), "--out", planned[1]) == 2
    assert "`--out` must be a new folder, one of the same plan, or left out" in capsys.readouterr().err


@pytest.mark.parametrize("less", [{"points": 2}, {"pairs": 1}], ids=str)
def test_a_folder_is_not_cut_down(less, planned, tmp_path):
    with pytest.raises(BadInput, match="`--out` must hold no larger version of this sweep"):
        check(load_sweep(small(tmp_path, **less)), planned[1])


@pytest.mark.parametrize("plan", [None, "", "{}", '{"command": "compare"}'])
def test_a_folder_without_a_sweep_is_refused(plan, tmp_path):
    if plan is not None:
        write(tmp_path / "plan.json", plan)
    with pytest.raises(BadInput, match=r"must be the folder of a `firstcontact sweep` \(got no sweep in it\)"):
        opened(tmp_path)


def test_a_folder_of_another_model_version_is_refused(planned, monkeypatch, capsys):
    for module in ("runs.keys", "runs.study", "runs.scheduler", "runs.worker"):
        monkeypatch.setattr(f"experiments.{module}.model_version", lambda: "another")
    for flag in ("--resume", "--status"):
        assert status("sweep", flag, planned[1]) == 2
        assert "must be planned by this version of the model (got another version, whose runs are never mixed in" in capsys.readouterr().err


def test_a_ledger_elsewhere_is_noted_until_the_sweep_has_its_own(planned, tmp_path):
    sweep, folder = planned
    own, other = folder / "ledger.sqlite", tmp_path / "other.sqlite"
    assert ledger_of(folder, None) == own
    write_plan(sweep, folder, other)
    assert ledger_of(folder, None) == other
    assert ledger_of(folder, own) == own
    write_plan(sweep, folder, own)
    assert ledger_of(folder, None) == own


def test_an_empty_note_of_a_ledger_elsewhere_is_refused_by_its_name(planned, capsys):
    write(planned[1] / "ledger.txt", "")
    assert status("sweep", "--resume", planned[1], "--quiet") == 2
    assert "ledger.txt must name the ledger with which the sweep was run; --ledger says it, too (got nothing)" in capsys.readouterr().err


def test_tables_are_of_the_runs_until_the_plan_grows(planned, tmp_path):
    sweep, folder = planned
    write(folder / "provenance.json", "{}")
    write_plan(sweep, folder, folder / "ledger.sqlite")
    assert is_finished(folder)
    write_plan(sweep.extended(5, None), folder, folder / "ledger.sqlite")
    assert not is_finished(folder)
    unfinish(folder)  # what is not there need not go


def test_how_far_a_sweep_is_can_be_asked_while_it_runs(planned):
    sweep, folder = planned
    with Ledger(folder / "ledger.sqlite"):
        found = state_of(sweep, folder / "ledger.sqlite")
    assert (found.wanted, found.done, len(found.failed)) == (12, 0, 0)
