"""Does the model reproduce the patterns that it was fitted to? Targets, sources, denominators, what the defaults give.

Rates with selection in them (who is asked, who reads) are checked with probes: decisions about random pairs that are
taken but never delivered. Sources begin with their kind, as in the schema (`SOURCE_KINDS`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.scenario.parameters import because, published

if TYPE_CHECKING:
    from sim.results.history import History
    from sim.scenario.scenario import Scenario

MEMBERS, DAYS, SEEDS = 2000, 180, (1, 2, 3)
PROBES = 4000
LEAST_RATED = 10  # messages, below which a member's own reply rate says little


@dataclass(frozen=True)
class Target:
    """What a run should show: bounds, where they come from, and what it gave out of how many."""

    name: str
    source: str
    low: float
    high: float
    got: float
    denominator: float
    unit: str = "share"

    @property
    def missed_by(self) -> float:
        """Return how far outside the bounds the figure lies; 0 within."""
        if not math.isfinite(self.got):
            return math.nan
        return max(self.low - self.got, self.got - self.high, 0.0)

    @property
    def met(self) -> bool:
        """Tell whether the figure lies within the bounds."""
        return self.missed_by == 0.0


@dataclass(frozen=True)
class Evidence:
    """The runs that the targets are read from."""

    scenario: Scenario
    histories: list[History]

    def daily(self, name: str) -> np.ndarray:
        """Return a daily figure of all runs after the warm-up, one after another."""
        return np.concatenate([h.daily[name][self.scenario.warm_up :] for h in self.histories])

    def members(self, name: str) -> np.ndarray:
        """Return a member column of all runs, active members only."""
        return np.concatenate([np.asarray(h.members[name])[np.asarray(h.members["active"]) == 1] for h in self.histories])

    def pooled(self, measure: str) -> tuple[float, float]:
        """Return (the ratio, the denominator) of a measure over all runs."""
        values = [h.measures[measure] for h in self.histories]
        bottom = sum(v.denominator or 0.0 for v in values)
        return (sum(v.numerator or 0.0 for v in values) / bottom if bottom else math.nan), bottom

    def active_days(self) -> float:
        """Return member-days after the warm-up."""
        return float(np.nansum(self.daily("active")))

    def volume(self, counter: str) -> float:
        """Return a daily counter per active member and day."""
        return float(sum(h.raw_daily[counter][self.scenario.warm_up :].sum() for h in self.histories)) / self.active_days()


def gather(
    scenario: Scenario, members: int = MEMBERS, seeds: tuple[int, ...] = SEEDS, progress: Callable[[str], None] | None = None
) -> Evidence:
    """Run the warm-up design on, a year in all, at a stated size."""
    from sim.simulation import simulate

    changes: dict[str, Any] = {"warm_up": DAYS, "days": DAYS}
    if not scenario.network_file:
        changes["members"] = members
    still = scenario.with_(**changes).with_design(scenario.warm_up_design)
    histories = []
    for seed in seeds:
        if progress is not None:
            progress(f"seed {seed}")
        histories.append(simulate(still, seed, events=True))
    return Evidence(still, histories)


def acceptance_probe(e: Evidence, mutual: int) -> float:
    """Return the acceptance of an invitation of average quality between random members with so many mutual contacts."""
    from sim.decisions.inbox import accept_chance

    p = e.scenario.namespaces().rules[0]
    rng = np.random.default_rng(0)
    selectivity, degree, annoyance = (e.members(n) for n in ("selectivity", "degree", "annoyance"))
    chances = []
    for i in rng.integers(0, len(selectivity), PROBES):
        relevance = float(rng.standard_normal())  # of a random pair
        chance = accept_chance(
            p,
            mutual,
            relevance,
            competitors=False,
            exchanges=0,
            forward=0.0,
            note=0.0,
            selectivity=float(selectivity[i]),
            degree=int(degree[i]),
            annoyance=float(annoyance[i]),
            recent=0.0,
            reputation=0.0,
        )
        chances.append(chance + (1.0 - chance) * p.invitation_obligation)
    return float(np.mean(chances))


def answer_probe(e: Evidence, load: float) -> float:
    """Return the share of average mail answered by members who get `load` items a day, attention included."""
    from sim.decisions.codes import MESSAGE
    from sim.decisions.inbox import attention_budget, reply_chance

    p = e.scenario.namespaces().rules[0]
    rng = np.random.default_rng(0)
    columns = {n: e.members(n) for n in ("receptiveness", "degree", "annoyance", "session_rate")}
    shares = []
    for i in rng.integers(0, len(columns["degree"]), PROBES):
        chance = reply_chance(
            p,
            kind=MESSAGE,
            purpose=0,
            quality=0.0,
            characters=500.0,
            relevance=float(rng.standard_normal()),
            mutual=2,
            distance=1,
            exchanges=2,
            follow=0,
            receptiveness=float(columns["receptiveness"][i]),
            load=load,
            annoyance=float(columns["annoyance"][i]),
            recent=0.0,
            reputation=0.0,
        )
        brought = p.attention_notification * (1.0 - p.attention_muted)
        visits = 1.0 - (1.0 - float(columns["session_rate"][i])) * (1.0 - brought)
        read = min(1.0, attention_budget(p, int(columns["degree"][i]), 0, 0) * visits / load)
        shares.append(chance * read)
    return float(np.mean(shares))


def reply_spread(e: Evidence) -> tuple[float, float]:
    """Return (sd of individual reply rates, members with 10 or more): first messages delivered to them."""
    rates = []
    for h in e.histories:
        events = h.to_pandas("events")
        first = events[(events.kind.isin(["message", "introduction"])) & (events.day_delivered >= 0)]
        answered = first.groupby("recipient").outcome.agg(["size", lambda x: (x == "answered").mean()])
        rates += list(answered[answered["size"] >= LEAST_RATED].iloc[:, 1])
    return (float(np.std(rates, ddof=1)) if len(rates) > 1 else math.nan), float(len(rates))


def delay_share(e: Evidence, days: int) -> tuple[float, float]:
    """Return (share of answers written within so many days of delivery, answers)."""
    answered = np.concatenate([_delays(h) for h in e.histories])
    return (float((answered <= days).mean()) if len(answered) else math.nan), float(len(answered))


def _delays(h: History) -> np.ndarray:
    events = h.to_pandas("events")
    done = events[(events.outcome == "answered") & (events.day_delivered >= 0)]
    return np.asarray(done.day_answered - done.day_delivered)


def attachment_probe(e: Evidence) -> float:
    """Return the exponent that the attachment race realises: the slope of ln(rate of being picked) on ln(degree + 1)."""
    from sim.decisions.constants import RACE
    from sim.decisions.joining import race_weight

    p = e.scenario.namespaces().rules[0]
    rng = np.random.default_rng(0)
    degree = e.members("degree")
    entrants = rng.integers(0, len(degree), (PROBES * 10, RACE))
    weights = np.array([race_weight(p, int(d)) for d in degree])
    times = rng.exponential(size=entrants.shape) / weights[entrants]
    winners = degree[entrants[np.arange(len(entrants)), times.argmin(axis=1)]]
    edges = np.unique(np.quantile(degree, np.linspace(0, 1, 11)))
    picked, there = np.histogram(winners, edges)[0], np.histogram(degree, edges)[0]
    size = np.histogram(degree, edges, weights=np.log(degree + 1.0))[0] / np.maximum(there, 1)
    seen = picked > 0
    if seen.sum() < 2:
        return math.nan
    rate = np.log(picked[seen] / there[seen])
    return float(np.polyfit(size[seen], rate, 1, w=np.sqrt(picked[seen]))[0])


def targets(e: Evidence) -> list[Target]:
    """Return every target with what the runs give."""
    reply, asked = e.pooled("stranger_reply_rate_30")
    opened, openings = e.pooled("reply_after_acceptance")
    next_day, answers = delay_share(e, 1)
    week, _ = delay_share(e, 7)
    spread, rated = reply_spread(e)
    days = e.active_days()
    degrees = e.daily("mean_degree")
    start = float(np.mean([h.daily["mean_degree"][0] for h in e.histories]))
    drift = float(np.mean(degrees[-30:])) / start - 1.0
    out = [
        Target("acceptance by strangers (probe)", published("QJE 2025, about 25%"), 0.225, 0.275, acceptance_probe(e, 0), PROBES),
        Target(
            "acceptance with three mutual contacts (probe)",
            published("Boshmaf et al. 2011, 59%, an upper bound"),
            0.4,
            0.59,
            acceptance_probe(e, 3),
            PROBES,
        ),
        Target("reply after acceptance", "vendor: 22%", 0.18, 0.26, opened, openings),
        Target("reply rate of strangers, 30 days", because(STRANGERS), 0.10, 0.25, reply, asked),
        Target(
            "inbox answered at 1 item a day (probe)", published("Kooti et al. 2015, about 25%"), 0.20, 0.30, answer_probe(e, 1.0), PROBES
        ),
        Target(
            "inbox answered at 100 items a day (probe)", published("Kooti et al. 2015, under 5%"), 0.0, 0.05, answer_probe(e, 100.0), PROBES
        ),
        Target("answers by the next day", "measured: 73% on a message log", 0.69, 0.77, next_day, answers),
        Target("answers within a week", "measured: 91% on a message log", 0.87, 0.95, week, answers),
        Target("sd of individual reply rates", "measured: 0.20 on a message log", 0.17, 0.23, spread, rated),
        Target(
            "attachment exponent realised (probe)",
            published("Leskovec et al., KDD 2008, 0.6"),
            0.5,
            0.7,
            attachment_probe(e),
            PROBES * 10,
            "exponent",
        ),
        Target("drift of the mean degree over a year", because(STEADY), -0.05, 0.05, drift, len(e.histories), "relative"),
    ]
    for name, counter, wanted in VOLUMES:
        out.append(Target(name, because(VOLUME), 0.8 * wanted, 1.2 * wanted, e.volume(counter), days, "a member and day"))
    return out


STRANGERS = "strangers answer less often than acquaintances, and more often than recipients of bulk mail"
STEADY = "a year does not change how many contacts members have by more than 5%"
VOLUME = "inboxes then hold about as much as members can read; within 20%"


def reached(scenario: Scenario, progress: Callable[[str], None]) -> list[Target]:
    """Return every target with what runs of the usual size give."""
    return targets(gather(scenario, progress=progress))


VOLUMES = (
    ("sessions", "sessions", 0.26),
    ("intents", "all_intents", 0.23),
    ("first messages", "first_messages", 0.10),
    ("follow-ups", "follow_ups", 0.19),
    ("cold invitations", "cold_invitations", 0.03),
    ("replies in threads", "replies", 0.06),
    ("items delivered", "delivered", 0.46),
    ("items read", "read", 0.40),
    ("new ties", "new_ties", 0.03),
)
