"""What a decision may return, where a subclass overrides it: refused in a line that names it, else used as a plain number."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.decisions.codes import Button, Code, Outcome, Purpose

if TYPE_CHECKING:
    from sim.agents.entities import Profile

PURPOSES = {int(code): int(code) for code in Purpose}
BUTTONS = {int(code): int(code) for code in Button}
NEEDS = {
    int(Button.PRESS_MESSAGE): "can_message",
    int(Button.PRESS_CONNECT): "can_connect",
    int(Button.PRESS_CONNECT_WITH_NOTE): "can_connect",
}


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


def purpose_chosen(found: Any) -> int:
    """Return the purpose that `choose_purpose` gives, as a plain code. Errors as in `decided`."""
    return _coded("choose_purpose", found, PURPOSES, Purpose)


def button_chosen(found: Any, *, can_message: bool, can_connect: bool) -> int:
    """Return the button that `choose_button` gives, as a plain code.

    Raises:
        ValueError: if it is no button, or one that cannot be pressed.
    """
    code = _coded("choose_button", found, BUTTONS, Button)
    needed = NEEDS.get(code)
    if needed is not None and not {"can_message": can_message, "can_connect": can_connect}[needed]:
        raise ValueError(f"`choose_button` must return Button.{Button(code).name} only where `{needed}` is True")
    return code


def profile_chosen(found: Any, profiles: Sequence[Profile]) -> Profile | None:
    """Return the profile that `choose_partner` gives.

    Raises:
        ValueError: if it is none of those that it was given.
    """
    if found is None or any(found is one for one in profiles):
        chosen: Profile | None = found
        return chosen
    raise ValueError(f"`choose_partner` must return one of the profiles that it was given, or None (got {found!r})")


def composed(found: Any) -> tuple[float, float, float]:
    """Return quality, length and thanks that `compose` gives.

    Raises:
        ValueError: if they are not three finite numbers, the length 0 or more.
    """
    try:
        quality, length, thanks = (float(one) for one in found)
    except (TypeError, ValueError):
        quality = length = thanks = math.nan
    if math.isfinite(quality) and math.isfinite(thanks) and 0.0 <= length < math.inf:
        return quality, length, thanks
    raise ValueError(f"`compose` must return (quality, length in characters, thanks), three numbers, the length 0 or more (got {found!r})")


def _coded(decision: str, found: Any, codes: dict[int, int], kind: type[Code]) -> int:
    try:
        return codes[found]
    except (KeyError, TypeError):
        names = ", ".join(f"{kind.__name__}.{code.name}" for code in kind)
        raise ValueError(f"`{decision}` must return one of {names} (got {found!r})") from None
