"""A replicate: the same numbers for the same seeds, a cell for every reading, and pure worlds that no test moves."""

from __future__ import annotations

import math

import pytest

from experiments.abtest.metrics import METRICS
from experiments.abtest.replicate import DEALT, name_of, replicate
from experiments.abtest.schemes import SCHEMES, readings_of
from tests.experiments.abtest.worlds_of import question


def made(schemes, seed=6, **changes):
    q = question(panels=(("bias", 2, schemes),), scenario={"members": 100, "warm_up": 30, "days": 28, **changes})
    tests = {scheme: q.tests(q.panels[0], scheme, 5) for scheme in schemes}
    return replicate(q.base(q.panels[0]), q.arms, tests, share=q.share, population_seed=5, seed=seed)


@pytest.fixture(scope="module")
def every():
    return made(tuple(SCHEMES))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_reading_has_its_cells(every, scheme):
    cells = every[scheme]
    for metric in METRICS:
        for credit, estimator in readings_of(SCHEMES[scheme]):
            for draw in (0, 1):
                effect, error, _ = cells[name_of("test", metric, credit, estimator, draw)]
                assert (effect is None) == (error is None)
                assert name_of("undisturbed", metric, credit, estimator, draw) in cells
            control, treatment, units = cells[name_of("truth", metric, credit)]
            assert units >= 90
            assert None not in (control, treatment)


def test_of_most_schemes_most_readings_show_something(every):
    for scheme in ("viewer", "profile", "pair", "industry"):
        cells = {name: cell for name, cell in every[scheme].items() if name.startswith("test|responses|") and "hajek" not in name}
        assert all(math.isfinite(cell[0]) for cell in cells.values() if cell[0] is not None)
        assert sum(cell[0] is not None for cell in cells.values()) >= 0.7 * len(cells), scheme


def test_the_truth_is_the_same_whatever_is_tested_beside(every):
    alone = made(("viewer",))["viewer"]
    assert alone == every["viewer"]
    assert alone[name_of("truth", "responses", "initiator")] == every["pair"][name_of("truth", "responses", "initiator")]


def test_another_seed_gives_others(every):
    assert made(("viewer",), seed=7)["viewer"] != every["viewer"]


def test_a_a_tests_are_counted(every):
    found, asked, _ = every["viewer"][name_of("a/a", "responses", "initiator", "difference")]
    assert asked == DEALT // 2  # of the mirrored ones nothing new is told
    assert 0 <= found <= 10
    assert not any(name.startswith("a/a") for name in every["switchback"])


def test_attribution_is_told_by_many_deals_of_the_two_pure_worlds(every):
    """By initiator nothing is wrong undisturbed but the luck of deals, which cancels in mirrored pairs; by recipient nothing is left."""
    for credit, part in (("initiator", 1.0), ("recipient", 0.0)):
        effect, _, times = every["viewer"][name_of("expected", "connections", credit, "difference")]
        control, treatment, _ = every["viewer"][name_of("truth", "connections", "initiator")]
        deals = [every["viewer"][name_of("undisturbed", "connections", credit, "difference", k)] for k in (0, 1)]
        assert times == DEALT
        error = deals[0][1] / math.sqrt(DEALT)  # of the difference in means in as many deals by chance
        assert effect == pytest.approx(part * (treatment - control), abs=0.5 * error)
    assert abs(treatment - control) > 3.0 * error, "the worlds differ too little to tell"
    assert not any(name.startswith("expected") for name in every["ramp"])


def test_a_test_by_ego_tells_of_its_egos(every):
    number, degree, of_all = every["ego"][name_of("egos", 0)]
    covered, clustered, _ = every["ego"][name_of("contacts of egos", 0)]
    assert number >= 2
    assert 0.0 < degree < of_all  # those with many connections are seldom left with half of them
    assert 0.5 < covered < 1.0  # at least half of an ego's connections are in its cluster, and of the others some
    assert 0.0 < clustered < 1.0
    assert not any("egos" in name for name in every["viewer"])


def test_weeks_are_those_that_the_test_has(every):
    weeks = {int(name.split("|")[2]) for name in every["viewer"] if name.startswith("weeks|")}
    assert weeks == {1, 2}
    assert not any(name.startswith("weeks|") for name in every["ramp"])
