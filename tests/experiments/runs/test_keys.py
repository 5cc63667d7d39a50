"""Seeds and keys: the same for the same run, another for any other, known numbers included, since ledgers keep them."""

from __future__ import annotations

import hashlib

import pytest

from experiments.cli import main as cli
from experiments.runs.keys import (
    arms_of,
    pair_seeds,
    plan_digest,
    point_seeds,
    run_key,
    scenario_digest,
    size_in_words,
    study_key,
)
from sim import Design, load_scenario
from sim.arguments import LARGEST_SEED
from sim.errors import BadInput

BASE = load_scenario(members=60, days=65, warm_up=5)


def test_seeds_of_a_pair_are_those_of_every_ledger():
    assert pair_seeds(1, 1) == (1_722_630_287_647_207_404, 2_250_289_524_399_938_385)
    assert point_seeds(1, 2, 3) == (726_143_358_433_872_439, 3_896_349_975_279_062_833)


def test_seeds_are_in_range_and_all_different():
    found = {seed for pair in range(200) for seed in pair_seeds(1, pair)} | {
        seed for pair in range(200) for seed in point_seeds(1, 1, pair)
    }
    assert len(found) == 800
    assert all(0 <= seed <= LARGEST_SEED for seed in found)


def test_a_key_names_scenario_seeds_model_and_form(monkeypatch):
    key = run_key(BASE, 1, 2)
    assert key == run_key(load_scenario(members=60, days=65, warm_up=5), 1, 2)
    digest = scenario_digest(BASE)
    others = {
        run_key(BASE.with_(members=61), 1, 2),
        run_key(BASE, 2, 2),
        run_key(BASE, 1, 3),
        study_key(digest, 1, 2),
        study_key(digest, 12, 2),
        run_key(BASE, 1, 2, "0123456789abcdef"),
        run_key(BASE, 1, 2, "0123456789abcdee"),
        study_key(digest, 1, 2, "0123456789abcdef"),
    }
    monkeypatch.setattr("experiments.runs.keys.model_version", lambda: "another")
    others |= {run_key(BASE, 1, 2), study_key(digest, 1, 2)}
    assert len(others | {key}) == 11
    assert all(len(one) == 64 for one in others)


def test_without_measures_of_ones_own_a_key_is_as_it_was(monkeypatch):
    """As 0.3.0 made them, written out by hand: runs of such ledgers are found again."""
    monkeypatch.setattr("experiments.runs.keys.model_version", lambda: "0123")
    facts = [BASE.canonical_json(), "1", "2", "0123", "measures, levels, daily figures; form 1"]
    assert run_key(BASE, 1, 2) == hashlib.sha256("\n".join(facts).encode()).hexdigest()
    assert study_key("ab", 1, 2) == hashlib.sha256(b"ab 1 2 0123 measures; form 1").hexdigest()


def test_a_plan_leaves_open_how_many_pairs():
    arms = arms_of(BASE, ["connect_first", "message_first"])
    found = plan_digest(BASE, arms, "connect_first", 1)
    assert len(found) == 8
    assert found == plan_digest(BASE, arms, "connect_first", 1)
    assert found != plan_digest(BASE, arms, "message_first", 1)
    assert found != plan_digest(BASE, arms, "connect_first", 2)
    assert found != plan_digest(BASE, arms, "connect_first", 1, {"measures": "mine.py"})
    assert found != plan_digest(BASE, dict(reversed(arms.items())), "connect_first", 1)  # their order is that of the tables


def test_arms_are_named_by_their_designs_in_the_order_given():
    assert list(arms_of(BASE, ["message_first", "connect_first"])) == ["message_first", "connect_first"]
    assert arms_of(BASE, ["message_first", "connect_first"])["message_first"].design == "message_first"


@pytest.mark.parametrize("names", [["message_first"], ["message_first", "message_first"], []])
def test_fewer_than_two_different_arms_are_refused(names):
    with pytest.raises(BadInput, match="--arms"):
        arms_of(BASE, names)


def test_a_design_under_two_names_is_one_arm(tmp_path):
    same = BASE.with_design("connect_first").designs["connect_first"].primary
    (tmp_path / "twin.toml").write_text(f"primary = {same}\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"`--arms` must be designs that differ \(got .*twin.*, which are the same\)"):
        arms_of(BASE, ["connect_first", str(tmp_path / "twin.toml")])


def test_a_design_itself_may_be_an_arm_and_a_mapping_names_it():
    gentle = Design(friction=1.0)
    given = arms_of(BASE, ["connect_first", gentle])
    assert next(iter(given)) == "connect_first"
    assert [arm.designs[name] for name, arm in given.items()][1] == gentle
    named = arms_of(BASE, {"control": "connect_first", "gentle": gentle})
    assert list(named) == ["control", "gentle"]
    assert named["gentle"].designs["gentle"] == gentle
    assert named["control"].designs["control"] == given["connect_first"].designs["connect_first"]
    with pytest.raises(BadInput, match=r"`--arms` must be designs that differ \(got 'design-[0-9a-f]{8}', which is"):
        arms_of(BASE, [gentle, gentle])


def test_a_size_in_words():
    assert size_in_words(BASE.with_(members=1200)) == "1,200 members, 5 days of warm-up and 65 after the switch"


@pytest.mark.parametrize("text", ["muted = 0.1", "[attention]\nmuted = 0.1"])
def test_an_arm_of_a_comparison_is_a_design_and_brings_no_number_of_the_population(text, tmp_path):
    file = tmp_path / "calm.toml"
    file.write_text(text + "\n")
    with pytest.raises(BadInput, match="must be one of Design's numbers"):
        arms_of(load_scenario(), ["connect_first", str(file)])
    assert cli.perform(["compare", "--arms", "connect_first", str(file), "--quiet"]) == 2
