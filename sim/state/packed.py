"""Bytes of a pair's row that hold several small numbers: what the approach and the last threads were, and requests to connect."""

from __future__ import annotations

from typing import Any

from sim.jit import inlined

PURPOSE, DISTANCE, ROLE = 1, 4, 16  # what a unit of each counts in a byte: two bits a number
SIDE = 4  # bits of a side's requests to connect


@inlined
def thread_of(purpose: Any, distance: Any, role: Any) -> Any:
    """Return the byte of a message that opened a thread; of an approach, whose role is known, with a role of 0."""
    return PURPOSE * purpose + DISTANCE * distance + ROLE * role


@inlined
def purpose_in(packed: Any) -> Any:
    """Return the purpose that a byte holds."""
    return packed & 3


@inlined
def distance_in(packed: Any) -> Any:
    """Return the distance that a byte holds."""
    return (packed >> 2) & 3


@inlined
def role_in(packed: Any) -> Any:
    """Return the role that a byte holds."""
    return packed >> 4


@inlined
def one_ask(side: Any) -> Any:
    """Return one request to connect of this side of a pair."""
    return 1 << (SIDE * side)


@inlined
def asks_in(packed: Any, side: Any) -> Any:
    """Return how many requests to connect of this side a byte holds."""
    return (packed >> (SIDE * side)) & 15
