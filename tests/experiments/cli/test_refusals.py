"""What the parser refuses is said as everything else is, with exit status 2, whichever of two packages the parser is from."""

from __future__ import annotations

import pytest

from experiments.cli.main import perform
from experiments.cli.refusals import refusal_of

SAID = [
    (["compare", "--pairs", "two"], "`--pairs` must be a whole number (got 'two')"),
    (["article", "--members", "x"], "`--members` must be a whole number (got 'x')"),
    (["calibration", "--members", "1.5"], "`--members` must be a whole number (got '1.5')"),
    (["sensitivity", "--budget", "long"], "`--budget` must be a number (got 'long')"),
    (["compare", "--pears", "3"], "`--pears` must be an option of compare (got an unknown one; did you mean '--pairs'?)"),
    (["compare", "-x"], "`-x` must be an option of compare (got an unknown one)"),
    (["--versio"], "`--versio` must be an option of firstcontact (got an unknown one; did you mean '--version'?)"),
    (["compare", "--pairs"], "`--pairs` must be followed by a value (got nothing)"),
    (["compare", "--json=3"], "`--json` must stand without a value"),
    (["show"], "`what` must be given"),
    (["tipping"], "`parameter` must be given"),
    (["show", "designs", "a", "b", "c"], "show must be followed by no more than it takes (got also 'b c')"),
    (["cmpare"], "firstcontact must be followed by a command (got 'cmpare'; did you mean 'compare'?)"),
    (["zzz"], "firstcontact must be followed by a command (got 'zzz')"),
]


@pytest.mark.parametrize(("arguments", "said"), SAID)
def test_what_the_parser_refuses_is_one_line_in_our_words(arguments, said, capsys):
    assert perform(arguments) == 2
    assert capsys.readouterr().err == f"firstcontact: {said}\n"


OF_CLICK = [
    (["one", "--pairs", "two"], "`--pairs` must be a whole number (got 'two')"),
    (["one", "--share", "x"], "`--share` must be a number (got 'x')"),
    (["one", "--pears", "3"], "`--pears` must be an option of one (got an unknown one; did you mean '--pairs'?)"),
    (["one", "--pairs"], "`--pairs` must be followed by a value (got nothing)"),
    (["one", "--fast=3"], "`--fast` must stand without a value"),
    (["one"], "`what` must be given"),
    (["one", "a", "b", "c"], "one must be followed by no more than it takes (got also 'b c')"),
    (["on"], "firstcontact must be followed by a command (got 'on'; did you mean 'one'?)"),
    (["one", "a", "--how", "c"], "Invalid value for '--how': 'c' is not one of 'a', 'b'."),  # its own words where we have none
]


@pytest.mark.parametrize(("arguments", "said"), OF_CLICK)
def test_the_parser_of_the_other_package_is_understood_too(arguments, said):
    click = pytest.importorskip("click")
    options = [
        click.Option(["--pairs"], type=int),
        click.Option(["--share"], type=float),
        click.Option(["--fast"], is_flag=True),
        click.Option(["--how"], type=click.Choice(["a", "b"])),
    ]
    command = click.Command("one", params=[click.Argument(["what"]), *options])
    with pytest.raises(click.ClickException) as refused:
        click.Group(commands={"one": command}).main(arguments, standalone_mode=False)
    assert refusal_of(refused.value) == said
