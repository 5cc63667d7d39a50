"""Pages of results: one file that needs nothing from outside, for phone, desktop and paper, light and dark."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.reporting.run_folder import LEDGER, write_text

if TYPE_CHECKING:
    from experiments.reporting.style import Figure

TEMPLATES = Path(__file__).parent / "templates"
OF_RUNS = (LEDGER, "budget.json")  # not where a result is written after its runs
REPORT, FINDINGS = "report.html", "findings.json"


@dataclass(frozen=True)
class Table:
    """A table of words, its cells written as they are to be read."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    folded: bool = False  # shown when it is opened


@dataclass(frozen=True)
class Section:
    """A part of a page: sentences, then figures, then tables."""

    title: str
    lines: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = ()


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


def write_findings(page: Page, folder: Path) -> Path:
    """Write `report.html` for a page, whose figures lie in the folder's figures/, and question and answer for programs."""
    told = {"question": page.question, "answer": list(page.answer)}
    write_text(folder / FINDINGS, json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    files = [(name, what) for name, what in page.files if name not in OF_RUNS or (folder / name).exists()]
    page = replace(page, files=[*files, (FINDINGS, "question and answer, for programs")])
    shown = [page.first] if page.first else []
    pictures = {f.name: picture(f, folder) for f in [*shown, *(f for section in page.sections for f in section.figures)]}
    return write_page("findings.html", {"page": page, "pictures": pictures}, folder)


def write_page(template: str, context: dict[str, Any], folder: Path, name: str = REPORT) -> Path:
    """Fill a template and write it into the folder; return its path."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    path = folder / name
    write_text(path, environment.get_template(template).render(**context))
    return path


def picture(figure: Figure, folder: Path) -> dict[str, str]:
    """Return a figure as templates show it, the image in the page itself."""
    data = base64.b64encode((folder / "figures" / f"{figure.name}.png").read_bytes()).decode()
    return {
        "src": f"data:image/png;base64,{data}",
        "title": figure.title,
        "caption": figure.caption,
        "alt": figure.alt,
        "name": figure.name,
    }
