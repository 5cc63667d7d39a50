"""What differs between two scenarios, value by value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def changed_from(base: Mapping[str, Any], other: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return (dotted key, value in `other`, value in `base`) of every value that differs; a whole style or design that only one has is one.

    Args:
        base: the table of one scenario, as `Scenario.table` returns it.
        other: that of the other.
    """
    one, two = _flat(base), _flat(other)
    rows: dict[str, tuple[str, Any, Any]] = {}
    for key in [*two, *(key for key in one if key not in two)]:
        if key == "name" or (key in one and key in two and one[key] == two[key]):
            continue
        parts = key.split(".")
        entry = ".".join(parts[:2])
        apart = len(parts) == 3 and not all(any(k.startswith(f"{entry}.") for k in flat) for flat in (one, two))
        if apart:
            rows[entry] = (entry, "its own" if key in two else "none", "its own" if key in one else "none")
        else:
            rows[key] = (key, two.get(key, "none"), one.get(key, "none"))
    return list(rows.values())


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the values of nested tables by dotted key."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        found |= _flat(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {prefix + key: value}
    return found
