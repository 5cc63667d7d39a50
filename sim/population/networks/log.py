"""`read_log`: the messages and invitations of a log, one by one, with what became of each where the file says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import BadInput, must
from sim.population.networks.columns import LOG_ROLES, Plan, column_of, parse_columns, plan_columns
from sim.population.networks.linkedin import recognised
from sim.population.networks.names import in_order
from sim.population.networks.read import opened
from sim.population.networks.recipients import Recipients
from sim.population.networks.report import Report
from sim.population.networks.shapes import check_rows
from sim.population.networks.table import BY_NAME, Table
from sim.population.networks.ties import in_time, pairs
from sim.population.networks.words import compact, words_of

LOG = "be a log of messages with sender, recipient and timestamp"
EXPORT = (("recipient", "TO"), ("sender", "FROM"), ("time", "DATE"))
MESSAGES = words_of("message messages msg mail email inmail text sms dm chat reply followup comment")
INVITATIONS = words_of("invitation invite connect connection connectionrequest contactrequest friendrequest request")
NOTES = words_of("note invitationwithnote invitewithnote invitationnote")  # an invitation with a text
YES = words_of("accepted accept yes true connected approved 1")
NO = words_of("declined rejected refused ignored withdrawn expired pending open unanswered no false none 0")
NAMED = {"kind": ("kind", "type", "itemtype"), "outcome": ("outcome", "result", "status", "accepted")}


@dataclass(frozen=True, eq=False)
class Log:
    """A log, the earliest row first."""

    labels: tuple[str, ...]  # names of people, by their number
    sender: np.ndarray  # (rows,) int64, numbers of people
    recipient: np.ndarray  # likewise
    seconds: np.ndarray  # (rows,) float64 from any zero
    invitation: np.ndarray  # (rows,) bool: an invitation, with a note or without
    note: np.ndarray  # (rows,) bool: an invitation with a text
    accepted: np.ndarray  # (rows,) int8: 1 accepted, 0 not, -1 where nothing is said
    report: Report  # how it was read


def read_log(path: str | Path, columns: str | Mapping[str, Any] | None = None) -> Log:
    """Read a log of messages, and of invitations if a column says what a row is; packed ones and LinkedIn's messages.csv too.

    Args:
        path: of the file.
        columns: where sender, recipient, time, kind and outcome stand, by number from 1 or by name; found out unless given.

    Raises:
        BadInput: one line that names the file, the row and what would be right.
    """
    if not isinstance(path, str | PathLike):
        raise BadInput(must("path", "be a path", f"an object of type {type(path).__name__}"))
    path = Path(path)
    told = dict(parse_columns(columns, LOG_ROLES))
    form, table, _ = opened(path, Counter())
    if not isinstance(table, Table):
        raise BadInput(must("", LOG, form, where=path))
    more = {role: told.pop(role) for role in NAMED if role in told}
    export = not told and recognised(path, table)
    plan = plan_columns(path, table, "log", EXPORT if export else tuple(sorted(told.items())))
    recipients = Recipients(path, [] if export else plan.rows, plan.sender, plan.recipient)
    check_rows(path, plan.header, plan.rows, (plan.sender, plan.recipient))
    rows = in_time(path, pairs(path, plan.rows, (plan.sender, plan.recipient, plan.time), recipients), plan.kind)
    said = {role: _cells(path, plan, role, told=more.get(role), width=table.width) for role in NAMED}
    places = plan.named() | {role: f"{k + 1}" for role, (k, _) in said.items() if k is not None}
    report = Report(
        f"LinkedIn's messages.csv, {form}" if export else form,
        "message log",
        rows=len(plan.rows),
        separator=BY_NAME[table.separator],
        header="none" if plan.header is None else ", ".join(plan.header)[:120],
        columns=places,
        skipped=dict(table.skipped),
        notes=(*table.notes, *plan.notes, f"times are {plan.kind}"),
    )
    return _log(path, rows, said, report)


def _cells(path: Path, plan: Plan, role: str, told: str | None, width: int) -> tuple[int | None, dict[int, str]]:
    """Return the column of a role, and its cells by their lines, as one word each; none if there is none."""
    taken = {plan.sender, plan.recipient, plan.time}
    found = [k for k, name in enumerate(plan.header or []) if compact(name) in NAMED[role] and k not in taken]
    place = (
        column_of(path, role, column=told, header=plan.header, width=width) if told is not None else found[0] if len(found) == 1 else None
    )
    if len(found) > 1 and told is None:
        names = " and ".join(repr((plan.header or [])[k]) for k in found)
        raise BadInput(must("", f"be told which column is the {role} by `--columns {role}=N`", f"columns {names}", where=path))
    return place, {} if place is None else {n: compact(row[place]) for n, row in plan.rows}


def _log(path: Path, rows: list[tuple[float, int, str, str]], said: dict[str, tuple[int | None, dict[int, str]]], report: Report) -> Log:
    """Return the rows as columns; people are numbered in the order of their names, so that the file's order does not matter."""
    labels = in_order({name for _, _, a, b in rows for name in (a, b)})
    number = {name: k for k, name in enumerate(labels)}
    kinds, outcomes = (cells for _, cells in (said["kind"], said["outcome"]))
    words = [kinds.get(n, "") for _, n, _, _ in rows]
    for (_, n, _, _), word in zip(rows, words, strict=True):
        if word not in MESSAGES | INVITATIONS | NOTES and kinds:
            right = "have a kind such as message, invitation or note (an invitation with a text)"
            raise BadInput(must(f"line {n}", right, repr(word[:40]), where=path))
    invited = np.array([word in INVITATIONS | NOTES for word in words], bool)
    accepted = np.array(
        [_became(path, n, outcomes.get(n, "")) if yes else -1 for (_, n, _, _), yes in zip(rows, invited, strict=True)], np.int8
    )
    return Log(
        labels=tuple(labels),
        sender=np.array([number[a] for _, _, a, _ in rows], np.int64),
        recipient=np.array([number[b] for _, _, _, b in rows], np.int64),
        seconds=np.array([when for when, *_ in rows], float),
        invitation=invited,
        note=np.array([word in NOTES for word in words], bool),
        accepted=accepted,
        report=report,
    )


def _became(path: Path, n: int, word: str) -> int:
    """Return 1 for an invitation that was accepted, 0 for one that was not, -1 if nothing is said."""
    if not word:
        return -1
    if word not in YES | NO:
        raise BadInput(must(f"line {n}", "have an outcome such as accepted, declined or pending", repr(word[:40]), where=path))
    return int(word in YES)
