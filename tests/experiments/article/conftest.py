"""What tests of the article share: its statements, a small world, a heading that was tested."""

from __future__ import annotations

import pytest

from experiments.article.statement import load_statements
from experiments.cli import main as cli
from sim import load_scenario
from tests.experiments.article.small import TINY
from tests.helpers.light import light


@pytest.fixture(scope="package")
def statements():
    return {statement.name: statement for statement in load_statements()}


@pytest.fixture(scope="package")
def scenario():
    return load_scenario(members=150, warm_up=20, days=65)


@pytest.fixture(scope="package")
def folder(tmp_path_factory):
    """The folder of one heading, tested with tiny runs."""
    out = tmp_path_factory.mktemp("article") / "one"
    with light():
        assert cli.perform(["article", "--heading", "downsides", *TINY, "--out", str(out)]) == 0
    return out
