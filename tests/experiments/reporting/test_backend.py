"""Whatever backend of matplotlib the environment names, figures are drawn, and the user's own choice stays."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent.parent
DRAW = """
import os, sys
from pathlib import Path
before = os.environ.get("MPLBACKEND")
from experiments.reporting.style import Drawn, Figure, draw_all
assert os.environ.get("MPLBACKEND") == before
draw_all([lambda _found, screen: Drawn(screen.blank(1.0), Figure("x", "", "", ""))], None, Path(sys.argv[1]))
import matplotlib
print(matplotlib.rcParams["backend"])
"""


@pytest.mark.parametrize(
    ("named", "kept"),
    [
        ("module://matplotlib_inline.backend_inline", None),  # kept where it is installed
        ("module://anybodys.backend", "module://anybodys.backend"),
        ("nonsense", "agg"),
        (None, "agg"),
        ("svg", "svg"),
    ],
)
def test_figures_are_drawn_with_any_backend_named(named, kept, tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"} | ({"MPLBACKEND": named} if named else {})
    ended = subprocess.run(
        [sys.executable, "-c", DRAW, str(tmp_path)], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert kept in (None, ended.stdout.strip().lower())
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "x.svg").read_bytes().startswith(b"<?xml")


@pytest.mark.slow  # a command, its workers, all figures
def test_a_comparison_has_its_report_in_the_environment_of_any_notebook(tmp_path):
    words = ["compare", "--members", "60", "--warm-up", "1", "--days", "5", "--pairs", "2", "--workers", "2", "--quiet"]
    ended = subprocess.run(
        [sys.executable, "-m", "experiments.cli.main", *words, "--out", str(tmp_path / "out")],
        env={**os.environ, "MPLBACKEND": "nonsense"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "out" / "report.html").exists()


def imported_at_the_top(path):
    """Return the packages that a module imports as it is imported itself."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            yield str(node.module).split(".")[0]
        elif isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)


def test_there_is_one_door_to_matplotlib():
    doors = [path.relative_to(ROOT) for path in (ROOT / "experiments").rglob("*.py") if "matplotlib" in imported_at_the_top(path)]
    assert doors == [Path("experiments/reporting/style.py")]
