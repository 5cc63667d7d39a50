"""What tests of figures share: drawn for both screens, and what stands in them."""

from __future__ import annotations

from matplotlib.text import Text

from experiments.reporting.style import NARROW, SMALLEST, WIDE, draw


def both(drawing, found):
    """Draw what was found for both screens; no text of it is smaller than the smallest."""
    drawn = [draw(drawing, found, screen) for screen in (WIDE, NARROW)]
    for one in drawn:
        assert min(text.get_fontsize() for text in one.canvas.findobj(Text) if text.get_text()) >= SMALLEST
    return drawn


def legend(drawn):
    """Return what the legend of a figure says."""
    return {text.get_text() for one in drawn.canvas.legends for text in one.get_texts()}


def titles(ax):
    """Return what is written over an axes, left and right."""
    return tuple(ax.get_title(loc=side).replace("\n", " ") for side in ("left", "right"))
