"""Sweeps: a scenario's parameters at many points."""

from __future__ import annotations

from pathlib import Path

PRESETS = Path(__file__).parent / "presets"


def shipped_sweeps() -> list[str]:
    """Return the names of the sweeps that come with the package; it stands here since a command's help asks for it, and must be quick."""
    return sorted(path.stem for path in PRESETS.glob("*.toml"))
