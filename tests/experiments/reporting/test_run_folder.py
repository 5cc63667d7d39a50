"""The run folder: one plan, files whole, cells that no spreadsheet computes, undefined figures empty."""

from __future__ import annotations

import json
import math

import pandas as pd
import pytest

from experiments.reporting import run_folder
from experiments.reporting.atomic_files import PART
from experiments.reporting.run_folder import (
    PLAN,
    PROVENANCE,
    as_json,
    prepare_folder,
    safe_cell,
    write_provenance,
    write_rows,
    write_table,
    write_text,
)
from sim.errors import BadInput


def test_a_folder_is_made_for_a_plan_and_found_again_with_it(tmp_path):
    folder = tmp_path / "deep" / "out"
    prepare_folder(folder, {"a": 1})
    assert json.loads((folder / PLAN).read_text()) == {"a": 1, "model": run_folder.model_version()}
    (folder / "result.csv").touch()
    prepare_folder(folder, {"a": 1})
    with pytest.raises(BadInput, match="another plan"):
        prepare_folder(folder, {"a": 2})


def test_a_folder_is_looked_at_without_a_trace(tmp_path):
    folder = tmp_path / "deep" / "out"
    assert run_folder.check_folder(folder, {"a": 1}) == ""
    assert list(tmp_path.iterdir()) == []
    prepare_folder(folder, {"a": 1})
    before = (folder / PLAN).stat().st_mtime_ns
    assert run_folder.check_folder(folder, {"a": 1}) == ""
    with pytest.raises(BadInput, match="another plan"):
        run_folder.check_folder(folder, {"a": 2})
    with pytest.raises(BadInput, match="which holds other files"):
        run_folder.check_folder(tmp_path, {"a": 1})
    assert (folder / PLAN).stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda model: model[:-8] + "00000000",
            r"which holds this plan by the same model with other arithmetic: its C library or processor",
        ),
        (lambda model: "0" * 16 + model[16:], r"which holds this plan by another version\)"),
    ],
)
def test_a_folder_of_another_model_says_whether_its_arithmetic_alone_differs(tmp_path, change, told):
    prepare_folder(tmp_path, {"plan": "its digest", "arms": ("a", "b"), "seed": 1})
    written = json.loads((tmp_path / PLAN).read_text()) | {"model": change(run_folder.model_version()), "plan": "of that model"}
    (tmp_path / PLAN).write_text(json.dumps(written))
    with pytest.raises(BadInput, match=told):
        prepare_folder(tmp_path, {"plan": "its digest", "arms": ("a", "b"), "seed": 1})
    with pytest.raises(BadInput, match="which holds another plan"):
        prepare_folder(tmp_path, {"plan": "its digest", "arms": ("a", "b"), "seed": 2})


def test_other_files_are_never_written_among_but_what_a_killed_command_left_is_no_matter(tmp_path):
    (tmp_path / f"plan.json{PART}").touch()
    prepare_folder(tmp_path, {"a": 1})
    other = tmp_path / "other"
    other.mkdir()
    (other / "mine.txt").touch()
    with pytest.raises(BadInput, match="--out"):
        prepare_folder(other, {"a": 1})
    with pytest.raises(BadInput, match="--out"):
        prepare_folder(other / "mine.txt", {"a": 1})


def test_a_link_in_an_empty_folder_is_not_followed_and_what_a_killed_command_left_is_gone(tmp_path):
    mine, out = tmp_path / "mine.txt", tmp_path / "out"
    mine.write_text("mine")
    out.mkdir()
    links = [out / f"plan.json{PART}", out / f"plan.json.0123456789abcdef{PART}"]
    for link in links:
        link.symlink_to(mine)
    prepare_folder(out, {"a": 1})
    write_text(out / "x.txt", "ours")
    assert mine.read_text() == "mine"
    assert [link.is_symlink() for link in links] == [True, False]  # the first may be anybody's
    assert sorted(path.name for path in out.iterdir()) == ["plan.json", f"plan.json{PART}", "x.txt"]


def test_what_draws_is_loaded_before_anything_runs(tmp_path, monkeypatch):
    loaded = []
    monkeypatch.setattr(run_folder, "load_matplotlib", lambda: loaded.append(1))
    prepare_folder(tmp_path / "out", {"a": 1})
    assert loaded == [1]


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("-x", "'-x"),
        ("+x", "'+x"),
        ("\tx", "'\tx"),
        ("-1.5", "-1.5"),
        ("+2e3", "+2e3"),
        ("x=1", "x=1"),
        ("", ""),
        (-1.5, -1.5),
    ],
)
def test_a_cell_is_no_formula(cell, safe):
    assert safe_cell(cell) == safe


def test_tables_keep_all_digits_and_leave_undefined_figures_empty(tmp_path):
    path = tmp_path / "t.csv"
    write_table(path, pd.DataFrame({"x": [0.1 + 0.2, math.nan, math.inf], "n": [1, 2, 3], "s": ["a", "=b", None]}))
    assert path.read_bytes() == b"x,n,s\n0.30000000000000004,1,a\n,2,'=b\n,3,\n"
    write_rows(path, ["x", "s"], iter([(0.1 + 0.2, "a"), (None, "b")]))
    assert path.read_bytes() == b"x,s\n0.30000000000000004,a\n,b\n"


def test_a_table_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "t.csv"
    table = pd.DataFrame(
        {
            "x": [0.1 + 0.2, 1e-300, -7.005],
            "n": [2**62 + 1, 2, 3],
            "s": ["NA", "=b", "'c"],
            "u": [math.nan, 2.5, math.nan],
            "e": [math.nan] * 3,
        }
    )
    write_table(path, table)
    found = run_folder.read_table(path.read_bytes())
    pd.testing.assert_frame_equal(found, table, check_exact=True, check_dtype=False)
    assert found.n.tolist() == [2**62 + 1, 2, 3]


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "t.csv"
    write_text(path, "old\n")

    def rows():
        yield (1,)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_rows(path, ["x"], rows())
    assert path.read_text() == "old\n"


def test_provenance_says_which_model_seed_and_how_long(tmp_path, monkeypatch):
    monkeypatch.setattr(run_folder.time, "time", lambda: 1000.0)
    write_provenance(tmp_path, 7, 940.0, {"more": "yes"})
    found = json.loads((tmp_path / PROVENANCE).read_text())
    assert (found["seed"], found["seconds"], found["more"]) == (7, 60.0, "yes")
    assert found["model_version"] == run_folder.model_version()


def test_a_folder_is_finished_while_all_is_as_it_was_written(tmp_path):
    (tmp_path / "figures").mkdir()
    for name in ("a.csv", "figures/b.svg", "ledger.sqlite"):
        (tmp_path / name).write_text("1\n")
    facts = {"pairs": 4, "until": None}
    assert not run_folder.finished(tmp_path, facts)
    write_provenance(tmp_path, 7, 940.0, facts)
    held = json.loads((tmp_path / PROVENANCE).read_text())["files"]
    one = "4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865"  # sha256 of "1" and a line's end
    assert held == {"a.csv": one, "figures/b.svg": one}
    (tmp_path / "ledger.sqlite").write_text("2\n")  # the runs are looked at by those who know them
    assert run_folder.finished(tmp_path, facts)
    assert not run_folder.finished(tmp_path, facts | {"pairs": 5})
    assert run_folder.finished(tmp_path, facts) == {"a.csv": b"1\n"}  # its tables
    for change in (lambda path: path.write_text("2\n"), lambda path: path.unlink()):
        for name in ("a.csv", "figures/b.svg"):
            change(tmp_path / name)
            assert not run_folder.finished(tmp_path, facts)
            (tmp_path / name).write_text("1\n")
    (tmp_path / "c.csv").write_text("1\n")  # one that was not there
    assert not run_folder.finished(tmp_path, facts)
    for broken in ("{", "[]", "{}"):
        (tmp_path / PROVENANCE).write_text(broken)
        assert not run_folder.finished(tmp_path, facts)


def test_undefined_figures_are_null_in_json():
    assert as_json(pd.DataFrame({"x": [1.5, math.nan, -math.inf]})) == [{"x": 1.5}, {"x": None}, {"x": None}]
