"""Variance-based indices (Sobol) of a noisy function, on a Gaussian process that is validated on held-out points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.optional_imports import needs

if TYPE_CHECKING:
    import pandas as pd

ACCEPTED = 0.9  # hold-out Q2 from which indices are trusted
HELD_OUT = 0.2  # share of the points
SHAPED_BY = 256  # points, the first ones, that say how far each factor reaches; the surface itself goes through all
RESTARTS = 2  # of the search for its shape
BASE = 2048  # Saltelli's sample on the surrogate
COLUMNS = ["factor", "first", "first_low", "first_high", "total", "total_low", "total_high"]


class Surrogate(NamedTuple):
    """A Gaussian process over the unit cube of the factors, and how well it predicts held-out points."""

    process: Any
    bounds: np.ndarray  # (factors, 2)
    quality: float  # Q2 on the points held out, corrected for nothing: noise counts against it
    noise: float  # variance of the noise, in the function's unit squared
    signal: float  # variance of the fitted function over the points

    @property
    def trusted(self) -> bool:
        """Tell whether indices of it mean anything."""
        return self.quality > ACCEPTED

    def mean(self, x: np.ndarray) -> np.ndarray:
        """Return the function's mean at (points, factors)."""
        return np.asarray(self.process.predict(_unit(x, self.bounds)))

    def band(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and standard error of the function, without the noise of a single run, at (points, factors)."""
        mean, spread = (np.asarray(found, float) for found in self.process.predict(_unit(x, self.bounds), return_std=True))
        return mean, np.sqrt(np.maximum(spread**2 - self.noise, 0.0))


def _unit(x: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    unit: np.ndarray = (np.asarray(x, float) - bounds[:, 0]) / (bounds[:, 1] - bounds[:, 0])
    return unit


def surrogate(x: np.ndarray, y: np.ndarray, bounds: Sequence[tuple[float, float]], seed: int) -> Surrogate:
    """Fit a Gaussian process (a length scale a factor, and white noise) and judge it on points held out.

    Args:
        x: (points, factors).
        y: (points,), each from random numbers of its own; nan is left out.
        bounds: of each factor.
        seed: of the choice of points held out, and of the restarts.
    """
    gp = needs("sklearn.gaussian_process", "sensitivity")
    one_thread = needs("threadpoolctl", "sensitivity").threadpool_limits
    kernels = needs("sklearn.gaussian_process.kernels", "sensitivity")
    edges = np.asarray(bounds, float)
    there = np.isfinite(y)
    unit, seen = _unit(x[there], edges), np.asarray(y, float)[there]

    size = unit.shape[1]
    plain = kernels.ConstantKernel(1.0, (1e-3, 1e3)) * kernels.RBF(np.ones(size), (0.05, 100.0)) + kernels.WhiteKernel(0.1, (1e-8, 1e2))

    def fitted(rows: np.ndarray, kernel: Any, restarts: int) -> Any:
        import warnings

        process = gp.GaussianProcessRegressor(kernel, normalize_y=True, n_restarts_optimizer=restarts, random_state=seed % 2**32)
        with warnings.catch_warnings(), one_thread(limits=1):  # more would wait for one another, and sum in another order
            warnings.simplefilter("ignore")  # a length scale at its bound says that a factor does nothing
            process.fit(unit[rows[:SHAPED_BY]], seen[rows[:SHAPED_BY]])
        if len(rows) <= SHAPED_BY:
            return process
        whole = gp.GaussianProcessRegressor(process.kernel_, normalize_y=True, optimizer=None)
        return whole.fit(unit[rows], seen[rows])

    order = np.random.default_rng(seed).permutation(len(seen))
    held = order[: max(2, round(HELD_OUT * len(seen)))]
    rest = np.setdiff1d(order, held)
    judged = fitted(rest, plain, RESTARTS)
    error = float(np.mean((seen[held] - judged.predict(unit[held])) ** 2))
    spread = float(np.var(seen[held]))
    quality = 1.0 - error / spread if spread > 0.0 else float("nan")
    process = fitted(np.sort(order), judged.kernel_, 0)  # its shape is known but for a few points
    scale = float(process._y_train_std)  # noqa: SLF001  (normalize_y has no public way back)
    noise = float(process.kernel_.k2.noise_level) * scale**2
    return Surrogate(process, edges, quality=quality, noise=noise, signal=float(np.var(process.predict(unit))))


def indices(model: Surrogate, names: Sequence[str], seed: int) -> pd.DataFrame:
    """Return first-order and total indices with 95% confidence intervals over the surrogate's sample, the largest total first.

    They are of the function without noise; with new random numbers at each point, noise would raise total indices to
    (V * ST + s2) / (V + s2).
    """
    import pandas as pd

    sample = needs("SALib.sample.sobol", "sensitivity").sample
    analyze = needs("SALib.analyze.sobol", "sensitivity").analyze
    problem = {"num_vars": len(names), "names": list(names), "bounds": model.bounds.tolist()}
    x = sample(problem, BASE, calc_second_order=False, seed=seed)
    found = analyze(problem, model.mean(x), calc_second_order=False, seed=seed, print_to_console=False)
    s1, st = np.asarray(found["S1"], float), np.asarray(found["ST"], float)
    h1, ht = np.asarray(found["S1_conf"], float), np.asarray(found["ST_conf"], float)
    table = pd.DataFrame(dict(zip(COLUMNS, (list(names), s1, s1 - h1, s1 + h1, st, st - ht, st + ht), strict=True)))
    return table.sort_values(["total", "factor"], ascending=[False, True], ignore_index=True)
