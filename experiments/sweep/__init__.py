"""Sweeps: a scenario's parameters at many points."""
