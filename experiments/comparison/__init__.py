"""Paired comparison of treatments with a control, with common random numbers."""
