"""A file of any content."""

from __future__ import annotations

import gzip

import pytest


@pytest.fixture
def written(tmp_path):
    def write(content, name="net.csv"):
        path = tmp_path / name
        data = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") and isinstance(content, str) else data)
        return path

    return write
