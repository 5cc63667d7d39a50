"""Several goals at once: settings that no other beats on all of them, searched by NSGA-II (Deb et al. 2002), with pymoo."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from experiments.methods.extras import needs


def search(
    evaluate: Callable[[np.ndarray], np.ndarray], bounds: Sequence[tuple[float, float]], population: int, generations: int, seed: int, start: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Return all settings that were tried, and their goals.

    Args:
        evaluate: gives (settings, goals), all to be made small, for (settings, factors).
        bounds: of each factor.
        population: settings a generation.
        generations: how many, the first included.
        seed: of the search.
        start: (some, factors) settings to begin with; the rest of the first generation is drawn.
    """
    nsga2 = needs("pymoo.algorithms.moo.nsga2", "pareto").NSGA2
    minimize = needs("pymoo.optimize", "pareto").minimize
    problem_class = needs("pymoo.core.problem", "pareto").Problem
    low, high = np.array(bounds, float).T
    tried: list[np.ndarray] = []
    goals: list[np.ndarray] = []

    class Search(problem_class):  # type: ignore[misc, valid-type]  # pymoo has no types
        def __init__(self) -> None:
            super().__init__(n_var=len(low), n_obj=2, xl=low, xu=high)

        def _evaluate(self, x: np.ndarray, out: dict[str, np.ndarray], *_: object, **__: object) -> None:
            found = evaluate(x)
            tried.append(x.copy())
            goals.append(found)
            out["F"] = np.where(np.isfinite(found), found, 1e9)

    rng = np.random.default_rng(seed)
    drawn = low + (high - low) * rng.random((max(0, population - len(start)), len(low)))
    first = np.vstack([start, drawn])[:population]
    minimize(Search(), nsga2(pop_size=population, sampling=first), ("n_gen", generations), seed=seed % 2**31, verbose=False)
    return np.vstack(tried), np.vstack(goals)


def front(goals: np.ndarray) -> np.ndarray:
    """Return which rows of (settings, goals), all to be made small, no other row beats on every goal."""
    one, other = goals[:, None, :], goals[None, :, :]
    beaten = np.all(other <= one, axis=2) & np.any(other < one, axis=2)
    return np.flatnonzero(~beaten.any(axis=1) & np.isfinite(goals).all(axis=1))
