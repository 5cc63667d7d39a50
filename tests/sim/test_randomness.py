"""Draws are the same in plain Python and compiled, and look like draws."""

from __future__ import annotations

import numba as nb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import randomness as rnd

SEEDS = st.integers(0, 2**63 - 1)
IDS = st.integers(0, 2**31 - 1)
DAYS = st.integers(0, 20_000)


@nb.njit
def compiled(seed, decision, count, day, i, j, n):
    key = rnd.day_key(seed, decision, count, day)
    h = rnd.member_hash(key, i)
    p = rnd.pair_hash(key, i, j)
    s = rnd.sub_hash(p, 7)
    return h, p, s, rnd.uniform(h), rnd.uniform(p), rnd.jump(h, n), rnd.pick(p, n)


@given(SEEDS, st.integers(1, 68), st.integers(0, 5000), DAYS, IDS, IDS, st.integers(1, 10_000_000))
def test_plain_and_compiled_draws_have_the_same_bits(seed, decision, count, day, i, j, n):
    key = rnd.day_key(seed, decision, count, day)
    h, p = rnd.member_hash(key, i), rnd.pair_hash(key, i, j)
    plain = (h, p, rnd.sub_hash(p, 7), rnd.uniform(h), rnd.uniform(p), rnd.jump(h, n), rnd.pick(p, n))
    assert plain == tuple(x.item() if hasattr(x, "item") else x for x in compiled(seed, decision, count, day, i, j, n))


@pytest.mark.parametrize("bits", [0, 1, 2**64 - 1, 2**63, 4095, 4096])
def test_a_uniform_is_never_zero_or_one(bits):
    assert 0.0 < rnd.uniform(bits) < 1.0


def test_draws_over_structured_addresses_are_uniform_and_unrelated():
    key = rnd.day_key(1, rnd.SESSION, 0, 3)
    u = np.array([[rnd.uniform(rnd.pair_hash(key, i, j)) for j in range(120)] for i in range(120)])
    assert stats.kstest(u.ravel(), "uniform").pvalue > 1e-4
    assert abs(np.corrcoef(u[:-1].ravel(), u[1:].ravel())[0, 1]) < 0.035
    assert abs(np.corrcoef(u.ravel(), u.T.ravel())[0, 1]) < 0.035


def test_jump_moves_a_choice_only_to_the_new_entry():
    key = rnd.day_key(5, rnd.FRIEND, 0, 9)
    hashes = [rnd.member_hash(key, i) for i in range(4000)]
    before, after = [rnd.jump(h, 50) for h in hashes], [rnd.jump(h, 51) for h in hashes]
    moved = [b for a, b in zip(before, after, strict=True) if a != b]
    assert set(moved) == {50}
    assert 0.01 < len(moved) / 4000 < 0.03


def test_no_two_decisions_share_a_constant():
    names = [
        n for n in vars(rnd) if n.isupper() and n not in {"MASK", "PHI", "A1", "A2", "M1", "M2", "JUMP", "USUAL_JUMPS", "UNCALLED_FROM_C"}
    ]
    values = [getattr(rnd, n) for n in names]
    assert len(set(values)) == len(values)
    assert max(values) < 256


def test_the_bell_is_about_standard_normal_and_the_same_compiled():
    @nb.njit
    def fill(key, out):
        for i in range(out.size):
            out[i] = rnd.bell(rnd.member_hash(key, i))

    key = rnd.day_key(5, 1, 0, 0)
    out = np.empty(20_000)
    fill(np.uint64(key), out)
    assert out[:100].tolist() == [rnd.bell(rnd.member_hash(key, i)) for i in range(100)]
    assert abs(out.mean()) < 0.03
    assert abs(out.std() - 1.0) < 0.02
