"""How compiled code is made: cached in a folder of the model's version, without reference counting."""

from __future__ import annotations

from typing import Any

import numba
from numba import config as numba_config
from numba.extending import register_jitable

from sim.version import kernel_cache_dir

config: Any = numba_config
config.CACHE_DIR = str(kernel_cache_dir())  # numba does not see an edit in another file; the version does
config.DISABLE_INTEL_SVML = True  # its exp and log differ from Python's in the last bit

# Kernels own no arrays, so nothing need be counted; counting would cost an atomic operation an array and call, which is
# twenty times the price of looking up a pair.
_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}


def kernel(function: Any) -> Any:
    """Compile a function that allocates nothing and works on arrays it is given."""
    return numba.njit(**_OPTIONS)(function)


def inlined(function: Any) -> Any:
    """Build a function into every kernel that calls it: a call would hand over each column of a graph, some 150 numbers."""
    return register_jitable(forceinline=True)(function)


def scalar(signature: str) -> Any:
    """Return a decorator that compiles a function of numbers, of these types alone, for calls from Python."""
    return numba.njit(signature, **_OPTIONS)
