"""Tables that are no list of ties, or more than one: matrices, numbers of rows, second headers, notes below. What may be one is refused."""

from __future__ import annotations

import re
from pathlib import Path

from sim.errors import BadInput, must
from sim.population.networks import times
from sim.population.networks.names import MISSING, WHOLE
from sim.population.networks.table import Row
from sim.population.networks.words import INTERVAL, is_member_name, names_side, numbered, tokens

SURE = 1000  # rows that show whether a column holds times
SQUARE = 3  # rows and columns that a matrix has at least; two rows of two are two ties
RULE = re.compile(r":?-{3,}:?|={3,}")  # below the header of a table in Markdown
NOTE = re.compile(r"(#|%|//|--)\s")  # a name may begin with a mark, hardly with one and a blank
UNNAMED = re.compile(r"(unnamed: ?[0-9]+)?")  # as pandas and R name the numbers of rows
TOTAL = re.compile(r"(grand|sub)?totals?|sum|summe|gesamt|insgesamt|somme|suma", re.IGNORECASE)
SAID_BELOW = re.compile(
    r"(generated|exported|created|downloaded|printed|produced|retrieved|accessed|updated)\b.*([0-9]|\b(by|on|at|from|with)\b).*"
    r"|(source|notes?)\s*:.*|(copyright\b|©).*|\(?[0-9,]+ (rows?|records?)\b.*",
    re.IGNORECASE,
)
TORN = re.compile(r"(- )?\w{0,12}[\[({<][^\])}>]*")
TORN_OFF = re.compile(r"[^\[({<]*[\])}>][;,]?")
COUNT = re.compile(r"[1-9][0-9]{0,8}")
ERRORS = ("#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#NV", "#BEZUG!", "#WERT!")
OPEN_END = ("present", "now", "today", "current", "ongoing")
COLUMNS = "be told its columns by `--columns sender=N,recipient=N`"


def check_rows(path: Path, header: list[str] | None, rows: list[Row], places: tuple[int, int]) -> None:
    """Refuse rows that are none: a second header, a line of Markdown, a comment, a note or a total below the last.

    Raises:
        BadInput: naming the line.
    """
    a, b = places
    _refuse_torn(path, rows, a, b)
    named = [cell.casefold() for cell in header or []]
    lone = 0 in places
    for n, row in rows:
        if row[a] in ERRORS or row[b] in ERRORS:
            raise BadInput(must(f"line {n}", "have a name, not what a spreadsheet writes for an error", ", ".join(row)[:60], where=path))
        if named and row[a].casefold() == named[a] and row[b].casefold() == named[b]:
            raise BadInput(must(f"line {n}", "be a row: the header stands once, above the first", ", ".join(row)[:60], where=path))
        if RULE.fullmatch(row[a]) and RULE.fullmatch(row[b]):
            raise BadInput(must(f"line {n}", "be a row: delete the line below a header of Markdown", ", ".join(row)[:60], where=path))
        if lone and NOTE.match(row[0]):
            right = "be a row: comments stand above the header and the first row"
            raise BadInput(must(f"line {n}", right, repr(row[0][:40]), where=path))
    n, row = rows[-1]
    if len(rows) > 1 and lone and _is_footer(row, rows[:-1], places):
        raise BadInput(must(f"line {n}", "be a row: delete what stands below the last", ", ".join(row)[:60], where=path))


def _refuse_torn(path: Path, rows: list[Row], a: int, b: int) -> None:
    """Refuse rows in brackets, as programs print pairs and YAML writes them, and adjacency lists with a colon behind the first name."""
    n, row = rows[0]
    if all(TORN.fullmatch(row[a]) and (TORN_OFF.fullmatch(row[b]) or TORN_OFF.fullmatch(row[-1])) for _, row in rows[:2]):
        raise BadInput(must(f"line {n}", "be a row without brackets around it", ", ".join(row)[:60], where=path))
    if a == 0 and all(row[0].endswith(":") and not row[b].endswith(":") for _, row in rows):
        raise BadInput(
            must(f"line {n}", "name two members: an adjacency list is to be written as a row for each tie", repr(row[0]), where=path)
        )


def refuse_shortened(path: Path, rows: list[Row], places: tuple[int, int, int | None]) -> None:
    """Refuse numbers of which a spreadsheet has cut off digits: several members or moments would be one.

    Raises:
        BadInput: naming the line.
    """
    for k in places:
        odd = (
            next(((n, row[k]) for n, row in rows if ("+" in row[k] or k == places[2]) and times.is_shortened(row[k])), None)
            if k is not None
            else None
        )
        if odd is not None:
            right = "have all digits of its number: format the column as text or as a whole number before it is saved"
            raise BadInput(must(f"line {odd[0]}", right, repr(odd[1]), where=path))


def refuse_moments(path: Path, rows: list[Row], places: tuple[int, int]) -> None:
    """Refuse dates or seconds since 1970 where members should stand, beside words.

    Raises:
        BadInput: naming the column.
    """
    columns = [[row[k] for _, row in rows[:SURE]] for k in places]
    for k, cells, others in zip(places, columns, columns[::-1], strict=True):
        if mostly_dates(cells) or (times.kind_of(cells) in times.CLEAR and not any(times.number(cell) is not None for cell in others)):
            raise BadInput(must("", f"have members in two columns, or {COLUMNS}", f"times in column {k + 1}", where=path))


def refuse_sizes(path: Path, rows: list[Row]) -> None:
    """Refuse a first row that may say how many members and rows there are, as many programs write it, and not a tie.

    Raises:
        BadInput: naming what to do.
    """
    n, first = rows[0]
    body = [row[:2] for _, row in rows[1:]]
    if len(body) < SQUARE or not all(COUNT.fullmatch(cell) for cell in first):
        return
    known = {cell for row in body for cell in row}
    if (
        int(first[-1]) == len(body)
        and len(known) <= int(first[0]) <= 2 * len(known)
        and not (known.issuperset(first[:2]) and len(set(first)) > 1)
    ):
        right = "be a row of two members: delete it if it says how many members and rows follow, else put `source,target` above it"
        raise BadInput(must(f"line {n}", right, ", ".join(first), where=path))


def refuse_relations(path: Path, rows: list[Row], time: int | None) -> None:
    """Refuse a list without a header in which words stand beside two columns of numbers: `1 knows 2`, `e1 1 2`, `arc 1 2`.

    Raises:
        BadInput: naming what can be told.
    """
    left = [k for k in range(len(rows[0][1])) if k != time and any(row[k] for _, row in rows)]
    if len(left) < 3:
        return
    kinds = [_kind([row[k] for _, row in rows]) for k in left[:3]]
    if sorted(kinds[:2]) == ["numbers", "words"] and kinds[2] == "numbers":
        word = left[kinds.index("words")]
        right = f"join members of one kind, or {COLUMNS}"
        raise BadInput(must("", right, f"words in column {word + 1} beside numbers", where=path))


def _is_footer(last: list[str], rows: list[Row], places: tuple[int, int]) -> bool:
    """Tell whether the last row is a total or says where the file is from: nobody else is called so."""
    figures = all(times.number(cell) is not None for cell in last[1:] if cell.casefold() not in MISSING)
    if not SAID_BELOW.fullmatch(last[0]) and not (TOTAL.fullmatch(last[0]) and figures):
        return False
    return not any(last[0] == row[k] for _, row in rows for k in places)


def refuse_matrix(path: Path, rows: list[Row]) -> None:
    """Refuse a square table of numbers, unless it is clear by fractions that only others than its first two columns are weights.

    Raises:
        BadInput: naming what can be told.
    """
    n = len(rows)
    if n < SQUARE or len(rows[0][1]) != n or any(times.number(cell) is None for _, row in rows for cell in row):
        return
    columns = [[row[k] for _, row in rows] for k in range(n)]
    weighted = [_kind(cells) == "fractions" for cells in columns]
    if not any(weighted[2:]) or any(weighted[:2]) or len({cells[k] for k, cells in enumerate(columns)}) == 1:
        right = "have a header (source,target,weight), or be told `--network-as ties` if each row is a tie; a matrix is not read"
        raise BadInput(must("", right, f"{n} rows of {n} numbers", where=path))


def refuse_row_numbers(path: Path, rows: list[Row], left: list[int]) -> None:
    """Refuse a list without a header whose first column may number the rows, or be members: it counts up beside two that are alike.

    Args:
        path: of the file, for messages.
        rows: all rows.
        left: columns that may hold members, in order.

    Raises:
        BadInput: naming what can be told.
    """
    if len(left) < 3 or len(rows) < 2:
        return
    cells = [row[left[0]] for _, row in rows]
    others = [{row[k] for _, row in rows} for k in left[1:3]]
    apart = others[0].isdisjoint(cells) and others[1].isdisjoint(cells)  # numbers of rows from 1000 on, or times from any zero
    if not counts_up(cells) and not (apart and (_follow(cells) or (len(rows) >= SQUARE and not others[0].isdisjoint(others[1])))):
        return
    kinds = [_kind([row[k] for _, row in rows]) for k in left[1:3]]
    if kinds[1] == "fractions" or set(kinds) == {"numbers", "words"}:
        return
    first, second, third = (k + 1 for k in left[:3])
    right = f"be told its columns: `--columns sender={second},recipient={third}` if column {first} numbers the rows, "
    right += f"`--columns sender={first},recipient={second}` if not; `time={first}` besides if it says when"
    raise BadInput(must("", right, f"{rows[0][1][left[0]]}, {rows[1][1][left[0]]} and so on", where=path))


def _kind(cells: list[str]) -> str:
    """Return what a column's members would be: whole numbers, words, both, or no members since there are fractions."""
    numbers = [cell for cell in cells if times.number(cell) is not None]
    if not all(map(WHOLE.fullmatch, numbers)):
        return "fractions"
    return "numbers" if len(numbers) == len(cells) else "both" if numbers else "words"


def counts_up(cells: list[str]) -> bool:
    """Tell whether cells are 0, 1, 2 and so on, or 1, 2, 3."""
    return cells[0] in ("0", "1") and _follow(cells)


def _follow(cells: list[str]) -> bool:
    """Tell whether cells are whole numbers, each one more than that before."""
    if not COUNT.fullmatch(cells[0]) and cells[0] != "0":
        return False
    return all(cell == str(k) for k, cell in enumerate(cells, int(cells[0])))


def numbers_rows(header: list[str], rows: list[Row], k: int) -> bool:
    """Tell whether a column is the one that pandas and R put in front, without a name."""
    return k == 0 and UNNAMED.fullmatch(header[0].casefold()) is not None and counts_up([row[0] for _, row in rows])


def refuse_periods(path: Path, header: list[str], rows: list[Row], pair: tuple[int, int], others: list[int]) -> None:
    """Refuse `from` and `to` that say when, not who: they hold dates or years, or two other columns name members.

    Args:
        path: of the file, for messages.
        header: what the columns are called.
        rows: all rows.
        pair: the columns that are called as those of sender and recipient are.
        others: the other columns.

    Raises:
        BadInput: naming what can be told.
    """
    names = " and ".join(f"{header[k]!r} ({k + 1})" for k in pair)
    said = [[row[k] for _, row in rows if row[k].casefold() not in (*MISSING, *OPEN_END)] for k in pair]
    if any(cells and all(map(times.is_date, cells)) for cells in said) or any(times.kind_of(cells) == times.DATES for cells in said):
        raise BadInput(must("", f"have members in the columns of sender and recipient, or {COLUMNS}", f"dates in {names}", where=path))
    open_ = all(INTERVAL & set(tokens(header[k])) for k in pair)
    if open_ and any(said) and all(times.YEAR.fullmatch(cell) for cells in said for cell in cells):
        raise BadInput(must("", f"have members in the columns of sender and recipient, or {COLUMNS}", f"years in {names}", where=path))
    free = [k for k in others if not names_side(header[k])]
    known = [k for k in free if is_member_name(header[k])]
    alike = [(a, b) for a in free for b in free if a < b and is_member_name(numbered(header[a], header[b]) or "")]
    if len(known) > 1 or alike:
        also = " and ".join(f"{header[k]!r} ({k + 1})" for k in (alike[0] if alike else known[:2]))
        raise BadInput(must("", f"have one column of each side, or {COLUMNS}", f"{names} beside {also}", where=path))


def mostly_dates(cells: list[str]) -> bool:
    """Tell whether more than half of the cells that say something are dates."""
    said = [cell for cell in cells if cell.casefold() not in MISSING]
    return bool(said) and 2 * sum(map(times.is_date, said)) > len(said)


def mostly_numbers(cells: list[str]) -> bool:
    """Tell whether more than half of the cells that say something are numbers."""
    said = [cell for cell in cells if cell.casefold() not in MISSING]
    return bool(said) and 2 * sum(times.number(cell) is not None for cell in said) > len(said)
