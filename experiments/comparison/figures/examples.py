"""What single members see: inboxes and the network of a few pairs, drawn from their portraits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.reporting.network_figures import draw_inboxes, draw_networks

if TYPE_CHECKING:
    from experiments.comparison.result import Comparison
    from experiments.reporting.style import Drawn, Screen


def draw_example_inboxes(c: Comparison, screen: Screen) -> Drawn | None:
    """Draw the inboxes of the mean, the median and a busy member under each arm, in the first pairs."""
    return draw_inboxes(c.portraits, c.size, screen) if c.portraits else None


def draw_example_networks(c: Comparison, screen: Screen) -> Drawn | None:
    """Draw the network under each arm, in the first pair."""
    return draw_networks({arm: found[0] for arm, found in c.portraits.items()}, c.size, screen) if c.portraits else None
