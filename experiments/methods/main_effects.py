"""First-order indices from any even sample of a box: an additive polynomial chaos expansion, corrected for chance.

Each number's own effect is a short series of Legendre polynomials, which are orthogonal under an even distribution, so that an index is the sum of a
number's squared coefficients over the variance (Sudret 2008). All coefficients are found at once by least squares: what two numbers share by the chance
of the sample is not counted twice. Squares of noisy coefficients are too large by their variance, which is taken off.

Random balance designs (Tarantola et al. 2006), which sort the sample by one number and look for slow waves, are not used: the columns of a Sobol
sequence, sorted by another, have slow waves of their own, so that a number that does nothing gets an index of a third.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

DEGREE = 2  # of the polynomials: a slope and a bend
SHUFFLES = 20
LEAST_SPREAD = 1e-9  # of a polynomial that says something
ROWS_A_TERM = 2  # draws that a term needs at least; with fewer the bend is left out, then nothing can be said


def first_order(unit: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the first-order index of each column of y by each number: (columns, numbers), unbiased, so that some lie below zero.

    Args:
        unit: (draws, numbers) from 0 to 1, even over the box.
        y: (draws, columns) what was seen, with or without noise: noise counts as variance; a column that never varies has indices of 0.

    Raises:
        ValueError: if there are too few draws for as many numbers.
    """
    return _indices(_series(unit), y)


def by_chance(unit: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> float:
    """Return the index that the largest over all columns and numbers exceeds in one of twenty cases if no number has an effect: rows of y are shuffled.

    Arguments and errors as of `first_order`; `rng` shuffles.
    """
    series = _series(unit)
    return float(np.quantile([_indices(series, y[rng.permutation(len(y))]).max() for _ in range(SHUFFLES)], 0.95))


class _Series(NamedTuple):
    """A constant and each number's polynomials of mean 0 and variance 1."""

    terms: np.ndarray  # (draws, 1 + degree * numbers)
    inverse: np.ndarray  # (terms, draws) that gives their coefficients by least squares
    numbers: int


def _series(unit: np.ndarray) -> _Series:
    draws, numbers = unit.shape
    degree = next((k for k in range(DEGREE, 0, -1) if draws >= ROWS_A_TERM * (1 + k * numbers)), 0)
    if not degree:
        raise ValueError(f"{draws} draws are too few for {numbers} numbers")
    values = np.polynomial.legendre.legvander(2.0 * unit - 1.0, degree)[:, :, 1:].reshape(draws, -1)
    # that of an even distribution; of whole numbers another, and of two of them none for the bend, which says nothing then
    spread = values.std(axis=0)
    scaled = np.divide(values - values.mean(axis=0), spread, out=np.zeros_like(values), where=spread > LEAST_SPREAD)
    terms = np.column_stack([np.ones(draws), scaled])
    return _Series(terms, np.linalg.pinv(terms), numbers)


def _indices(of: _Series, y: np.ndarray) -> np.ndarray:
    found = of.inverse @ y
    left = ((y - of.terms @ found) ** 2).sum(axis=0) / (len(y) - of.terms.shape[1])
    doubt = (of.inverse**2).sum(axis=1)[:, None] * left  # variance of each coefficient
    squares = (found**2 - doubt)[1:].reshape(of.numbers, -1, y.shape[1]).sum(axis=1)
    total = y.var(axis=0)
    indices: np.ndarray = np.divide(squares, total, out=np.zeros_like(squares), where=total > 0.0).T
    return indices
