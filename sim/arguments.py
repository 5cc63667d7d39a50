"""What callers pass to a run from Python, checked as commands check what is typed: used as it is, or refused in one line."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import BadInput, must
from sim.scenario.fields import Section
from sim.scenario.scenario import Scenario
from sim.scenario.validation import plain_value, shown

LARGEST_SEED = 2**63 - 1


def checked_whole(value: object, name: str, rule: str, least: int, most: int | None = None) -> int:
    """Return a whole number of any type, Python's, NumPy's or pandas', as Python has it.

    Args:
        value: as the caller gave it.
        name: of the argument or option.
        rule: what it must be, in words.
        least: the smallest that may be.
        most: the largest; None sets no bound.

    Raises:
        BadInput: if it is none, or out of bounds; fractions and truth values are refused, never turned into numbers.
    """
    number = _index(value)
    if number is None or number < least or (most is not None and number > most):
        raise _refused(name, rule, value)
    return number


def checked_seed(value: object, name: str = "seed") -> int:
    """Return a seed as a whole number.

    Raises:
        BadInput: if it is no whole number from 0 to 2**63 - 1.
    """
    return checked_whole(value, name, rule="be a whole number from 0 to 2**63 - 1", least=0, most=LARGEST_SEED)


def checked_threads(value: object, name: str = "threads") -> int:
    """Return a number of threads.

    Raises:
        BadInput: if it is no whole number, or less than 1.
    """
    return checked_whole(value, name, "be a whole number from 1" if _index(value) is None else "be at least 1", 1)


def checked_truth(value: object, name: str) -> bool:
    """Return True or False.

    Raises:
        BadInput: if it is neither.
    """
    if not isinstance(value, bool | np.bool_):
        raise _refused(name, "be True or False", value)
    return bool(value)


def checked_scenario(value: object, name: str = "scenario") -> Scenario:
    """Return a scenario.

    Raises:
        BadInput: if it is none; names what makes one.
    """
    if not isinstance(value, Scenario):
        raise _refused(name, "be a Scenario, as `load_scenario` returns", value)
    return value


def checked_arms(value: object, name: str = "designs") -> Sequence[Any]:
    """Return the arms of a run, an entry each.

    Raises:
        BadInput: if it is one arm, or no list.
    """
    if isinstance(value, str | Path | Section | Scenario) or not isinstance(value, Iterable):
        raise _refused(name, "be a list of designs, an entry for each arm", value)
    return list(value)


def checked_class(value: object, base: type, name: str) -> Any:
    """Return a class.

    Raises:
        BadInput: if it is not `base` or a class made from it.
    """
    if not isinstance(value, type) or not issubclass(value, base):
        found = value.__name__ if isinstance(value, type) else shown(value)
        raise BadInput(must(name, f"be {base.__name__} or a subclass of it", found))
    return value


def dynamics_seed(rng: Any = None, seed: Any = None) -> int:
    """Return the seed of a Mesa model's draws from what Mesa passes under two names, `rng` and `seed`.

    A whole number is the seed itself. A NumPy `Generator` or `BitGenerator` gives its next 63 bits and so moves on: models
    made from one generator differ, and the same generator gives the same models. A `SeedSequence` or a list of whole numbers
    gives the first 63 bits of its `default_rng`. None, under both names, is 63 bits from the operating system.

    Raises:
        BadInput: if both are given, or for anything else.
    """
    if rng is not None and seed is not None:
        raise BadInput(must("seed", "be left out where `rng` is given: they say the same", shown(plain_value(seed))))
    name, given = ("seed", seed) if rng is None else ("rng", rng)
    listed = isinstance(given, list | tuple) and len(given) > 0 and min(-1 if _index(one) is None else one for one in given) >= 0
    if given is None or listed or isinstance(given, np.random.Generator | np.random.BitGenerator | np.random.SeedSequence):
        return int(np.random.default_rng(given).integers(2**63, dtype=np.int64))
    return checked_seed(given, name)


def _index(value: object) -> int | None:
    """Return a whole number as Python has it, or None for anything else, truth values too."""
    if isinstance(value, bool):
        return None
    try:
        return operator.index(value)  # type: ignore[arg-type]  # that is the question
    except TypeError:
        return None


def _refused(name: str, rule: str, value: object) -> BadInput:
    return BadInput(must(name, rule, shown(plain_value(value))))
