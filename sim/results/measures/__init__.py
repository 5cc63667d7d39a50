"""What happened, as numbers: every measure with its meaning and how it is computed, an entry each.

A new measure of the package is a new entry in the file of its group (and a known answer in the tests); one of a user's own is made
by `sim.measure`. Tables, figures and documents go through a `Catalogue` of them: `MEASURES` has the shipped ones.
"""

from __future__ import annotations

from sim.results.measures.catalogue import MEASURES, SUCCESS_VARIANTS, Catalogue, catalogue_of, fitting
from sim.results.measures.measure import (
    CONTEXT,
    GOAL,
    GROUPS,
    GUARDRAIL,
    HIGHER,
    LOAD,
    LOWER,
    NEITHER,
    OWN,
    PER_WEEK,
    PLATFORM,
    PRIMARY,
    REACH,
    RESPONSE,
    SHARE,
    Measure,
    by_name,
)

__all__ = [
    "CONTEXT",
    "GOAL",
    "GROUPS",
    "GUARDRAIL",
    "HIGHER",
    "LOAD",
    "LOWER",
    "MEASURES",
    "NEITHER",
    "OWN",
    "PER_WEEK",
    "PLATFORM",
    "PRIMARY",
    "REACH",
    "RESPONSE",
    "SHARE",
    "SUCCESS_VARIANTS",
    "Catalogue",
    "Measure",
    "by_name",
    "catalogue_of",
    "fitting",
]
