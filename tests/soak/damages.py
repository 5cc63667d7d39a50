"""Ways in which the files of a sweep are damaged: by disks, by copying, by programs, by hands."""

from __future__ import annotations

import os
import random
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

Damage = Callable[[random.Random, Path], str]  # of (luck, folder); returns what was done
PAGE = 4096


def _ledger(folder: Path) -> Path:
    return folder / "ledger.sqlite"


def _changed(folder: Path, *statements: tuple[str, tuple[Any, ...]]) -> None:
    with closing(sqlite3.connect(_ledger(folder))) as db, db:
        for line, values in statements:
            db.execute(line, values)


def _rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(_ledger(folder))) as db:
        return db.execute(query).fetchall()


def bits(luck: random.Random, folder: Path) -> str:
    """Turn bits anywhere in the ledger."""
    raw = bytearray(_ledger(folder).read_bytes())
    places = [luck.randrange(len(raw)) for _ in range(luck.choice((1, 1, 2, 20)))]
    for place in places:
        raw[place] ^= 1 << luck.randrange(8)
    _ledger(folder).write_bytes(raw)
    return f"bits at {places}"


def head(luck: random.Random, folder: Path) -> str:
    """Turn a bit in the first hundred bytes, which say what the file is."""
    raw = bytearray(_ledger(folder).read_bytes())
    place = luck.randrange(100)
    raw[place] ^= 1 << luck.randrange(8)
    _ledger(folder).write_bytes(raw)
    return f"a bit at {place}"


def cut(luck: random.Random, folder: Path) -> str:
    """Cut the end off."""
    size = _ledger(folder).stat().st_size
    left = luck.choice((luck.randrange(size), PAGE * luck.randrange(size // PAGE), size - 1, 0))
    os.truncate(_ledger(folder), left)
    return f"{left} of {size} bytes left"


def zeros(luck: random.Random, folder: Path) -> str:
    """Fill pages with zeros."""
    raw = bytearray(_ledger(folder).read_bytes())
    pages = luck.sample(range(len(raw) // PAGE), luck.randint(1, 2))
    for page in pages:
        raw[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
    _ledger(folder).write_bytes(raw)
    return f"pages {pages}"


def pages(luck: random.Random, folder: Path) -> str:
    """Exchange two pages, or put one in another's place."""
    raw = bytearray(_ledger(folder).read_bytes())
    a, b = luck.sample(range(len(raw) // PAGE), 2)
    one, two = raw[a * PAGE : (a + 1) * PAGE], raw[b * PAGE : (b + 1) * PAGE]
    raw[a * PAGE : (a + 1) * PAGE] = two
    if luck.random() < 0.5:
        raw[b * PAGE : (b + 1) * PAGE] = one
    _ledger(folder).write_bytes(raw)
    return f"pages {a} and {b}"


def more(luck: random.Random, folder: Path) -> str:
    """Append bytes."""
    many = luck.choice((1, 100, PAGE))
    with _ledger(folder).open("ab") as file:
        file.write(luck.randbytes(many))
    return f"{many} bytes"


def exchanged(luck: random.Random, folder: Path) -> str:
    """Exchange the payloads of two runs that differ."""
    runs = _rows(folder, "SELECT key, payload FROM runs")
    (a, one), (b, two) = next((x, y) for x, y in (luck.sample(runs, 2) for _ in range(100)) if x[1] != y[1])
    line = "UPDATE runs SET payload = ? WHERE key = ?"
    _changed(folder, (line, (two, a)), (line, (one, b)))
    return f"{a[:8]} and {b[:8]}"


def copied(luck: random.Random, folder: Path) -> str:
    """Give a run the payload of another."""
    runs = _rows(folder, "SELECT key, payload FROM runs")
    (a, _), (_, two) = next((x, y) for x, y in (luck.sample(runs, 2) for _ in range(100)) if x[1] != y[1])
    _changed(folder, ("UPDATE runs SET payload = ? WHERE key = ?", (two, a)))
    return a[:8]


def digit(luck: random.Random, folder: Path) -> str:
    """Change a digit in a payload, below its compression if it has one, so that it can be read as before."""
    key, payload = luck.choice(_rows(folder, "SELECT key, payload FROM runs"))
    for start in range(min(200, len(payload))):
        try:
            text = bytearray(zlib.decompress(payload[start:]))
        except zlib.error:
            continue
        at = luck.choice([k for k, byte in enumerate(text) if chr(byte).isdigit()])
        text[at] = ord("1") if text[at] != ord("1") else ord("2")
        _changed(folder, ("UPDATE runs SET payload = ? WHERE key = ?", (payload[:start] + zlib.compress(bytes(text), 6), key)))
        return f"byte {at} below the compression of {key[:8]}"
    return _one_bit(luck, folder, key, payload)


def _one_bit(luck: random.Random, folder: Path, key: str, payload: bytes) -> str:
    raw = bytearray(payload)
    at = luck.randrange(len(raw))
    raw[at] ^= 1 << luck.randrange(8)
    _changed(folder, ("UPDATE runs SET payload = ? WHERE key = ?", (bytes(raw), key)))
    return f"byte {at} of {key[:8]}"


def payload_bit(luck: random.Random, folder: Path) -> str:
    """Turn a bit of a payload."""
    return _one_bit(luck, folder, *luck.choice(_rows(folder, "SELECT key, payload FROM runs")))


def emptied_payload(luck: random.Random, folder: Path) -> str:
    """Put something else in a payload's place: nothing, zeros, a text, a number."""
    key = luck.choice(_rows(folder, "SELECT key FROM runs"))[0]
    value = luck.choice((b"", bytes(50), "text", 7, 1.5, luck.randbytes(40)))
    _changed(folder, ("UPDATE runs SET payload = ? WHERE key = ?", (value, key)))
    return f"{value!r} in {key[:8]}"


def _columns(folder: Path, table: str) -> list[str]:
    """Return the columns of a table: its key first, what is kept under it last."""
    return [row[1] for row in _rows(folder, f"PRAGMA table_info({table})")]


def digests(luck: random.Random, folder: Path) -> str:
    """Exchange two digests of scenarios, or give one another's."""
    key, *_, value = _columns(folder, "scenarios")
    rows = _rows(folder, f"SELECT {key}, {value} FROM scenarios")
    (a, one), (b, two) = luck.sample(rows, 2)
    line = f"UPDATE scenarios SET {value} = ? WHERE {key} = ?"
    _changed(folder, (line, (two, a)), *([(line, (one, b))] if luck.random() < 0.5 else []))
    return f"of {a[:8]} and {b[:8]}"


def undecodable(luck: random.Random, folder: Path) -> str:
    """Put bytes that are no UTF-8 into a text: a digest, a key, the error of a run."""
    table, name = luck.choice((("scenarios", 0), ("scenarios", -1), ("runs", 0), ("failures", -1)))
    columns = _columns(folder, table)
    column = columns[name]
    if table == "failures":
        values = ", ".join(["key", *["1"] * (len(columns) - 2), "CAST(x'ff' AS TEXT)"])
        line = f"INSERT INTO failures SELECT {values} FROM runs LIMIT 1"
    else:
        first = f"SELECT min({columns[0]}) FROM {table}"
        line = f"UPDATE {table} SET {column} = CAST(x'ff' || substr({column}, 2) AS TEXT) WHERE {columns[0]} = ({first})"
    _changed(folder, (line, ()))
    return f"{table}.{column}"


def deleted(luck: random.Random, folder: Path) -> str:
    """Delete rows."""
    table = luck.choice(("runs", "runs", "scenarios"))
    key = {"runs": "key", "scenarios": "short"}[table]
    rows = _rows(folder, f"SELECT {key} FROM {table}")
    gone = luck.sample(rows, luck.randint(1, len(rows)))
    _changed(folder, *((f"DELETE FROM {table} WHERE {key} = ?", row) for row in gone))
    return f"{len(gone)} of {table}"


def gone(luck: random.Random, folder: Path) -> str:
    """Delete the ledger."""
    _ledger(folder).unlink()
    return "deleted"


def numbered(luck: random.Random, folder: Path) -> str:
    """Give the ledger another form's number, or another program's."""
    what, value = luck.choice(
        (
            ("user_version", 0),
            ("user_version", 1),
            ("user_version", 99),
            ("user_version", 1000),
            ("user_version", -1),
            ("application_id", 7),
            ("application_id", 0),
        )
    )
    _changed(folder, (f"PRAGMA {what} = {value}", ()))
    return f"{what} {value}"


def tables(luck: random.Random, folder: Path) -> str:
    """Drop, rename or add a table or a column."""
    line = luck.choice(
        (
            "DROP TABLE scenarios",
            "DROP TABLE failures",
            "DROP TABLE runs",
            "ALTER TABLE runs RENAME TO jobs",
            "CREATE TABLE other (x)",
            "ALTER TABLE runs RENAME COLUMN payload TO record",
            f"ALTER TABLE scenarios RENAME COLUMN {_columns(folder, 'scenarios')[-1]} TO other",
        )
    )
    _changed(folder, (line, ()))
    return line


def replaced(luck: random.Random, folder: Path) -> str:
    """Put another file, or a folder, in the ledger's place."""
    path = _ledger(folder)
    path.unlink()
    what = luck.choice(("text", "bytes", "folder", "database", "link to nothing", "runs.csv"))
    if what == "folder":
        path.mkdir()
    elif what == "database":
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("CREATE TABLE mine (x)")
    elif what == "link to nothing":
        path.symlink_to(folder / "nowhere" / "at all")
    else:
        made = {"text": b"my own notes\n" * 30, "bytes": luck.randbytes(5000), "runs.csv": (folder / "runs.csv").read_bytes()}
        path.write_bytes(made[what])
    return what


def journal(luck: random.Random, folder: Path) -> str:
    """Put a journal beside the ledger: empty, of other bytes, or one of another file."""
    raw = luck.choice((b"", luck.randbytes(600), bytes.fromhex("d9d505f920a163d7") + luck.randbytes(1000), bytes(512)))
    ending = luck.choice(("-journal", "-wal"))
    (folder / f"ledger.sqlite{ending}").write_bytes(raw)
    return f"{len(raw)} bytes in {ending}"


def other_file(luck: random.Random, folder: Path) -> str:
    """Empty, cut, overwrite or delete another file of the folder."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.name != "ledger.sqlite")
    always = ["plan.json", "sweep.toml", "scenario.toml", "points.csv", "runs.csv", "provenance.json", "findings.json", "report.html"]
    path = folder / luck.choice([*names, *always])
    how = luck.choice(("emptied", "cut", "other bytes", "a bit", "deleted"))
    raw = path.read_bytes()
    if how == "deleted":
        path.unlink()
    elif how == "a bit":
        at = luck.randrange(len(raw))
        path.write_bytes(raw[:at] + bytes([raw[at] ^ (1 << luck.randrange(8))]) + raw[at + 1 :])
    else:
        path.write_bytes({"emptied": b"", "cut": raw[: luck.randrange(len(raw))], "other bytes": luck.randbytes(100)}[how])
    return f"{path.relative_to(folder)} {how}"


def extra_file(luck: random.Random, folder: Path) -> str:
    """Leave what a killed command might leave, or another program: parts of files, a lock, a link in place of a part."""
    part = f"{luck.randbytes(8).hex()}.part"
    name = luck.choice((f"plan.json.{part}", f"runs.csv.{part}", "ledger.sqlite.lock", "ledger.txt", f"report.html.{part}"))
    (folder / name).write_bytes(luck.choice((b"", b"half of it", luck.randbytes(50))) if name != "ledger.txt" else b"")
    return name


DAMAGES: dict[str, tuple[Damage, int]] = {
    "bits": (bits, 14),
    "head": (head, 5),
    "cut": (cut, 9),
    "zeros": (zeros, 7),
    "pages": (pages, 5),
    "more": (more, 2),
    "exchanged": (exchanged, 5),
    "copied": (copied, 3),
    "digit": (digit, 5),
    "payload bit": (payload_bit, 5),
    "emptied payload": (emptied_payload, 3),
    "digests": (digests, 4),
    "undecodable": (undecodable, 5),
    "deleted": (deleted, 5),
    "gone": (gone, 2),
    "numbered": (numbered, 4),
    "tables": (tables, 3),
    "replaced": (replaced, 3),
    "journal": (journal, 3),
    "other file": (other_file, 12),
    "extra file": (extra_file, 3),
}
