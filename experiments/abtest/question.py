"""What is asked of a test: two arms, how they are dealt out, how long, how often it is repeated, and when the treatment is shipped."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.abtest.metrics import METRICS, WINDOW
from experiments.abtest.replicate import replicate
from experiments.abtest.schemes import LEIDEN, SCHEMES, STRATIFIED, limits_that_differ, mixed, readings_of
from experiments.abtest.worlds import periods_of
from experiments.optional_imports import needs
from experiments.runs.draws import Called
from experiments.runs.instrument import instrument_of
from experiments.runs.keys import members_of, scenario_digest
from experiments.runs.request import LEAST_MEMBERS
from experiments.space.factors import with_values
from sim.errors import BadInput, must, nearest
from sim.version import model_version

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

BIAS, TESTS, CHECK, WORLD = "bias", "tests", "check", "world"  # panels, the last with the number of a draw behind it
LEAST_DAYS = 7  # in which items are counted
LEAST_REPLICATES = 2
PRIMARY, GUARDRAILS = "partners", ("unwelcome", "retention")


class Panel(NamedTuple):
    """Replicates of one size."""

    name: str
    members: int | None  # at the start; None where a network file says so
    replicates: int
    schemes: tuple[str, ...]
    at: tuple[tuple[str, float], ...] = ()  # parameters of a draw, by name


@dataclass(frozen=True)
class Question:
    """What is asked, checked by `check`."""

    scenario: Scenario  # with both designs
    arms: tuple[str, str]  # control, treatment
    by: str
    credit: str
    estimator: str
    share: float
    seed: int
    panels: tuple[Panel, ...]
    draws: int  # ways in which arms are dealt out in each population, for schemes whose rates are told; once for the others
    workers: int = 1
    stratified: bool = False  # whether each style has its own shares, where arms are dealt to members
    source: str = ""  # of the draws, as it was named
    called: Called = field(default_factory=Called)  # what these draws may be called

    @property
    def main(self) -> Panel:
        """Return the panel of all schemes, for their bias."""
        return self.panels[0]

    @property
    def rates(self) -> Panel:
        """Return the panel of many small tests, for rates; the main one without it."""
        return next((panel for panel in self.panels if panel.name == TESTS), self.main)

    @property
    def worlds(self) -> list[Panel]:
        """Return the panels at draws."""
        return [panel for panel in self.panels if panel.at]

    @property
    def better(self) -> str:
        """Return the metric that must be better."""
        return (self.scenario.decision.better or [PRIMARY])[0]

    @property
    def margins(self) -> dict[str, float | None]:
        """Return the margin of each guardrail as a share of the control; None for its smallest effect of interest."""
        return dict(self.scenario.decision.no_worse) or dict.fromkeys(GUARDRAILS)

    def base(self, panel: Panel) -> Scenario:
        """Return the scenario of a panel."""
        found = self.scenario if panel.members is None else self.scenario.with_(members=panel.members)
        return with_values(found, dict(panel.at)) if panel.at else found

    def draws_of(self, scheme: str) -> int:
        """Return in how many ways arms are dealt out in each population by a scheme."""
        return self.draws if scheme in self.rates.schemes else 1

    def tests(self, panel: Panel, scheme: str, population_seed: int) -> list[Scenario]:
        """Return the scenarios of a scheme's tests on one population."""
        base, days = self.base(panel), periods_of(self.scenario).days
        given: dict[str, Any] = {"share": self.share, "days": days, "stratified": self.stratified}
        return [mixed(base, self.arms, scheme, **given, draw=draw_of(population_seed, k)) for k in range(self.draws_of(scheme))]

    def check(self) -> None:
        """Refuse what cannot be answered.

        Raises:
            BadInput: with what must be.
        """
        if not 0.0 < self.share < 1.0:
            raise BadInput(must("--share", "be between 0 and 1", self.share))
        if periods_of(self.scenario).days < LEAST_DAYS:
            rule = (
                f"be at least {LEAST_DAYS + WINDOW}: {LEAST_DAYS} in which items are counted, and {WINDOW} in which answers are waited for"
            )
            raise BadInput(must("--days", rule, self.scenario.days))
        if members_of(self.scenario) < LEAST_MEMBERS:
            raise BadInput(must("--members", f"be at least {LEAST_MEMBERS} for a test", self.scenario.members))
        for panel in self.panels:
            if panel.replicates < LEAST_REPLICATES:
                raise BadInput(must("--replicates", f"be at least {LEAST_REPLICATES}", panel.replicates))
        self._check_readings()
        for name in (self.better, *self.margins):
            if name not in METRICS:
                told = f"{name!r}{nearest(name, METRICS)}"
                raise BadInput(must("decision", f"name measures of a test: {', '.join(METRICS)}", told, where=self.scenario.name))

    def _check_readings(self) -> None:
        if self.by not in SCHEMES:
            raise BadInput(must("--by", f"be one of {', '.join(SCHEMES)}", f"{self.by!r}{nearest(self.by, SCHEMES)}"))
        if self.by == LEIDEN:
            needs("igraph", "communities")
        if self.stratified and SCHEMES[self.by].kind not in STRATIFIED:
            rule = "be left out unless arms are dealt out member by member (viewer, profile, pair, ramp)"
            raise BadInput(must("--stratified", rule, self.by))
        if (self.credit, self.estimator) not in readings_of(SCHEMES[self.by]):
            allowed = ", ".join(f"{credit} with {estimator}" for credit, estimator in readings_of(SCHEMES[self.by]))
            told = f"{self.credit} with {self.estimator}"
            raise BadInput(must("--credit and --estimator", f"be, for tests {SCHEMES[self.by].words}, one of {allowed}", told))
        control, treatment = (self.scenario.designs[name] for name in self.arms)
        differ = limits_that_differ(control, treatment)
        asked = {scheme for panel in self.panels for scheme in panel.schemes if SCHEMES[scheme].by_profile}
        if differ and asked:
            rule = f"be of viewers where the arms differ in limits of a sender ({', '.join(differ)}), which cannot go by the profile"
            raise BadInput(must("--by", rule, ", ".join(sorted(asked))))

    def plan(self) -> dict[str, Any]:
        """Return what a folder notes: what is asked, and a digest of all that the result depends on."""
        facts = {
            "command": "abtest",
            "arms": list(self.arms),
            "by": self.by,
            "credit": self.credit,
            "estimator": self.estimator,
            "share": self.share,
            "seed": self.seed,
            "assignments": self.draws,
            "stratified": self.stratified,
            "panels": [list(panel) for panel in self.panels],
        }
        depends = {**facts, "scenario": scenario_digest(self.scenario), "decision": self.scenario.decision.model_dump()}
        text = json.dumps(depends | {"model": model_version(), "reading": instrument()}, sort_keys=True)
        return facts | {"plan": hashlib.sha256(text.encode()).hexdigest()[:8]}


def draw_of(population_seed: int, k: int) -> int:
    """Return the seed of the k-th way in which arms are dealt out in a population."""
    digest = hashlib.sha256(f"first contact assignment {population_seed} {k}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def instrument() -> str:
    """Return what changes with anything by which a test is read: runs that were read otherwise are others."""
    return instrument_of(replicate.__module__)


def reading_of(question: Question, scheme: str) -> tuple[str, str]:
    """Return the credit and the estimator by which a scheme is read: the asked ones of the asked scheme, else the usual ones."""
    return (question.credit, question.estimator) if scheme == question.by else usual_reading(scheme)


def usual_reading(by: str) -> tuple[str, str]:
    """Return the credit and the estimator by which a scheme is usually read."""
    return readings_of(SCHEMES[by])[0]
