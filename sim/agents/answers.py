"""What a decision about an item may return, where a subclass overrides it."""

from __future__ import annotations

import warnings

from sim.decisions.codes import Outcome


def decided(decision: str, found: int, possible: tuple[int, ...]) -> int:
    """Return what a decision that may be overridden has found, as a plain code; a place in the list of what is possible is an old code."""
    if found in possible:
        return int(found)
    names = ", ".join(f"Outcome.{Outcome(code).name}" for code in possible)
    if found not in range(len(possible)):
        raise ValueError(f"`{decision}` must return one of {names} (got {found!r})")
    now = Outcome(possible[found])
    warnings.warn(f"`{decision}` must return one of {names}: {found!r} is taken for Outcome.{now.name}", DeprecationWarning, stacklevel=2)
    return int(now)
