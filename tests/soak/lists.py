"""Edge lists and message logs as people have them: what they mean, and whether a reader must read, may refuse or must refuse them."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import NamedTuple

from tests.soak.networks import AMBIGUOUS, KINDS, Message, Network, messages, names, network, of_log
from tests.soak.tables import OPEN, PLAIN, REFUSED, Table, chance, written

KNOWN_HEADS = (
    ("source", "target"),
    ("Source", "Target"),
    ("from", "to"),
    ("FROM", "TO"),
    ("src", "dst"),
    ("sender", "recipient"),
    ("from", "to"),
)
OTHER_HEADS = (
    ("Follower", "Followee"),
    ("Person A", "Person B"),
    ("node1", "node2"),
    ("ego", "alter"),
    ("user_id", "friend_id"),
    ("u", "v"),
    ("who", "whom"),
    ("FromNodeId", "ToNodeId"),
    ("Member", "Connection"),
    ("name", "contact"),
    ("author", "addressee"),
)
TIME_HEADS = ("timestamp", "time", "date", "Date", "sent at", "sent_at", "created_at", "Created At", "datetime", "TIMESTAMP", "SentAt")
MESSAGE_HEADS = (
    "message_sent_at",
    "messageSentAt",
    "message_created_at",
    "message_ts",
    "message_datetime",
    "Message timestamp (UTC)",
    "Date of message",
    "comment_date",
    "text sent at",
)
OTHER_TIME_HEADS = ("moment", "ztime", "ts", "posted", "sent on", "note_created_at", "topic date", "tick", "seconds", "day", "step", "")
# What a tie's columns are called beside when it began and ended, which `from` and `to` may say as well.
PERIOD_HEADS = (
    ("person_a", "person_b", "from", "to"),
    ("user1", "user2", "valid_from", "valid_to"),
    ("employee", "manager", "date_from", "date_to"),
    ("user", "friend", "from", "to"),
    ("node1", "node2", "from_year", "to_year"),
    ("user_id", "friend_id", "From", "To"),
)
FILES = ("net.csv", "net.txt", "net.tsv", "Friends (1).csv", "net.edges", "net.edgelist", "net", "NET.CSV", "net.dat", "a.b.c.csv")
EAST = timezone(timedelta(hours=2))


class Written(NamedTuple):
    """A file: its name, its bytes, the networks that it may be read as, what a reader must do, and how it was written."""

    name: str
    raw: bytes
    accepted: tuple[Network, ...]
    must: str
    note: dict[str, str]


def edge_list(luck: random.Random) -> Written:
    """Return an edge list: one network, whatever rows come twice, turned round, or join a member to itself."""
    kind = luck.choice(list(KINDS))
    truth = network(luck, names(luck, kind))
    rows = [luck.sample(sorted(tie), 2) for tie in sorted(truth.ties, key=sorted)]
    luck.shuffle(rows)
    table = Table(rows, None)
    table.chose("names", kind, OPEN if kind in AMBIGUOUS else PLAIN)
    _twice(luck, table, truth)
    if chance(luck, 0.06):
        _periods(luck, table)
        return Written(luck.choice(FILES), written(luck, table), (truth,), table.must, table.note)
    _edge_header(luck, table)
    if table.header is None:
        _first_row_apart(luck, table)
    if table.header is None and kind != "dates":  # beside a date that is a name, a number may be one too
        _third_column(luck, table)
    elif table.header is not None:
        _more_columns(luck, table)
    return Written(luck.choice(FILES), written(luck, table), (truth,), table.must, table.note)


def _twice(luck: random.Random, table: Table, truth: Network) -> None:
    """Repeat rows, turn some round, join members to themselves."""
    if chance(luck, 0.4):
        for a, b in luck.sample(table.rows, luck.randint(1, len(table.rows))):
            table.rows.insert(luck.randint(0, len(table.rows)), [b, a] if chance(luck, 0.6) else [a, b])
        table.chose("rows", "twice")
    if chance(luck, 0.15):
        for name in luck.sample(sorted(truth.members), luck.randint(1, 2)):
            table.rows.insert(luck.randint(0, len(table.rows)), [name, name])
        table.chose("loops", "some")


def _periods(luck: random.Random, table: Table) -> None:
    """Say of each tie when it began and ended, in days or years, before or after its members."""
    heads = luck.choice(PERIOD_HEADS)
    first = chance(luck, 0.3)
    form = luck.choice(("{}-05-01", "{}", "{}-05", "01.05.{}", "{}0501", "05/01/{}"))
    ends = [sorted((luck.randint(1991, 2024), luck.randint(1991, 2024))) for _ in table.rows]
    times = [[form.format(year) for year in pair] for pair in ends]
    if chance(luck, 0.3):
        times[0][1] = luck.choice(("", "present"))
    table.rows = [[*when, *row] if first else [*row, *when] for when, row in zip(times, table.rows, strict=True)]
    table.header = [*heads[2:], *heads[:2]] if first else list(heads)
    table.chose("periods", (heads, form), OPEN)


def _edge_header(luck: random.Random, table: Table) -> None:
    what = luck.random()
    if what < 0.35:
        return
    table.header = list(_heads(luck, table, known=what < 0.75))
    table.chose("header", table.header)


def _heads(luck: random.Random, table: Table, *, known: bool) -> tuple[str, str]:
    """Return what the members' columns are called: words that no reader knows share nothing with the rows, or they would be a row."""
    taken = {cell.lower() for row in table.rows for cell in row}
    free = [heads for heads in OTHER_HEADS if not taken & {head.lower() for head in heads}]
    return luck.choice(KNOWN_HEADS if known else free)


def _third_column(luck: random.Random, table: Table) -> None:
    """Give a list without a header weights, or what networkx writes; weights where a pair repeats may be times."""
    what = luck.random()
    if what < 0.12:
        data = luck.choice(("{}", "{'weight': 0.5}"))
        table.rows = [[*row, data] for row in table.rows]
        table.chose("third column", data, PLAIN if data == "{}" else OPEN)
    elif what < 0.4:
        decimal = luck.choice((".", ".", ","))
        made = luck.choice((lambda: str(luck.randint(1, 9)), lambda: f"{luck.uniform(0, 3):.2f}".replace(".", decimal)))
        pairs = [frozenset(row) for row in table.rows]
        table.rows = [[*row, made()] for row in table.rows]
        table.chose("third column", table.rows[0][2], PLAIN if decimal == "." else OPEN)
        if len(set(pairs)) < len(pairs):
            table.chose("third column", "a number where a pair repeats", REFUSED)
        if len(table.rows) == len(table.rows[0]) or [row[0] for row in table.rows][:2] in (["0", "1"], ["1", "2"]):
            table.chose("third column", "a number, as in a matrix or behind the number of a row", OPEN)
    elif what < 0.45:
        table.rows = [[*row, luck.choice(("friend", "colleague", "family"))] for row in table.rows]
        table.chose("third column", "words", OPEN)


def _first_row_apart(luck: random.Random, table: Table) -> None:
    """See that the first row is no header to whoever reads it: one of its names comes again, and none is a header's word or a comment."""
    odd = set(KINDS["words of headers"])
    for k in luck.sample(range(len(table.rows)), len(table.rows)):
        first, rest = table.rows[k], table.rows[:k] + table.rows[k + 1 :]
        others = {cell for row in rest for cell in row[:2]}
        if not first[0].startswith(("#", "%")) and others & set(first[:2]) and not odd & set(first[:2]):
            table.rows = [first, *rest]
            return
    table.header = ["source", "target"]
    table.chose("header", "since the first row could be one", OPEN if odd & set(table.cells) else PLAIN)


def _more_columns(luck: random.Random, table: Table) -> None:
    """Add columns that are no times, behind the members, or before them where the header says which these are."""
    if chance(luck, 0.5):
        return
    made = {
        "weight": lambda k: f"{luck.uniform(0, 3):.3f}",
        "count": lambda k: str(luck.randint(1, 99)),
        "id": str,
        "since": lambda k: f"{luck.randint(1990, 2024)}-0{luck.randint(1, 9)}-1{luck.randint(0, 9)}",
        "age": lambda k: str(luck.randint(18, 80)),
        "type": lambda k: "Undirected",
        "Weight": lambda k: str(luck.randint(1, 5)),
        "since ": lambda k: str(luck.randint(10**9, 2 * 10**9)),
        "note": lambda k: luck.choice(("met at work", "old friend, from school", 'says "hi"', "two\nlines", "", "nice; kind")),
    }
    before = table.header is not None and [word.lower() for word in table.header] in [[w.lower() for w in heads] for heads in KNOWN_HEADS]
    for head in luck.sample(sorted(made), luck.randint(1, 3)):
        cells = [made[head](k + 1) for k in range(len(table.rows))]
        first = chance(luck, 0.3) and (before or head == "id")
        table.rows = [[cell, *row] if first else [*row, cell] for cell, row in zip(cells, table.rows, strict=True)]
        assert table.header is not None
        table.header = [head.strip(), *table.header] if first else [*table.header, head.strip()]
        table.chose(f"column {head.strip()}", "first" if first else "after", PLAIN if before or (not first and head != "id") else OPEN)


def _to_day(m: Message) -> Message:
    return m._replace(when=m.when - m.when % 86_400)


def _utc(m: Message) -> datetime:
    return datetime.fromtimestamp(m.when, UTC)


# How a time is written, what of it is left, and what a reader must do with it: under a name that says time, and under none.
TIMES = {
    "seconds": (lambda m: f"{m.when:.0f}", None, PLAIN, PLAIN),
    "seconds with a point": (lambda m: f"{m.when:.1f}", None, PLAIN, PLAIN),
    "milliseconds": (lambda m: f"{m.when * 1000:.0f}", None, PLAIN, PLAIN),
    "microseconds": (lambda m: f"{m.when * 1e6:.0f}", None, OPEN, REFUSED),
    "iso": (lambda m: _utc(m).strftime("%Y-%m-%dT%H:%M:%S"), None, PLAIN, PLAIN),
    "iso with a blank": (lambda m: _utc(m).strftime("%Y-%m-%d %H:%M:%S"), None, PLAIN, PLAIN),
    "iso, Z": (lambda m: _utc(m).strftime("%Y-%m-%dT%H:%M:%SZ"), None, PLAIN, PLAIN),
    "iso, fraction": (lambda m: _utc(m).strftime("%Y-%m-%dT%H:%M:%S.000Z"), None, PLAIN, PLAIN),
    "iso, east": (lambda m: _utc(m).astimezone(EAST).isoformat(), None, PLAIN, PLAIN),
    "iso, UTC": (lambda m: _utc(m).strftime("%Y-%m-%d %H:%M:%S UTC"), None, PLAIN, PLAIN),
    "iso day": (lambda m: _utc(m).strftime("%Y-%m-%d"), _to_day, PLAIN, PLAIN),
    "yyyymmdd": (lambda m: _utc(m).strftime("%Y%m%d"), _to_day, PLAIN, PLAIN),
    "rfc 2822": (lambda m: format_datetime(_utc(m)), None, PLAIN, PLAIN),
    "serial": (lambda m: f"{m.when / 86_400 + 25_569:.6f}", None, REFUSED, REFUSED),
    "from zero": (lambda m: f"{m.when:.0f}", None, OPEN, REFUSED),
    "american": (lambda m: _utc(m).strftime("%m/%d/%Y %H:%M:%S"), None, OPEN, OPEN),
    "european": (lambda m: _utc(m).strftime("%d.%m.%Y %H:%M:%S"), None, OPEN, OPEN),
    "half days": (lambda m: _utc(m).strftime("%Y-%m-%d %I:%M:%S %p"), None, OPEN, OPEN),
}


def message_log(luck: random.Random) -> Written:
    """Return a message log: tied are those of whom each wrote to the other."""
    kind = luck.choice([kind for kind in KINDS if kind != "dates"])
    sent = messages(luck, names(luck, kind, 6))
    form, kept = luck.choice(list(TIMES)), luck.random() < 0.65
    text, rounded, named, bare = TIMES[form]
    if form == "from zero":
        sent = [m._replace(when=m.when - sent[0].when) for m in sent]
    if not kept:
        sent.append(sent[0]._replace(when=sent[-1].when + 5000.0))  # without a header a pair repeats: these are no weights
    sent = [rounded(m) for m in sent] if rounded else sent
    if chance(luck, 0.5):
        luck.shuffle(sent)
    if not kept:
        sent.sort(key=_stands_badly_first)
    table = Table([[m.sender, m.recipient, text(m)] for m in sent], None)
    table.chose("names", kind, OPEN if kind in AMBIGUOUS or kind == "commas" else PLAIN)
    if kept or _stands_badly_first(sent[0]):
        named_so = _log_header(luck, table)
        table.chose("times", form, named if named_so else OPEN)
        if kind in ("words", "mails", "small", "unicode") and chance(luck, 0.2):
            sent = _several(luck, table, sent)
        _log_columns(luck, table)
    else:
        table.chose("times", form, bare)
    return Written(luck.choice(FILES), written(luck, table), (of_log(sent),), table.must, table.note)


def _stands_badly_first(m: Message) -> bool:
    """Tell whether a row of this message could be a comment or a header if it were the first."""
    return m.sender.startswith(("#", "%")) or bool(set(KINDS["words of headers"]) & set(m[:2]))


def _log_header(luck: random.Random, table: Table) -> bool:
    """Put a header above a log; return whether its name of the times says that they are."""
    heads = _heads(luck, table, known=chance(luck, 0.75))
    named = chance(luck, 0.8)
    time = luck.choice((TIME_HEADS if chance(luck, 0.75) else MESSAGE_HEADS) if named else OTHER_TIME_HEADS)
    taken = {cell.lower() for row in table.rows for cell in row[:2]}
    table.header = [*heads, time]
    open_ = bool(taken & {word.lower() for word in table.header})
    table.chose("header", table.header, OPEN if open_ else PLAIN)
    return named


def _log_columns(luck: random.Random, table: Table) -> None:
    """Put the time first, or add columns that are no times."""
    assert table.header is not None
    known = [table.header[:2]] if tuple(table.header[:2]) in KNOWN_HEADS else []
    if chance(luck, 0.2):
        table.rows, table.header = [[row[2], *row[:2]] for row in table.rows], [table.header[2], *table.header[:2]]
        table.chose("time", "first")
    for head in luck.sample(("subject", "id", "weight", "age", "since", "text"), luck.choice((0, 0, 1, 2))):
        first = head == "id" and chance(luck, 0.5)
        cells = [
            str(k + 1)
            if head in ("id", "weight", "age")
            else str(2000 + k)
            if head == "since"
            else luck.choice(("Hello", "a, b", "one\ntwo", ""))
            for k in range(len(table.rows))
        ]
        table.rows = [[cell, *row] if first else [*row, cell] for cell, row in zip(cells, table.rows, strict=True)]
        table.header = [head, *table.header] if first else [*table.header, head]
        table.chose(f"column {head}", "first" if first else "after", PLAIN if known or head != "id" else OPEN)


# How a cell lists several people, and whether a reader must take it apart.
LISTS = {
    ", ": (", ".join, PLAIN),
    ";": (";".join, PLAIN),
    "; ": ("; ".join, PLAIN),
    ",": (",".join, PLAIN),
    ", at the end too": (lambda names: ", ".join(names) + ",", OPEN),
    "|": ("|".join, OPEN),
    " / ": (" / ".join, OPEN),
    "blank": (" ".join, OPEN),
    "and": (" and ".join, OPEN),
    "list of Python": (str, OPEN),
    "list of JSON": (json.dumps, OPEN),
    "frozenset": (lambda names: f"frozenset({{{', '.join(map(repr, names))}}})", OPEN),
}


def _several(luck: random.Random, table: Table, sent: list[Message]) -> list[Message]:
    """Let one message go to several, in one cell, or be from several, which no log is; return all messages."""
    k = luck.randrange(len(table.rows))
    row, one = table.rows[k], sent[k]
    more = sorted({name for m in sent for name in m[:2]} - {one.sender, one.recipient})[: luck.randint(1, 2)]
    if not more:
        return sent
    how = luck.choice(list(LISTS))
    between, must = LISTS[how]
    elsewhere = {name for m in sent[:k] + sent[k + 1 :] for name in m[:2]}
    if chance(luck, 0.2) and one.sender in elsewhere:
        table.rows[k] = [between([one.sender, *more]), row[1], row[2]]
        table.chose("several senders", how, REFUSED)
        return sent
    if must == OPEN and one.recipient not in elsewhere:  # a cell that nothing says to be a list may be a name
        return sent
    table.rows[k] = [row[0], between([one.recipient, *more]), row[2]]
    table.chose("several recipients", how, must)
    return sent[: k + 1] + [one._replace(recipient=name) for name in more] + sent[k + 1 :]


def konect(luck: random.Random) -> Written:
    """Return a log as KONECT has it: weights third, seconds fourth, and a first line that says its kind."""
    sent = messages(luck, names(luck, "small", 6))
    table = Table([[m.sender, m.recipient, "1", f"{m.when:.0f}"] for m in sent], None)
    table.chose("form", "KONECT")
    lines = ["% asym positive", f"% {len(sent)} 9 9"][: luck.randint(1, 2)]
    raw = written(luck, table, separator=luck.choice((" ", "\t")), comments=lines)
    return Written(luck.choice(("out.mail", "out.opsahl-ucsocial", "mail.edges")), raw, (of_log(sent),), table.must, table.note)


def own_messages(luck: random.Random) -> Written:
    """Return a member's own export of messages: names, texts with line breaks, times in UTC; addresses of profiles since 2020."""
    people = names(luck, "blanks", 6)
    sent = messages(luck, people)
    address = {name: f"https://www.linkedin.com/in/{name.lower().replace(' ', '-')}" for name in people}
    head = ["CONVERSATION ID", "CONVERSATION TITLE", "FROM", "SENDER PROFILE URL", "TO"]
    head += ["RECIPIENT PROFILE URLS", "DATE", "SUBJECT", "CONTENT", "FOLDER"]
    groups = [[m.recipient] for m in sent]
    if chance(luck, 0.3):
        k = luck.randrange(len(sent))
        groups[k] += luck.sample(sorted(set(people) - {*sent[k][:2]}), 1)
    rows = [
        [
            "2-abc",
            "",
            m.sender,
            address[m.sender],
            ",".join(group),
            ",".join(address[name] for name in group),
            _utc(m).strftime("%Y-%m-%d %H:%M:%S UTC"),
            "",
            luck.choice(("Hi", "Hello,\nhow are you?", 'He said "no"', "")),
            "INBOX",
        ]
        for m, group in zip(sent, groups, strict=True)
    ]
    old = chance(luck, 0.4)
    if old:
        head, rows = (head[:3] + head[4:5] + head[6:]), [row[:3] + row[4:5] + row[6:] for row in rows]
    table = Table(rows, head)
    table.chose("form", "messages.csv")
    table.chose("profiles", not old, OPEN if old and sum(map(len, groups)) > len(sent) else PLAIN)
    raw = written(luck, table, separator=",", comments=[])
    sent = [m._replace(recipient=name) for m, group in zip(sent, groups, strict=True) for name in group]
    by_address = [m._replace(sender=address[m.sender], recipient=address[m.recipient]) for m in sent]
    return Written("messages.csv", raw, (of_log(sent), of_log(by_address)), table.must, table.note)
