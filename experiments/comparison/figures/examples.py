"""What single members see: inboxes and the network of a few pairs, drawn from their histories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.reporting.network_figures import draw_inboxes, draw_networks

if TYPE_CHECKING:
    from experiments.comparison.result import Comparison
    from experiments.reporting.style import Drawn, Screen


def draw_example_inboxes(c: Comparison, screen: Screen) -> Drawn | None:
    """Draw the inboxes of the mean, the median and a busy member under each arm, in the first pairs."""
    return draw_inboxes(c.examples, c.size, screen)


def draw_example_networks(c: Comparison, screen: Screen) -> Drawn:
    """Draw the network under each arm, in the first pair."""
    return draw_networks({arm: histories[0] for arm, histories in c.examples.items()}, c.size, screen)
