"""Scripts as a researcher writes them run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent / "scripts"
PATIENCE = 500


def run(name, *words):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"MPLBACKEND": "Agg"}
    ended = subprocess.run(
        [sys.executable, SCRIPTS / name, *map(str, words)], env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_every_script_is_run_here():
    asked = set(re.findall(r"\brun\(\"(\w+\.py)\"", Path(__file__).read_text(encoding="utf-8")))
    assert asked == {path.name for path in SCRIPTS.glob("*.py")} - {"__init__.py"}


@pytest.mark.slow
def test_a_mesa_subclass_differs_from_the_usual_members_over_20_seeds():
    said = run("mesa_subclass.py")
    usual, welcoming = map(float, re.search(r"over 20 seeds: ([\d.]+) and ([\d.]+)", said).groups())
    gain, error = map(float, re.search(r"difference ([+-][\d.]+), standard error ([\d.]+)", said).groups())
    assert welcoming > usual
    assert abs(welcoming - usual - gain) < 0.011  # as both are rounded
    assert 0.0 < error < gain / 2.0  # seeds differ, and the difference is no chance


@pytest.mark.slow
def test_figures_for_a_paper(tmp_path):
    said = run("figures_for_a_paper.py", tmp_path, 60)
    assert said.startswith("Against connect-first, message-first ")
    assert (tmp_path / "tradeoff.pdf").read_bytes().startswith(b"%PDF")
    png = (tmp_path / "days.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert [int.from_bytes(png[at : at + 4], "big") for at in (16, 20)] == [2100, 2100]  # 7 inches at 300 dots
    rows = (tmp_path / "table.tex").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 4
    assert all(row.count(" & ") == 6 and row.endswith(r"\\") for row in rows)
    assert (tmp_path / "supplement" / "report.html").exists()


@pytest.mark.slow
def test_a_sweep_and_its_map(tmp_path):
    said = run("sweep_and_map.py", tmp_path, 60, 8)
    assert "8 points, then 16" in said
    verdicts = re.findall(r"^(better|worse|not decided|no difference that matters)\s+(\d+)$", said, re.MULTILINE)
    assert sum(int(many) for _, many in verdicts) == 8
    assert re.search(r"^reply\.connected\s+-?[\d.]+$", said, re.MULTILINE)
    (own,) = re.findall(r"^heaviest_tenth: ([\d.]+) under connect-first, ([\d.]+) under message-first$", said, re.MULTILINE)
    assert all(0.1 < float(share) < 1.0 for share in own)  # the tenth that was sent most was sent more than a tenth
    rows = (tmp_path / "sweep" / "summary.csv").read_text(encoding="utf-8").splitlines()
    assert sum(",heaviest_tenth," in row for row in rows) == 16
    assert (tmp_path / "map.pdf").read_bytes().startswith(b"%PDF")
    assert len((tmp_path / "sweep" / "points.csv").read_text(encoding="utf-8").splitlines()) == 17
