"""Multi-objective search for non-dominated settings by NSGA-II (Deb et al. 2002), with pymoo."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from experiments.optional_imports import needs

WORST = 1e9  # of a setting that failed: beyond any goal, and finite


class Search:
    """A search that is advanced by the generation, so that the caller can end it when time is up.

    Args:
        evaluate: gives (settings, goals), all to be made small, for (settings, factors); nan where a setting failed.
        bounds: of each factor.
        population: settings a generation.
        seed: of the search: the same generations for the same seed, however many there are.
        start: (some, factors) settings to begin with; the rest of the first generation is drawn.
    """

    def __init__(
        self,
        evaluate: Callable[[np.ndarray], np.ndarray],
        bounds: Sequence[tuple[float, float]],
        population: int,
        seed: int,
        start: np.ndarray,
    ) -> None:
        nsga2 = needs("pymoo.algorithms.moo.nsga2", "pareto").NSGA2
        problem = needs("pymoo.core.problem", "pareto").Problem
        endless = needs("pymoo.core.termination", "pareto").NoTermination
        low, high = np.array(bounds, float).T
        drawn = low + (high - low) * np.random.default_rng(seed).random((max(0, population - len(start)), len(low)))
        self.evaluate = evaluate
        self._x: list[np.ndarray] = []
        self._goals: list[np.ndarray] = []
        self._algorithm = nsga2(pop_size=population, sampling=np.vstack([start, drawn])[:population])
        self._algorithm.setup(problem(n_var=len(low), n_obj=2, xl=low, xu=high), termination=endless(), seed=seed % 2**31, verbose=False)

    def step(self) -> None:
        """Do one generation."""
        asked = self._algorithm.ask()
        x = np.array(asked.get("X"), float)
        found = self.evaluate(x)
        self._x.append(x)
        self._goals.append(found)
        asked.set("F", np.where(np.isfinite(found), found, WORST))
        asked.apply(lambda one: one.evaluated.update(("F", "G", "H")))
        self._algorithm.tell(infills=asked)

    @property
    def tried(self) -> tuple[np.ndarray, np.ndarray]:
        """Return all settings that were tried, and their goals."""
        return np.vstack(self._x), np.vstack(self._goals)


def front(goals: np.ndarray) -> np.ndarray:
    """Return which rows of (settings, goals), all to be made small, no other row beats on every goal."""
    one, other = goals[:, None, :], goals[None, :, :]
    beaten = np.all(other <= one, axis=2) & np.any(other < one, axis=2)
    return np.flatnonzero(~beaten.any(axis=1) & np.isfinite(goals).all(axis=1))
