"""What tests of figures share: drawn for both screens, and what stands in them."""

from __future__ import annotations

import io
import re
from itertools import combinations
from typing import NamedTuple
from unittest import mock

from coloraide import Color
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from experiments.reporting.palette import PAGE, Shade, shades
from experiments.reporting.style import NARROW, SMALLEST, STYLE, WIDE, draw, for_page, rc_context

VISIONS = (None, "protan", "deutan", "tritan")
LEAST_APART = 15.0  # in CIEDE2000: a difference that is seen at a glance
READABLE, VISIBLE = 4.5, 3.0  # contrast of text and of marks: WCAG 2.1, AA
SLACK = 1.0  # pixels by which boxes of letters may touch


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


class Written(NamedTuple):
    """A text as it is drawn."""

    text: str
    colour: str
    box: Bbox


def written(canvas):
    """Return every text that is drawn: figures of an axis that lie beyond it are not."""
    found = []

    def draw_text(one, renderer):
        if one.get_visible() and one.get_text().strip():
            found.append(Written(one.get_text(), to_hex(one.get_color()), one.get_window_extent(renderer)))

    with rc_context(STYLE):
        canvas.draw_without_rendering()
        with mock.patch.object(Text, "draw", draw_text):
            FigureCanvasAgg(canvas).draw()
    return found


def upon_one_another(found):
    """Return the pairs of texts that overlap."""
    boxes = [(one.text, one.box.padded(-SLACK)) for one in found]
    return [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if one.overlaps(other)]


def cut_off(canvas, found):
    """Return the texts that do not lie within a figure as a whole."""
    whole = canvas.bbox.padded(SLACK)
    return [one.text for one in found if not (whole.contains(*one.box.min) and whole.contains(*one.box.max))]


def unreadable(found):
    """Return the texts whose colour is too near to the ground of a figure, light or dark."""
    by_light = {shade.light: shade for shade in shades().values()}

    def read(colour):
        shade = by_light.get(colour, Shade(colour, colour))
        return all(
            Color(getattr(shade, ground)).contrast(getattr(PAGE["card"], ground), method="wcag21") >= READABLE for ground in Shade._fields
        )

    return [one.text for one in found if not read(one.colour)]


def strays(canvas):
    """Return the visible colours of a figure that do not follow the reader in a page."""
    svg = io.BytesIO()
    with rc_context(STYLE):
        canvas.savefig(svg, format="svg")
    page = for_page(svg.getvalue().decode())
    unseen = r"(fill|stroke):#[0-9a-f]{6};\1-opacity:0(?![.\d])"
    for known in (r"--[\w-]+:#[0-9a-f]{6};", r"href='#\w+'", r"url\(#\w+\)", unseen):
        page = re.sub(known, "", page)
    return set(re.findall(r"#[0-9a-fA-F]{3,8}\b", page))


def apart(one, other):
    """Tell whether two shades are told apart with any eyes, on light ground and on dark."""

    def seen(colour, vision):
        return Color(colour) if vision is None else Color(colour).filter(vision)

    return all(
        seen(getattr(one, ground), vision).delta_e(seen(getattr(other, ground), vision), method="2000") > LEAST_APART
        for ground in Shade._fields
        for vision in VISIONS
    )
