"""Committed draws: by what they are known to be of this model, and that they are refused once a golden run differs."""

from __future__ import annotations

import dataclasses
import json
import shutil
from types import SimpleNamespace

import pytest

from experiments.comparison.run import request_of, worlds_for
from experiments.comparison.worlds import at_worlds, usual_worlds
from experiments.inference import shipped
from experiments.inference.fitted import FIT
from experiments.inference.posterior import ENOUGH
from experiments.inference.runner import BANK
from experiments.inference.shipped import (
    DIFFERENCES,
    DRAWS,
    KEY,
    at_hand,
    committed,
    differences,
    digests,
    golden_counters,
    how_made,
    refusals,
    repeated,
    ship,
)
from experiments.reporting.run_folder import read_table
from experiments.runs.keys import arms_of
from sim.errors import BadInput
from sim.scenario.scenario import load_scenario
from tests.experiments.inference.conftest import PATHS, SMALL

ARMS = ("connect_first", "message_first")


@pytest.fixture(scope="session")
def counted():
    """Give the counters of the golden run: made once, it takes the kernels."""
    return golden_counters(SMALL)


@pytest.fixture
def bank(folder, tmp_path, monkeypatch, counted):
    """Give a tiny committed bank of the toy, and the folder of a comparison at its draws."""
    monkeypatch.setattr(shipped, "golden_counters", lambda _: dict(counted))
    calibration, compared, home = (tmp_path / name for name in ("calibration", "compared", "shipped"))
    shutil.copytree(folder, calibration)
    fit = json.loads((calibration / FIT).read_text(encoding="utf-8"))
    (calibration / FIT).write_text(json.dumps(fit | {"passed": False, "sound": True}), encoding="utf-8")
    draws = read_table((calibration / DRAWS).read_bytes())
    rows = draws.assign(measure="intent_success", arm=ARMS[1], difference_1=0.01, difference_2=0.02, level=0.2)
    compared.mkdir()
    rows[["draw", "measure", "arm", "difference_1", "difference_2", "level", *PATHS]].to_csv(compared / DIFFERENCES, index=False)
    ship(calibration, compared, SMALL, home)
    return home


def test_what_is_committed_with_the_model_is_of_this_model():
    """The tests below show that a difference is seen."""
    assert at_hand()
    assert refusals(load_scenario()) == []


def test_a_tiny_bank_is_of_its_scenario_and_of_no_other(bank, tmp_path):
    assert committed(SMALL, bank) == bank
    assert committed(SMALL.with_design(ARMS[0]), bank) == bank  # which design is looked at is no parameter of the worlds
    for change in ({"reply.base": -3.0}, {"members": 61}, {"days": 21}, {"style_shares": {"seller": 1.0}}):
        assert committed(SMALL.with_(**change), bank) is None
    assert committed(SMALL, tmp_path / "nothing") is None
    assert refusals(SMALL, bank) == []
    assert refusals(SMALL, tmp_path / "nothing") == []


def test_a_golden_run_that_differs_refuses_them_and_a_new_counter_does_not(bank, counted, monkeypatch):
    name = max(counted, key=counted.get)
    monkeypatch.setattr(shipped, "golden_counters", lambda _: counted | {name: counted[name] + 1, "brand_new": 5})
    assert refusals(SMALL, bank) == [f"the golden run differs: {name} is {counted[name] + 1} and was {counted[name]}"]
    monkeypatch.setattr(shipped, "golden_counters", lambda _: counted | {"brand_new": 5})
    assert refusals(SMALL, bank) == []
    monkeypatch.setattr(shipped, "golden_counters", lambda _: {})
    assert len(refusals(SMALL, bank)) == len(counted)
    other = SMALL.with_(**{"reply.base": -3.0})
    monkeypatch.setattr(shipped, "golden_counters", lambda _: dict(counted))
    assert refusals(other, bank) == ["the parameters of the scenario are others", "the parameters of the arms are others"]


def test_the_golden_run_sees_what_the_model_does(counted):
    assert sum(counted.values()) > 1000
    assert sum(value > 0 for value in counted.values()) > len(counted) / 2
    assert all(isinstance(value, int) for value in counted.values())


def test_the_key_is_of_parameters_and_counters_and_of_no_version(bank, counted):
    key = json.loads((bank / KEY).read_text(encoding="utf-8"))
    assert key == {**digests(SMALL), "counters": counted}


def test_differences_are_read_for_the_usual_arms_alone(bank):
    found = differences(bank, arms_of(SMALL, ARMS), ARMS[0])
    assert list(found.columns) == ["draw", "measure", "arm", "difference_1", "difference_2", "level", *PATHS]
    assert differences(bank, arms_of(SMALL, ARMS), ARMS[1]) is None
    assert differences(bank, arms_of(SMALL, (*ARMS, "both_equal")), ARMS[0]) is None
    changed = SMALL.with_(**{"designs.message_first.friction": 2.0})
    assert differences(bank, arms_of(changed, ARMS), ARMS[0]) is None


def test_a_comparison_of_the_unchanged_scenario_takes_them_with_their_differences(bank, tmp_path):
    asked = request_of(SMALL, ARMS, pairs=2)
    worlds = usual_worlds(asked, None, bank)
    assert (len(worlds.points), worlds.fit, worlds.one) == (40, True, "calibrated world")
    assert at_worlds(asked, worlds, None, None).difference_2.tolist() == [0.02] * 40  # nothing is run: there is nobody to run it
    few = usual_worlds(asked, 5, bank)
    assert few.table.draw.tolist() == [one.number for one in few.points]
    assert len(few.points) == 5
    three = usual_worlds(request_of(SMALL, (*ARMS, "both_equal"), pairs=2), None, bank)
    assert (three.table, len(three.points)) == (None, 3)  # to be run
    assert usual_worlds(asked, None, tmp_path / "nothing") is None
    shipped_ones = usual_worlds(request_of(load_scenario(), ARMS), None)
    many = len(read_table((shipped.SHIPPED / DRAWS).read_bytes()))
    assert many >= ENOUGH
    assert (len(shipped_ones.points), shipped_ones.fit, shipped_ones.table.draw.nunique()) == (many, True, many)


def test_another_scenario_takes_as_many_as_pairs_which_are_to_be_run(bank):
    """Three at least, of which there is a range, and 20 at most: so a comparison takes about three times as long as without."""
    larger = SMALL.with_(members=61)
    taken = {pairs: usual_worlds(request_of(larger, ARMS, pairs=pairs), None, bank) for pairs in (2, 3, 19, 20, 21)}
    assert {pairs: len(worlds.points) for pairs, worlds in taken.items()} == {2: 3, 3: 3, 19: 19, 20: 20, 21: 20}
    assert {(worlds.table, worlds.fit, worlds.one) for worlds in taken.values()} == {(None, False, "assumed draw")}
    assert len(usual_worlds(request_of(larger, ARMS, pairs=2), 12, bank).points) == 12


def test_draws_that_cannot_be_of_these_arms_are_left_aside_in_a_line(bank, monkeypatch):
    """Nobody asked for them: the comparison is made without. A drawn number in which the arms differ is what is asked."""
    monkeypatch.setattr(usual_worlds, "__defaults__", (bank,))
    said = []
    watch = SimpleNamespace(say=said.append)
    request = request_of(SMALL, ARMS, pairs=2)
    assert len(worlds_for(request, None, 4, watch).points) == 4
    assert (worlds_for(request, "none", None, watch), said) == (None, [])
    one, other = request.arms.values()
    apart = dict(zip(ARMS, (one, other.with_(**{PATHS[0]: -3.25})), strict=True))
    assert worlds_for(dataclasses.replace(request, arms=apart), None, None, watch) is None
    assert [line.partition(": ")[0] for line in said] == ["The draws that are shipped do not hold here, and no range over worlds is told"]
    assert f"column {PATHS[0]}` must be a number in which the arms do not differ" in said[0]


def test_draws_that_are_inferred_again_must_be_the_same(bank):
    draws = read_table((bank / DRAWS).read_bytes())
    assert repeated(draws, bank) == []
    assert repeated(draws * (1.0 + 1e-12), bank) == []
    assert repeated(draws.assign(**{PATHS[1]: draws[PATHS[1]] + 1e-3}), bank) == [f"{PATHS[1]} differs"]
    assert repeated(draws[:-1], bank) == ["39 draws of 4 numbers, and 40 of 4 are committed"]
    told = how_made(bank)
    assert told == {"bank": bank / BANK, "members": 60, "shift": 0, "seed": 1, "keep": 40, "parameters": list(PATHS)}
    (bank / BANK).unlink()
    assert how_made(bank) is None


def test_what_is_not_to_be_committed_is_refused(bank, folder, tmp_path):
    calibration, compared = tmp_path / "calibration", tmp_path / "compared"
    with pytest.raises(BadInput, match="must be the calibration of this scenario"):
        ship(calibration, compared, SMALL.with_(members=61), tmp_path / "x")
    fit = json.loads((calibration / FIT).read_text(encoding="utf-8"))
    for bad in ({"sound": False, "passed": False}, {name: value for name, value in (fit | {"passed": False}).items() if name != "sound"}):
        (calibration / FIT).write_text(json.dumps(bad if "source" in bad else fit | bad), encoding="utf-8")
        with pytest.raises(BadInput, match="must have worlds that fit and differ as much as they should"):
            ship(calibration, compared, SMALL, tmp_path / "x")
    (calibration / FIT).write_text(json.dumps(fit), encoding="utf-8")
    table = read_table((compared / DIFFERENCES).read_bytes())
    table.assign(**{PATHS[0]: 0.0}).to_csv(compared / DIFFERENCES, index=False)
    with pytest.raises(BadInput, match="must be compared at these draws"):
        ship(calibration, compared, SMALL, tmp_path / "x")
    (bank / KEY).write_text("{}", encoding="utf-8")
    with pytest.raises(BadInput, match="must be the key of committed draws"):
        committed(SMALL, bank)
