"""What size adds to figures: found from draws at both sizes, told apart from the noise of their runs."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.methods.size_shift import FEWEST, shift_of

pytest.importorskip("sklearn")


def drawn(noise, both=100, draws=400):
    """Return numbers, and figures in small and large runs: size adds 2, then 1 times the first number, then nothing."""
    rng = np.random.default_rng(1)
    unit = rng.random((draws, 4))
    clean = rng.normal(size=(both, 3))
    more = np.column_stack([np.full(draws, 2.0), unit[:, 0], np.zeros(draws)])
    return unit, clean + noise * rng.normal(size=(both, 3)), clean + more[:both] + noise * rng.normal(size=(both, 3)), more


def test_without_noise_it_is_what_size_adds():
    unit, small, large, more = drawn(0.0)
    found = shift_of(unit, small, large)
    assert found.added == pytest.approx(more, abs=1e-3)
    assert found.mean == pytest.approx(more[:100].mean(axis=0))


def test_noise_is_averaged_over_and_not_taken_for_something_that_goes_with_the_numbers():
    unit, small, large, more = drawn(0.5)
    found = shift_of(unit, small, large)
    assert np.abs(found.added - more).mean() < 0.12  # the error of a mean of a hundred differences is .07
    assert found.added[:, [0, 2]].std(axis=0).max() < 0.2


def test_what_too_few_draws_show_at_both_sizes_is_unknown():
    unit, small, large, _ = drawn(0.1)
    small[FEWEST - 1 :, 0] = np.nan
    large[FEWEST:, 1] = np.nan
    found = shift_of(unit, small, large)
    assert np.isnan(found.added[:, 0]).all()
    assert np.isfinite(found.added[:, 1:]).all()
