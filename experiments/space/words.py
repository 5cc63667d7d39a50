"""Parameters in plain words, as sentences and axes name them; `words.toml` has them."""

from __future__ import annotations

import functools
import math
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.space.factors import STYLE_SHARES, STYLES

if TYPE_CHECKING:
    from experiments.space.factors import Factor

UNITS = (  # of the schema, as people read them
    (re.compile(r"\blogit\b"), "log-odds"),
    (re.compile(r" per ln\b"), " each time it grows 2.7-fold"),
    (re.compile(r"\bsd\b"), "standard deviation"),
)
EVERY = "*"


def in_words(one: Factor) -> str:
    """Return what a parameter is, in words: "the effect of being connected on replies"."""
    head, _, rest = one.path.partition(".")
    table = _table().get(head, "")
    if head == STYLES:
        style, _, name = rest.rpartition(".")
        return str(table[name]).format(who=_members(style))
    if head == STYLE_SHARES:
        return str(table[EVERY]).format(who=_members(rest))
    return str(table[rest]) if rest else str(table)


def named_in_words(one: Factor) -> str:
    """Return a parameter in words with its path in brackets, by which commands know it."""
    return f"{in_words(one)} ({one.path})"


def unit_in_words(one: Factor) -> str:
    """Return the unit of a parameter without abbreviations."""
    unit = one.unit
    for short, words in UNITS:
        unit = short.sub(words, unit)
    return unit


def as_chance(one: Factor, value: float) -> str:
    """Return what chance a base value in log-odds is, as a sentence goes on; nothing of other parameters."""
    if one.unit != "logit" or not one.path.endswith(".base"):
        return ""
    return f", a chance of {100.0 / (1.0 + math.exp(-value)):.2g}%"


def axis_in_words(one: Factor) -> str:
    """Return what stands beside an axis of a parameter: what it is, its path, its unit."""
    return f"{in_words(one)} ({one.path}), {unit_in_words(one)}"


def _members(style: str) -> str:
    return style.replace("_", " ") + "s"


@functools.cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
