"""Runs of analyses are few, made in this process, and nothing is drawn: each takes longer than small runs."""

from __future__ import annotations

import pytest

from tests.helpers.light import ask_little, light


@pytest.fixture(autouse=True, scope="module")
def _light():
    with light(), pytest.MonkeyPatch.context() as patch:
        ask_little(patch)
        yield
