"""Pages of results: one file that needs nothing from outside, for phone, desktop and paper, light and dark, eye and ear."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from experiments.reporting.palette import SIGNS, TONES, css
from experiments.reporting.run_folder import LEDGER, write_text

if TYPE_CHECKING:
    from experiments.reporting.style import Figure

TEMPLATES = Path(__file__).parent / "templates"
OF_RUNS = (LEDGER, "budget.json", "groups.csv")  # not in every folder
SAFE = "/:;=,()'@*!+$?"  # characters that may stand in the address of a picture, and in an attribute
REPORT, FINDINGS = "report.html", "findings.json"


@dataclass(frozen=True)
class Cell:
    """A cell of a table that is more than a text."""

    text: str
    small: str = ""  # below it
    tone: str = ""  # of a verdict, whose mark stands before it: a name of the palette

    @property
    def sign(self) -> str:
        """Return the mark of a verdict."""
        return SIGNS[self.tone]


def verdict_cell(verdict: str, small: str = "") -> Cell:
    """Return a verdict as a cell, with its mark and colour."""
    return Cell(verdict, small, TONES[verdict])


@dataclass(frozen=True)
class Table:
    """A table of words, its cells written as they are to be read; on a narrow screen each row is a card, with its verdict on top."""

    kind: ClassVar = "table"
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | Cell]]
    folded: bool = False  # shown when it is opened

    def __post_init__(self) -> None:
        """Refuse a column without a heading, which nobody who listens to the page could tell from the next."""
        if not all(self.columns):
            raise ValueError(f"every column of the table {self.title!r} must have a heading (got {list(self.columns)})")


@dataclass(frozen=True)
class Terms:
    """Words with what they mean, or facts with their names."""

    kind: ClassVar = "terms"
    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Bullets:
    """Lines below one another."""

    kind: ClassVar = "bullets"
    lines: Sequence[str]
    numbered: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading within a section."""

    kind: ClassVar = "heading"
    text: str


Part = "str | Figure | Table | Terms | Bullets | Heading"


@dataclass(frozen=True)
class Section:
    """A part of a page: what stands in it, in order."""

    title: str
    parts: Sequence[Any]  # of Part: texts are paragraphs


@dataclass(frozen=True)
class Page:
    """What an experiment found: the question, the answer in words, one picture, then what it rests on."""

    question: str
    answer: Sequence[str]
    first: Figure | None
    sections: Sequence[Section]
    notes: Sequence[str] = ()
    how: Sequence[tuple[str, str]] = ()  # how it was run: what, and what it was
    files: Sequence[tuple[str, str]] = ()  # what lies beside the report, and what is in it
    before: int = 0  # sentences of the answer that stand before the picture, the others after it; 0: all

    @property
    def figures(self) -> Iterator[Figure]:
        """Yield all figures."""
        if self.first is not None:
            yield self.first
        for section in self.sections:
            yield from (part for part in section.parts if hasattr(part, "headline"))


def write_findings(page: Page, folder: Path) -> Path:
    """Write `report.html` for a page, whose figures lie in the folder's figures/, and question and answer for programs."""
    told = {"question": page.question, "answer": list(page.answer)}
    write_text(folder / FINDINGS, json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    files = [(name, what) for name, what in page.files if name not in OF_RUNS or (folder / name).exists()]
    page = replace(page, files=[*files, (FINDINGS, "question and answer, for programs")])
    return write_page("page.html", {"page": page, "pictures": {f.name: picture(f, folder) for f in page.figures}}, folder)


def write_page(template: str, context: dict[str, Any], folder: Path, name: str = REPORT) -> Path:
    """Fill a template and write it into the folder; return its path."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    path = folder / name
    shades = {"light": css(dark=False), "dark": css(dark=True)}
    write_text(path, environment.get_template(template).render(shades=shades, **context))
    return path


def picture(figure: Figure, folder: Path) -> dict[str, Any]:
    """Return a figure as templates show it, wide and narrow, the images in the page itself."""
    wide, narrow = figure.inside
    return {
        "wide": _address(wide or _of_file(folder / "figures" / f"{figure.name}.svg")),
        "narrow": _address(narrow or _of_file(folder / "figures" / f"{figure.name}-narrow.svg")),
        "figure": figure,
    }


def _of_file(path: Path) -> str:
    from experiments.reporting.style import for_page

    return for_page(path.read_text(encoding="utf-8"))


def _address(svg: str) -> str:
    from markupsafe import Markup

    inside = quote(svg, safe=SAFE)  # a third shorter than in base 64
    return Markup("data:image/svg+xml," + inside)  # noqa: S704  (no character of HTML is left in it)


def leave_out(page: str, files: Sequence[str]) -> str:
    """Return a page without these in its list of files: they were there, and are not kept."""
    for name in files:
        page = re.sub(rf'<div data-file="{re.escape(name)}">.*?</div>\n', "", page)
    return page
