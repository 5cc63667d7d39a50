"""A member's whole export of LinkedIn, a folder or its zip: messages.csv, with Invitations.csv beside it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np

from sim.errors import BadInput, must
from sim.population.networks.log import Log, read_log

MESSAGES, INVITATIONS = "messages.csv", "invitations.csv"  # whatever their capitals are
COLUMNS = ("From", "To", "Sent At", "Message", "Direction")
NOBODY = "LinkedIn Member"  # whoever has closed the account
FORMS = ("%m/%d/%y, %I:%M %p", "%m/%d/%Y, %I:%M %p", "%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S")  # of times, as exports have had them


class Invited(NamedTuple):
    """A row of Invitations.csv."""

    sender: str
    recipient: str
    seconds: float  # since 1970
    note: bool  # whether with a text


def read_export(path: str | Path, columns: str | Mapping[str, Any] | None = None) -> Log:
    """Return a log as `read_log` does; of a folder or a zip with messages.csv, that with the invitations beside it, if there are some.

    What became of an invitation the export does not say.

    Raises:
        BadInput: as of `read_log`; if there is no messages.csv, or a row of Invitations.csv cannot be read, with file and line.
    """
    path = Path(path)
    if path.is_dir():
        return _with_invitations({one.name.lower(): one for one in sorted(path.iterdir()) if one.is_file()}, path, columns)
    if path.is_file() and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed, TemporaryDirectory() as home:
            names = {Path(name).name.lower(): name for name in packed.namelist()}
            if INVITATIONS in names and MESSAGES in names:
                there = {name: Path(home, name) for name in (MESSAGES, INVITATIONS)}
                for name, place in there.items():
                    place.write_bytes(packed.read(names[name]))
                return _with_invitations(there, path, columns)
    return read_log(path, columns)


def _with_invitations(there: Mapping[str, Path], path: Path, columns: str | Mapping[str, Any] | None) -> Log:
    if MESSAGES not in there:
        raise BadInput(must("", "be a log, or a LinkedIn export with messages.csv in it", "none", where=path))
    log = read_log(there[MESSAGES], columns)
    return log if INVITATIONS not in there else joined(log, read_invitations(there[INVITATIONS]))


def read_invitations(path: Path) -> list[Invited]:
    """Return the rows of an Invitations.csv; those without a name, of closed accounts, are left out.

    Raises:
        BadInput: for another file, or a time that cannot be read, with its line.
    """
    rows = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig", errors="replace"), newline=""))
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or [])]
    if missing:
        raise BadInput(must("line 1", f"have the columns {', '.join(COLUMNS)}", f"none called {missing[0]}", where=path))
    found = []
    for row in rows:
        sender, recipient = ((row[name] or "").strip() for name in ("From", "To"))
        if not sender or not recipient or NOBODY in (sender, recipient):
            continue
        seconds = _seconds((row["Sent At"] or "").strip())
        if seconds is None:
            raise BadInput(
                must(f"line {rows.line_num}", "have a time such as 11/25/23, 3:45 PM", repr((row["Sent At"] or "")[:40]), where=path)
            )
        found.append(Invited(sender, recipient, seconds, bool((row["Message"] or "").strip())))
    return found


def _seconds(text: str) -> float | None:
    text = text.replace("\u202f", " ")  # newer exports have a narrow space before AM
    for form in FORMS:
        with suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
    return None


def joined(log: Log, invitations: list[Invited]) -> Log:
    """Return a log with invitations among its messages, the earliest first; people are numbered anew, in the order of their names."""
    if not invitations:
        return log
    labels = sorted({*log.labels, *(name for one in invitations for name in one[:2])})
    number = {name: k for k, name in enumerate(labels)}
    old, many = np.array([number[name] for name in log.labels], np.int64), len(invitations)
    seconds = np.concatenate([log.seconds, [one.seconds for one in invitations]])
    order = np.argsort(seconds, kind="stable")
    columns: dict[str, tuple[np.ndarray, Any]] = {
        "sender": (old[log.sender], [number[one.sender] for one in invitations]),
        "recipient": (old[log.recipient], [number[one.recipient] for one in invitations]),
        "invitation": (log.invitation, np.ones(many, bool)),
        "note": (log.note, [one.note for one in invitations]),
        "accepted": (log.accepted, np.full(many, -1, np.int8)),
    }
    new: dict[str, Any] = {name: np.concatenate(both).astype(both[0].dtype)[order] for name, both in columns.items()}
    report = replace(log.report, notes=(*log.report.notes, f"Invitations.csv has {many:,} more rows; what became of each it does not say"))
    return replace(log, labels=tuple(labels), seconds=seconds[order], report=report, **new)
