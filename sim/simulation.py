"""Runs of the columnar engine: one history, or several designs as arms of one warm-up."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

from sim.arguments import checked_arms, checked_scenario, checked_seed, checked_threads, checked_truth
from sim.columnar.engine import Engine, enter, final_state_of, live
from sim.decisions.constants import TALK_WINDOW
from sim.population.initialization import begin, source_of
from sim.results.history import History, make_history
from sim.results.measures import Catalogue, Measure, catalogue_of
from sim.scenario.arms import check_arm
from sim.scenario.presets import Design
from sim.scenario.scenario import Scenario, load_scenario
from sim.state.world import World


class Moments(Protocol):
    """Whoever keeps the mornings of a long run, so that it goes on from one of them."""

    def last(self, scenario: Scenario, arm: Scenario) -> World | None:
        """Return the world of the last morning that was kept, with the numbers of the scenario, or of the arm once it has begun."""

    def passed(self, world: World) -> None:
        """See the world of a morning: it goes on changing afterwards."""


def simulate_arms(
    scenario: Scenario,
    designs: Sequence[str | Design | Scenario | None],
    seed: int = 1,
    population_seed: int | None = None,
    threads: int = 1,
    *,
    events: bool = False,
    network: Any = None,
    progress: Callable[[int], None] | None = None,
    measures: Catalogue | Iterable[Measure] = (),
    moments: Moments | None = None,
) -> list[History]:
    """Run several designs from one warm-up, on one population and with common random numbers; return a history each.

    Args:
        scenario: what to run; each arm has its own design in place of the scenario's.
        designs: names that the scenario or the package knows, paths of TOML files, `Design`s, or None for the scenario's own.
            A `Scenario` brings all its numbers, which hold from the switch on. Those that have done their work by then must be the
            same: sizes, styles, the warm-up, and all with which members are drawn and the network of the first day is made.
        seed: of the dynamics; a whole number from 0 to 2**63 - 1.
        population_seed: of members, network and arrivals; the same as `seed` if not given.
        threads: any number gives the same bytes.
        events: keep every item (72 bytes each) and every intent (24 bytes each).
        network: a networkx graph or a `NetworkSource` in place of a generated network.
        progress: called with the number of days lived.
        measures: of one's own, made by `sim.measure`; they come behind the shipped ones.
        moments: sees the world every morning, and may have one from which a run of one design goes on.

    Raises:
        BadInput: if an argument is not as said, a design is unknown, an arm has a number that no arm can change, the network cannot be
            used, or two measures have one name.
        MeasureFailed: if a measure of one's own raises, or returns what is no value.

    >>> from sim import load_scenario, simulate_arms
    >>> small = load_scenario(members=50, warm_up=2, days=8)
    >>> [history.design for history in simulate_arms(small, ["connect_first", "message_first"], seed=3)]
    ['connect_first', 'message_first']
    """
    scenario, seed, threads = checked_scenario(scenario), checked_seed(seed), checked_threads(threads)
    population_seed = seed if population_seed is None else checked_seed(population_seed, "population_seed")
    catalogue = catalogue_of(measures)
    events = checked_truth(events, "events")
    arms = [arm_of(scenario, design) for design in checked_arms(designs)]
    source = source_of(scenario, network)
    started = time.perf_counter()

    def morning(world: World) -> None:
        if progress is not None:
            progress(world.day)
        if moments is not None:
            moments.passed(world)

    world = None if moments is None or len(arms) > 1 else moments.last(scenario, arms[0])
    if world is None:
        world = begin(scenario, seed, population_seed, source, events=events)
    generated = time.perf_counter()
    lived_until(world, scenario.warm_up, threads, morning)
    warm = at = time.perf_counter()
    histories, worlds = [], branches(warm=[world], scenario=scenario, arms=arms, threads=threads, morning=morning)
    del world
    for arm in arms:
        outcome = final_state_of(next(worlds))  # inboxes, neighbour lists and the index of pairs make room for the measures
        lived = time.perf_counter()
        timings = {"generation": generated - started, "days": warm - generated + lived - at}
        history = make_history(arm, seed, population_seed, outcome=outcome, timings=timings, catalogue=catalogue)
        at = time.perf_counter()
        timings["measures"] = at - lived
        histories.append(history)
    return histories


def lived_until(world: World, day: int, threads: int = 1, morning: Callable[[World], None] | None = None) -> World:
    """Return the world on the morning of a day, to which it lives; `morning` sees that of each."""
    engine = Engine(world, threads)
    live(engine, day, morning)
    engine.close()
    return world


def branches(
    warm: list[World], scenario: Scenario, arms: Sequence[Scenario], threads: int = 1, morning: Callable[[World], None] | None = None
) -> Iterator[World]:
    """Yield the world of each arm on the last morning, one at a time; all but the last arm live in a copy of the one world.

    Args:
        warm: the one world, on the morning of the switch or, of a run that goes on, later; it is taken out for the last arm, so that
            whoever holds no other reference has one world less in memory.
        scenario: of the warm-up.
        arms: of `arm_of`; not checked.
        threads: any number gives the same worlds.
        morning: sees the world of every morning.
    """
    for k, arm in enumerate(arms):
        yield _branch(
            world=warm.pop() if k == len(arms) - 1 else warm[0].copy(), scenario=scenario, arm=arm, threads=threads, morning=morning
        )


def _branch(world: World, scenario: Scenario, arm: Scenario, threads: int, morning: Callable[[World], None] | None) -> World:
    if not world.switched:
        enter(world, arm)
    return lived_until(world, scenario.warm_up + scenario.days, threads, morning)


def arm_of(scenario: Scenario, arm: str | Design | Scenario | None) -> Scenario:
    """Return the scenario of an arm, which begins where the warm-up of `scenario` ends. Errors as of `check_arm`."""
    if arm is None:
        return scenario
    if not isinstance(arm, Scenario):
        return scenario.with_design(arm)
    check_arm(scenario, arm)
    return arm


def simulate(
    scenario: Scenario,
    seed: int = 1,
    population_seed: int | None = None,
    design: str | Design | None = None,
    threads: int = 1,
    *,
    events: bool = False,
    network: Any = None,
    progress: Callable[[int], None] | None = None,
    measures: Catalogue | Iterable[Measure] = (),
    moments: Moments | None = None,
) -> History:
    """Run one history; see `simulate_arms` for the arguments and errors. Without `design`, the scenario's own.

    >>> from sim import load_scenario, simulate
    >>> simulate(load_scenario(members=50, warm_up=2, days=8), seed=3).design
    'message_first'
    >>> simulate(load_scenario(members=50, warm_up=2, days=8), seed=0.3)
    Traceback (most recent call last):
    sim.errors.BadInput: `seed` must be a whole number from 0 to 2**63 - 1 (got 0.3)
    """
    return simulate_arms(
        scenario,
        designs=[design],
        seed=seed,
        population_seed=population_seed,
        threads=threads,
        events=events,
        network=network,
        progress=progress,
        measures=measures,
        moments=moments,
    )[0]


def warm_kernels(progress: Callable[[str], None] | None = None) -> None:
    """Compile everything, or load it from the cache, by a run of a few members: once in a process."""
    from sim.columnar.compiling import in_two

    if progress is not None:
        progress("the population and the phases of a day")
    with in_two():
        _run_few(0)
        _run_few(50)


@functools.cache
def _run_few(members: int) -> None:
    """Run so few members until intents are judged and pairs forgotten."""
    small = load_scenario("baseline").with_(members=members, warm_up=1, days=TALK_WINDOW + 1)
    simulate_arms(small, [small.design, small.design])
