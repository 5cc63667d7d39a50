"""Figures in few bytes: the same shapes, by hand and point by point, and nothing that a page has no use for."""

from __future__ import annotations

import itertools
import math
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from experiments.reporting.small_svg import _name, _short, short_path, smaller
from experiments.reporting.style import STYLE, WIDE, rc_context

SVG = "{http://www.w3.org/2000/svg}"
STEP = re.compile(r"([a-z])([^a-z]*)")
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
MANY = {"m": 2, "l": 2, "h": 1, "v": 1, "q": 4, "c": 6, "a": 7}


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("M 1.004 2 L 3 2 L 3 5.5 L 1 4 z", "m1,2h2v3.5l-2-1.5z"),
        ("M 0 0 L 1 1 L 2 2 ", "m0,0l1,1,1,1"),
        ("M 0 0 Q 1 2 3 4 C 1 1 2 2 -3.25 4.5", "m0,0q1,2,3,4c-2-3-1-2-6.25,.5"),
        ("M 1 1 L 2 2 z M 5 5 L 6 7 z", "m1,1l1,1zm4,4l1,2z"),
        ("M 1e-05 0.125 L -0.5 0", "m0,.12l-.5-.12"),
    ],
)
def test_a_path_is_told_from_point_to_point(path, short):
    assert short_path(path) == short


def test_no_error_adds_up_along_a_path():
    x = np.cumsum(np.full(1000, 0.0049))
    path = "M 0 0 " + "".join(f"L {a:.6f} {a * a:.6f} " for a in x)
    assert ends(short_path(path))[-1] == pytest.approx((x[-1], x[-1] ** 2), abs=0.005)


def ends(path):
    """Where each step of a short path ends."""
    at, found = (0.0, 0.0), []
    for command, text in STEP.findall(path):
        numbers = [float(one) for one in NUMBER.findall(text)]
        for k in range(0, len(numbers), MANY.get(command, 1)):
            step = numbers[k : k + MANY[command]]
            x, y = {"h": (step[-1], 0.0), "v": (0.0, step[-1])}.get(command, step[-2:])
            at = at[0] + x, at[1] + y
            found.append(at)
    return found


def circle(x, y, radius, kappa=0.265216):
    """A circle as matplotlib draws one: eight curves, from its lowest point on."""
    angles = [-math.pi / 2 + k * math.pi / 4 for k in range(9)]
    out = f"M {x + radius * math.cos(angles[0]):.6f} {y + radius * math.sin(angles[0]):.6f} "
    for a, b in itertools.pairwise(angles):
        first = x + radius * (math.cos(a) - kappa * math.sin(a)), y + radius * (math.sin(a) + kappa * math.cos(a))
        second = x + radius * (math.cos(b) + kappa * math.sin(b)), y + radius * (math.sin(b) - kappa * math.cos(b))
        out += "C " + " ".join(f"{v:.6f}" for v in (*first, *second, x + radius * math.cos(b), y + radius * math.sin(b))) + " "
    return out + "z"


def test_a_circle_is_two_arcs_and_what_is_none_is_not():
    assert short_path(circle(10.0, 20.0, 3.0)) == "m10,17a3,3,0,0,0,0,6,3,3,0,0,0,0-6z"
    dent = circle(10.0, 20.0, 3.0).replace("13.000000 20.000000", "13.100000 20.000000")
    assert "a" not in short_path(dent)
    assert short_path(dent).count("c") == 1


@pytest.mark.parametrize(("steps", "places", "told"), [(0, 2, "0"), (-5, 2, "-.05"), (150, 2, "1.5"), (-1200, 2, "-12"), (7, 1, ".7")])
def test_numbers_are_as_short_as_they_can_be(steps, places, told):
    assert _short(steps, places) == told


def test_names_are_short_and_differ():
    names = [_name(k) for k in range(3000)]
    assert len(set(names)) == 3000
    assert max(map(len, names)) == 2 + (3000 > 52 + 52 * 52)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """A figure of marks, letters, clips and hatches, as it is written and in few bytes."""
    path = tmp_path_factory.mktemp("figure") / "a.svg"
    with rc_context(STYLE | {"svg.hashsalt": "x"}):
        canvas = WIDE.blank(3.0)
        ax = canvas.subplots()
        ax.plot(np.linspace(0, 6, 200), np.sin(np.linspace(0, 6, 200)), label="a curve & more")
        ax.plot([1, 2, 3], [0.1, 0.2, 0.3], "o", ms=9)
        ax.scatter([1, 2, 3], [-0.1, -0.2, -0.3], s=[20, 40, 60])
        ax.bar([4, 5], [0.5, 0.7], hatch="oo")
        canvas.legend()
        canvas.savefig(path)
    text = path.read_text(encoding="utf-8")
    return text, smaller(text)


def test_it_is_whole_and_small(both):
    text, small = both
    root = ET.fromstring(small)
    assert len(small) < len(text) / 2
    assert (root.get("viewBox"), root.get("width")) == ("0 0 604.8 216", "604.8pt")
    names = [one.get("id") for one in root.iter() if one.get("id")]
    asked = {one.get("href")[1:] for one in root.iter() if one.get("href")} | set(re.findall(r"url\(#(\w+)\)", small))
    assert len(names) == len(set(names))
    assert set(names) == asked
    classes = {one.get("class") for one in root.iter() if one.get("class")}
    assert classes == set(re.findall(r"\.(\w+)\{", small))
    for gone in ("metadata", "<!--", "style=", "xlink", "\n"):
        assert gone not in small


def test_every_mark_and_letter_stands_where_it_stood(both):
    def places(text, link):
        found = []
        for one in ET.fromstring(text).iter(f"{SVG}use"):
            assert one.get(link)
            shift = re.match(r"translate\((\S+) ", one.get("transform", ""))
            found.append((float(shift[1] if shift else one.get("x", 0)), float(one.get("y", 0))))
        return np.array(found)

    before, after = places(both[0], "{http://www.w3.org/1999/xlink}href"), places(both[1], "href")
    assert len(before) > 60
    assert np.abs(before - after).max() <= 0.0501  # a tenth of a hundredth of a letter
