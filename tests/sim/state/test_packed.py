"""Bytes that hold several numbers: each is found again, and touches no other."""

from __future__ import annotations

import itertools

from sim.decisions.codes import Distance, Purpose, Role
from sim.decisions.constants import MOST_ASKS
from sim.state.packed import asks_in, distance_in, one_ask, purpose_in, role_in, thread_of


def test_a_byte_holds_a_purpose_a_distance_and_a_role():
    assert thread_of(2, 3, 1) == 2 + 12 + 16
    for purpose, distance, role in itertools.product(Purpose, Distance, Role):
        packed = thread_of(purpose, distance, role)
        assert 0 <= packed < 256
        assert (purpose_in(packed), distance_in(packed), role_in(packed)) == (purpose, distance, role)


def test_a_byte_holds_the_most_requests_of_both_sides():
    packed = MOST_ASKS * one_ask(0) + 3 * one_ask(1)
    assert (asks_in(packed, 0), asks_in(packed, 1)) == (15, 3)
    assert MOST_ASKS * (one_ask(0) + one_ask(1)) == 255
