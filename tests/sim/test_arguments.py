"""What callers pass to a run: taken as it is, or refused in one line, by both engines."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from sim import BadInput, Member, OutreachModel, load_scenario, simulate, simulate_arms
from sim.arguments import checked_arms, checked_seed, checked_threads, checked_truth, dynamics_seed

SMALL = load_scenario(members=20, warm_up=0, days=2)
SEEDS = "must be a whole number from 0 to 2**63 - 1"
NO_SEEDS = [(0.3, "0.3"), (1.0, "1.0"), ("1", "'1'"), (2**63, "a huge number"), (-1, "-1"), (np.float64(0.5), "0.5"), (np.nan, "nan")]
NO_GRAPHS = [
    ("friends.csv", "'friends.csv'; sim.population.read_network(path)"),
    (Path("friends.csv"), "Path; sim.population.read_network(path)"),
    (pd.DataFrame({"source": ["a"], "target": ["b"]}), "DataFrame; networkx.from_pandas_edgelist(table)"),
    (np.eye(2), "ndarray; networkx.from_numpy_array(matrix)"),
    ([(1, 2)], "list; networkx.Graph(pairs)"),
    (3, "an object of type int)"),
]


@pytest.mark.parametrize(("seed", "got"), [*NO_SEEDS, (None, "nothing")])
def test_a_seed_is_a_whole_number_in_range(seed, got):
    with pytest.raises(BadInput) as caught:
        simulate(SMALL, seed)
    assert str(caught.value) == f"`seed` {SEEDS} (got {got})"


@pytest.mark.parametrize(("seed", "got"), NO_SEEDS)
def test_every_seed_is_checked_by_its_name(seed, got):
    for name, call in (
        ("seed", lambda: simulate_arms(SMALL, [None], seed)),
        ("population_seed", lambda: simulate(SMALL, 1, seed)),
        ("rng", lambda: OutreachModel(SMALL, seed)),
        ("seed", lambda: OutreachModel(SMALL, seed=seed)),
        ("population_seed", lambda: OutreachModel(SMALL, 1, seed)),
    ):
        with pytest.raises(BadInput) as caught:
            call()
        assert str(caught.value) == f"`{name}` {SEEDS} (got {got})"


def test_whole_numbers_of_any_kind_are_seeds_up_to_the_largest():
    found = [checked_seed(seed) for seed in (0, np.int64(7), np.uint64(2**63 - 1), pd.Series([3]).iloc[0])]
    assert found == [0, 7, 2**63 - 1, 3]
    assert {type(seed) for seed in found} == {int}


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"threads": 0}, "`threads` must be at least 1 (got 0)"),
        ({"threads": 1.5}, "`threads` must be a whole number from 1 (got 1.5)"),
        ({"events": "yes"}, "`events` must be True or False (got 'yes')"),
        ({"events": 1}, "`events` must be True or False (got 1)"),
        ({"scenario": "baseline"}, "`scenario` must be a Scenario, as `load_scenario` returns (got 'baseline')"),
        ({"designs": "connect_first"}, "`designs` must be a list of designs, an entry for each arm (got 'connect_first')"),
        ({"designs": [3]}, "`design` must be a design's name, or a path to a TOML file (got 3)"),
    ],
)
def test_other_arguments_are_refused_by_name(change, line):
    with pytest.raises(BadInput) as caught:
        simulate_arms(**({"scenario": SMALL, "designs": [None], "seed": 1} | change))
    assert str(caught.value) == line


@pytest.mark.parametrize(("network", "got"), NO_GRAPHS)
def test_what_is_no_graph_is_refused_with_what_makes_one(network, got):
    for call in (lambda: simulate(SMALL, 1, network=network), lambda: OutreachModel(SMALL, 1, network=network)):
        with pytest.raises(BadInput) as caught:
            call()
        line = str(caught.value)
        assert line.startswith("`network` must be a networkx graph, or what `sim.population.read_network` returns (got ")
        assert got in line
        assert "\n" not in line


def test_what_the_line_says_makes_a_graph_is_taken():
    table = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"]})
    for graph in (nx.from_pandas_edgelist(table), nx.from_numpy_array(1 - np.eye(3)), nx.Graph([(1, 2), (2, 3)])):
        assert len(OutreachModel(SMALL, 1, network=graph).members) == 3


@pytest.mark.parametrize(("kind", "got"), [(int, "int"), ("Member", "'Member'")])
def test_a_class_of_members_is_a_member(kind, got):
    with pytest.raises(BadInput, match=rf"`member_class` must be Member or a subclass of it \(got {got}\)"):
        OutreachModel(SMALL, 1, member_class=kind)
    assert type(OutreachModel(SMALL, 1, member_class=type("Own", (Member,), {})).members[0]).__name__ == "Own"


def test_a_list_of_arms_may_be_any_iterable():
    assert checked_arms(name for name in ("a", "b")) == ["a", "b"]
    assert (checked_threads(np.int64(2)), checked_truth(np.True_, "events")) == (2, True)


def test_a_generator_moves_on_and_the_same_generator_gives_the_same_seeds():
    one, two = np.random.default_rng(5), np.random.default_rng(5)
    seeds = [dynamics_seed(one), dynamics_seed(one)]
    assert seeds[0] != seeds[1]
    assert seeds == [dynamics_seed(two), dynamics_seed(seed=two)]
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_sequences_give_the_same_seed_each_time():
    sequence = np.random.SeedSequence(3)
    assert dynamics_seed(sequence) == dynamics_seed(np.random.SeedSequence(3)) != dynamics_seed(np.random.SeedSequence(4))
    assert dynamics_seed([1, 2]) == dynamics_seed((1, 2)) != dynamics_seed([2, 1])


def test_no_seed_is_a_fresh_one_and_two_names_are_refused():
    assert dynamics_seed() != dynamics_seed()
    assert (dynamics_seed(4), dynamics_seed(seed=4)) == (4, 4)
    with pytest.raises(BadInput, match=r"^`seed` must be left out where `rng` is given: they say the same \(got 4\)$"):
        dynamics_seed(4, 4)


def test_bits_from_a_generator_fill_63_places():
    """One bit fewer would never give the upper half of all seeds."""
    found = [dynamics_seed([k]) for k in range(8)]
    assert found == [int(np.random.default_rng([k]).integers(2**63, dtype=np.int64)) for k in range(8)]
    assert min(found) < 2**62 <= max(found)


@pytest.mark.parametrize("given", [[], [None, 3], ["a"], [1, -1], [1.5]])
def test_a_list_of_what_are_no_whole_numbers_gives_no_seed(given):
    with pytest.raises(BadInput, match=r"^`rng` must be a whole number from 0 to 2\*\*63 - 1 \(got a list\)$"):
        dynamics_seed(given)
