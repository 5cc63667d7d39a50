"""The record of a run as Parquet is that of events.csv and intents.csv, also after an interruption, in bounded memory."""

from __future__ import annotations

import hashlib
import json
import sys

import numpy as np
import pandas as pd
import pytest

from experiments.cli.main import perform
from experiments.single_run import parts
from experiments.single_run import run as single_run
from experiments.single_run.parts import EVENTS, INTENTS, write_part
from tests.helpers.light import draw_nothing

pytest.importorskip("pyarrow")
ASKED = ["run", "--members", "60", "--warm-up", "20", "--days", "65", "--quiet", "--out"]


@pytest.fixture(autouse=True)
def small(monkeypatch):
    draw_nothing(monkeypatch)
    monkeypatch.setattr(parts, "PART", 300)


def digests(folder):
    files = [path for name in (EVENTS, INTENTS) for path in (folder / name).iterdir()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def whole(tmp_path):
    folder = tmp_path / "whole"
    assert perform([*ASKED, str(folder), "--parquet"]) == 0
    return folder


@pytest.mark.parametrize(("name", "key"), [("events", "item"), ("intents", None)])
def test_the_parts_are_the_rows_of_the_csv(whole, tmp_path, name, key):
    plain = tmp_path / "plain"
    assert perform([*ASKED, str(plain), "--events"]) == 0
    expected, found = pd.read_csv(plain / f"{name}.csv"), pd.read_parquet(whole / f"{name}.parquet")
    if key:
        found = found.sort_values(key, ignore_index=True)
    assert list(found.columns) == list(expected.columns)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-12)
    assert len(list((whole / f"{name}.parquet").iterdir())) > 3
    assert not (whole / f"{name}.csv").exists()
    assert (whole / "measures.csv").read_bytes() == (plain / "measures.csv").read_bytes()
    listed = (whole / "report.html").read_text(encoding="utf-8")
    assert f'data-file="{name}.parquet/"' in listed
    assert f'data-file="{name}.csv"' not in listed


def test_a_run_that_goes_on_writes_the_same_parts(whole, tmp_path, monkeypatch):
    folder = tmp_path / "again"
    before = single_run.Followed.passed

    def stops(self, world):
        before(self, world)
        if world.day == 50:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(single_run.Followed, "passed", stops)
        assert perform([*ASKED, str(folder), "--parquet", "--checkpoint-every", "15"]) == 130
    assert json.loads((folder / "plan.json").read_text(encoding="utf-8"))["parquet"] is True
    assert perform(["run", "--resume", str(folder), "--quiet"]) == 0
    assert digests(folder) == digests(whole)


def test_a_part_without_rows_has_the_types_of_the_others(tmp_path):
    columns = {"day": np.zeros(0, np.int32), "x": np.zeros(0), "kind": []}
    write_part(tmp_path / "t" / "a.parquet", columns)
    write_part(tmp_path / "t" / "b.parquet", {"day": np.array([4], np.int32), "x": np.array([0.5]), "kind": ["reply"]})
    found = pd.read_parquet(tmp_path / "t")
    assert found.to_dict("records") == [{"day": 4, "x": 0.5, "kind": "reply"}]


def test_it_needs_the_engine_of_columns_and_pyarrow(tmp_path, monkeypatch, capsys):
    assert perform([*ASKED, str(tmp_path / "a"), "--parquet", "--engine", "mesa"]) == 2
    assert "`--parquet` must stand with the engine columns (got mesa)" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert perform([*ASKED, str(tmp_path / "a"), "--parquet"]) == 2
    assert "pip install 'firstcontact[parquet]'" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()
