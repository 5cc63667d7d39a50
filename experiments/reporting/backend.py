"""How matplotlib is loaded: to draw into files, whatever a notebook or a shell has named in MPLBACKEND."""

from __future__ import annotations

import importlib
import os
import sys
from contextlib import suppress

VARIABLE = "MPLBACKEND"


def load_matplotlib() -> None:
    """Import matplotlib with Agg, which draws into files.

    Every notebook names a backend of its own in the environment, which an installation beside it may lack; matplotlib could not
    even be imported then. A backend that is known stays the one of later windows; if none is named, matplotlib chooses.
    """
    if "matplotlib" in sys.modules:
        return
    named = os.environ.get(VARIABLE)
    if not named:  # matplotlib then takes what there is when a window is asked for, which we never do
        importlib.import_module("matplotlib")
        return
    os.environ[VARIABLE] = "Agg"
    try:
        import matplotlib as mpl
    finally:
        os.environ[VARIABLE] = named
    with suppress(ValueError):
        mpl.rcParams["backend"] = named
