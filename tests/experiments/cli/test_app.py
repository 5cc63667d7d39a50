"""Commands are declared in a file each, found by listing; a dataclass of options stands for the options that are its fields."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

import experiments.cli
from experiments.cli import app as commands
from experiments.cli import main
from experiments.runs.processes import processes
from sim.errors import BadInput

FILES = sorted(Path(experiments.cli.__file__).parent.glob("*.py"))


@dataclass(frozen=True)
class Common:
    quiet: Annotated[bool, typer.Option("--quiet")] = False
    size: Annotated[int, typer.Option(help="How large.")] = 3


@pytest.fixture
def app(monkeypatch):
    fresh = typer.Typer()
    fresh.command("other")(lambda: None)  # a single command would have no name
    monkeypatch.setattr(commands, "app", fresh)
    return fresh


def test_each_file_that_declares_a_command_is_a_command_of_its_name():
    declaring = {path.stem for path in FILES if "\n@command(" in path.read_text(encoding="utf-8")}
    assert {one.callback.__name__ for one in commands.app.registered_commands} == declaring
    assert declaring >= {"compare", "run", "sweep", "show", "new", "check"}


def loaded():
    return set(sys.modules)


def test_a_worker_loads_no_command():
    """Each imports the file that the command line is begun with, as it imports this one."""
    with processes(1) as pool:
        names = pool.submit(loaded).result()
    assert main.__name__ in names
    assert not {f"experiments.cli.{command}" for command in ("compare", "run", "sweep")} & names


def test_commands_are_listed_by_their_places():
    places = [one.callback.place for one in commands.app.registered_commands]
    assert places == sorted(places)


def test_a_group_of_options_is_parsed_once(app):
    seen = []

    @commands.command(1, "program one")
    def one(*, name: Annotated[str, typer.Argument()], common: Common, last: int = 0) -> None:
        seen.append((name, common, last))

    assert CliRunner().invoke(app, ["one", "it", "--size", "5", "--quiet", "--last", "2"]).exit_code == 0
    assert CliRunner().invoke(app, ["one", "it"]).exit_code == 0
    assert seen == [("it", Common(quiet=True, size=5), 2), ("it", Common(), 0)]


def test_what_a_group_takes_is_in_help(app):
    @commands.command(1, "program one", "program one --quiet")
    def one(*, common: Common) -> None:
        """Do one thing."""

    told = CliRunner().invoke(app, ["one", "--help"]).output
    for word in ("Do one thing.", "--quiet", "--size", "How large.", "program one | program one --quiet"):
        assert word in told


def test_options_that_take_several_values_are_known_from_the_commands():
    assert main.spread_values(["compare", "--arms", "a", "b", "--pairs", "2"]) == ["compare", "--arms", "a", "--arms", "b", "--pairs", "2"]
    assert main.spread_values(["sensitivity", "--parameters", "x", "y"]) == ["sensitivity", "--parameters", "x", "--parameters", "y"]
    assert main.spread_values(["tipping", "x", "--range", "-5", "0"]) == ["tipping", "x", "--range", "-5", "0"]


@pytest.mark.parametrize("command", ["compare", "run", "sweep"])
def test_threads_are_checked_in_one_place(command, capsys):
    assert main.perform([command, "--threads", "0"]) == 2
    assert "`--threads` must be at least 1 (got 0)" in capsys.readouterr().err


def test_bad_values_are_refused():
    from experiments.arguments import checked_seed, checked_threads

    for check, value in ((checked_threads, 0), (checked_seed, -1), (checked_seed, 2**63)):
        with pytest.raises(BadInput):
            check(value)
    assert (checked_threads(1), checked_seed(0), checked_seed(2**63 - 1)) == (1, 0, 2**63 - 1)


def test_an_end_of_input_inside_a_command_is_a_failure_and_never_ctrl_d(monkeypatch, capsys):
    """The parser takes EOFError, which damaged files raise too, for Ctrl-D at a question: there are no questions."""
    import experiments.single_run.run  # noqa: F401  (what takes the name on import must take the right one, for the tests that follow)
    from sim.scenario import scenario

    def cut(*_, **__):
        raise EOFError("Ran out of input")

    monkeypatch.setattr(scenario, "load_scenario", cut)
    assert main.perform(["run", "--out", "never"]) == 1
    assert (
        capsys.readouterr().err == "firstcontact: failed: RuntimeError: EOFError: Ran out of input; FIRSTCONTACT_TRACEBACK=1 shows where\n"
    )
