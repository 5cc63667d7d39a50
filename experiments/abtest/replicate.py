"""One replicate of a question: two pure worlds and each scheme's test on the same population and draws, as the numbers that a ledger keeps."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.abtest import schemes
from experiments.abtest.metrics import INITIATOR, METRICS
from experiments.abtest.readings import apart, egos_of, interference, read, truth
from experiments.abtest.sample import Arms, Sample, arms_of, seen, undisturbed
from experiments.abtest.schemes import SCHEMES, readings_of
from experiments.abtest.worlds import Periods, World, lived, periods_of
from sim import randomness as rnd
from sim.population.assignment import drawn

if TYPE_CHECKING:
    from experiments.runs.record import Cell
    from sim.scenario.scenario import Scenario

WEEKS = (1, 2, 3, 4, 8, 16)  # after which a test is read, to see what is new wear off; four of them in a test of four weeks, for its law
DEALT = 24  # times that arms are dealt out anew on the pure worlds, a replicate; even, since they come in mirrored pairs
Cells = dict[str, "Cell"]


def name_of(*parts: object) -> str:
    """Return the name of a cell: its parts, with bars between."""
    return "|".join(map(str, parts))


def replicate(
    base: Scenario,
    arms: tuple[str, str],
    tests: Mapping[str, Sequence[Scenario]],
    *,
    share: float,
    population_seed: int,
    seed: int,
) -> dict[str, Cells]:
    """Return what a replicate gives, by scheme.

    Args:
        base: of the warm-up, with both designs.
        arms: control and treatment, by name.
        tests: the scenarios of a scheme's tests, one for each way in which its arms are dealt out.
        share: of the treated.
        population_seed: of members, network and arrivals.
        seed: of the dynamics.
    """
    periods = periods_of(base)
    pures = [base.with_design(name) for name in arms]
    worlds = lived(base, [*pures, *(test for several in tests.values() for test in several)], population_seed, seed)
    control, treatment = next(worlds), next(worlds)
    found: dict[str, Cells] = {}
    for scheme, several in tests.items():
        cells = found[scheme] = {}
        for draw, (test, world) in enumerate(zip(several, worlds, strict=False)):
            dealt = arms_of(world, test, arms[1])
            cells |= _of_test(
                scheme, draw, seen(world, dealt), undisturbed(control, treatment, dealt), control=control, periods=periods, share=share
            )
        cells |= _of_truth(scheme, control, treatment, dealt, periods)
        cells |= _dealt_anew(scheme, control, treatment, arms=dealt, periods=periods, share=share, seeds=(population_seed, seed))
    return found


def _of_test(scheme: str, draw: int, test: Sample, counterpart: Sample, *, control: World, periods: Periods, share: float) -> Cells:
    """Return, of each reading, (effect, standard error, degrees of freedom) in the test and the effect in its counterpart."""
    kind, cells = SCHEMES[scheme].kind, Cells()
    under_control = seen(control, test.arms)
    for metric in METRICS:
        for credit, estimator in readings_of(SCHEMES[scheme]):
            one = read(test, kind, metric, credit, estimator, periods, share=share)
            other = read(counterpart, kind, metric, credit, estimator, periods, share=share)
            where = (metric, credit, estimator, draw)
            cells[name_of("test", *where)] = _cell(one.effect, one.error, one.freedom)
            cells[name_of("undisturbed", *where)] = _cell(other.effect, other.error, None)
        if kind in (schemes.MEMBERS, schemes.CLUSTERS, schemes.PAIRS):
            for credit in dict.fromkeys(credit for credit, _ in readings_of(SCHEMES[scheme])):
                direct, spill = apart(test, under_control, metric, credit, periods)
                cells[name_of("apart", metric, credit, draw)] = _cell(direct, spill, None)
    if kind == schemes.EGOS:
        egos = egos_of(test)
        cells[name_of("egos", draw)] = _cell(egos.number, egos.degree, egos.degree_of_all)
        cells[name_of("contacts of egos", draw)] = _cell(egos.covered, egos.clustered, None)
    if kind == schemes.STEPS:
        for metric in METRICS:
            found = (interference(sample, metric, periods, draw) for sample in (test, counterpart))
            cells[name_of("increasing", metric, draw)] = _cell(*found, None)
    return cells if kind in (schemes.BLOCKS, schemes.STEPS) else cells | _so_far(scheme, draw, test, periods, share)


def _so_far(scheme: str, draw: int, test: Sample, periods: Periods, share: float) -> Cells:
    """Return what the usual reading shows after some weeks."""
    kind, cells = SCHEMES[scheme].kind, Cells()
    credit, estimator = readings_of(SCHEMES[scheme])[0]
    for weeks in WEEKS:
        if periods.begin + 7 * weeks > periods.end:
            break
        part = periods._replace(end=periods.begin + 7 * weeks)
        for metric in METRICS:
            one = read(test, kind, metric, credit, estimator, part, share=share)
            cells[name_of("weeks", metric, weeks, draw)] = _cell(one.effect, one.error, one.freedom)
    return cells


def _of_truth(scheme: str, control: World, treatment: World, arms: Arms, periods: Periods) -> Cells:
    """Return, of each metric and credit, (under control for all, under treatment for all, units), also after some weeks."""
    zero, one, cells = seen(control, arms), seen(treatment, arms), Cells()
    units = float(control.there.sum())
    for metric in METRICS:
        for credit in dict.fromkeys(credit for credit, _ in readings_of(SCHEMES[scheme])):
            cells[name_of("truth", metric, credit)] = _cell(*truth(zero, one, metric, credit, periods), units)
        for weeks in WEEKS:
            if periods.begin + 7 * weeks <= periods.end:
                part = periods._replace(end=periods.begin + 7 * weeks)
                cells[name_of("truth after", metric, weeks)] = _cell(*truth(zero, one, metric, INITIATOR, part), units)
    return cells


def _dealt_anew(
    scheme: str, control: World, treatment: World, *, arms: Arms, periods: Periods, share: float, seeds: tuple[int, int]
) -> Cells:
    """Return, of each reading, what it shows on average if nobody disturbs anybody, and how often it finds a difference where there is none.

    Both are of the two pure worlds alone, so arms are dealt out again and again without another run: (effect, None, times) and
    (found, times, None). The first is what attribution is told by: of one way to deal out arms it holds the luck of that deal, which
    nearly cancels in that of its mirror image, in which whoever was treated is not (antithetic draws).
    """
    kind = SCHEMES[scheme].kind
    if kind in (schemes.BLOCKS, schemes.STEPS):
        return {}
    tally: dict[str, list[int]] = {}
    effects: dict[str, list[float]] = {}
    seeds_of_pairs = np.random.default_rng(seeds).integers(0, 2**63 - 1, DEALT // 2).tolist()
    for k in range(DEALT):
        mirrored = k % 2 == 1
        dealt = anew(arms, share, seeds_of_pairs[k // 2], mirrored=mirrored)
        mixed, under_control = undisturbed(control, treatment, dealt), seen(control, dealt)
        for metric, (credit, estimator) in itertools.product(METRICS, readings_of(SCHEMES[scheme])):
            shown = read(mixed, kind, metric, credit, estimator, periods, share=share)
            if math.isfinite(shown.effect):
                effects.setdefault(name_of("expected", metric, credit, estimator), []).append(shown.effect)
            if mirrored:  # of halves it exchanges the arms, which tells no more where both are the control
                continue
            nothing = read(under_control, kind, metric, credit, estimator, periods, share=share)
            if math.isfinite(nothing.error):
                found = tally.setdefault(name_of("a/a", metric, credit, estimator), [0, 0])
                found[0] += nothing.differs
                found[1] += 1
    counted = {name: _cell(float(found), float(asked), None) for name, (found, asked) in tally.items()}
    return counted | {name: _cell(math.fsum(each) / len(each), None, float(len(each))) for name, each in effects.items()}


def anew(arms: Arms, share: float, seed: int, *, mirrored: bool = False) -> Arms:
    """Return arms dealt out again to the same units, by the draws by which the model deals; `mirrored`, by one less these draws."""

    def treated(address: int, units: int) -> np.ndarray:
        u = drawn(seed, address, units, arms.strata)
        found: np.ndarray = (1.0 - u if mirrored else u) < share
        return found

    viewer = treated(rnd.ASSIGN, int(arms.unit.max(initial=-1)) + 1)[arms.unit][None, :]
    profile = treated(rnd.ASSIGN_SHOWN, len(arms.unit))[None, :] if arms.rule == "both" else viewer
    return arms._replace(viewer=viewer, profile=profile)


def _cell(*parts: float | None) -> Cell:
    one, other, last = (None if part is None or not math.isfinite(part) else float(part) for part in parts)
    return one, other, last
