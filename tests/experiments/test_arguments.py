"""Arguments of what people call from Python: checked as options are, and named as the caller wrote them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.arguments import (
    asked,
    checked_seed,
    checked_threads,
    minutes_of,
    name_arguments,
    naming_options,
    path_of,
    scenario_of,
    spoken,
    whole,
)
from sim import load_scenario
from sim.errors import BadInput, must


@asked
def refuses(text):
    raise BadInput(text)


@pytest.mark.parametrize(
    ("option", "argument"),
    [
        ("`--max-pairs` must be at least 2 (got 1)", "`max_pairs` must be at least 2 (got 1)"),
        ("`--range` must be given, such as --range 300 3000", "`limits` must be given, such as limits 300 3000"),
        ("it ends (--until precise)", "it ends (until precise)"),
        ("so: `firstcontact sweep --resume o` writes them", "so: `firstcontact sweep --resume o` writes them"),
        ("a--b.toml, c-d and - are no options", "a--b.toml, c-d and - are no options"),
    ],
)
def test_what_is_refused_is_named_by_its_argument_and_on_the_command_line_by_its_option(option, argument):
    with pytest.raises(BadInput) as from_python:
        refuses(option)
    assert str(from_python.value) == argument
    with naming_options(), pytest.raises(BadInput) as from_command:
        refuses(option)
    assert str(from_command.value) == option
    with pytest.raises(BadInput) as again:  # the naming of options has ended
        refuses(option)
    assert str(again.value) == argument
    assert spoken([option]) == [argument]
    with naming_options():
        assert spoken([option]) == [option]


def test_an_argument_may_be_called_otherwise():
    error = BadInput(must("--out", "be a folder", "x"))
    name_arguments(error, out="folder")
    assert str(error) == "`folder` must be a folder (got x)"


def test_the_line_of_a_refusal_is_what_is_seen_and_not_where_inside_it_was_found():
    with pytest.raises(BadInput) as found:
        refuses("x")
    assert [entry.name for entry in found.traceback][-1] == "called"
    assert found.value.__cause__ is None
    assert found.value.__suppress_context__


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3), pd.Series([3])[0]])
def test_whole_numbers_of_any_type_are_taken(value):
    found = whole("--pairs", value, "be so", 2)
    assert found == 3
    assert type(found) is int


@pytest.mark.parametrize("value", [1, 6, 2.5, 3.0, "3", None, True, np.float64(3.0), [3]])
def test_what_is_no_whole_number_within_its_limits_is_refused(value):
    with pytest.raises(BadInput, match=r"`--pairs` must be so \(got "):
        whole("--pairs", value, "be so", 2, 5)


def test_seeds_and_threads_have_their_limits():
    assert (checked_threads(1), checked_seed(0), checked_seed(2**63 - 1)) == (1, 0, 2**63 - 1)
    for check, value in ((checked_threads, 0), (checked_seed, -1), (checked_seed, 2**63), (checked_seed, 0.3), (checked_seed, "1")):
        with pytest.raises(BadInput):
            check(value)


def test_a_scenario_is_taken_as_it_is_and_a_name_gets_the_usual():
    own = load_scenario(members=77)
    usual = {"members": 55, "days": 44}
    assert scenario_of(own, {"members": None}, usual) is own
    assert scenario_of(own, {"members": 66}, usual).members == 66
    found = scenario_of("neutral", {"members": 66, "days": None}, usual)
    assert (found.name, found.members, found.days) == ("neutral", 66, 44)
    assert scenario_of("baseline", {}) == load_scenario()
    with pytest.raises(BadInput, match="an object of type int"):
        scenario_of(3, {})


@pytest.mark.parametrize(
    ("given", "told"), [(0, "0.0"), (-3.0, "-3.0"), (float("inf"), "inf"), (float("nan"), "nan"), ("2", "'2'"), (True, "True")]
)
def test_a_budget_is_minutes_above_0(given, told):
    assert minutes_of(2) == 2.0
    with pytest.raises(BadInput, match=f"`--budget` must be minutes above 0 \\(got {told}\\)"):
        minutes_of(given)


def test_a_path_is_a_path(tmp_path):
    assert path_of("--out", None) is None
    assert path_of("--out", str(tmp_path)) == path_of("--out", tmp_path) == tmp_path
    with pytest.raises(BadInput, match=r"`--out` must be a path \(got 3\)"):
        path_of("--out", 3)
