"""Runs that are small enough for a test."""

from __future__ import annotations

TINY = ["--members", "80", "--pairs", "2", "--workers", "1", "--quiet"]
