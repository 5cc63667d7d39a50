"""Another name for `sim.version`, which is not called like the function that `sim` shows."""

from __future__ import annotations

from sim.version import kernel_cache_dir, model_version

__all__ = ["kernel_cache_dir", "model_version"]
