"""Figures of a comparison, each drawn from its tables, in the order of the report."""

from __future__ import annotations

from collections.abc import Mapping

from experiments.comparison.figures.assumptions import draw_assumptions
from experiments.comparison.figures.course import draw_days
from experiments.comparison.figures.differences import draw_differences, draw_goals
from experiments.comparison.figures.examples import draw_example_inboxes, draw_example_networks
from experiments.comparison.figures.moves import draw_moves
from experiments.comparison.figures.styles import draw_styles
from experiments.comparison.figures.tradeoff import draw_tradeoff
from experiments.reporting.style import Drawing

__all__ = ["DRAWINGS"]

DRAWINGS: Mapping[str, Drawing] = {
    "goals": draw_goals,
    "tradeoff": draw_tradeoff,
    "differences": draw_differences,
    "days": draw_days,
    "styles": draw_styles,
    "inboxes": draw_example_inboxes,
    "networks": draw_example_networks,
    "assumptions": draw_assumptions,
    "moves": draw_moves,
}
