"""Factors: every number of a scenario under one path, set where it says and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.space.factors import factor, factors, with_values
from sim import load_scenario
from sim.errors import BadInput

BASELINE = load_scenario(members=120, days=70, warm_up=20)
ALL = factors(BASELINE)


def test_every_number_of_the_schema_is_a_factor_once():
    from sim.scenario.template import parameter_table

    rows = [row for row in parameter_table() if row["section"] not in ("scenario", "style")]
    expected = {f"{row['section']}.{row['name']}" for row in rows}
    styles = {row["name"] for row in parameter_table() if row["section"] == "style"}
    expected |= {f"styles.{style}.{name}" for style in BASELINE.styles for name in styles}
    expected |= {f"style_shares.{style}" for style in BASELINE.styles} | {"members"}
    assert set(ALL) == expected


def test_defaults_are_the_scenarios_own_and_within_bounds():
    assert ALL["members"].default == 120
    assert ALL["styles.seller.promotion"].default == BASELINE.styles["seller"].promotion
    assert ALL["style_shares.seller"].default == 0.06
    assert ALL["feed.length"].whole
    assert not ALL["reply.base"].whole
    assert ALL["styles.seller.intents"].section == "styles.seller"
    for one in ALL.values():
        assert one.low <= one.default <= one.high, one
        assert one.unit
        assert one.source


@given(st.data())
def test_a_value_arrives_at_its_path_and_moves_no_other(data):
    path = data.draw(st.sampled_from(sorted(ALL)))
    low, high = ALL[path].low, min(ALL[path].high, 10_000.0)
    value = data.draw(st.floats(low, high, allow_nan=False))
    if path.endswith((".analysis", ".relationship", ".promotion")) or path.startswith("style_shares"):
        value = max(value, 0.01)  # together these must be above nothing
    changed = factors(with_values(BASELINE, {path: value}))
    moved = {p for p in changed if changed[p].default != ALL[p].default}
    if ALL[path].whole:
        value = round(value)
    assert changed[path].default == value
    assert moved <= {path}


def test_an_unknown_path_is_told_the_nearest():
    with pytest.raises(BadInput, match=r"reply\.base"):
        factor(BASELINE, "repply.base")
    with pytest.raises(BadInput, match=r"style_shares\.seller"):
        factor(BASELINE, "style_shares.seler")


def test_all_values_out_of_bounds_are_named():
    with pytest.raises(BadInput) as found:
        with_values(BASELINE, {"reply.base": 99.0, "feed.length": 99.0})
    assert len(found.value.mistakes) == 2


def test_a_design_after_the_switch_leaves_the_warm_up_alone():
    arm = BASELINE.with_design("both_equal")
    changed = with_values(arm, {"design.friction": 0.5})
    assert changed.designs[changed.design].friction == 0.5
    assert changed.designs[changed.warm_up_design] == arm.designs["both_equal"]
    other = with_values(BASELINE.with_design("connect_first"), {"design.friction": 0.5})
    assert other.design == "connect_first"
    assert other.designs["connect_first"].friction == 0.5
