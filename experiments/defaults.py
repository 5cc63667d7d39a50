"""What holds unless something else is given, for commands and from Python alike: each default stands here, once."""

from __future__ import annotations

from typing import Final

ARMS = ("connect_first", "message_first")  # the control first
SCENARIO, SWEEP, METHOD = "baseline", "quick-sweep", "morris"
SEED, THREADS = 1, 1
BOOTSTRAP = 200  # draws, of a log that is described

# a comparison
PAIRS, MAX_PAIRS = 20, 40
MOST_PAIRS = 10_000  # that any command takes: intervals are then a twentieth as wide as with the usual ones
COMPARED_WORLDS = 20  # draws at which arms are compared once more, where there are some
PRECISION = 0.1  # half-width of the interval, relative to the difference

# a sweep
POINTS, POINT_PAIRS = 64, 4
SAMPLER: Final = "sobol"
SEEDS: Final = "common"

# the article, from a pilot: all statements in 45 minutes on two cores
ARTICLE_PAIRS, ARTICLE_MEMBERS = 24, 1000

# an analysis: its runs are smaller than a comparison's, since there are hundreds of them
ANALYSIS_MEMBERS, ANALYSIS_WARM_UP, ANALYSIS_DAYS = 1000, 60, 90
SCREENED_MEMBERS = 3000  # where all parameters are screened
TIPPING_MINUTES, PARETO_MINUTES, SENSITIVITY_MINUTES, SCREENING_MINUTES = 10.0, 20.0, 10.0, 30.0
SCALE_PAIRS, SCALE_MINUTES = 20, 30.0

# a calibration
BANK, BANK_MEMBERS, WORLDS, SHIFT = 512, 2000, 40, 150
MOST_SHIFTED = 30_000  # members that a scenario may have for runs of its own size to be made unasked: a run takes half a minute
TURNED_DRAWS, TURNED_MEMBERS = 400, 200  # of a screening, which finds the numbers that are turned

# a test inside one population: few replicates of the scenario's own size show its bias, many small ones how often it misleads
ABTEST_REPLICATES, ABTEST_TESTS, ABTEST_DRAWS, ABTEST_MEMBERS = 20, 100, 2, 2000
ABTEST_CHECKS = 20  # populations of a third size, at which the law of spreads is checked
ABTEST_MINUTES, ABTEST_WEEKS = 15.0, 4
