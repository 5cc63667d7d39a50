"""Pairs of runs made by hand, whose differences, intervals and verdicts can be worked out on paper."""

from __future__ import annotations

from typing import NamedTuple

from experiments.runs.record import Record

ARM, REFERENCE = "message_first", "connect_first"
TWO_OF_THREE = 4.302653  # t tables: 0.975 at two degrees of freedom, of one interval over three pairs
FIVE_OF_THREE = 9.924843  # 0.995 at two: of five intervals together (Bonferroni), over three pairs
FIVE_OF_FOUR = 5.840909  # 0.995 at three


class Figures(NamedTuple):
    """A measure over three pairs: the reference has base - wide, base, base + wide, the arm more by mean - narrow, mean, mean + narrow."""

    base: float
    wide: float
    mean: float
    narrow: float


# what is decided, with every sign and direction; in the order of tables
DECIDED = {
    "intent_success": Figures(0.2, 0.01, 0.03, 0.002),
    "message_share": Figures(0.5, 0.05, 0.2, 0.02),  # neither is better
    "unwelcome_read": Figures(1.0, 0.1, -0.3, 0.04),
    "reports": Figures(20.0, 1.0, 4.0, 0.5),  # lower is better, and it is higher
    "partners": Figures(2.0, 0.1, 0.4, 0.05),  # higher is better, and it is
    "retention": Figures(0.9, 0.01, -0.05, 0.005),
}
# what is not, and what does not matter
OPEN = {
    "intent_success": Figures(0.2, 0.01, 0.01, 0.02),
    "message_share": Figures(0.5, 0.05, 0.001, 0.0005),
    "reports": Figures(20.0, 1.0, -4.0, 1.0),
    "mean_connections": Figures(50.0, 1.0, 0.05, 0.01),  # within a quarter of a connection
    "partners": Figures(2.0, 0.1, 0.4, 0.1),  # half-width 0.57
    "retention": Figures(0.9, 0.01, -0.001, 0.0005),
}


def record(values):
    """A record of these measures; numerators and denominators play no part."""
    return Record({name: (None, None, x) for name, x in values.items()}, {}, {})


def three_pairs(rows):
    """Three pairs of two arms with these figures."""
    found = []
    for k in (-1.0, 0.0, 1.0):
        reference = {name: f.base + k * f.wide for name, f in rows.items()}
        arm = {name: reference[name] + f.mean + k * f.narrow for name, f in rows.items()}
        found.append({REFERENCE: record(reference), ARM: record(arm)})
    return found
