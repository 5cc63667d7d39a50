"""Cells that name several people: recipients are taken apart or refused, never taken for one; a sender is one person."""

from __future__ import annotations

import re
from pathlib import Path

from sim.errors import BadInput, must
from sim.population.networks.table import Row

ADDRESS = re.compile(r"\S+@\S+|[^@]*<[^<>@\s]+@[^<>\s]+>|\w+://\S+")
BARE = re.compile(r"[^\s<>]+@[^\s<>]+|\w+://\S+")  # an address that stands alone, not behind a name
HANDLE = re.compile(r"@[^@\s]+@[^@\s|/]+|\w+://\S+")  # one address with two @, as in the Fediverse
ADDRESSES = re.compile(r"\w+://\S*[\s|]\s*\w+://.*")
LISTED = re.compile(r"(\w+\(\s*)?[\[({]\s*(['\"].*|.*[,;].*[\])}]\s*)")  # as programs write lists: ['b', 'c'], {1, 2}, frozenset({'b'})
BARS = re.compile(r"\s*\|\s*|\s+/\s+")  # hardly in a name
BETWEEN = re.compile(r"\s*[|/&+]\s*|\s+(?:and|und|et|y)\s+|\s+")  # often in names, too
DOUBTFUL = re.compile(r"[,;|/&+\s]|@.*@|^(\w+\(\s*)?[\[({]")
ALONE = "name one recipient, or several whose names stand alone elsewhere: write a row for each"
SEVERAL = "name one recipient, or several with commas or semicolons between them: write a row for each"


class Recipients:
    """Takes cells that list several recipients apart: addresses always, names if the rest of the file knows them."""

    def __init__(self, path: Path, rows: list[Row], sender: int, recipient: int) -> None:
        self.path = path
        self.lines: set[int] = set()  # whose cells were taken apart
        senders, recipients = ({row[k] for _, row in rows} for k in (sender, recipient))
        self.known = senders | recipients
        doubtful = {cell for cell in self.known if DOUBTFUL.search(cell)}
        self.both = doubtful & senders & recipients  # whoever writes and is written to under this name is one person
        self.senders = doubtful & senders
        self.unchecked = set(self.senders), doubtful & recipients

    def of(self, n: int, cell: str) -> list[str]:
        """Return the recipients that a cell names.

        Raises:
            BadInput: if it may be a list or a name, or is a list of another form.
        """
        if cell not in self.unchecked[1]:
            return [cell]
        mark, parts = _parted(cell)
        listed = bool(parts) and parts != [cell] and not LISTED.fullmatch(cell)
        if listed and not all(map(ADDRESS.fullmatch, parts)):
            listed = cell not in self.senders and self._all_known(parts)
            if not listed and cell not in self.senders:
                self._refuse_unknown(n, cell, mark, parts, right=ALONE)
        for one in parts if listed else [cell]:
            if DOUBTFUL.search(one):
                self._refuse_other_list(n, one, SEVERAL)
        if not listed:
            self.unchecked[1].discard(cell)  # a name that stands in a thousand rows is looked at once
            return [cell]
        self.lines.add(n)
        return parts

    def check_sender(self, n: int, cell: str) -> None:
        """Refuse a sender that is a list of several.

        Raises:
            BadInput: naming the line.
        """
        if cell not in self.unchecked[0]:
            return
        mark, parts = _parted(cell)
        self._refuse_other_list(n, cell, "have one sender")
        if parts and parts != [cell]:
            if all(map(ADDRESS.fullmatch, parts)) or self._all_known(parts):
                raise BadInput(must(f"line {n}", "have one sender", repr(cell[:60]), where=self.path))
            self._refuse_unknown(n, cell, mark, parts, right="have one sender")
        self.unchecked[0].discard(cell)

    def _all_known(self, parts: list[str]) -> bool:
        return self.known.issuperset(parts)

    def _refuse_unknown(self, n: int, cell: str, mark: str, parts: list[str], right: str) -> None:
        """Refuse names of which the file does not know all, unless they are one: `Ohm, Ann`, or whoever writes and is written to."""
        address = len(parts) > 1 and any(map(BARE.fullmatch, parts))
        one = cell in self.both or (mark == "," and cell.count(mark) == 1 and not self.known.intersection(parts))
        if address or not one:
            raise BadInput(must(f"line {n}", right, repr(cell[:60]), where=self.path))

    def _refuse_other_list(self, n: int, cell: str, right: str) -> None:
        """Refuse lists of a form that is not taken apart: in brackets, of addresses, or of known names between other marks."""
        addresses = (cell.count("@") > 1 and not HANDLE.fullmatch(cell)) or ADDRESSES.fullmatch(cell)
        if LISTED.fullmatch(cell) or addresses or self._is_list_of_known(cell):
            raise BadInput(must(f"line {n}", right, repr(cell[:60]), where=self.path))

    def _is_list_of_known(self, cell: str) -> bool:
        """Tell whether names stand in a cell that stand alone elsewhere: one of them beside a bar, or nothing but such names.

        `Jean Paul` beside Jean and Paul is one person if he writes and is written to.
        """
        barred, names = ([part for part in mark.split(cell) if part] for mark in (BARS, BETWEEN))
        if len(barred) > 1 and not self.known.isdisjoint(barred):
            return True
        return len(names) > 1 and self._all_known(names) and not (cell in self.both and len(cell.split()) == len(names))


def _parted(cell: str) -> tuple[str, list[str]]:
    """Return the mark between the parts of a cell, and the parts, each once."""
    mark = ";" if ";" in cell else ","
    return mark, list(dict.fromkeys(part for part in map(str.strip, cell.split(mark)) if part))
