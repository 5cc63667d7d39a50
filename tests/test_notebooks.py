"""In a notebook: the tutorial runs from top to bottom, results show themselves, progress is a line below the cell."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest

import experiments

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")

HOME = Path(experiments.__file__).parent
TUTORIAL = HOME / "tutorial.ipynb"
PATIENCE = 300
FEW = """
import firstcontact as fc
found = fc.compare(members=60, warm_up=1, days=5, pairs=2, workers=1)
"""


def executed(notebook, folder):
    """Run a notebook in a folder as its readers do, in a kernel of its own, and return it with what it shows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONPATH", raising=False)
        patch.delenv("MPLBACKEND", raising=False)  # the kernel has its own
        patch.setenv("PYTHONWARNINGS", "")
        client = nbclient.NotebookClient(notebook, timeout=PATIENCE, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
        return client.execute()


def shown(cell, kind):
    return [output["data"][kind] for output in cell.outputs if kind in output.get("data", {})]


def said(cell):
    return "".join(output["text"] for output in cell.outputs if output.output_type == "stream")


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """Return a small notebook that was run: a question, its result, a figure, a refusal."""
    code = nbformat.v4.new_code_cell
    cells = [code(FEW), code("found"), code('found.plot("days");')]
    cells.append(code("try:\n    fc.compare(pairs=1)\nexcept fc.BadInput as error:\n    print(error)"))
    return executed(nbformat.v4.new_notebook(cells=cells), tmp_path_factory.mktemp("notebook"))


def test_progress_is_a_line_below_the_cell_and_nothing_else_is(notebook):
    cell = notebook.cells[0]
    assert any(line.startswith("pairs: 2 of 2 in ") for line in shown(cell, "text/plain")), cell.outputs
    assert said(cell) == ""


def test_a_result_shows_its_answer_and_a_table(notebook):
    (page,) = shown(notebook.cells[1], "text/html")
    assert "What does message-first change against connect-first?" in page
    assert "<table>" in page


def test_a_figure_is_shown(notebook):
    assert len(shown(notebook.cells[2], "image/png")) == 1


def test_a_refusal_names_the_argument(notebook):
    assert said(notebook.cells[3]) == "`pairs` must be at least 2 for intervals (got 1)\n"


def test_the_tutorial_holds_no_output_and_shows_no_private_name():
    notebook = json.loads(TUTORIAL.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(code) > 10
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert re.findall(r"\._[a-z]\w*", "\n".join("".join(cell["source"]) for cell in code)) == []


@pytest.mark.slow
def test_the_tutorial_runs_in_two_minutes(tmp_path):
    notebook = nbformat.read(TUTORIAL, as_version=4)
    started = time.monotonic()
    ran = executed(notebook, tmp_path)
    took = time.monotonic() - started
    assert [output for cell in ran.cells for output in cell.get("outputs", []) if output.output_type == "error"] == []
    pictures = sum(len(shown(cell, "image/png")) for cell in ran.cells if cell.cell_type == "code")
    assert pictures == 3
    assert list(tmp_path.iterdir()) == []
    assert took < 120 * float(os.environ.get("SLOW_MACHINE", "1"))
