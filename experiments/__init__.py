"""Experiments with the model: plans, runs, statistics, figures, reports and the command line."""
