"""Each way in which a command ends has its exit code."""

from __future__ import annotations

import pytest

from experiments.cli.exit_codes import BAD_INPUT, FAILED, INTERRUPTED
from experiments.cli.main import status_of
from sim.errors import BadInput


def ends_with(error):
    def command():
        raise error

    return command


def test_the_codes_are_those_that_scripts_rely_on():
    assert (FAILED, BAD_INPUT, INTERRUPTED) == (1, 2, 130)


def test_a_command_that_ends_well_gives_none():
    assert status_of(lambda: None) == 0


@pytest.mark.parametrize(
    ("error", "code"), [(BadInput("x"), 2), (KeyboardInterrupt(), 130), (OSError("disk full"), 1), (RuntimeError("x"), 1)]
)
def test_what_ends_a_command_has_its_code(error, code, capsys):
    assert status_of(ends_with(error)) == code
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
