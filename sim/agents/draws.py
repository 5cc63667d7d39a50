"""The addressed draws of `sim.randomness`, compiled for calls from Python: a sixth of the time, and the same bits."""

from __future__ import annotations

from sim import randomness as rnd
from sim.jit import scalar


@scalar("uint64(uint64, int64)")
def member_bits(key: int, i: int) -> int:
    """Return 64 random bits for member `i` under `key`."""
    return rnd.member_hash(key, i)


@scalar("float64(uint64, int64)")
def member_draw(key: int, i: int) -> float:
    """Return the draw of member `i` under `key`."""
    return rnd.uniform(rnd.member_hash(key, i))


@scalar("uint64(uint64, int64, int64)")
def pair_bits(key: int, i: int, j: int) -> int:
    """Return 64 random bits for the ordered pair (i, j) under `key`."""
    return rnd.pair_hash(key, i, j)


@scalar("float64(uint64, int64, int64)")
def pair_draw(key: int, i: int, j: int) -> float:
    """Return the draw of the ordered pair (i, j) under `key`."""
    return rnd.uniform(rnd.pair_hash(key, i, j))


@scalar("int64(uint64, int64)")
def jump(h: int, n: int) -> int:
    """Return an index below `n` by jump consistent hashing."""
    return rnd.jump(h, n)
