"""A member's own export of LinkedIn: messages.csv is a log; Invitations.csv and Connections.csv are explained."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from sim.errors import BadInput, must
from sim.population.networks.table import Row, Table
from sim.population.networks.words import compact

MESSAGES = "be the messages.csv of a LinkedIn export, which says who wrote to whom"
NOBODY = "LinkedIn Member"  # whoever has closed the account; in other languages, a name with LinkedIn in it and no profile
URLS = "sender=SENDER PROFILE URL,recipient=RECIPIENT PROFILE URLS,time=DATE"


def recognised(path: Path, table: Table) -> bool:
    """Tell whether this is a messages.csv, and prepare its rows: one for each recipient.

    Raises:
        BadInput: for the other files of the export, and if two people have one name.
    """
    header = [compact(name) for name in table.rows[0][1]]
    names = set(header)
    if {"firstname", "lastname", "connectedon"} <= names:
        what = "Connections.csv, which lists whom a member knows, but not who they know or how they write"
        raise BadInput(must("", MESSAGES, what, where=path))
    if {"from", "to", "sentat", "direction"} <= names and {"message", "inviterprofileurl", "inviteeprofileurl"} & names:
        raise BadInput(must("", MESSAGES, "Invitations.csv, which lists invitations, not connections", where=path))
    if not {"from", "to", "date", "content", "folder"} <= names:
        return False
    place = {name: k for k, name in reversed(list(enumerate(header)))}
    table.rows = [table.rows[0], *_messages(path, table.rows[1:], place, table)]
    return True


def _messages(path: Path, rows: list[Row], place: dict[str, int], table: Table) -> list[Row]:
    """Return a row a recipient, without drafts and closed accounts."""
    draft, sender_url, urls = (place.get(name) for name in ("ismessagedraft", "senderprofileurl", "recipientprofileurls"))
    out: list[Row] = []
    left: Counter[str] = Counter()
    addresses: dict[str, set[str]] = {}
    senders = {row[place["from"]] for _, row in rows}
    known = senders | {row[place["to"]] for _, row in rows}
    for n, row in rows:
        sender, cell = row[place["from"]], row[place["to"]]
        if draft is not None and row[draft].casefold() in ("yes", "true"):
            left["rows that are drafts"] += 1
            continue
        closed = any(
            place is not None and not row[place] and "linkedin" in text.casefold() for place, text in ((sender_url, sender), (urls, cell))
        )
        if closed or NOBODY in (sender, cell) or not sender or not cell:
            left["rows without a name (closed accounts)"] += 1
            continue
        each = [part for part in re.split(r"[,;\s]+", row[urls]) if part] if urls is not None else []
        people = _people(path, n, cell, each) if each else _by_name(path, n, cell, senders, known=known)
        if sender_url is not None and row[sender_url]:
            addresses.setdefault(sender, set()).add(row[sender_url])
        for person, url in zip(people, each if len(each) == len(people) else [""] * len(people), strict=True):
            if url:
                addresses.setdefault(person, set()).add(url)
            out.append((n, [person if k == place["to"] else text for k, text in enumerate(row)]))
    twice = next((name for name, found in addresses.items() if len(found) > 1), None)
    if twice is not None:
        raise BadInput(must("", f"have one profile to a name: `--columns {URLS}` tells them apart", repr(twice), where=path))
    table.skipped.update(left)
    if not out:
        raise BadInput(must("", "have messages with both names", "none", where=path))
    return out


def _people(path: Path, n: int, cell: str, urls: list[str]) -> list[str]:
    """Return the recipients of a message: as many names as there are profiles."""
    if len(urls) == 1 or "," not in cell:
        return [cell]
    names = [part.strip() for part in cell.split(",") if part.strip()]
    if len(names) != len(urls):
        raise BadInput(must(f"line {n}", f"name as many recipients as profiles ({len(urls)})", repr(cell[:60]), where=path))
    return names


def _by_name(path: Path, n: int, cell: str, senders: set[str], known: set[str]) -> list[str]:
    """Return the recipients of a message without profiles, as exports of 2019 have them: by the names that stand alone elsewhere."""
    if cell in senders or not re.search("[,;]", cell):
        return [cell]
    names = list(dict.fromkeys(part.strip() for part in re.split("[,;]", cell) if part.strip()))
    if not names or not known.issuperset(names):
        right = "name recipients who stand alone elsewhere, or have their profiles (`RECIPIENT PROFILE URLS`): write a row for each"
        raise BadInput(must(f"line {n}", right, repr(cell[:60]), where=path))
    return names
