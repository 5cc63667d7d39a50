"""Who is there at the start and who will join: every member of a run, drawn before the first day.

Both engines begin from what stands here. All draws use the population seed, so the same people join in every arm.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from scipy import special

from sim import randomness as rnd
from sim.decisions.common import logistic
from sim.decisions.consequences import quiet_share
from sim.decisions.constants import FAR, NEVER
from sim.decisions.visibility import prominence
from sim.errors import BadInput, must, nearest
from sim.jit import kernel
from sim.population.networks.source import NetworkSource, communities
from sim.randomness import day_key, member_hash, uniform
from sim.scenario.scenario import Scenario
from sim.state.columns import MEMBER, Cohort, Groups, Names
from sim.state.memory import table

ROOT_ERROR = 1e-12
NODES = [k / 8.0 for k in range(-72, 73)]  # of a standard normal: beyond 9 lies less than 1e-18
YEAR = 365.0
OLDEST = 5000.0  # days: no membership at the start is older
SENIORITY_LEVELS = 5
MOST_KINDS = {"industry": 500, "region": 500}  # LinkedIn has some 450 industries


@kernel
def fill_draws(seed, decision, out):
    """Fill `out` with uniform draws, one a member, for day 0."""
    key = day_key(seed, decision, 0, 0)
    for i in range(out.size):
        out[i] = uniform(member_hash(key, i))


@kernel
def fill_ages(rate, out):
    """Fill `out` with the ages, in days, of members who joined one by one, the oldest first.

    `rate`: at which members have been replaced, so that ages are exponential; where it is 0, they are even.
    """
    for i in range(out.size):
        rank = (i + 0.5) / out.size
        out[i] = min(-math.log(rank) / rate, OLDEST) if rate > 0.0 else OLDEST * (1.0 - rank)


@kernel
def fill_prominence(rules, activity, own, members):
    """Give members their prominence; `activity` and `own` are standard normal."""
    p = rules[0]
    for i in range(members.size):
        members[i].prominence = prominence(p, activity[i], members[i].contact_normal, own[i])


def draws(seed: int, decision: int, n: int) -> np.ndarray:
    """Return n uniform draws, one a member, for day 0."""
    out = np.empty(n)
    fill_draws(seed, decision, out)
    return out


def expected_sizes(start: int, days: int, growth: float) -> list[float]:
    """Return how many members are expected each day: those who leave are replaced, and growth is added, whatever the arm."""
    return list(itertools.accumulate([1.0 + growth / YEAR] * (days - 1), operator.mul, initial=float(start)))[:days]


def arrivals_by_day(sizes: Sequence[float], turnover: float, growth: float) -> np.ndarray:
    """Return how many join each day: the expected size times (turnover + growth), rounded so that none is lost."""
    joined = itertools.accumulate((size * (turnover + growth / YEAR) for size in sizes), initial=0.0)
    return np.diff(np.array([math.floor(whole + 0.5) for whole in joined], dtype=np.int64))


def logit_location(mean: float, sd: float) -> float:
    """Return the location at which a logit-normal with this sd has this mean.

    By Newton's method: below one half the mean is convex in the location, and its logit lies to the right of the root
    (above one half, the other way round), so each step comes closer. The mean is a sum over evenly spaced nodes, whose error
    falls exponentially with their number (the trapezoidal rule, Trefethen and Weideman 2014): below 1e-15 for an sd up to 3.
    """
    weights = [math.exp(-z * z / 2.0) for z in NODES]
    total = math.fsum(weights)
    x, step = math.log(mean / (1.0 - mean)), math.inf
    while abs(step) > ROOT_ERROR:
        values = [logistic(x + sd * z) for z in NODES]
        missed = math.fsum(w * s for w, s in zip(weights, values, strict=True)) / total - mean
        slope = math.fsum(w * s * (1.0 - s) for w, s in zip(weights, values, strict=True)) / total
        step = missed / slope
        x -= step
    return x


def falling(count: int, exponent: float) -> list[float]:
    """Return the shares of Zipf's law: those of categories 1, 2, ... fall as their number to the -exponent."""
    return [math.exp(-exponent * math.log(k)) for k in range(1, count + 1)]


def cut(u: np.ndarray, shares: Iterable[float]) -> np.ndarray:
    """Return the category of each draw, by shares that need not sum to one."""
    shares = list(shares)
    total = math.fsum(shares)
    edges = list(itertools.accumulate(share / total for share in shares))
    return np.minimum(np.searchsorted(edges, u, side="right"), len(shares) - 1)


def make_cohort(scenario: Scenario, seed: int, source: NetworkSource | None = None) -> Cohort:
    """Draw all members of a run. With a network file, what it says about its members is kept."""
    pop = scenario.population
    start = len(source.labels) if source else scenario.members
    days = scenario.warm_up + scenario.days
    sizes = expected_sizes(start, days, pop.growth)
    arrivals = arrivals_by_day(sizes, pop.turnover, pop.growth)
    joined = start + np.cumsum(arrivals)  # by the end of each day
    n = start + int(arrivals.sum())
    members = table(MEMBER, n)
    members.style = cut(draws(seed, rnd.STYLE, n), (scenario.style_shares[name] for name in scenario.style_names))
    members.industry = cut(draws(seed, rnd.INDUSTRY, n), falling(pop.industries, pop.industry_zipf))
    members.region = cut(draws(seed, rnd.REGION, n), falling(pop.regions, pop.region_zipf))
    ratios = itertools.accumulate([pop.seniority_ratio] * (SENIORITY_LEVELS - 1), operator.mul, initial=1.0)
    members.seniority = cut(draws(seed, rnd.SENIORITY, n), ratios)
    location = logit_location(pop.session_rate_mean, pop.session_rate_sd)
    activity = special.ndtri(draws(seed, rnd.RATE, n))
    members.session_rate = special.expit(location + pop.session_rate_sd * activity)
    shared = pop.receptiveness_activity
    receptive = shared * activity + math.sqrt(1.0 - shared * shared) * special.ndtri(draws(seed, rnd.RECEPTIVE, n))
    members.receptiveness = pop.receptiveness_sd * receptive
    members.selectivity = pop.selectivity_sd * special.ndtri(draws(seed, rnd.SELECTIVE, n))
    members.muted = draws(seed, rnd.MUTE, n) < scenario.attention.muted
    members.contact_normal = special.ndtri(draws(seed, rnd.CONTACTS, n))
    fill_prominence(scenario.rows().rules, activity, special.ndtri(draws(seed, rnd.PROMINENT, n)), members)
    _set_beginnings(members, start, arrivals, rate=pop.turnover + pop.growth / YEAR, source=source)
    if source:
        check_attributes(scenario, source)
        _keep_attributes(members, scenario, source)
    order = np.argsort(members.industry, kind="stable").astype(np.int32)
    kinds = int(members.industry.max(initial=0)) + 1
    counts = np.bincount(members.industry, minlength=kinds)
    industry_start = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
    members.quiet[:start] = draws(seed, rnd.AT_FIRST, n)[:start] < quiet_share(scenario.rows().rules[0])
    # by the members of the start: how many groups there are must not hang on how long a run lasts
    net, beginners = scenario.network, np.bincount(members.industry[:start], minlength=kinds)
    employers = grouped(employer_of(members.industry, beginners, net.employer_size, draws(seed, rnd.EMPLOYER, n)))
    schools = grouped(group_of(draws(seed, rnd.SCHOOL, n), max(1, round(start / net.school_size))))
    crowds = (joined - arrivals) / np.maximum(sizes, 1.0)
    return Cohort(
        members=members,
        start=start,
        arrivals=arrivals,
        crowds=crowds,
        employers=employers,
        schools=schools,
        by_industry=order,
        industry_start=industry_start,
        names=source.names if source else Names(),
    )


def group_of(u: np.ndarray, groups: int | np.ndarray) -> np.ndarray:
    """Return the group of each draw among so many of equal size."""
    return np.floor(u * groups).astype(np.int32)


def employer_of(industry: np.ndarray, members: np.ndarray, size: float, u: np.ndarray) -> np.ndarray:
    """Return each member's employer: each industry, of so many members, has employers of about this size."""
    employers = np.maximum(1, np.floor(members / size + 0.5)).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(employers)[:-1]])
    return (first[industry] + group_of(u, employers[industry])).astype(np.int32)


def grouped(of: np.ndarray) -> Groups:
    """Return members by group; nobody has joined yet."""
    counts = np.bincount(of, minlength=1)
    start = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
    keys = of.astype(np.uint16) if len(counts) <= 1 << 16 else of  # NumPy sorts 16 bits by counting, in a tenth of the time
    return Groups(of.astype(np.int32), np.argsort(keys, kind="stable").astype(np.int32), start, np.zeros(len(counts), np.int64))


def _set_beginnings(members: Any, start: int, arrivals: np.ndarray, rate: float, source: NetworkSource | None) -> None:
    """Set the columns that do not start at zero; ages at the start are as if the network had lived for years."""
    ages = np.empty(start)
    fill_ages(rate, ages)
    if source is not None and np.isfinite(source.member_age).any():
        ages = np.where(np.isfinite(source.member_age), np.minimum(source.member_age, OLDEST), ages)
    joined = np.concatenate([-np.floor(ages), np.repeat(np.arange(len(arrivals)), arrivals)])
    members.joined = joined.astype(np.int32)
    for column in ("left", "back_day"):
        members[column] = FAR
    for column in ("message_day", "approach_day", "withdraw_day", "apology_day", "notified_day", "week", "month"):
        members[column] = NEVER
    for column in ("volume", "violating"):
        members[column] = 1.0
    members.account = 1


def check_attributes(scenario: Scenario, source: NetworkSource) -> None:
    """Refuse what a network says about its members if the scenario has no place for it.

    Raises:
        BadInput: for an unknown style, and for more industries or regions than there may be.
    """
    unknown = next((str(v) for v in source.attributes.get("style", ()) if v is not None and v not in scenario.style_names), None)
    if unknown is not None:
        names = ", ".join(scenario.style_names)
        raise BadInput(must("style", f"be one of {names}", f"{unknown!r}{nearest(unknown, scenario.style_names)}", where=source.name))
    for name, most in MOST_KINDS.items():
        kinds = len(getattr(source.names, name))
        if kinds > most:
            raise BadInput(must(name, f"be of at most {most} kinds", kinds, where=source.name))


def _keep_attributes(members: Any, scenario: Scenario, source: NetworkSource) -> None:
    """Put what a network file says about members in place of draws; industries follow communities otherwise."""
    n = len(source.labels)
    found = communities(source)
    members.industry[:n] = np.where(found >= 0, found % scenario.population.industries, members.industry[:n])
    for name, values in source.attributes.items():
        given = np.array([value is not None for value in values])
        if name == "style":
            codes: Any = [scenario.style_names.index(str(v)) if v is not None else 0 for v in values]
        elif name in ("industry", "region"):
            place = {word: k for k, word in enumerate(getattr(source.names, name))}
            codes = [place[str(v)] if v is not None else 0 for v in values]
        elif name == "seniority":
            codes = [min(max(int(float(v)), 0), SENIORITY_LEVELS - 1) if v is not None else 0 for v in values]
        else:
            codes = [float(v) if v is not None else 0.0 for v in values]
        column = members[name]
        column[:n] = np.where(given, np.array(codes), column[:n])
    members.session_rate[:n] = np.clip(members.session_rate[:n], 0.0, 1.0)
