"""What an extra brings is asked for in words where it is missing."""

from __future__ import annotations

import pytest

from experiments.optional_imports import needs
from sim.errors import BadInput


def test_a_missing_package_is_named_with_what_installs_it():
    with pytest.raises(BadInput, match=r"nowhere is not installed: pip install 'firstcontact\[regions\]'"):
        needs("nowhere.at.all", "regions")
