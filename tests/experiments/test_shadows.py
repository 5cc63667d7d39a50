"""A file or folder of somebody's own that has the name of one of our packages is named in one line: in a script, a worker, a command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from experiments import shadows

ROOT = Path(__file__).parent.parent.parent
COMPARE = "import firstcontact as fc\n{more}\nif __name__ == '__main__':\n    fc.compare(members=60, warm_up=1, days=5, pairs=2, workers=1, quiet=True)\n"
PATIENCE = 120


def made(folder, what):
    """Make a file or folder of this name, as people have them; return what must be named."""
    path = folder / what
    path.parent.mkdir(parents=True, exist_ok=True)
    if what.endswith("/"):
        path.mkdir()
        (path / "notes.txt").write_text("mine", encoding="utf-8")
    else:
        path.write_text("print('mine is run')\n", encoding="utf-8")
    return str(path)


def run(folder, *words, **variables):
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONSAFEPATH")} | variables
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def last_line(ended):
    return ended.stderr.strip().splitlines()[-1]


CULPRITS = ["sim.py", "experiments.py", "sim/", "experiments/", "sim/__init__.py", "experiments/__init__.py"]


@pytest.mark.parametrize("what", CULPRITS)
def test_beside_a_script_it_is_named_and_not_run(what, tmp_path):
    culprit = made(tmp_path, what).rstrip("/")
    (tmp_path / "mine.py").write_text(COMPARE.format(more=""), encoding="utf-8")
    ended = run(tmp_path, "mine.py")
    assert ended.returncode == 1
    name = re.split(r"[./]", what)[0]
    assert last_line(ended) == f"ImportError: {culprit} must have another name or place: it hides the package `{name}` of First Contact"
    assert "mine is run" not in ended.stdout


@pytest.mark.parametrize("what", ["sim.py", "experiments/"])
def test_a_command_names_it_too(what, tmp_path):
    culprit = made(tmp_path, what).rstrip("/")
    ended = run(tmp_path, "-m", "firstcontact", "--version")
    assert ended.returncode == 1
    assert last_line(ended).startswith(f"ImportError: {culprit} must have another name")


@pytest.mark.parametrize("what", ["sim.py", pytest.param("experiments/__init__.py", marks=pytest.mark.slow)])
def test_where_only_workers_would_find_it_it_is_named_before_they_start(what, tmp_path):
    culprit = made(tmp_path / "helpers", what)
    (tmp_path / "mine.py").write_text(COMPARE.format(more="import sys\nsys.path.insert(0, 'helpers')"), encoding="utf-8")
    ended = run(tmp_path, "mine.py")
    assert ended.returncode == 1
    assert last_line(ended).startswith(f"ImportError: {culprit} must have another name or place: it hides the")
    assert ended.stderr.count("Traceback") == 1  # no worker has left one of its own


def test_ours_are_found_wherever_they_are():
    assert shadows.hiding("sim") is None
    assert shadows.hiding("experiments") is None
    shadows.refuse("sim", "experiments")
    assert {name for name, file in shadows.MARKS.items() if (ROOT / name / file).is_file()} == set(shadows.MARKS)


def test_it_is_looked_for_as_by_a_new_process(tmp_path, monkeypatch):
    made(tmp_path, "sim.py")
    monkeypatch.syspath_prepend(tmp_path)
    assert sim.__name__ in sys.modules
    assert shadows.hiding("sim") == str(tmp_path / "sim.py")
    with pytest.raises(ImportError, match="it hides the package `sim`"):
        shadows.refuse("experiments", "sim")
