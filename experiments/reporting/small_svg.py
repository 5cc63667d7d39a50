"""A figure as small as it can be without another look: for pages, which hold all of theirs.

It is what matplotlib writes, and no more of SVG than that is known here: paths of straight lines and curves, marks and letters that are
drawn again and again, clips, hatches. Numbers are kept to a hundredth of a point, those of letters to a thousandth of their size: seen by
nobody.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
TOKENS = re.compile(r"[A-Za-z]|-?[\d.]+(?:e-?\d+)?")
POINTS_OF = {"M": 1, "L": 1, "Q": 2, "C": 3, "A": 1}  # of a command, how many
NUMBER, LETTER_SCALE = re.compile(r"-?\d*\.\d+"), re.compile(r"^scale\(0\.015625\)$")
SHIFT = re.compile(r"^translate\((-?[\d.]+) 0\)$")
NAMED = re.compile(r"url\(#([^)]+)\)")
UNITS = 64.0  # of a letter, in one of those in which its place is told
Part = list[tuple[str, list[tuple[int, int]]]]  # commands with their points
NAMES = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def smaller(svg: str) -> str:
    """Return an SVG of matplotlib's that looks the same, in as few bytes as it takes."""
    root = ET.fromstring(svg)  # noqa: S314  (as above)
    for part in list(root):
        if part.tag == f"{SVG}metadata":
            root.remove(part)
    _shorten_numbers(root)
    _share_names(root)
    styles = _share_styles(root)
    _unwrap(root)
    rules = "".join(part.text or "" for part in root.iter(f"{SVG}style"))
    rules += "".join(f".{name}{{{style}}}" for style, name in styles.items())
    inside = "".join(map(_written, (part for part in root if not _is_rules(part))))
    box = root.get("viewBox", "")
    size = "".join(f" {key}='{root.get(key)}'" for key in ("width", "height"))
    return f"<svg xmlns='http://www.w3.org/2000/svg'{size} viewBox='{box}'><style>{_tight(rules)}</style>{inside}</svg>"


def _is_rules(part: ET.Element) -> bool:
    return part.tag == f"{SVG}defs" and all(one.tag == f"{SVG}style" for one in part)


def _tight(rules: str) -> str:
    return re.sub(r"\s*([:;{}])\s*", r"\1", rules).strip()


# numbers -------------------------------------------------------------------------------------------------------------


def _shorten_numbers(root: ET.Element) -> None:
    """Round all numbers, and let letters stand in the units in which their places are told."""
    for part in root.iter():
        letter = LETTER_SCALE.match(part.get("transform", ""))
        if letter:
            del part.attrib["transform"]
        if "d" in part.attrib:
            part.set("d", short_path(part.get("d", ""), *((1.0 / UNITS, 1) if letter else (1.0, 2))))
        shift = SHIFT.match(part.get("transform", "")) if part.tag == f"{SVG}use" else None
        if shift:
            del part.attrib["transform"]
            part.set("x", _short(round(10 * float(shift[1])), 1))
        for key, places in (("x", 2), ("y", 2), ("width", 2), ("height", 2), ("transform", 5)):
            if key in part.attrib and part is not root and not shift:
                part.set(key, _rounded(part.get(key, ""), places))


def _rounded(text: str, places: int) -> str:
    """Return a text with its decimals rounded."""
    return NUMBER.sub(lambda found: _short(round(float(found[0]) * 10**places), places), text)


@functools.lru_cache(maxsize=1 << 15)  # of the steps along a curve, and of letters, most come again
def _short(steps: int, places: int) -> str:
    """Return a number of steps of a decimal's last place as it is shortest: ".5", "-3"."""
    text = f"{abs(steps):0{places + 1}d}"
    whole, rest = text[:-places].lstrip("0"), text[-places:].rstrip("0")
    told = f"{whole}.{rest}" if rest else whole or "0"
    return f"-{told}" if steps < 0 else told


def short_path(d: str, scale: float = 1.0, places: int = 2) -> str:
    """Return a path told from each point to the next, in whole steps, so that no error adds up.

    Args:
        d: of lines and curves, from places of the whole.
        scale: by which it is multiplied.
        places: decimals that are kept.
    """
    out: list[str] = []
    at, last = (0, 0), ""
    for part in _parts(d, scale * 10**places):
        for command, points in _as_circle(part) or part:
            if command == "z":
                out.append("z")
                at, last = part[0][1][0], "z"
                continue
            told, values = _step(command, [(x - at[0], y - at[1]) for x, y in points[-POINTS_OF[command] :]])
            if command == "A":
                values = [*points[0], 0, 0, 0, *values]
            at = points[-1]
            out.append(_joined("" if told == last and told != "m" else told, [_short(value, places) for value in values]))
            last = told
    return "".join(out)


def _as_circle(part: Part) -> Part:
    """Return a circle, which matplotlib draws as eight curves, as two arcs; nothing if it is none."""
    if "".join(command for command, _ in part) not in ("M" + 8 * "C", "M" + 8 * "C" + "z"):
        return []
    ends = [points[-1] for _, points in part[:9]]
    start, opposite = ends[0], ends[4]
    middle = (start[0] + opposite[0]) / 2.0, (start[1] + opposite[1]) / 2.0
    radii = [math.dist(middle, end) for end in ends]
    radius = round(sum(radii) / len(radii))
    if ends[8] != start or max(abs(one - radius) for one in radii) > 1.5:
        return []
    size = (radius, radius)
    return [part[0], ("A", [size, opposite]), ("A", [size, start]), ("z", [])]


def _step(command: str, by: list[tuple[int, int]]) -> tuple[str, list[int]]:
    """Return the shortest way to tell a step."""
    (x, y) = by[-1]
    if command == "L" and y == 0:
        return "h", [x]
    if command == "L" and x == 0:
        return "v", [y]
    return command.lower(), [value for point in by for value in point]


def _joined(command: str, values: list[str]) -> str:
    """Return numbers behind a command, or behind others if it is not said again, with a comma where they would run together."""
    out = command
    for k, value in enumerate(values):
        out += ("," if value[0] != "-" and (k or not command) else "") + value
    return out


def _parts(d: str, steps: float) -> Iterator[Part]:
    """Yield the parts of a path, each from one place to which it goes without drawing, in whole steps."""
    tokens, part = TOKENS.findall(d), Part()
    k = 0
    while k < len(tokens):
        command = tokens[k]
        many = 0 if command == "z" else 2 * POINTS_OF[command]
        numbers = [round(steps * float(token)) for token in tokens[k + 1 : k + 1 + many]]
        if command == "M" and part:
            yield part
            part = []
        part.append((command, list(zip(numbers[::2], numbers[1::2], strict=True))))
        k += 1 + many
    if part:
        yield part


# names ---------------------------------------------------------------------------------------------------------------


def _name(k: int) -> str:
    """Return the short name with this number."""
    head, tail = divmod(k, len(NAMES))
    return (_name(head - 1) if head else "") + NAMES[tail]


def _share_names(root: ET.Element) -> None:
    """Give short names to what is referred to, and none to all else."""
    used: dict[str, str] = {}
    for part in root.iter():
        for key, value in list(part.attrib.items()):
            for name in [value[1:]] if key == LINK and value.startswith("#") else NAMED.findall(value):
                used.setdefault(name, _name(len(used)))
    for part in root.iter():
        for key, value in list(part.attrib.items()):
            if key == "id":
                del part.attrib["id"]
                if value in used:
                    part.set("id", used[value])
            elif key == LINK:
                del part.attrib[LINK]
                part.set("href", f"#{used[value[1:]]}" if value.startswith("#") else value)
            else:
                part.set(key, NAMED.sub(lambda found: f"url(#{used[found[1]]})", value))


def _share_styles(root: ET.Element) -> dict[str, str]:
    """Put a class in place of each style, and return the classes by their style."""
    styles: dict[str, str] = {}
    for part in root.iter():
        if "style" in part.attrib:
            style = _tight(part.attrib.pop("style"))
            part.set("class", styles.setdefault(style, _name(len(styles))))
    return styles


def _unwrap(part: ET.Element) -> None:
    """Put what is in a group that says nothing in the group's place."""
    inside: list[ET.Element] = []
    for one in part:
        _unwrap(one)
        if one.tag == f"{SVG}g" and not one.attrib:
            inside += list(one)
        elif one.tag != f"{SVG}g" or len(one):
            inside.append(one)
    part[:] = inside


def _written(part: ET.Element) -> str:
    tag = part.tag.removeprefix(SVG)
    told = "".join(f" {key}='{value}'" for key, value in part.attrib.items())
    inside = "".join(map(_written, part))
    return f"<{tag}{told}>{inside}</{tag}>" if inside else f"<{tag}{told}/>"
