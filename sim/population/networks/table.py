"""Rows of a table: which separator gives all of them one width, where the first stands, and what was passed over."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path

from sim.errors import BadInput, must
from sim.population.networks.text import LONGEST_LINE, bare, lines
from sim.population.networks.times import DECIMAL_COMMA, NUMBER
from sim.population.networks.words import TIMES, compact, sides

Row = tuple[int, list[str]]  # the number of its first line, and its cells

BY_NAME = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "bar", " ": "blank"}  # in the order in which they are preferred
SAMPLE = 2000  # rows that tell separators apart; then one of them must do for all
MOST_CELLS = 20_000_000
MOST_PREAMBLE = 40  # lines above a header
SURE = 3  # rows, with the header
FEW_LINES = 2  # above a table without a header
COMMENTS = ("#", "%")
SEPARATOR_LINE = re.compile(r"\"?sep=(.)\"?", re.IGNORECASE)
DATA = re.compile(r"[\s,;|]\{(\s*|\s*['\"].*)\}\s*$")  # what networkx writes behind an edge
QUOTED_OR_TAB = re.compile(r"\"[^\"]*\"|\t")
LONG_NUMBER = re.compile(r"[0-9]{8,}(\.[0-9]*)?")
BEHIND = re.compile(r".*\S\s+[0-9]+(\.[0-9]+)?")
DATA_KEY = re.compile(r"['\"]([^'\"]{1,40})['\"]\s*:")


@dataclass
class Table:
    """The rows of a table, all of one width, and what was passed over."""

    rows: list[Row]
    separator: str
    comments: list[Row] = field(default_factory=list)  # above the first row, each split as the rows are, the mark left out
    banner: str = ""  # the first comment
    skipped: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Return how many cells each row has."""
        return len(self.rows[0][1])


@dataclass
class _Start:
    """Where the rows begin."""

    line: int
    separator: str | None  # as a line `sep=;` says
    comments: list[tuple[int, str]]
    blank: int


class _Uneven(Exception):  # noqa: N818  (a separator that does not fit; the next is tried)
    """Rows that a separator does not part into one width; says what a person would be told."""


def read_table(path: Path, raw: bytes) -> Table:
    """Return the rows of checked text.

    Raises:
        BadInput: if no separator gives all rows one width, or more than one does so equally well.
    """
    start = _start(path, raw)
    choices, refusals = [], {}
    for mark in [start.separator] if start.separator else _present(raw, start.line):
        try:
            choices.append(_Sample(mark, _records(raw, start.line, mark, SAMPLE)[0]))
        except _Uneven as refusal:
            refusals[mark] = str(refusal)
    for choice in _ranked(path, choices):
        try:
            return _whole(path, raw, start, choice)
        except _Uneven as refusal:
            refusals[choice.mark] = str(refusal)
    if not refusals:
        raise BadInput(must("", "have two columns of members in each row", "no rows", where=path))
    mark = next((mark for mark in BY_NAME if mark in refusals and "one column" not in refusals[mark]), next(iter(refusals)))
    said = refusals[mark]
    raise BadInput(f"{path} {said}" if said.startswith("must") else f"{path}: {said}")


def _start(path: Path, raw: bytes) -> _Start:
    """Find the first line that is neither blank nor a comment; marks of comments count only above it."""
    comments: list[tuple[int, str]] = []
    blank, separator = 0, None
    for n, line in lines(raw):
        text = line.strip()
        found = SEPARATOR_LINE.fullmatch(line.rstrip("\n"))
        if found and separator is None and not comments:
            separator = found[1]
            if separator not in BY_NAME:
                raise BadInput(must(f"line {n}", "name a comma, semicolon, tab, bar or blank", repr(separator), where=path))
        elif not text:
            blank += 1
        elif text.startswith(COMMENTS):
            comments.append((n, text))
        else:
            return _Start(n, separator, comments, blank)
    got = (
        f"no rows but {len(comments)} that begin{'s' * (len(comments) == 1)} with # or %: put a header above such names"
        if comments
        else "no rows"
    )
    raise BadInput(must("", "have two columns of members in each row", got, where=path))


def _present(raw: bytes, first: int) -> list[str]:
    """Return the separators that stand in the first rows."""
    head = "".join(line for _, line in islice(lines(raw, first), SAMPLE))
    return [mark for mark in BY_NAME if mark in head or (mark == " " and "\t" in head)] or [","]


def _records(raw: bytes, first: int, mark: str, most: int | None = None) -> tuple[list[Row], int]:
    """Return rows of stripped cells, and how many were left out since they had no text."""
    feed = _Feed(raw, first, mark)
    reader = csv.reader(feed, delimiter=mark, strict=True, skipinitialspace=mark != "\t")
    rows: list[Row] = []
    cells = blank = 0
    try:
        for row in islice(reader, most):
            n, feed.bytes, feed.first = feed.first, 0, 0
            row = [bare(cell) for cell in row]  # noqa: PLW2901
            cells += len(row)
            if cells > MOST_CELLS:
                raise _Uneven(f"must have at most {MOST_CELLS:,} cells (got more)")
            if any(row):
                rows.append((n, row))
            else:
                blank += 1
    except csv.Error as error:
        raise _Uneven(must(f"line {feed.first or feed.line}", "be well-formed CSV, with closed quotes or none", error)) from None
    return rows, blank


class _Feed:
    """Lines for one reader over the whole text, since a quoted cell may hold line ends; knows where the present row began."""

    def __init__(self, raw: bytes, first: int, mark: str) -> None:
        self.lines = lines(raw, first)
        self.blanks = mark == " "
        self.line = self.first = self.bytes = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        self.line, line = next(self.lines)
        self.first = self.first or self.line
        self.bytes += len(line)
        if self.bytes > LONGEST_LINE:
            raise csv.Error(f"more than {LONGEST_LINE:,} characters in one row")
        found = _data_behind(line)
        line = line[: found.start()] if found else line
        if self.blanks and "\t" in line:
            line = QUOTED_OR_TAB.sub(lambda found: " " if found[0] == "\t" else found[0], line)
        return line.strip() if self.blanks else line


def _data_behind(line: str) -> re.Match[str] | None:
    """Return what networkx writes behind an edge; looked for only where a line ends so, since else each brace would be tried to the end."""
    return DATA.search(line) if "{" in line and line.rstrip().endswith("}") else None


def _with_corner(rows: list[Row]) -> list[Row]:
    """Return rows below a header of one width with them: R's write.table says nothing above the numbers of rows."""
    if len(rows) < SURE or any(len(row) != len(rows[0][1]) + 1 for _, row in rows[1:]):
        return rows
    n, header = rows[0]
    numbered = all(row[0] == str(k) for k, (_, row) in enumerate(rows[1:], 1))
    named = next(iter(sides(header)), None)
    words = named and not any(NUMBER.fullmatch(row[k]) for _, row in rows[1:] for k in (0 + named[0], 1 + named[0], 1 + named[1]) if k)
    return [(n, ["", *header]), *rows[1:]] if numbered and words else rows


class _Sample:
    """The first rows under one separator: their width, the lines of a preamble, and whether cells look as if another would be right."""

    def __init__(self, mark: str, rows: list[Row]) -> None:
        if not rows:
            raise _Uneven("must have two columns of members in each row (got no rows)")
        rows = _with_corner(rows)
        self.mark = mark
        self.width = len(rows[-1][1])
        first = len(rows) - 1
        while first > 0 and len(rows[first - 1][1]) == self.width:
            first -= 1
        self.preamble = [n for n, _ in rows[:first]]
        self.rows = rows[first:]
        self.named = named = bool(sides(self.rows[0][1])) or _is_list_of_people(self.rows[0][1])
        single = all(sum(map(bool, row)) == 1 for _, row in rows[:first])
        if self.width < 2:
            n = next((n for n, row in rows if len(row) < 2), rows[-1][0])
            raise _Uneven(must(f"line {n}", "have two columns of members or more", "one column"))
        parted = (
            0 < first <= FEW_LINES and rows[first][0] > rows[first - 1][0] + 1
        )  # by a blank line; else the lines may be of another form
        short = (single or mark == " ") and parted  # a line of prose has many words
        if first and (first > MOST_PREAMBLE or not (short or named)):
            n, row = next((n, row) for n, row in rows if len(row) != len(rows[0][1]))
            what = "two columns of members or more" if len(row) < 2 else f"{len(rows[0][1])} columns, as line {rows[0][0]} has"
            raise _Uneven(must(f"line {n}", f"have {what}", "one column" if len(row) < 2 else len(row)))
        title = next((k for k, (_, row) in enumerate(self.rows) if sum(map(bool, row)) != 1), 0)
        if title and sides(self.rows[title][1]):  # a title as spreadsheets save it: `Contacts,,`
            self.preamble += [n for n, _ in self.rows[:title]]
            self.rows = self.rows[title:]
            self.named = True

    def looks_wrong(self, others: list[str]) -> bool:
        """Tell whether cells hold what another separator would part."""
        strange = [mark for mark in "\t;,|" if mark != self.mark and (mark in others or (self.mark == " " and mark in ",;"))]
        decimal = " " in others and self.mark == ","
        if " " in others and self.mark != " " and all(BEHIND.fullmatch(row[-1]) and not BEHIND.fullmatch(row[0]) for _, row in self.rows):
            return True  # `o a;b 7`: a number behind a name, or names of two words
        for _, row in self.rows:
            for k, cell in enumerate(row):
                inside = any(mark in cell for mark in strange) or (self.mark == "," and cell.count('"') % 2 == 1)
                if inside and not (k >= 2 and DECIMAL_COMMA.fullmatch(cell)):
                    return True
                if " " in others and self.mark != " " and " " in cell and all(NUMBER.fullmatch(part) for part in cell.split()):
                    return True  # `1 2`: two numbers, not a name
                if " " in others and self.mark != " " and any(LONG_NUMBER.fullmatch(part) for part in cell.split()[1:]):
                    return True  # `m;n  1594893988000`: a time behind a name
            decimal = decimal and all(a[-1:].isdigit() and b[:1].isdigit() for a, b in pairwise(row))
        return decimal and any(" " in cell for _, row in self.rows for cell in row)  # `Ada Bo 0,5`

    def tears_quotes(self) -> bool:
        """Tell whether cells look like quoted ones that stand between blanks."""
        return self.mark != " " and any(' "' in cell or '" ' in cell for _, row in self.rows for cell in row)


def _is_list_of_people(header: list[str]) -> bool:
    """Tell whether a row is the header of LinkedIn's Connections.csv, which stands below notes."""
    return {"firstname", "lastname", "connectedon"} <= {compact(name) for name in header}


def _ranked(path: Path, choices: list[_Sample]) -> list[_Sample]:
    """Return the separators to be tried, the best first."""
    marks = [choice.mark for choice in choices]
    wrong = {choice.mark for choice in choices if choice.looks_wrong(marks)}
    least = min((len(choice.preamble) for choice in choices), default=0)
    whole = [choice for choice in choices if len(choice.preamble) == least]
    named = [choice for choice in choices if choice.named]
    if len(named) == 1:
        return named
    clean = [choice for choice in whole if choice.mark not in wrong]
    torn = " " in [choice.mark for choice in whole] and any(choice.tears_quotes() for choice in whole)
    if torn or (not clean and (len(whole) > 1 or (whole and whole[0].mark == " "))):
        said = " and ".join(BY_NAME[choice.mark] for choice in whole)
        right = "have one separator that stands in no cell; `sep=;` as its first line says which it is"
        raise BadInput(must("", right, f"{said}, with others in the cells", where=path))
    return clean or whole


def _whole(path: Path, raw: bytes, start: _Start, choice: _Sample) -> Table:
    """Return the whole table under a separator."""
    rows, blank = _records(raw, start.line, choice.mark)
    rows = _with_corner(rows)
    rows = [(n, row) for n, row in rows if n not in choice.preamble]
    for n, row in rows:
        if len(row) != choice.width:
            got = len(row) if len(row) > 1 else "one column"
            raise _Uneven(must(f"line {n}", f"have {choice.width} columns, as line {rows[0][0]} has", got))
    odd = next((n for n, row in rows if row[0] in COMMENTS or (choice.preamble and n == rows[0][0] and row[0].startswith(COMMENTS))), None)
    if odd is not None:
        raise BadInput(must(f"line {odd}", "be a row: comments stand above the header and the first row", where=path))
    split = [(n, _cells(text.lstrip("#% \t"), choice.mark)) for n, text in start.comments]
    table = Table(rows, choice.mark, split, start.comments[0][1] if start.comments else "")
    _check_comments(path, table, start.comments)
    _check_data(path, raw, start.line)
    for what, where, count in (
        ("comment", "above the first row", len(start.comments)),
        ("blank", "without any text", start.blank + blank),
        ("preamble", "above the header", len(choice.preamble)),
    ):
        if count:
            table.skipped[f"{what} line{'s' * (count > 1)} ({where})"] = count
    return table


def _cells(text: str, mark: str) -> list[str]:
    try:
        return [
            cell.strip()
            for cell in next(
                csv.reader([" ".join(text.split()) if mark == " " else text], delimiter=mark, skipinitialspace=mark != "\t"), []
            )
        ]
    except csv.Error:
        return []


def _check_comments(path: Path, table: Table, comments: list[tuple[int, str]]) -> None:
    """Refuse a comment that may be a row whose first name begins with the mark: it has a row's width; of words, also a member's name."""
    if not any(text[1:2].strip(" \t#%") for _, text in comments):
        return
    known = {cell for _, row in table.rows[:SAMPLE] for cell in row[:2]}
    for (n, text), (_, cells) in zip(comments, table.comments, strict=True):
        if not text[1:2].strip(" \t#%") or len(cells) != table.width or sides(cells):
            continue
        if table.separator != " " or text[0] + cells[0] in known or known & set(cells[1:2]):
            right = "be a comment, with a blank behind its mark, or a row below a header"
            raise BadInput(must(f"line {n}", right, repr(text[:40]), where=path))


def _check_data(path: Path, raw: bytes, first: int) -> None:
    """Refuse times in what networkx writes behind an edge: it is passed over."""
    for n, line in lines(raw, first):
        found = _data_behind(line)
        key = next((key for key in DATA_KEY.findall(found[0]) if compact(key) in TIMES), None) if found else None
        if key:
            raise BadInput(must(f"line {n}", "have its times in a column of their own, not in {}", repr(key), where=path))
