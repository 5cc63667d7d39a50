"""What the parser refuses, said as everything else is refused; its exceptions come from one of two packages, by typer's version."""

from __future__ import annotations

import re
from typing import Any

from sim.errors import must, nearest
from sim.scenario.validation import shown

KINDS = {"integer": "a whole number", "number": "a number", "float": "a number"}  # by the parser's words, the first that it says
GIVEN = re.compile(r"^(['\"])(.*)\1 is not a valid ", re.DOTALL)  # where no cause holds the value
EXTRA = re.compile(r"unexpected extra arguments?(?:\(s\))? \((.*)\)$", re.DOTALL)
COMMAND = re.compile(r"^No such command (['\"])(.*)\1\.", re.DOTALL)


def refusal_of(error: Any) -> str:
    """Return the line for what the parser refused: in our words where they are known, else in its own."""
    told = str(error.format_message())
    kind = type(error).__name__
    if kind == "NoSuchOption":
        close = nearest(error.option_name, error.possibilities or ())
        return must(error.option_name, f"be an option of {_command(error)}", f"an unknown one{close}")
    if kind == "BadOptionUsage":
        takes_none = "does not take a value" in told
        return must(error.option_name, "stand without a value" if takes_none else "be followed by a value", "" if takes_none else "nothing")
    if kind == "MissingParameter" and error.param is not None:
        return must(_name(error.param), "be given")
    if kind == "BadParameter" and error.param is not None:
        rule = next((words for word, words in KINDS.items() if word in error.message), None)
        return told if rule is None else must(_name(error.param), f"be {rule}", _given(error))
    if found := EXTRA.search(told):
        return must("", f"be followed by no more than it takes (got also {shown(found[1])})", where=_command(error))
    if found := COMMAND.search(told):
        return must(
            "", f"be followed by a command (got {shown(found[2])}{nearest(found[2], error.ctx.command.commands)})", where="firstcontact"
        )
    return told


def _command(error: Any) -> str:
    return str(error.ctx.info_name) if error.ctx is not None and error.ctx.parent is not None else "firstcontact"


def _name(param: Any) -> str:
    """Return an option as it is typed, and an argument as help calls it."""
    return str(param.opts[-1]) if param.param_type_name == "option" else str(param.name)


def _given(error: Any) -> str:
    """Return the value that was refused, or nothing if the parser keeps it to itself."""
    cause = error.__cause__
    if hasattr(cause, "errors"):
        return shown(cause.errors()[0]["input"])
    found = GIVEN.search(error.message)
    return "" if found is None else shown(found[2])
