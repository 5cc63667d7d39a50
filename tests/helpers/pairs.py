"""What tests of paired statistics share: synthetic pairs, and the figures of one row."""

from __future__ import annotations

from experiments.methods import paired as stat


def paired(rng, pairs, shift=0.3, shared=1.0, own=0.5, level=5.0):
    common = rng.normal(0.0, shared, pairs)
    return level + common + shift + rng.normal(0.0, own, pairs), level + common + rng.normal(0.0, own, pairs)


def ratio(y1, y0):
    return stat.ratios_of_means(y1[None, :], y0[None, :])[0]


def gain(y1, y0):
    return stat.pairing_gains(y1[None, :], y0[None, :])[0]
