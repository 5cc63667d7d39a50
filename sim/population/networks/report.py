"""What was read of a network: said once, to a person, to `provenance.json` and in Python."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Report:
    """How a network was read."""

    format: str  # such as "CSV" or "GraphML"
    kind: str  # "edge list", "message log" or "graph"
    members: int = 0
    ties: int = 0
    rows: int = 0  # rows or edges that were looked at; header and skipped ones left out
    separator: str = ""  # of a table, in words
    header: str = ""  # of a table: its words, or "none"
    columns: dict[str, str] = field(default_factory=dict)  # role: column number and name
    skipped: dict[str, int] = field(default_factory=dict)  # why: how many
    notes: tuple[str, ...] = ()  # what a person should look at

    def facts(self) -> dict[str, Any]:
        """Return everything as plain values, for `provenance.json`."""
        return {
            "format": self.format,
            "read_as": self.kind,
            "members": self.members,
            "ties": self.ties,
            "rows": self.rows,
            "separator": self.separator,
            "header": self.header,
            "columns": dict(self.columns),
            "skipped": dict(self.skipped),
            "notes": list(self.notes),
        }

    def lines(self, name: str) -> list[str]:
        """Return everything in a line or a few, each beginning with the file's name."""
        how = [self.format]
        if self.separator:
            how += [f"separator {self.separator}", f"header {self.header}"]
        how += [f"{role} in column {place}" for role, place in self.columns.items()]
        unit = {"graph": "edge", "message log": "message"}.get(self.kind, "row")
        found = f"{_counted(self.members, 'member')} and {_counted(self.ties, 'tie')}, from {_counted(self.rows, unit)}"
        lines = [f"{name}: read as {'an' if self.kind[0] in 'aeiou' else 'a'} {self.kind}: {found} ({'; '.join(how)})"]
        if self.skipped:
            lines.append(f"{name}: left out: " + "; ".join(f"{count:,} {why}" for why, count in self.skipped.items()))
        return lines + [f"{name}: note: {note}" for note in self.notes]


def _counted(count: int, unit: str) -> str:
    return f"{count:,} {unit}{'s' * (count != 1)}"
