"""An exported test: units with their arms and what was there before, days that add up, and an experimentation tool that finds the same."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.abtest.export import COUNTS, Export
from experiments.abtest.readings import read
from experiments.abtest.schemes import CUPED, DIFFERENCE
from sim import BadInput
from tests.experiments.abtest.worlds_of import question

SCENARIO = {"members": 200, "warm_up": 45, "days": 35}


def exported(**changes):
    return Export(question(scenario=SCENARIO, **changes))


@pytest.fixture(scope="module")
def export():
    return exported()


@pytest.fixture(scope="module")
def units(export, tmp_path_factory):
    folder = export.write(tmp_path_factory.mktemp("exported") / "test")
    assert {path.name for path in folder.iterdir()} == {"units.csv", "days.csv", "truth.csv"}
    return pd.read_csv(folder / "units.csv")


def test_a_row_is_a_unit_with_its_arm(export, units):
    assert len(units) == export.world.there.sum()
    assert units.unit.is_unique
    assert 0.3 < units.variant.mean() < 0.7
    assert (units.cluster == units.unit).all()
    assert set(units.retention) <= {0.0, 1.0}


def test_days_add_up_to_the_test(export, units):
    days = export.day_rows()
    total = days.pivot_table(index="unit", columns="metric", values="value", aggfunc="sum").reindex(units.unit).fillna(0.0)
    for name in COUNTS:
        assert total[name].tolist() == pytest.approx(units[name].tolist())
    assert days.day.between(0, 20).all()


def test_the_truth_is_what_launching_does(export):
    rows = export.truth_rows().set_index("metric")
    assert (rows.treatment - rows.control).tolist() == pytest.approx(rows.effect.tolist())
    assert rows.control["retention"] == pytest.approx(export.control.stayed[export.control.there].mean())


def test_tea_tasting_finds_what_we_find(export, units):
    tt = pytest.importorskip("tea_tasting")
    found = tt.Experiment(
        plain=tt.Mean("responses"),
        cuped=tt.Mean("responses", "responses_before"),
        rate=tt.RatioOfMeans("responses", "approaches"),
    ).analyze(units)
    ours = {
        "plain": ("responses", DIFFERENCE),
        "cuped": ("responses", CUPED),
        "rate": ("response_rate", DIFFERENCE),
    }
    early = export.sample._replace(joined=np.full(export.sample.n, -1))  # it has no stratum of newcomers
    for name, (metric, estimator) in ours.items():
        one = read(early, "members", metric, "initiator", estimator, export.periods, share=0.5)
        theirs = found[name]
        assert one.effect == pytest.approx(theirs.effect_size, rel=1e-9)
        assert one.bounds == pytest.approx((theirs.effect_size_ci_lower, theirs.effect_size_ci_upper), rel=1e-9)


def test_egos_are_the_units_of_their_clusters_and_days_have_none():
    egos = exported(by="ego")
    assert egos.sample.arms.ego[egos.units].all()
    with pytest.raises(BadInput, match="go with a scheme in which a unit keeps its arm"):
        exported(by="switchback", credit="item")


def test_parquet_holds_the_same(export, units, tmp_path):
    pytest.importorskip("pyarrow")
    folder = export.write(tmp_path / "p", "parquet")
    assert pd.read_parquet(folder / "units.parquet").responses.tolist() == units.responses.tolist()


def test_intents_are_a_ratio_too(export, units):
    y, d = export.sample.sums("intent_success", "initiator", export.periods.begin, export.periods.end)
    assert units.intents.tolist() == d[export.units].tolist()
    assert units.intents_met.tolist() == y[export.units].tolist()
    assert 0 < units.intents_met.sum() < units.intents.sum()
    assert (units.intents_before > 0).any()
