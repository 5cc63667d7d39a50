"""The calibration command: the table, its place in ODD.md, and a proposal of defaults."""

from __future__ import annotations

import errno
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.calibration.targets import MEMBERS, SEEDS, Target, gather, targets
from experiments.reporting.run_folder import write_text
from sim.errors import BadInput, must

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

START, END = "<!-- calibration -->", "<!-- /calibration -->"
ODD = Path(__file__).parent.parent.parent / "sim" / "ODD.md"
ROUNDS = 4
LEAST_MEMBERS = 3
DAMPING = 0.7
# What a parameter moves: (key, target, sign of its effect). Steps are taken in logits.
FITTED = (
    ("invitation.base", "acceptance by strangers (probe)", 1.0),
    ("reply.base", "inbox answered at 1 item a day (probe)", 1.0),
    ("thread.base", "replies in threads", 1.0),
    ("outreach.intimidation", "cold invitations", -1.0),
)


@dataclass(frozen=True)
class Calibrated:
    """The table and what is to be said about it."""

    title: str
    columns: list[str]
    rows: list[list[str]]
    lines: list[str]
    data: Any


def check(members: int | None, fit: Path | None) -> None:
    """Refuse what a calibration cannot use, before anything is compiled or run; nothing is written.

    Raises:
        BadInput: with what must be.
    """
    if members is not None and members < LEAST_MEMBERS:
        raise BadInput(must("--members", f"be at least {LEAST_MEMBERS} for a calibration", members))
    if fit is None:
        return
    if fit.exists():
        raise BadInput(must("--fit", "be a new file", f"{fit}, which exists"))
    home = fit.absolute().parent
    if not home.is_dir():
        raise _unwritable(fit, os.strerror(errno.ENOTDIR if home.exists() else errno.ENOENT))
    if not os.access(home, os.W_OK):
        raise _unwritable(fit, os.strerror(errno.EACCES))


def try_to_write(fit: Path) -> None:
    """Find out what a folder allows.

    Raises:
        BadInput: if the file cannot be written.
    """
    try:
        write_text(fit, "")
        fit.unlink()
    except OSError as error:
        raise _unwritable(fit, error.strerror or str(error)) from None


def _unwritable(fit: Path, why: str) -> BadInput:
    return BadInput(must("--fit", "be a file that you may write", f"{fit}: {why}"))


def size_for(members: int | None) -> int:
    """Return how many members a run has."""
    return MEMBERS if members is None else members


def calibrate(scenario: Scenario, members: int | None, fit: Path | None, progress: Callable[[str], None]) -> Calibrated:
    """Run the calibration; with `fit`, write a scenario file of proposed defaults. The baseline itself is not edited."""
    check(members, fit)
    size = size_for(members)
    lines = []
    if fit is not None:
        try_to_write(fit)
        scenario, changed = propose(scenario, size, progress)
        text = "# Proposed by `firstcontact calibration --fit`: what departs from the scenario that was fitted.\n"
        write_text(fit, text + _toml(changed))
        lines.append(f"Proposed defaults are in {fit}; the table shows what they give.")
    found = targets(gather(scenario, size, progress=progress))
    missed = [t for t in found if not t.met]
    lines.append(
        f"{len(found) - len(missed)} of {len(found)} targets are met, at {size:,} members under {scenario.warm_up_design}, "
        f"{len(SEEDS)} seeds." + (f" Missed: {'; '.join(f'{t.name} by {t.missed_by:.3f}' for t in missed)}." if missed else "")
    )
    if _is_documented(scenario, size) and fit is None:
        lines.append(rewrite(ODD, found, lines[-1]))
    columns = ["pattern", "wanted", "got", "missed by", "out of", "unit", "source"]
    data = [{**t.__dict__, "missed_by": t.missed_by} for t in found]
    return Calibrated("Calibration", columns, rows=[_row(t) for t in found], lines=lines, data=data)


def _is_documented(scenario: Scenario, members: int) -> bool:
    """Tell whether these are the runs whose table ODD.md shows, and this is a checkout in which it can be brought up to date."""
    return scenario.name == "baseline" and members == MEMBERS and ODD.exists() and (ODD.parent.parent / ".git").exists()


def _row(t: Target) -> list[str]:
    return [
        t.name,
        f"{t.low:g} to {t.high:g}",
        f"{t.got:.3f}",
        "" if t.met else f"{t.missed_by:.3f}",
        f"{t.denominator:,.0f}",
        t.unit,
        t.source,
    ]


def rewrite(path: Path, found: list[Target], line: str) -> str:
    """Put the table between its markers in ODD.md; return what was done."""
    text = path.read_text(encoding="utf-8")
    if START not in text or END not in text:
        return f"{path} has no place for the table ({START} ... {END})."
    table = ["| pattern | wanted | got | missed by | out of | unit | source |", "|---|---|---|---|---|---|---|"]
    table += ["| " + " | ".join(_row(t)) + " |" for t in found]
    head, tail = text[: text.index(START) + len(START)], text[text.index(END) :]
    write_text(path, head + "\n\n" + line + "\n\n" + "\n".join(table) + "\n\n" + tail)
    return f"The table in {path} is rewritten."


def _logit(x: float) -> float:
    x = min(max(x, 1e-4), 1.0 - 1e-4)
    return math.log(x / (1.0 - x))


def propose(scenario: Scenario, members: int, progress: Callable[[str], None]) -> tuple[Scenario, dict[str, float]]:
    """Return the scenario with the factors moved, damped, toward the middle of their targets, and what was changed."""
    changed: dict[str, float] = {}
    for k in range(ROUNDS):
        found = {t.name: t for t in targets(gather(scenario, members, progress=lambda s, k=k: progress(f"round {k + 1}, {s}")))}  # type: ignore[misc]
        for key, target, sign in FITTED:
            t = found[target]
            section, name = key.split(".")
            old = getattr(getattr(scenario, section), name)
            step = DAMPING * sign * (_logit((t.low + t.high) / 2.0) - _logit(t.got))
            info = type(getattr(scenario, section)).model_fields[name]
            low = next(m.ge for m in info.metadata if hasattr(m, "ge"))
            high = next(m.le for m in info.metadata if hasattr(m, "le"))
            changed[key] = round(min(max(old + step, low), high), 3)
        scenario = scenario.with_(**changed)
    return scenario, changed


def _toml(changed: dict[str, float]) -> str:
    sections: dict[str, list[str]] = {}
    for key, value in changed.items():
        section, name = key.split(".")
        sections.setdefault(section, []).append(f"{name} = {value!r}")
    return "\n".join(f"[{section}]\n" + "\n".join(lines) + "\n" for section, lines in sections.items())
