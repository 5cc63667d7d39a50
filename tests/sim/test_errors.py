"""The line that refuses a value, and the known name that is nearest."""

from __future__ import annotations

import pytest

from sim.errors import BadInput, must, nearest


@pytest.mark.parametrize(
    ("arguments", "where", "line"),
    [
        (("--threads", "be at least 1", 0), "", "`--threads` must be at least 1 (got 0)"),
        (("--threads", "be at least 1"), "", "`--threads` must be at least 1"),
        (("line 3", "be TOML", "[["), "a.toml", "a.toml: line 3 must be TOML (got [[)"),
        (("", "be a readable file", "a folder"), "a.toml", "a.toml must be a readable file (got a folder)"),
        (("reply.base", "be a number", "'x'"), "a.toml", "a.toml: `reply.base` must be a number (got 'x')"),
    ],
)
def test_a_line_says_what_must_be_and_what_was_there(arguments, where, line):
    assert must(*arguments, where=where) == line


def test_the_nearest_name_is_asked_for_if_one_is_near():
    assert nearest("repply.base", ["reply.base", "feed.length"]) == "; did you mean 'reply.base'?"
    assert nearest("zzz", ["reply.base"]) == ""
    assert nearest("x", []) == ""


def test_bad_input_is_a_value_error_of_one_line():
    assert isinstance(BadInput("no"), ValueError)
