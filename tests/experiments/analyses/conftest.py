"""Runs of analyses are made in this process and nothing is drawn: either takes longer than small runs."""

from __future__ import annotations

import pytest

from tests.helpers.light import light


@pytest.fixture(autouse=True, scope="module")
def _light():
    with light():
        yield
