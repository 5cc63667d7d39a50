"""Where sender, recipient and time stand in a table, and whether its first row is a header. What is not clear is refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import BadInput, must
from sim.population.networks import times
from sim.population.networks.header import is_header
from sim.population.networks.names import MISSING
from sim.population.networks.shapes import COLUMNS, mostly_dates, refuse_periods
from sim.population.networks.table import Row, Table
from sim.population.networks.words import (
    NODE_ONLY,
    NODE_WORDS,
    compact,
    is_member_name,
    is_never_time,
    is_time_name,
    numbered,
    sides,
    tokens,
)

ROLES = ("sender", "recipient", "time")
LOG_ROLES = (*ROLES, "kind", "outcome")  # of a log that is described: what a row is, and what became of it
AS = ("ties", "log")
KONECT = re.compile(r"%\s*(sym|asym|bip)\s+\w+", re.IGNORECASE)
DATED = frozenset(("date", "year", "datum", "fecha"))
TOLD = "`--columns time=N` or `--network-as log` if it holds the times of messages, `--network-as ties` if not"
NEEDED = "have the columns sender,recipient,timestamp, or be told them by `--columns sender=N,recipient=N,time=N`"  # of a log


@dataclass
class Plan:
    """Which columns are read, and as what."""

    sender: int
    recipient: int
    time: int | None
    kind: str  # of the time column
    header: list[str] | None
    rows: list[Row]  # without the header
    notes: list[str] = field(default_factory=list)
    weights_known: bool = False  # numbers beside the members are no times, for certain

    def named(self) -> dict[str, str]:
        """Return where each role stands, in words."""
        places = {"sender": self.sender, "recipient": self.recipient, "time": self.time}
        return {
            role: f"{k + 1}" + (f" (`{self.header[k]}`)" if self.header and self.header[k] else "")
            for role, k in places.items()
            if k is not None
        }


def parse_columns(told: str | Mapping[str, Any] | None, known: tuple[str, ...] = ROLES) -> tuple[tuple[str, str], ...]:
    """Return roles and columns as told by `sender=1,recipient=2,time=3`, or by a dict of the same; the roles are those `known`.

    Raises:
        BadInput: for anything else.
    """
    if told is None or (isinstance(told, str) and not told.strip()):
        return ()
    right = "say columns by number from 1 or by name, such as sender=1,recipient=2,time=3"
    if isinstance(told, Mapping):
        items = [(str(role), str(column)) for role, column in told.items()]
    else:
        parts = re.split(r",(?=\s*\w+\s*=)", str(told))
        items = [(role.strip(), column.strip()) for role, _, column in (part.partition("=") for part in parts)]
    roles = [role for role, _ in items]
    if any(role not in known or not column for role, column in items) or len(set(roles)) != len(roles):
        raise BadInput(must("--columns", right, repr(str(told))))
    if ("sender" in roles) != ("recipient" in roles):
        raise BadInput(must("--columns", "name sender and recipient together", repr(str(told))))
    return tuple(sorted(items))


def plan_columns(path: Path, table: Table, network_as: str | None, told: tuple[tuple[str, str], ...]) -> Plan:
    """Return which columns to read.

    Args:
        path: of the file, for messages.
        table: its rows.
        network_as: "ties", "log" or None to find out.
        told: roles and their columns, as `parse_columns` returns them.

    Raises:
        BadInput: if the columns are not clear; names what can be told.
    """
    given = dict(told)
    log = network_as == "log"
    header, note = _header(path, table, given, log=log)
    rows = table.rows[1:] if header is table.rows[0][1] else table.rows
    if not rows:
        raise BadInput(must("", "have two columns of members in each row", "a header and no rows", where=path))
    fixed = {role: column_of(path, role, column, header, width=table.width) for role, column in given.items()}
    if len(set(fixed.values())) != len(fixed):
        raise BadInput(must("--columns", "be different columns", ", ".join(f"{r}={c}" for r, c in told)))
    if network_as == "ties" and "time" in fixed:
        raise BadInput(must("--columns", "have no time with `--network-as ties`", f"time={given['time']}"))
    banner = KONECT.match(table.banner)
    if banner and banner[1].lower() == "bip":
        raise BadInput(must("", "join members of one kind", "a bipartite KONECT network, of two kinds", where=path))
    values = _Values(rows, table.width)
    finder = _Finder(path, header, values, fixed, log=log, told=log or "time" in fixed, banner=banner is not None)
    time = None if network_as == "ties" else finder.time()
    sender, recipient = finder.members(time)
    time = finder.checked_time(time, {sender, recipient}, network_as)
    if time is None and log:
        raise BadInput(must("", NEEDED, finder.all(), where=path))
    kind = finder.kind(time) if time is not None else ""
    plan = Plan(sender, recipient, time, kind, header=header, rows=rows, weights_known=banner is not None)
    plan.notes += [note] if note else []
    return plan


class _Values:
    """What each column holds, worked out when it is asked for."""

    def __init__(self, rows: list[Row], width: int) -> None:
        self.rows, self.width = rows, width
        self._kinds: dict[int, str | None] = {}
        self._sparse: dict[int, str | None] = {}

    def cells(self, k: int) -> list[str]:
        """Return the cells of a column."""
        return [row[k] for _, row in self.rows]

    def kind(self, k: int) -> str | None:
        """Return what all cells of a column are, as `times.kind_of`."""
        if k not in self._kinds:
            self._kinds[k] = times.kind_of(self.cells(k))
        return self._kinds[k]

    def sparse(self, k: int) -> str | None:
        """Return the same of the cells that say something."""
        if k not in self._sparse:
            self._sparse[k] = times.kind_of([cell for cell in self.cells(k) if cell.casefold() not in MISSING])
        return self._sparse[k]

    def dated(self, k: int) -> bool:
        """Tell whether cells look like dates or times of day, of whatever form: in part all that say something, or most as a whole."""
        cells = [cell for cell in self.cells(k) if cell.casefold() not in MISSING]
        return bool(cells) and (all(times.LIKE_A_DATE.search(cell) for cell in cells) or mostly_dates(cells))

    def empty(self, k: int) -> bool:
        """Tell whether a column says nothing at all."""
        return not any(row[k] for _, row in self.rows)


class _Finder:
    """Finds the columns of one table."""

    def __init__(
        self, path: Path, header: list[str] | None, values: _Values, fixed: dict[str, int], *, log: bool, told: bool, banner: bool
    ) -> None:
        self.path, self.header, self.values, self.fixed = path, header, values, fixed
        self.log, self.told, self.banner = log, told, banner
        self.pairs = sides(header) if header else []

    def _name(self, k: int) -> str:
        return f"{self.header[k]!r} ({k + 1})" if self.header else str(k + 1)

    def _others(self, taken: set[int]) -> list[int]:
        return [k for k in range(self.values.width) if k not in taken and not self.values.empty(k)]

    def time(self) -> int | None:
        """Return the column of times that is told, named so, or clear from its values."""
        if "time" in self.fixed:
            return self.fixed["time"]
        members = {k for role, k in self.fixed.items() if role != "time"}
        if self.header:
            found = [k for k in self._others(members) if is_time_name(self.header[k])]
        else:
            found = [
                k for k in self._others(members) if (self.values.kind(k) in times.CLEAR if k > 1 else self.values.kind(k) == times.WORDS)
            ]
            early = [k for k in (0, 1) if self.values.kind(k) in times.CLEAR and k not in members]
            if not members and not found and len(early) == 1 and self.values.width > 2:
                raise BadInput(
                    must(
                        "",
                        f"say which columns are which: `--columns sender=N,recipient=N,time={early[0] + 1}`",
                        f"column {early[0] + 1} with {self.values.kind(early[0])}",
                        where=self.path,
                    )
                )
        if len(found) > 1:
            names = " and ".join(self._name(k) for k in found)
            raise BadInput(
                must("", "have one column of times, or be told which by `--columns time=N`", f"columns {names}", where=self.path)
            )
        return found[0] if found else None

    def members(self, time: int | None) -> tuple[int, int]:
        """Return the columns of sender and recipient."""
        if "sender" in self.fixed:
            return self.fixed["sender"], self.fixed["recipient"]
        if len(self.pairs) > 1:
            both = [" and ".join(dict.fromkeys(self._name(pair[side]) for pair in self.pairs)) for side in (0, 1)]
            what = f"senders {both[0]}, recipients {both[1]}"
            raise BadInput(must("", "have one column of each, or be told which by `--columns sender=N,recipient=N`", what, where=self.path))
        if self.pairs and self.header:
            beside = self._others({*self.pairs[0]} if time is None else {*self.pairs[0], time})
            refuse_periods(self.path, self.header, self.values.rows, pair=self.pairs[0], others=beside)
            return self.pairs[0]
        others = self._others(set() if time is None else {time})
        known = [k for k in others if self.header and is_member_name(self.header[k])]
        if len(known) == 2:  # user_id, friend_id
            return known[0], known[1]
        left = [k for k in others if not (self.header and self._is_aside(k))]
        if len(left) < 2:
            left = self._numbered(others)
        if len(left) < 2:
            right = "have two columns of members in each row" + (f", or {COLUMNS}" if self.header else "")
            raise BadInput(must("", right, self.all(), where=self.path))
        self._refuse_nodes(left)
        pair = [(a, b) for a in left for b in left if a < b and self.header and numbered(self.header[a], self.header[b])]
        if len(pair) == 1:  # user1, user2
            return pair[0]
        if self.header and len(left) > 2:
            right = NEEDED if self.log else "name its columns (source,target) or be told them by `--columns sender=N,recipient=N`"
            raise BadInput(must("", right, self.all(), where=self.path))
        return left[0], left[1]

    def _numbered(self, others: list[int]) -> list[int]:
        """Return the two columns that are told apart by their numbers alone: `id_1` and `id_2`, `person1_id` and `person2_id`."""
        names = self.header or []
        found = [(a, b) for a in others for b in others if a < b and names and numbered(names[a], names[b]) is not None]
        return list(found[0]) if len(found) == 1 else []

    def all(self) -> str:
        """Return the columns in words."""
        return "columns " + ", ".join(repr(name) for name in self.header[:12]) if self.header else f"{self.values.width} columns"

    def _is_aside(self, k: int) -> bool:
        """Tell whether a named column beside the members can be passed over."""
        name = (self.header or [])[k]
        return is_time_name(name) or (is_never_time(name) and compact(name) not in NODE_WORDS)

    def _refuse_nodes(self, left: list[int]) -> None:
        """Refuse a table of members: one in each row, with what is known of it."""
        a, b = left[:2]
        one, other = self.values.cells(a), self.values.cells(b)
        header = [compact(name) for name in self.header or []]
        listed = self.header is not None and (
            ("id" in header and {"label", "name"} & set(header)) or header[a] in NODE_WORDS or bool(NODE_ONLY & set(header))
        )
        apart = not set(one) & set(other) and len(set(one)) == len(one)
        pair = self.header is not None and {header[a], header[b]} in (
            {"id", "label"},
            {"id", "name"},
            {"nodeid", "label"},
            {"nodeid", "name"},
        )
        numbers = (
            self.header is None and all(re.fullmatch("[0-9]+", x) for x in one) and not any(times.number(x) is not None for x in other)
        )
        parts = [k for k in (a, b) if self.header is None and all(re.fullmatch(r"-?[0-9]*[.,][0-9]+", x) for x in self.values.cells(k))]
        if parts:
            raise BadInput(must("", "have two columns of members in each row", f"fractions in column {parts[0] + 1}", where=self.path))
        if pair or (apart and (listed or numbers)) or (len(one) > 1 and one == other):
            what = "a table of nodes" + (f", with {self.all()}" if self.header else ", one a row")
            raise BadInput(must("", "be a table of edges, which is often the other file", what, where=self.path))

    def checked_time(self, time: int | None, members: set[int], network_as: str | None) -> int | None:
        """Return the column of times, or None for an edge list; refuse what could be either."""
        if network_as == "ties":
            return None
        if time is not None and (time in members):
            raise BadInput(must("--columns", "have the time in a column of its own", str(time + 1)))
        others = self._others(members)
        if time is None and network_as == "log":
            numbers = [k for k in others if self.values.kind(k) is not None and not (self.header and is_never_time(self.header[k]))]
            numbers = [k for k in numbers if k == 3] if self.banner else numbers
            numbers = [k for k in numbers if self.values.kind(k) in times.CLEAR] or numbers
            if len(numbers) > 1:
                names = " and ".join(self._name(k) for k in numbers)
                raise BadInput(must("", "be told its column of times by `--columns time=N`", f"columns {names}", where=self.path))
            return numbers[0] if numbers else None
        if time is None and self.header:
            unsure = [
                k for k in others if not is_never_time(self.header[k]) and (self.values.sparse(k) in times.CLEAR or self.values.dated(k))
            ]
            if unsure:
                what = f"column {self._name(unsure[0])} with {self.values.sparse(unsure[0]) or 'what looks like dates'}"
                raise BadInput(must("", f"be told what a column is: {TOLD}", what, where=self.path))
        if time is None and self.banner and 3 in others:
            if set(self.values.cells(3)) == {"0"}:  # so KONECT writes that times are not known
                return None
            raise BadInput(must("", f"be told what its fourth column is: {TOLD}", self.values.cells(3)[0][:40], where=self.path))
        if time is None and not self.header and self.values.width > 2:
            self._check_third(members)
        return time

    def _check_third(self, members: set[int]) -> None:
        """Refuse words in the first column beside the members: they may be dates, or the file a table of something else."""
        odd_dates = next((k for k in self._others(members) if self.values.dated(k)), None)
        if odd_dates not in (None, 2):
            raise BadInput(
                must("", f"be told what a column is: {TOLD}", f"column {odd_dates + 1} with what looks like dates", where=self.path)
            )
        k = next((k for k in self._others(members)), None)
        if k is None or self.values.sparse(k) is not None:
            return
        odd = ((n, row[k]) for n, row in self.values.rows if times.number(row[k]) is None and row[k].casefold() not in MISSING)
        n, cell = next(odd, (0, ""))
        if n == 0:  # nothing is said in it, or numbers and dates
            return
        place = "third" if k == 2 else f"{k + 1}th"
        raise BadInput(
            must(f"line {n}", f"have a time stamp or a weight in its {place} column, or a header", repr(cell[:40]), where=self.path)
        )

    def _says_when(self, time: int) -> bool:
        """Tell whether numbers are dates that are not read: with hours, of other years, or years under a name of dates."""
        cells = self.values.cells(time)
        dated = self.header is not None and bool(DATED & set(tokens(self.header[time])))
        return all(map(times.STAMP.fullmatch, cells)) or (dated and all(map(times.YEAR.fullmatch, cells)))

    def kind(self, time: int) -> str:
        """Return what the column of times holds, or refuse it."""
        kind = self.values.kind(time)
        stamps = kind == times.NUMBERS and self._says_when(time)
        if kind in times.CLEAR:
            return str(kind)
        told = f"column {self._name(time)}"
        if kind == times.SERIAL:
            right = "have dates as text (2024-01-05T10:00:00) in its column of times"
            raise BadInput(must("", right, f"{told} with {kind}, such as {self.values.cells(time)[0]}", where=self.path))
        if stamps:
            right = "have dates as text (2024-01-05T10:00:00) in its column of times"
            raise BadInput(must("", right, f"{told} with years or dates as numbers, such as {self.values.cells(time)[0]}", where=self.path))
        if kind == times.NUMBERS and self.told:
            return times.NUMBERS
        cells = self.values.rows
        common = Counter(times.kind_of([row[time]]) for _, row in cells[:1000]).most_common(1)[0][0]
        odd = common if common in times.CLEAR else times.WORDS
        n, cell = next(((n, row[time]) for n, row in cells if times.kind_of([row[time]]) != odd), (cells[0][0], cells[0][1][time]))
        right = "have seconds or milliseconds since 1970, YYYYMMDD or an ISO date, from 1990 to 2039, as its time stamp"
        more = ", or be told `--network-as log` for seconds from any zero" if kind == times.NUMBERS else ""
        raise BadInput(must(f"line {n}", right + more, repr(cell[:40]), where=self.path))


def _header(path: Path, table: Table, given: dict[str, str], *, log: bool) -> tuple[list[str] | None, str]:
    """Return the header, if there is one, and what to say about it."""
    first = table.rows[0][1]
    by_name = [column for column in given.values() if not column.isdigit()]
    if by_name and all(_find(first, column) is not None for column in by_name):
        return first, ""
    found, note = is_header(path, table.rows, log=log)
    if found:
        return first, note
    above = table.comments[-1][1] if table.comments else []
    if len(above) == table.width and (sides(above) or _names_columns(above)):
        return above, "the header stands in the last comment"
    return None, note


def _names_columns(above: list[str]) -> bool:
    """Tell whether words in a comment name times and two columns of members: `# timestamp,user_a,user_b`."""
    pairs = [(a, b) for k, a in enumerate(above) for b in above[k + 1 :] if is_member_name(numbered(a, b) or "")]
    return any(map(is_time_name, above)) and (len(pairs) == 1 or len([name for name in above if is_member_name(name)]) == 2)


def _find(header: list[str], column: str) -> int | None:
    for same in (str.strip, str.casefold, compact):
        found = [k for k, name in enumerate(header) if same(name) == same(column)]
        if len(found) == 1:
            return found[0]
    return None


def column_of(path: Path, role: str, column: str, header: list[str] | None, width: int) -> int:
    """Return the place of a column that is told by number or name.

    Raises:
        BadInput: if there is none.
    """
    place = _find(header, column) if header else None
    if column.isdigit() and (place is None or 1 <= int(column) <= width):
        place = int(column) - 1 if 1 <= int(column) <= width else None
    if place is None:
        names = f", or one of its names: {', '.join(header[:12])}" if header else "; the file has no header"
        raise BadInput(must("--columns", f"name {role} by a number from 1 to {width}{names}", repr(column), where=path))
    return place
