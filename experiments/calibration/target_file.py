"""A targets file: figures that somebody has, each with its tolerance, by the names of measures."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import BadInput, must
from sim.scenario.validation import plain, shown

KEYS = ("targets", "design", "days")
LONGEST, SHORTEST = 1000, 8  # days


class Wanted(NamedTuple):
    """A figure that a run should show."""

    value: float
    tolerance: float  # half of what the figure may be off by chance in 95 of 100 cases: two standard errors


class TargetFile(NamedTuple):
    """What a targets file says."""

    targets: dict[str, Wanted]  # by the name of a measure
    design: str | None  # under which they were measured
    days: int | None  # for how long was looked


def read_target_file(path: Path) -> TargetFile:
    """Read a targets file.

    Raises:
        BadInput: naming file and key, and what would be right.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(must("", "be a targets file", error.strerror, where=path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(must("", "be TOML", plain(str(error)), where=path)) from None
    for key in told:
        if key not in KEYS:
            raise BadInput(must(plain(key), f"be one of {', '.join(KEYS)}", "an unknown key", where=path))
    targets = told.get("targets")
    if not isinstance(targets, dict) or not targets:
        raise BadInput(must("targets", "be a table such as reply_7 = { value = 0.08, tolerance = 0.01 }", shown(targets), where=path))
    design, days = told.get("design"), told.get("days")
    if design is not None and not isinstance(design, str):
        raise BadInput(must("design", "be the name of a design, or a path to a TOML file", shown(design), where=path))
    if days is not None and (not isinstance(days, int) or isinstance(days, bool) or not SHORTEST <= days <= LONGEST):
        raise BadInput(must("days", f"be a whole number of days from {SHORTEST} to {LONGEST}", shown(days), where=path))
    return TargetFile({name: _wanted(path, name, one) for name, one in targets.items()}, design, days)


def _wanted(path: Path, name: str, one: Any) -> Wanted:
    key = f"targets.{plain(name)}"
    if not isinstance(one, Mapping) or set(one) != {"value", "tolerance"}:
        raise BadInput(must(key, "be a table such as { value = 0.08, tolerance = 0.01 }", shown(one), where=path))
    value, tolerance = (_number(path, f"{key}.{part}", one[part]) for part in ("value", "tolerance"))
    if _in_per_cent(one["value"]) != _in_per_cent(one["tolerance"]):  # "8%" and 1 may mean a point, or all there is
        raise BadInput(must(key, 'have both in per cent, such as "8%" and "1%", or neither', shown(one), where=path))
    if tolerance <= 0.0:
        raise BadInput(must(f"{key}.tolerance", "be above 0", shown(one["tolerance"]), where=path))
    return Wanted(value, tolerance)


def _in_per_cent(given: Any) -> bool:
    return isinstance(given, str) and given.rstrip().endswith("%")


def _number(path: Path, key: str, given: Any) -> float:
    """Return a number, or a text such as "8%" as one."""
    try:
        if isinstance(given, bool):
            raise ValueError  # noqa: TRY004  (what it must be is said below)
        x = float(given.rstrip()[:-1]) / 100.0 if _in_per_cent(given) else float(given)
    except (TypeError, ValueError):
        x = math.nan
    if not math.isfinite(x):
        raise BadInput(must(key, 'be a number, or one in per cent such as "8%"', shown(given), where=path))
    return x


def as_toml(source: str, days: float, targets: Mapping[str, tuple[float, float, str]]) -> str:
    """Return a targets file.

    Args:
        source: of the figures, for its first line.
        days: for how long was looked.
        targets: value, tolerance and title of each, by name.
    """
    lines = [
        f"# From {plain(source)}, by `firstcontact describe`. A tolerance is half of the 95% interval.",
        '# design = "message_first"  # the design under which it was measured: say it here, or with --design',
        f"days = {min(max(round(days), SHORTEST), LONGEST)}",
        "",
        "[targets]",
        *(f"{name} = {{ value = {value:.6g}, tolerance = {half:.3g} }}  # {title}" for name, (value, half, title) in targets.items()),
    ]
    return "\n".join(lines) + "\n"
