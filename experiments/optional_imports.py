"""Packages that are not installed with the rest: imported, or refused with the command that installs them."""

from __future__ import annotations

import importlib
import warnings
from typing import Any

from sim.errors import BadInput


def needs(module: str, extra: str) -> Any:
    """Return a module of an extra.

    Raises:
        BadInput: if it is not installed; says how to.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some of them complain of their own optional parts
            return importlib.import_module(module)
    except ImportError:
        package = module.partition(".")[0]
        raise BadInput(f"{package} is not installed: pip install 'firstcontact[{extra}]' installs it") from None
