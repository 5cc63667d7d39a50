"""What is asked of a comparison or of each point of a study: arms against a reference on common seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.defaults import MAX_PAIRS, PAIRS, PRECISION, SEED, THREADS
from sim.errors import BadInput, must
from sim.results.measures import MEASURES, PRIMARY, Catalogue

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

LEAST_MEMBERS, LEAST_PAIRS = 3, 2


@dataclass(frozen=True)
class Request:
    """What is asked of a comparison, checked."""

    scenario: Scenario
    arms: dict[str, Scenario]  # in the order given
    reference: str
    seed: int = SEED
    pairs: int = PAIRS
    until: str | None = None
    precision: float = PRECISION
    max_pairs: int = MAX_PAIRS
    workers: int = 1
    threads: int = THREADS
    catalogue: Catalogue = MEASURES  # the measures, with those of one's own

    @property
    def order(self) -> list[str]:
        """Return the arms, the reference first."""
        return [self.reference, *(name for name in self.arms if name != self.reference)]

    @property
    def most(self) -> int:
        """Return the largest number of pairs that may be run."""
        return max(self.pairs, self.max_pairs) if self.until else self.pairs

    def check(self) -> None:
        """Refuse what cannot be compared.

        Raises:
            BadInput: with what must be.
        """
        s = self.scenario
        if not s.network_file and s.members < LEAST_MEMBERS:
            raise BadInput(must("--members", f"be at least {LEAST_MEMBERS} for a comparison", s.members))
        if s.days < 1:
            raise BadInput(must("--days", "be at least 1 after the switch for a comparison", s.days))
        if self.pairs < LEAST_PAIRS:
            raise BadInput(must("--pairs", f"be at least {LEAST_PAIRS} for intervals", self.pairs))
        if self.until and not self.primary_fits:
            needed = MEASURES[PRIMARY].window + 1
            raise BadInput(must("--days", f"be at least {needed} with --until, for the primary measure", s.days))

    @property
    def primary_fits(self) -> bool:
        """Tell whether the primary measure's window fits the horizon."""
        return any(m.primary for m in self.catalogue.fitting(self.scenario)[0])
