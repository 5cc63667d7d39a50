"""Questions put to the model: plans, runs, statistics, figures, reports and the command line."""
