"""The help of `abtest` names what there is; it is typed, since to import the schemes takes longer than to show a help."""

from __future__ import annotations

import pytest
from typer.main import get_command

from experiments.abtest.metrics import CREDITS
from experiments.abtest.schemes import ESTIMATORS, SCHEMES
from experiments.cli.main import app  # with all its commands


@pytest.mark.parametrize(("option", "names"), [("by", [*SCHEMES]), ("credit", CREDITS), ("estimator", ESTIMATORS)], ids=str)
def test_help_names_all_of_them_in_their_order(option, names):
    (found,) = [one for one in get_command(app).commands["abtest"].params if one.name == option]
    assert f"{', '.join(names[:-1])} or {names[-1]}" in found.help
