"""The network at the start: generated as if members had joined one by one over years, or read from a file."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.decisions.constants import MOST_EXCHANGES
from sim.decisions.joining import REFERENCE_DEGREE
from sim.jit import kernel
from sim.population.cohort import make_cohort
from sim.population.founding import age_ties, connect_all
from sim.population.networks.graphs import from_networkx
from sim.population.networks.read import read_network
from sim.population.networks.source import NetworkSource
from sim.scenario.scenario import Scenario
from sim.state.columns import PAIRS, Cohort, ParameterTables
from sim.state.network import connect, has_room
from sim.state.pair_table import claim
from sim.state.world import World, empty_world


@kernel
def lay_ties(ties, begin, g, strength):
    """Connect the pairs of a list; return the row at which room ran out."""
    for n in range(begin, len(ties)):
        if not has_room(g, 1):
            return n
        i, j = ties[n, 0], ties[n, 1]
        connect(g, claim(g, i, j), i, j=j, day=0, strength=strength)
    return len(ties)


def source_of(scenario: Scenario, network: Any) -> NetworkSource | None:
    """Return the network to begin with: given, or named by the scenario, or None to generate one."""
    if isinstance(network, NetworkSource):
        return network
    if network is not None:
        return from_networkx(network)
    return read_network(scenario.network_file, scenario.network_as, scenario.network_columns) if scenario.network_file else None


def begin(scenario: Scenario, seed: int, population_seed: int, source: NetworkSource | None = None, *, events: bool = False) -> World:
    """Return the world on the morning of day 0."""
    cohort = make_cohort(scenario, population_seed, source)
    rows = scenario.rows()
    book = ParameterTables(*rows)
    if source is not None:
        mean_degree = 2.0 * len(source.ties) / max(cohort.start, 1)
    else:
        mean_degree = scenario.network.mean_degree
    world = empty_world(book, cohort, seed=seed, population_seed=population_seed, switch=scenario.warm_up, mean_degree=mean_degree)
    world.keep_events = events
    cohort.members.design_now = cohort.members.design_shown = scenario.design_names.index(scenario.warm_up_design)
    if source is not None:
        _take_from_file(world, cohort, source, scenario)
    else:
        _generate(world, cohort, scenario)
    world.remembered = world.known_pairs
    return world


def _generate(world: World, cohort: Cohort, scenario: Scenario) -> None:
    """Let the members of the start join one by one, with contacts scaled to the wanted mean degree."""
    net = scenario.network
    expected = 2.0 * net.contacts_median * math.exp(net.contacts_sd * net.contacts_sd / 2.0) / REFERENCE_DEGREE
    connect_all(
        world,
        cohort.start,
        mean_degree=world.mean_degree / expected if expected > 0.0 else 0.0,
        contact_age=net.contact_age,
        strength=scenario.tie.exchange,
    )


def _let_ties_age(world: World, scenario: Scenario) -> None:
    g = world.graph
    age_ties(
        g.members,
        g.pairs,
        first=0,
        last=g.sizes[PAIRS],
        seed=world.population_seed,
        contact_age=scenario.network.contact_age,
        strength=scenario.tie.exchange,
    )


def _take_from_file(world: World, cohort: Cohort, source: NetworkSource, scenario: Scenario) -> None:
    """Connect the members as the file says, and give ties the ages and contacts that it knows."""
    g: Any = world.graph
    g.active[: cohort.start] = 1
    world.present = cohort.start
    for of, size in ((g.members.industry, g.industry_size), (g.employers.of, g.employers.size), (g.schools.of, g.schools.size)):
        size[:] = np.bincount(of[: cohort.start], minlength=len(size))
    world.reserve_pairs(len(source.ties))
    done = 0
    while done < len(source.ties):
        world.repack_pool(len(source.ties) - done, compact=False)
        g = world.graph
        done = lay_ties(source.ties, done, g, scenario.tie.exchange)
    _let_ties_age(world, scenario)
    g = world.graph
    order = np.arange(len(source.ties))  # pairs stand in the order of the file's ties
    known_age, known_contact = np.isfinite(source.tie_age), np.isfinite(source.last_contact)
    g.pairs.since[order[known_age]] = -np.minimum(source.tie_age[known_age], 20000.0).astype(np.int16)
    contact = -np.minimum(source.last_contact[known_contact], 20000.0).astype(np.int16)
    g.pairs.last[order[known_contact]] = contact
    g.pairs.touched[order[known_contact]] = contact
    g.pairs.exchanges[: len(order)] = np.minimum(source.exchanges, MOST_EXCHANGES)
