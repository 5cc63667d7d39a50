"""Which settings trade response against load best: what the suite over all analyses needs to know of it."""

from __future__ import annotations

from tests.helpers.analyses import TINY

EXTRAS = ("pymoo",)
REFUSED = [
    (["pareto", "no-such-scenario"], "no-such-scenario"),
    (["pareto", "--days", "0"], "--days"),
    (["pareto", "--budget", "-3"], "--budget"),
]


def small(_folder):
    return ["pareto", *TINY]
