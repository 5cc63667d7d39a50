"""Experiments with the model: plans, runs, statistics, figures, reports and the command line."""

from experiments import shadows

shadows.refuse("sim")  # before anything of it is asked for: a command and a worker begin here
