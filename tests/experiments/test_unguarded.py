"""A script that calls us without a guard: one line that shows the guard, no worker after worker; with it, it runs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

QUESTION = "fc.compare(members=60, warm_up=1, days=5, pairs=2, workers={workers}, quiet=True)"
SCRIPT = """
import firstcontact as fc

with open("begun.txt", "a") as file:
    file.write(__name__ + "\\n")
{guard}    found = {question}
{end}"""
PATIENCE = 300


def run(tmp_path, guard, workers):
    end = '    print("pairs:", found.pairs)\n'
    script = tmp_path / "mine.py"
    script.write_text(SCRIPT.format(guard=guard, question=QUESTION.format(workers=workers), end=end), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"TMPDIR": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "mine.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    return ended, (tmp_path / "begun.txt").read_text(encoding="utf-8").split()


@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_without_a_guard_one_line_shows_it_and_that_is_all(workers, tmp_path):
    ended, begun = run(tmp_path, "if True:\n", workers)
    assert ended.returncode == 1
    assert ended.stdout == ""
    lines = ended.stderr.strip().splitlines()
    guard = 'call this below `if __name__ == "__main__":`, since each worker process imports the script again'
    assert lines[-1] == f"sim.errors.BadInput: {tmp_path / 'mine.py'} must {guard}"
    assert ended.stderr.count("Traceback") == 1  # workers are silent
    assert begun.count("__main__") == 1
    assert 1 <= begun.count("__mp_main__") <= workers  # none is started anew
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("firstcontact-runs")] == []


@pytest.mark.slow  # `tests/scripts` have one, too
def test_with_a_guard_it_runs(tmp_path):
    ended, begun = run(tmp_path, 'if __name__ == "__main__":\n', 1)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == "pairs: 2\n"
    assert ended.stderr == ""
    assert sorted(begun) == ["__main__", "__mp_main__"]
