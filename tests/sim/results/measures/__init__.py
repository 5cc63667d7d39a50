"""Tests of one's own measures, of their identity and of catalogues."""
