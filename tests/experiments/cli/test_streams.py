"""Standard streams that are closed, unread, full or of few characters: they cannot fail a command whose work is done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent.parent
COMMAND = f"{sys.executable} -m experiments.cli.main"
PLAIN = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def shell(line, **variables):
    """Run a line of the shell, in which {} is the command; return its status, stdout and stderr."""
    line = f"set -o pipefail; {line.replace('{}', COMMAND)}"
    ended = subprocess.run(["bash", "-c", line], cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True, check=False)
    return ended.returncode, ended.stdout, ended.stderr


@pytest.mark.parametrize(
    "line",
    [
        "{} show designs >&-",
        "{} show parameters | head -1 >/dev/null",
        "{} show designs >&- 2>&- <&-",
        "{} show designs --json >&-",
        "{} --help >&-",
    ],
)
def test_nobody_reading_is_no_failure(line):
    assert shell(line) == (0, "", "")


def test_a_refusal_is_never_written_where_the_result_belongs():
    status, out, _ = shell("{} show desings 2>&-")
    assert (status, out) == (2, "")


@pytest.mark.parametrize("variables", [{"PYTHONIOENCODING": "ascii"}, PLAIN, {"PYTHONIOENCODING": "latin-1"}])
def test_characters_that_an_encoding_lacks_are_written_as_escapes(variables, tmp_path):
    status, _, error = shell(f"{{}} check {tmp_path}/д.toml", **variables)
    assert status == 2
    assert "\\u" in error
    assert len(error.strip().splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_result_that_a_full_disk_did_not_take_is_a_failure_that_is_said_once():
    status, _, error = shell("{} show parameters >/dev/full")
    assert status == 1
    assert error == "firstcontact: failed: OSError: [Errno 28] No space left on device: 'standard output'\n"


@pytest.mark.parametrize(
    "words",
    ["run --members 60 --warm-up 1 --days 5", pytest.param("compare --members 60 --days 5 --pairs 2 --workers 1", marks=pytest.mark.slow)],
)
@pytest.mark.slow  # whole commands, twice
def test_work_whose_output_is_closed_or_plain_is_a_success_with_all_its_files(words, tmp_path):
    words = f"{words} --quiet --out {tmp_path}/out"
    assert shell(f"{{}} {words} >&- 2>&-")[0] == 0
    assert (tmp_path / "out" / "provenance.json").exists()
    status, out, _ = shell(f"{{}} {words}", **PLAIN)
    assert status == 0
    assert out.isascii()
    assert f"{tmp_path}/out" in out
