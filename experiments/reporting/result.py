"""What a question put from Python gives back: a table, an answer, figures, and on request the files that the command writes."""

from __future__ import annotations

import html
import textwrap
import time
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.arguments import name_arguments
from experiments.reporting.run_folder import prepare_folder
from sim.errors import BadInput, must, nearest

if TYPE_CHECKING:
    import pandas as pd

    from experiments.reporting.style import Drawing

LONGEST = 360  # characters of a result that is printed
ROWS = 10  # of a table that a notebook shows first


@dataclass(frozen=True)
class Made:
    """How a result came about: for the files that it may be written to."""

    plan: Mapping[str, Any]  # what is asked, as `plan.json` has it
    started: float  # seconds since 1970
    seconds: float


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """What was found. Subclasses say what it is about."""

    found: Any
    _: KW_ONLY
    made: Made
    folder: Path | None = None  # that was asked for

    @property
    def question(self) -> str:
        """Return the question that it answers."""
        raise NotImplementedError

    @property
    def answer(self) -> list[str]:
        """Return the answer in sentences."""
        raise NotImplementedError

    @property
    def summary(self) -> pd.DataFrame:
        """Return the table that holds the result."""
        raise NotImplementedError

    @property
    def data(self) -> dict[str, Any]:
        """Return the result as plain values, as `--json` prints it."""
        raise NotImplementedError

    @property
    def _drawings(self) -> Mapping[str, Drawing]:
        """Return what draws each figure, by name; the first is what one would look at first."""
        raise NotImplementedError

    def _put(self, folder: Path) -> None:
        """Write all output files into a folder that is there."""
        raise NotImplementedError

    @property
    def figures(self) -> list[str]:
        """Return the names of the figures that `plot` draws."""
        return list(self._drawings)

    def plot(self, figure: str | None = None) -> Any:
        """Draw a figure and return its axes, so that it can be changed and saved: `result.plot().figure.savefig("a.pdf")`.

        Args:
            figure: one of `figures`; the first unless given.

        Returns:
            The `matplotlib.axes.Axes`; of a figure of several panels an array of them, (panels,).

        Raises:
            BadInput: if there is no such figure, or nothing to draw in it.
        """
        from experiments.reporting import style

        makers = self._drawings
        name = next(iter(makers)) if figure is None else figure
        if name not in makers:
            raise BadInput(must("figure", f"be one of {', '.join(makers)}", f"{name!r}{nearest(str(name), makers)}"))
        drawn = style.draw(makers[name], self.found, style.NOTEBOOK)
        if drawn is None:
            raise BadInput(must("figure", "be one for which there is something to draw", repr(name)))
        with style.rc_context(style.STYLE):
            drawn.canvas.draw_without_rendering()  # ticks take their style when they are first drawn
        import numpy as np

        panels = [ax for ax in drawn.canvas.axes if ax.get_label() != "<colorbar>"]
        if len(panels) == 1:
            return panels[0]
        several = np.empty(len(panels), object)
        several[:] = panels
        return several

    def write(self, folder: str | Path) -> Path:
        """Write the files that the command leaves, but for the ledger, and return the folder.

        Args:
            folder: a new or empty one, or one of the same plan.

        Raises:
            BadInput: if it holds something else, or cannot be written.
        """
        path = Path(folder)
        try:
            prepare_folder(path, dict(self.made.plan))
        except BadInput as error:
            name_arguments(error, out="folder")
            raise
        self._put(path)
        return path

    def _provenance(self, **facts: Any) -> dict[str, Any]:
        """Return what provenance says besides: the time that the runs took, not the time since they were begun."""
        return {**facts, "seconds": round(self.made.seconds, 3)}

    # as it is shown ----------------------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        told = textwrap.shorten(" ".join([self.question, *self.answer]), LONGEST - len(type(self).__name__), placeholder=" ...")
        return f"<{type(self).__name__}: {told}>"

    def _first_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Return columns and rows of the table that a notebook shows."""
        part = self.summary.head(ROWS)
        return list(part.columns), [[f"{x:.4g}" if isinstance(x, float) else str(x) for x in row] for row in part.itertuples(index=False)]

    def _repr_html_(self) -> str:
        columns, rows = self._first_rows()
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in self.answer)
        head = "".join(f"<th>{html.escape(str(one))}</th>" for one in columns)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        more = f"<p>Figures: {', '.join(self.figures)}; <code>plot(name)</code> draws one.</p>"
        return f"<div><h3>{html.escape(self.question)}</h3>{lines}{table}{more}</div>"


class Stopwatch:
    """Notes when work begins."""

    def __init__(self) -> None:
        self.started, self._clock = time.time(), time.monotonic()

    def made(self, plan: Mapping[str, Any]) -> Made:
        """Return how what was planned came about, until now."""
        return Made(plan, self.started, time.monotonic() - self._clock)
