"""Addressed draws: a number in (0, 1) for (seed, decision, day, member, other, count), with no stream behind it.

The same address gives the same number in any order, process or engine, so arms of an experiment run on common random numbers
wherever they do the same. Method: SplitMix64's finaliser over the address. Each function stands here twice: in plain
Python integers, and, by `overload`, in wrapping 64-bit arithmetic for compiled code. A test compares the two.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numba.extending import overload, register_jitable

# How compiled functions are made: numba gives each an entry for calls from C, which takes a sixth of the time, for nobody.
UNCALLED_FROM_C: Any = {"no_cfunc_wrapper": True}

MASK = (1 << 64) - 1
PHI = 0x9E3779B97F4A7C15
A1 = 0x3C79AC492BA7B653
A2 = 0x1C69B3F74AC4AE35
M1 = 0xBF58476D1CE4E5B9
M2 = 0x94D049BB133111EB
JUMP = 2862933555777941757

# One constant a decision. Never reuse or renumber: a number's change changes every history.
STYLE, INDUSTRY, REGION, SENIORITY, RATE, RECEPTIVE, SELECTIVE, ASSIGN, MUTE = range(1, 10)
CONTACTS, CONTACT_ROUTE, CONTACT_FRIEND, CONTACT_OF_FRIEND, CONTACT_ANY, CONTACT_RACE = range(10, 16)
TIE_AGE, TIE_CONTACT, FIT, PROMINENT = 16, 17, 18, 19
SESSION, INTENTS, PURPOSE, ROUTE, FRIEND, FRIEND_OF, INDUSTRY_PICK, ANY_PICK, RACE, OWN_PICK = range(20, 30)
BUTTON, INTRODUCE, COMPOSE, COMPOSE_REPLY, VIOLATE, HEED, OPEN, NOTE, KEEP_UP, KEEP_PICK = range(30, 40)
UPDATE, DIVISIVE, CURATE, CURATE_PICK, FILTER, UNWELCOME, VISIT, FEED, UNFOLLOW, REACT = range(40, 50)
RANK, RANK_KNOWN, REPLY, ACCEPT, CONTINUE, REPORT, OPT_SENDER, OUTCOME, SUGGEST, REPLY_NOTE = range(50, 60)
DETECT, STOP, WITHDRAW, APOLOGISE, APPEAL, LIFT, REVIEW, LEAVE, OPT_OUT, COME_UP = range(60, 70)
PUT_OFF, STAY, EMPLOYER, SCHOOL, GREET_DAY, SURFACE, GREET, QUIET, RETURN, AT_FIRST = range(70, 80)
ASSIGN_SHOWN, EGO = range(80, 82)


def mix(z: int) -> int:
    """Return SplitMix64's finaliser of `z`, a 64-bit integer."""
    z &= MASK
    z = ((z ^ (z >> 30)) * M1) & MASK
    z = ((z ^ (z >> 27)) * M2) & MASK
    return z ^ (z >> 31)


@functools.lru_cache(maxsize=4096)
def second_key(key: int) -> int:
    """Return the second part of a key, which all members share too."""
    return mix(key + PHI) | 1


def day_key(seed: int, decision: int, count: int, day: int) -> int:
    """Return the part of an address that is shared by all members: hoist it out of loops.

    `count` numbers intents and candidates; `day` is 0 or more; a seed has at most 63 bits.
    """
    address = int(decision) + 256 * int(count)
    z = mix(mix(int(seed) + PHI) ^ ((address * A1 + PHI) & MASK))
    return mix(z ^ ((int(day) * A2 + PHI) & MASK))


def member_hash(key: int, i: int) -> int:
    """Return 64 random bits for member `i` under `key`."""
    return mix(mix(int(key) + int(i) * PHI) + second_key(int(key)))


def pair_hash(key: int, i: int, j: int) -> int:
    """Return 64 random bits for the ordered pair (i, j) under `key`."""
    return mix(mix(mix(int(key) + int(i) * PHI) ^ ((int(j) * PHI) & MASK)) + int(key))


def sub_hash(h: int, k: int) -> int:
    """Return the k-th further 64 bits that belong to the address hashed in `h`."""
    return mix(int(h) + (int(k) + 1) * PHI)


def uniform(h: int) -> float:
    """Return the 52 upper bits of `h` as a number that is never 0 and never 1."""
    return ((int(h) >> 12) + 0.5) * 2.220446049250313e-16


def bell(h: int) -> float:
    """Return a number that is about standard normal, within 3.5: the sum of the four 16-bit parts of `h`, scaled.

    Sums of integers and one product are the same bits in both engines, and cost less than an inverse normal.
    """
    h = int(h)
    total = (h & 0xFFFF) + ((h >> 16) & 0xFFFF) + ((h >> 32) & 0xFFFF) + (h >> 48)
    return (total - 131070.0) * 2.6428874508786384e-05  # sqrt(3) / 65536, since a part has variance 65536**2 / 12


def quarters(h: int) -> tuple[float, float, float, float]:
    """Return the four 16-bit parts of `h` as numbers in (0, 1): enough for what only needs to vary."""
    h = int(h)
    step = 1.52587890625e-05  # 1 / 65536
    return (
        ((h & 0xFFFF) + 0.5) * step,
        ((h >> 16 & 0xFFFF) + 0.5) * step,
        ((h >> 32 & 0xFFFF) + 0.5) * step,
        ((h >> 48) + 0.5) * step,
    )


def jump(h: int, n: int) -> int:
    """Return an index below `n` by jump consistent hashing (Lamping and Veach 2014).

    When a list grows from n to n + 1 entries, 1/(n + 1) of all choices move, to the new one.
    """
    key, b, j = int(h), -1, 0
    while j < n:
        b = j
        key = (key * JUMP + 1) & MASK
        j = int((b + 1) * (2147483648.0 / ((key >> 33) + 1)))
    return b


def pick(h: int, n: int) -> int:
    """Return an index below `n`: for lists that are the same in every arm, where `jump` would only cost time."""
    return ((int(h) >> 32) * int(n)) >> 32


# The same in wrapping arithmetic: numba turns uint64 with int64 into float64, hence the casts.


@register_jitable(**UNCALLED_FROM_C)
def _u(x):
    return np.uint64(x)


@overload(mix, jit_options=UNCALLED_FROM_C)
def _mix(z):  # noqa: ARG001
    def impl(z):
        z = _u(z)
        z = (z ^ (z >> _u(30))) * _u(M1)
        z = (z ^ (z >> _u(27))) * _u(M2)
        return z ^ (z >> _u(31))

    return impl


@overload(day_key, jit_options=UNCALLED_FROM_C)
def _day_key(seed, decision, count, day):  # noqa: ARG001
    def impl(seed, decision, count, day):
        address = _u(decision) + _u(256) * _u(count)
        z = mix(mix(_u(seed) + _u(PHI)) ^ (address * _u(A1) + _u(PHI)))
        return mix(z ^ (_u(day) * _u(A2) + _u(PHI)))

    return impl


@overload(member_hash, jit_options=UNCALLED_FROM_C)
def _member_hash(key, i):  # noqa: ARG001
    def impl(key, i):
        return mix(mix(key + _u(i) * _u(PHI)) + (mix(key + _u(PHI)) | _u(1)))

    return impl


@overload(pair_hash, jit_options=UNCALLED_FROM_C)
def _pair_hash(key, i, j):  # noqa: ARG001
    def impl(key, i, j):
        return mix(mix(mix(key + _u(i) * _u(PHI)) ^ (_u(j) * _u(PHI))) + key)

    return impl


@overload(sub_hash, jit_options=UNCALLED_FROM_C)
def _sub_hash(h, k):  # noqa: ARG001
    def impl(h, k):
        return mix(h + _u(k + 1) * _u(PHI))

    return impl


@overload(uniform, jit_options=UNCALLED_FROM_C)
def _uniform(h):  # noqa: ARG001
    def impl(h):
        return (np.float64(h >> _u(12)) + 0.5) * 2.220446049250313e-16

    return impl


@overload(bell, jit_options=UNCALLED_FROM_C)
def _bell(h):  # noqa: ARG001
    def impl(h):
        low = _u(0xFFFF)
        total = (h & low) + ((h >> _u(16)) & low) + ((h >> _u(32)) & low) + (h >> _u(48))
        return (np.float64(total) - 131070.0) * 2.6428874508786384e-05

    return impl


@overload(quarters, jit_options=UNCALLED_FROM_C)
def _quarters(h):  # noqa: ARG001
    def impl(h):
        low, step = _u(0xFFFF), 1.52587890625e-05
        return (
            (np.float64(h & low) + 0.5) * step,
            (np.float64(h >> _u(16) & low) + 0.5) * step,
            (np.float64(h >> _u(32) & low) + 0.5) * step,
            (np.float64(h >> _u(48)) + 0.5) * step,
        )

    return impl


USUAL_JUMPS = 7  # enough for nine lists of fifty entries in ten


@register_jitable(**UNCALLED_FROM_C)
def _landing(b, key):
    return np.floor((b + 1.0) * (2147483648.0 / np.float64(np.int64(key >> _u(33)) + 1)))


@overload(jump, jit_options=UNCALLED_FROM_C)
def _jump(h, n):  # noqa: ARG001
    def impl(h, n):
        key = h
        # whole numbers as floats: to turn them into integers and back takes longer than the jump itself
        b, j, end = -1.0, 0.0, np.float64(n)
        # When a list will end the jumps cannot be foreseen, and a wrong guess costs a processor more than a jump: so the
        # first ones are made without asking, and count only as long as they are below n. They never go back.
        for _ in range(USUAL_JUMPS):
            b = j if j < end else b
            key = key * _u(JUMP) + _u(1)
            j = _landing(j, key)
        while j < end:
            b = j
            key = key * _u(JUMP) + _u(1)
            j = _landing(b, key)
        return np.int64(b)

    return impl


@overload(pick, jit_options=UNCALLED_FROM_C)
def _pick(h, n):  # noqa: ARG001
    def impl(h, n):
        return np.int64(((h >> _u(32)) * _u(n)) >> _u(32))

    return impl


@register_jitable(**UNCALLED_FROM_C)
def draw(seed: int, decision: int, count: int, day: int, i: int) -> float:
    """Return the draw of member `i` for (seed, decision, count, day)."""
    return uniform(member_hash(day_key(seed, decision, count, day), i))


@register_jitable(**UNCALLED_FROM_C)
def draw_pair(seed: int, decision: int, count: int, day: int, i: int, j: int) -> float:
    """Return the draw of the ordered pair (i, j) for (seed, decision, count, day)."""
    return uniform(pair_hash(day_key(seed, decision, count, day), i, j))
