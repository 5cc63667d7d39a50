"""Figures: the same bytes every time."""

from __future__ import annotations

from tests.helpers.reports import drawn


def test_a_figure_has_the_same_bytes_every_time(tmp_path):
    for name in ("a", "b"):
        drawn(tmp_path / name)
    for ending in ("png", "svg"):
        assert (tmp_path / "a" / f"line.{ending}").read_bytes() == (tmp_path / "b" / f"line.{ending}").read_bytes()
