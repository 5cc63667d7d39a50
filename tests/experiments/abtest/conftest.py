"""A question that was answered, for whoever looks at the answer."""

from __future__ import annotations

import pytest

from experiments.abtest.run import abtest
from sim import load_scenario
from tests.experiments.abtest.worlds_of import ASKED, SMALL


@pytest.fixture(scope="package")
def found(tmp_path_factory):
    return abtest(load_scenario(**SMALL), **ASKED, out=tmp_path_factory.mktemp("abtest") / "out")
