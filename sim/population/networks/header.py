"""Whether the first row of a table is a header."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from sim.errors import BadInput, must
from sim.population.networks import times
from sim.population.networks.names import MISSING
from sim.population.networks.table import Row
from sim.population.networks.words import (
    NEVER,
    NODE_ONLY,
    NODE_WORDS,
    NOUNS,
    compact,
    is_member_name,
    is_time_name,
    numbered,
    sides,
    tokens,
)

WORD = re.compile(r"[^\W\d_][\w .()/-]{0,59}")
ALIKE = 4  # letters that two words of one kind begin with
CLEARLY = "be clearly a header or a row: put `source,target` above it, or call `--columns sender=1,recipient=2`"
CLEARLY_LOG = "be clearly a header or a row: put `sender,recipient,timestamp` above it, or call `--columns sender=1,recipient=2,time=3`"


def is_header(path: Path, rows: list[Row], *, log: bool = False) -> tuple[bool, str]:
    """Return whether the first row is a header, and what a person should be told about it.

    A header names a sender and a recipient; or times above times; or it alone has words in a column of numbers; or its words
    stand nowhere below, look like no name there, and every other row has a member that others have too.

    Args:
        path: of the file, for messages.
        rows: of the table, the first too.
        log: whether it is read as a log, which has times: a message then names their column, too.

    Raises:
        BadInput: if it could be a row as well.
    """
    n, first = rows[0]
    right = CLEARLY_LOG if log else CLEARLY
    if sides(first) or (len(rows) > 1 and _is_node_table(first)):
        return True, ""
    if len(rows) < 2:
        return False, ""
    body = [row for _, row in rows[1:]]
    above, inside = _evidence(first, body)
    numbers = first == [str(k) for k in range(len(first))] and len(body) > 1  # as pandas numbers columns without names
    if numbers and not any({"0", "1"} & set(row[:2]) for row in body):
        raise BadInput(must(f"line {n}", right, ", ".join(first[:6])[:80], where=path))
    if above and inside:
        raise BadInput(must(f"line {n}", right, ", ".join(first[:6])[:80], where=path))
    if above or inside:
        return above, ""
    return _stands_apart(path, n, first, body=body, right=right)


def _is_node_table(first: list[str]) -> bool:
    words = {compact(cell) for cell in first}
    return bool("id" in words and words & {"label", "name"}) or len(words & (NODE_WORDS | NODE_ONLY)) > 1


def _evidence(first: list[str], body: list[list[str]]) -> tuple[bool, bool]:
    """Return whether a column says that the first row is a header, and whether one says that it is a row."""
    above = inside = False
    numeric = [_all_numbers([row[k] for row in body]) for k in (0, 1)]
    words = [not _is_value(cell) for cell in first[:2]]
    if all(numeric):
        above, inside = all(words), not all(words)
    elif any(numeric) and all(words):  # `user1;id;user2`
        above = True
        inside = all(first[:2]) and not any(set(tokens(cell)) & (NOUNS | NEVER) for cell in first)  # or not
    for k in range(2, len(first)):
        cells = [row[k] for row in body if row[k].casefold() not in MISSING]
        if first[k].casefold() in MISSING or not cells:
            continue
        kind = times.kind_of(cells)
        if _is_value(first[k]):
            inside = True
        elif kind is not None:
            above = True
    timed = [
        k for k, cell in enumerate(first) if is_time_name(cell) and times.kind_of([row[k] for row in body]) not in (None, times.NUMBERS)
    ]
    return above or bool(timed and len(first) > 2), inside


def _all_numbers(cells: list[str]) -> bool:
    return all(times.number(cell) is not None for cell in cells)


def _is_value(cell: str) -> bool:
    return times.number(cell) is not None or times.in_words(cell) is not None


def _stands_apart(path: Path, n: int, first: list[str], body: list[list[str]], right: str) -> tuple[bool, str]:
    """Tell by the words alone; `right` is what must be where they do not tell."""
    pair = first[:2]
    below = {cell.casefold() for row in body for cell in row}
    if any(cell.casefold() in below for cell in first if cell) or pair[0] == pair[1]:
        return False, ""
    members = [cell for row in body for cell in row[:2]]
    if not all(WORD.fullmatch(cell) for cell in pair):
        nouns = [set(tokens(cell)) & NOUNS for cell in pair]
        if all(nouns) and not any(set(tokens(cell)) & (nouns[0] | nouns[1]) for cell in members):  # `1st person`, `name?`
            raise BadInput(must(f"line {n}", right, ", ".join(first[:6])[:80], where=path))
        return False, ""
    note = f"line {n} ({', '.join(first[:6])[:80]}) is taken as a header: its words stand nowhere below"
    if all(is_member_name(cell) for cell in pair):  # user_id, friend_id
        return True, note
    stem = numbered(*pair)
    if stem is not None and not any(tokens(cell)[:1] == tokens(stem)[:1] for cell in members):
        return True, note  # user1, user2
    digits = [any(c.isdigit() for c in cell) for cell in members]
    if all(digits) and not any(c.isdigit() for cell in pair for c in cell):
        return True, note
    if any(any(c.isdigit() for c in cell) for cell in pair) or any("@" in cell for cell in pair):
        return False, ""
    often = Counter(members)
    lonely = any(often[row[0]] == often[row[1]] == 1 for row in body)
    if lonely or not _reads_as_header(pair, members):
        raise BadInput(must(f"line {n}", right, ", ".join(first[:6])[:80], where=path))
    return True, note


def _reads_as_header(pair: list[str], members: list[str]) -> bool:
    """Tell whether two words that stand nowhere below name columns, not people: by what they are, or since no name below looks like them."""
    if any(set(tokens(cell)) & NOUNS for cell in pair):
        return True
    one, other = (compact(cell) for cell in pair)
    if len(one) >= ALIKE and one[:ALIKE] == other[:ALIKE] and not any(" " in cell for cell in pair):  # mentor, mentee
        return True
    looks = {_look(cell) for cell in members}
    return not any(_look(cell) in looks for cell in pair)


def _look(cell: str) -> tuple[bool, bool, bool]:
    """Return how a name is written: with a capital, all in capitals, in several words."""
    return cell[:1].isupper(), len(cell) > 1 and cell.isupper(), " " in cell
