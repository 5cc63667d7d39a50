"""Analyses of many points of the model's parameter space."""
