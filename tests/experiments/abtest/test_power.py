"""What can be detected: the law of spreads is found again, and its uncertainty grows away from where it was measured."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest

from experiments.abtest.findings import Findings
from experiments.abtest.power import Law, check_of, law_of, members_needed, power_table
from experiments.methods.assigned import detectable
from tests.experiments.abtest.worlds_of import question

EMPTY = [one.name for one in dataclasses.fields(Findings) if one.name not in ("question", "weeks")]


TIMES = (1.0, 2.0, 3.0, 4.0)


def test_a_law_is_found_again():
    law = law_of([(n, w, 3.0 * n**-0.4 * w**0.6, 50) for n in (500.0, 2000.0, 8000.0) for w in TIMES])
    assert (law.exponent, law.growth) == (pytest.approx(-0.4), pytest.approx(0.6))
    assert law.spread(1e6, 8.0)[0] == pytest.approx(3.0 * 1e6**-0.4 * 8.0**0.6)


def test_one_size_and_time_falls_with_the_root_and_has_no_error_of_that():
    law = law_of([(1000.0, 4.0, 0.2, 11), (4000.0, 4.0, math.nan, 0)])
    places = [pytest.approx(x) for x in (0.2, 1000.0, 4.0)]
    assert law == Law(*places, exponent=-0.5, growth=0.0, at_error=pytest.approx(1 / math.sqrt(20)), exponent_error=0.0, growth_error=0.0)
    assert law_of([(1000.0, 4.0, 0.0, 11)]) is None


def test_an_interval_widens_away_from_the_sizes_and_times():
    law = law_of([(500.0, 4.0, 0.4, 20), (2000.0, 4.0, 0.2, 20)])
    widths = [math.log(high / low) for _, low, high in (law.spread(n, 4.0) for n in (1e3, 1e4, 1e6))]
    assert widths == sorted(widths)
    assert widths[0] == pytest.approx(2 * 1.959964 / math.sqrt(2 * 38), rel=1e-3)
    law = law_of([(1000.0, w, w**0.6, 20) for w in TIMES])
    widths = [math.log(high / low) for _, low, high in (law.spread(1e3, w) for w in (2.2, 4.0, 16.0))]
    assert widths == sorted(widths)


def test_times_are_read_of_the_same_tests_and_count_once():
    one, several = (law_of([(n, w, n**-0.5, 20) for n in (500.0, 2000.0) for w in times]) for times in (TIMES[:1], TIMES))
    assert (several.at_error, several.exponent_error) == (pytest.approx(one.at_error), pytest.approx(one.exponent_error))
    logs = [math.log(w) for w in TIMES]
    off = [(x - sum(logs) / 4) ** 2 for x in logs]
    assert several.growth_error == pytest.approx(1 / math.sqrt(2 * 2 * 19 / 4 * sum(off)))


def findings(spreads, panel="bias"):
    rows = [
        {
            "panel": panel,
            "scheme": "viewer",
            "metric": "partners",
            "members": n,
            "weeks": 4,
            "control": 2.0,
            "truth": 0.1,
            "spread": spread,
            "tests": 40,
        }
        for n, spread in spreads
    ]
    return Findings(question(), **dict.fromkeys(EMPTY, pd.DataFrame()), weeks=pd.DataFrame(rows))


def test_effects_are_in_per_cent_and_members_are_those_that_see_a_launch():
    found = findings([(1000, 0.2), (4000, 0.1)])
    table = power_table(found, "partners", [1e6])
    assert table.members.tolist() == [1000.0, 4000.0, 1e6]
    assert table.detectable.iloc[0] == pytest.approx(100 * detectable(0.2) / 2.0)
    assert (table.launch == 5.0).all()
    members, weeks = members_needed(found, "partners")
    exact = 1000 * (detectable(0.2) / 0.1) ** 2
    assert (exact <= members <= 1.2 * exact, weeks) == (True, 4)


def test_of_no_weeks_nothing_is_told():
    assert members_needed(findings([]), "partners") is None


def test_the_third_size_checks_the_law_and_makes_none_of_it():
    made, third = findings([(1000, 0.2), (4000, 0.1)]), findings([(2000, 0.2)], "check")
    both = dataclasses.replace(made, weeks=pd.concat([made.weeks, third.weeks]))
    assert check_of(made, "partners") is None
    found = check_of(both, "partners")
    assert (found.members, found.weeks) == (2000, 4)
    assert found.ratio == pytest.approx(0.2 / (0.2 / math.sqrt(2)))
    assert found.ratio / found.low == pytest.approx(found.high / found.ratio)
    assert math.log(found.high / found.ratio) == pytest.approx(1.959964 * math.hypot(1 / math.sqrt(2 * 78), 1 / math.sqrt(78)), rel=1e-3)
    assert power_table(both, "partners", [1e6]).equals(power_table(made, "partners", [1e6]))
