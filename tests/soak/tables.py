"""Tables of text in the dialects that spreadsheets, exports and public collections write."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass, field

PLAIN, OPEN, REFUSED = "read", "either", "refused"  # what a reader must do; OPEN: read it rightly or refuse it
SEPARATORS = {",": PLAIN, ";": PLAIN, "\t": PLAIN, " ": PLAIN, "|": OPEN}
ENCODINGS = {"utf-8": PLAIN, "utf-8-sig": PLAIN, "utf-16": PLAIN, "cp1252": OPEN, "utf-16-le": OPEN, "utf-32": OPEN, "latin-1": OPEN}
PREAMBLES = (
    ["Exported 2024-05-01 10:00"],
    ["My network", ""],
    ["Notes:"],
    ['"A title, with a comma"'],
    ["Report of all contacts (draft)", "", ""],
)
COMMENTS = (
    ["# Directed graph (each unordered pair of nodes is saved once)", "# Nodes: 5 Edges: 6"],
    ["% no. 7 of 9"],
    ["# made by hand"],
    ["#", "# a b c"],
    ["% one, two, three", "# four"],
)


@dataclass
class Table:
    """Rows of cells and how they are written; `note` says what was chosen, `must` what the reader must do with it."""

    rows: list[list[str]]
    header: list[str] | None
    must: str = PLAIN
    note: dict[str, str] = field(default_factory=dict)

    def chose(self, what: str, value: object, must: str = PLAIN) -> None:
        """Note a choice; what must be refused stays so, and what may be refused is not demanded any more."""
        self.note[what] = repr(value)
        if REFUSED in (must, self.must):
            self.must = REFUSED
        elif must == OPEN:
            self.must = OPEN

    @property
    def cells(self) -> list[str]:
        """Return all cells below the header."""
        return [cell for row in self.rows for cell in row]


def chance(luck: random.Random, share: float) -> bool:
    """Return True in this share of cases."""
    return luck.random() < share


def written(luck: random.Random, table: Table, *, separator: str | None = None, comments: list[str] | None = None) -> bytes:
    """Return a table as bytes in a random dialect."""
    mark = separator or _separator(luck, table)
    lines = _between_blanks(luck, table) if mark == " " else _as_csv(luck, table, mark)
    above = _above(luck, table, mark, comments)
    _empty_rows(luck, table, lines, mark)
    if not above and chance(luck, 0.05):
        above = [""] * luck.randint(1, 2)
        table.chose("rows above", "empty")
    end = luck.choice(("\n", "\n", "\n", "\r\n", "\r\n", "\r"))
    if end != "\n":
        table.chose("line end", end)
    text = end.join(above + lines) + (end if chance(luck, 0.8) else "")
    return _encoded(luck, table, text)


def _separator(luck: random.Random, table: Table) -> str:
    cells = table.cells + (table.header or [])
    blank = any(not cell or any(c.isspace() or c == '"' for c in cell) for cell in cells)
    mark = luck.choices(list(SEPARATORS), (5, 3, 3, 3, 1))[0]
    if mark == " " and blank:
        mark = ","
    table.chose("separator", mark, SEPARATORS[mark])
    if any(other in cell for cell in cells for other in ",;|\t " if other != mark):
        table.chose("other separators", "in cells", OPEN if table.header is None else PLAIN)
    return mark


def _between_blanks(luck: random.Random, table: Table) -> list[str]:
    gap = luck.choice((" ", " ", "  ", "   \t", " \t "))
    edge = luck.choice(("", "", " ", "   "))
    if gap + edge != " ":
        table.chose("blanks", gap + edge)
    return [edge + gap.join(row) for row in ([table.header] if table.header else []) + table.rows]


def _as_csv(luck: random.Random, table: Table, mark: str) -> list[str]:
    """Return lines of CSV; a cell with a line break makes one line of several."""
    quoting = luck.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC))
    if quoting != csv.QUOTE_MINIMAL:
        table.chose("quoting", quoting)
    escaped = any('"' in cell for cell in table.cells) and chance(luck, 0.15)
    if escaped:
        quoting = csv.QUOTE_ALL  # without quotes around it, the backslash may well be part of a name
        table.chose("quotes", "escaped by a backslash", OPEN)
    style = {"doublequote": False, "escapechar": "\\"} if escaped else {}
    rows = ([table.header] if table.header else []) + table.rows
    pad = luck.choice((" ", "  ")) if chance(luck, 0.05) else ""
    tail = mark if chance(luck, 0.06) else ""
    if pad and not any(any(c in cell for c in '"\r\n' + mark) for row in rows for cell in row):
        table.chose("padding", pad, OPEN)
        return [(mark + pad).join(row) + tail for row in rows]
    if tail:
        table.chose("last separator", "on every row")
    lines = []
    for row in rows:
        line = io.StringIO()
        csv.writer(line, delimiter=mark, quoting=quoting, lineterminator="\n", **style).writerow(row)
        lines.append(line.getvalue().removesuffix("\n") + tail)
    return lines


def _above(luck: random.Random, table: Table, mark: str, comments: list[str] | None) -> list[str]:
    """Return the lines above the header or the first row: `sep=`, comments or a preamble."""
    if comments is not None:
        return list(comments)
    what = luck.random()
    if what < 0.06 and mark != " ":
        table.chose("sep=", mark, SEPARATORS[mark])
        return [f"sep={mark}"]
    if what < 0.18:
        lines = list(luck.choice(COMMENTS))
        table.chose("comments", lines)
        return lines
    if what < 0.23:
        lines = list(luck.choice(PREAMBLES))
        table.chose("preamble", lines, OPEN)
        return lines
    return []


def _empty_rows(luck: random.Random, table: Table, lines: list[str], mark: str) -> None:
    """Put rows without content between the others, or after them."""
    if chance(luck, 0.1):
        table.chose("empty rows", "between")
        for _ in range(luck.randint(1, 3)):
            lines.insert(luck.randint(1, len(lines)), luck.choice(("", "", "  ")) if mark != "\t" else "")
    if mark != " " and chance(luck, 0.04):
        table.chose("empty rows", "of separators", OPEN)
        wide = len(table.rows[0]) - 1
        lines += [mark * wide] * luck.randint(1, 3)


def _encoded(luck: random.Random, table: Table, text: str) -> bytes:
    encoding = luck.choices(list(ENCODINGS), (20, 3, 2, 1, 0.3, 0.3, 1))[0]
    try:
        raw = text.encode(encoding)
    except UnicodeEncodeError:
        encoding, raw = "utf-8", text.encode()
    if encoding == "utf-8":
        return raw
    table.chose("encoding", encoding, PLAIN if raw == text.encode() else ENCODINGS[encoding])
    return raw
