"""Files that the tests of scenarios write."""

from __future__ import annotations

import pytest


@pytest.fixture
def write(tmp_path):
    """Write a file into an empty folder and return its path."""

    def to(text, name="mine.toml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return to
