"""The colours of pages and figures, each by what it means, on light and on dark ground.

Figures are drawn with the light ones; in pages the others take their place where a reader prefers dark. Colours of verdicts, and of the
first five arms, differ by 15 or more in CIEDE2000 for readers without one kind of cone too (a test), and none of them is alone: marks,
sides, lines or hatches say the same. Eight colours so far apart are not to be had: further arms are told by the latter.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from experiments.methods import paired


class Shade(NamedTuple):
    """A colour on light and on dark ground."""

    light: str
    dark: str


PAGE: dict[str, Shade] = {
    "paper": Shade("#fbfbf9", "#15181c"),
    "card": Shade("#ffffff", "#1d2127"),
    "ink": Shade("#22272e", "#e6e8eb"),
    "soft": Shade("#59616c", "#a7afba"),
    "line": Shade("#dcdfe3", "#333a43"),
    "link": Shade("#2b5ca6", "#8fb6f0"),
}
VERDICT: dict[str, Shade] = {
    "better": Shade("#0a5e31", "#2aecc2"),
    "worse": Shade("#d02253", "#ff6157"),
    "even": Shade("#777d8c", "#899098"),
    "moved": Shade("#36255b", "#cec8ff"),
}
ARM: tuple[Shade, ...] = (
    Shade("#315ecb", "#24b3fa"),
    Shade("#d47f00", "#ffd080"),
    Shade("#590064", "#8656ca"),
    Shade("#419f96", "#a4ffef"),
    Shade("#a03b67", "#f57084"),
    Shade("#3d4650", "#c6ced6"),
    Shade("#6b7a1e", "#c9d46a"),
    Shade("#7a4a21", "#d9a37a"),
)
DRAWN: dict[str, Shade] = {  # of figures alone
    "axis": Shade("#9aa0a8", "#6d7681"),
    "grid": Shade("#e6e8eb", "#2d333b"),
    "band": Shade("#e6e9ed", "#363e49"),  # a range in which nothing can be told, or does not matter
    "launch": Shade("#f2e7c9", "#3b3524"),  # the first month
    "faint": Shade("#c9cdd3", "#4a525c"),  # dots that stand behind others
}
MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")  # of arms, in the order of their colours
DASHES: tuple[object, ...] = (
    "-",
    (0, (5, 1.5)),
    (0, (1.5, 1)),
    (0, (6, 1.5, 1.5, 1.5)),
    (0, (3, 1)),
    (0, (10, 3)),
    (0, (1, 3)),
    (0, (6, 1.5, 1, 1.5, 1, 1.5)),
)
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----", "||||", "oo")  # of arms' bars

INK, SOFT, GROUND, LINE = (PAGE[name].light for name in ("ink", "soft", "card", "line"))
AXIS, GRID, BAND, LAUNCH, FAINT = (DRAWN[name].light for name in ("axis", "grid", "band", "launch", "faint"))
BETTER, WORSE, EVEN, MOVED = (VERDICT[name].light for name in ("better", "worse", "even", "moved"))
ARMS = tuple(shade.light for shade in ARM)
VERDICTS = {
    paired.BETTER: BETTER,
    paired.WORSE: WORSE,
    paired.NO_DIFFERENCE: EVEN,
    paired.NOT_DECIDED: EVEN,
    paired.HIGHER: MOVED,
    paired.LOWER: MOVED,
    # on the article's statements
    "borne out": BETTER,
    "depends on the design": MOVED,
    "contradicted": WORSE,
    "assumed": SOFT,
    "not tested": SOFT,
}
WRITTEN = VERDICTS | dict.fromkeys((paired.NO_DIFFERENCE, paired.NOT_DECIDED), SOFT)  # of a text; that of the marks is too pale to be read
TONES = {  # by verdict, the names of VERDICT; "open" is drawn hollow
    paired.BETTER: "better",
    paired.WORSE: "worse",
    paired.NO_DIFFERENCE: "even",
    paired.NOT_DECIDED: "open",
    paired.HIGHER: "moved",
    paired.LOWER: "moved",
    "borne out": "better",
    "depends on the design": "depends",
    "contradicted": "worse",
    "assumed": "assumed",
    "not tested": "untested",
}
SIGNS = {  # in words, by tone
    "better": "▲",
    "worse": "▼",
    "even": "=",
    "open": "○",
    "moved": "◆",
    "depends": "◆",
    "assumed": "–",
    "untested": "×",
    "": "",
}
DOTS = {"better": "^", "worse": "v", "even": "s", "open": "o", "moved": "D", "depends": "D", "assumed": "_", "untested": "x"}  # in figures


def shades() -> dict[str, Shade]:
    """Return every colour by the name of its CSS variable."""
    arms = {f"arm-{k}": shade for k, shade in enumerate(ARM, 1)}
    return PAGE | VERDICT | arms | DRAWN


def css(names: Iterable[str] | None = None, *, dark: bool) -> str:
    """Return the variables of these names, or all, on light or on dark ground, as CSS declarations."""
    every = shades()
    return "".join(f"--{name}:{every[name].dark if dark else every[name].light};" for name in (every if names is None else names))
