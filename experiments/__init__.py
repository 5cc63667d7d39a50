"""Experiments with the model: plans, runs, statistics, figures, reports and the command line."""

from experiments import shadows

shadows.refuse("sim")  # before anything of it is asked for: a command and a worker begin here
import sim  # noqa: E402, F401  (little of it: whatever is put before it in the path later, this is the one)
