"""Sweeps: a scenario's numbers over many points."""
