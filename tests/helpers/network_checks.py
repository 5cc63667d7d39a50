"""What every network that was read has, and every refusal of one."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import BadInput
from sim.population.networks.graphs import ATTRIBUTES
from sim.population.networks.read import read_network


def refusal(path, **told):
    """Return the text of the refusal, which names the file, stands in one line and says what would be right."""
    with pytest.raises(BadInput) as caught:
        read_network(path, **told)
    text = str(caught.value)
    assert text.startswith((f"{path}: ", f"{path} must "))
    assert "\n" not in text
    assert " must " in text.removeprefix(str(path))
    return text


def named_ties(source):
    return {frozenset((source.labels[a], source.labels[b])) for a, b in source.ties.tolist()}


def check_form(source):
    n, m = len(source.labels), len(source.ties)
    assert len(set(source.labels)) == n
    assert source.ties.shape == (m, 2)
    assert (source.ties.dtype, source.exchanges.dtype) == (np.int32, np.int32)
    assert (source.ties[:, 0] < source.ties[:, 1]).all()
    rows = [tuple(pair) for pair in source.ties.tolist()]
    assert rows == sorted(set(rows))
    assert not m or (source.ties.min() >= 0 and source.ties.max() < n)
    assert len(source.tie_age) == len(source.last_contact) == len(source.exchanges) == m
    assert len(source.member_age) == n
    for days in (source.tie_age, source.last_contact, source.member_age):
        assert days.dtype == np.float64
        assert (np.isnan(days) | ((days >= 0) & np.isfinite(days))).all()
    assert ((source.exchanges >= 0) & (source.exchanges <= 1000)).all()
    assert all(len(values) == n and name in ATTRIBUTES for name, values in source.attributes.items())
    assert len(source.digest) == 64
