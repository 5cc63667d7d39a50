"""What tests of ledgers share: runs and their keys, and ways to damage a file."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from experiments.runs.record import Record


def record(k):
    return Record({f"measure_{j}": (float(k), float(j + 1), k / (j + 1)) for j in range(30)}, {}, {})


def key(k):
    return f"{k * 2654435761 % 2**32:08x}" + f"{k:056x}"


def damage(path, offset, size, rng):
    data = bytearray(path.read_bytes())
    data[offset : offset + size] = rng.randbytes(size)
    path.write_bytes(data)


def page_of_a_run(path):
    """Return where the page of a ledger begins that holds the middle one of its runs: a page in the middle may hold none."""
    with closing(sqlite3.connect(path)) as db:
        payloads = [payload for (payload,) in db.execute("SELECT payload FROM runs")]
    return path.read_bytes().index(payloads[len(payloads) // 2][:64]) // 4096 * 4096


WOUNDS = {
    "a page in the middle": lambda path, rng: damage(path, path.stat().st_size // 8192 * 4096, 4096, rng),
    "its end cut off": lambda path, _: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "cut in the middle of a page": lambda path, _: path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 4 + 1000]),
    "three pages": lambda path, rng: [damage(path, 4096 * k, 4096, rng) for k in (6, 11, 16)],
}


def changed(path, *lines):
    """Change a ledger as if its file had been damaged, under seals that stay as they are."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for line in lines:
            db.execute(line)


def exchange(table, name, one, two):
    """Return what exchanges the payloads of two names."""
    at = f"(SELECT payload FROM {table} WHERE {name} = '{{}}')"
    return [
        f"CREATE TEMP TABLE kept AS SELECT {at.format(one)} AS a, {at.format(two)} AS b",
        f"UPDATE {table} SET payload = (SELECT b FROM kept) WHERE {name} = '{one}'",
        f"UPDATE {table} SET payload = (SELECT a FROM kept) WHERE {name} = '{two}'",
    ]


def flipped(path, table, name, key):
    """Change the last byte under a name."""
    with closing(sqlite3.connect(path)) as db, db:
        [[payload]] = db.execute(f"SELECT payload FROM {table} WHERE {name} = ?", (key,))
        db.execute(f"UPDATE {table} SET payload = ? WHERE {name} = ?", (payload[:-1] + bytes([payload[-1] ^ 1]), key))


DAMAGES = {  # what was done, how many of the 400 runs can be saved
    "two runs exchanged": (lambda p: changed(p, *exchange("runs", "key", key(3), key(4))), 398),
    "two digests exchanged": (lambda p: changed(p, *exchange("scenarios", "short", "short", "other")), 400),
    "a bit of a run": (lambda p: flipped(p, "runs", "key", key(7)), 399),
    "a bit of a digest": (lambda p: flipped(p, "scenarios", "short", "short"), 400),
    "a bit of a failure": (lambda p: flipped(p, "failures", "key", "f" * 64), 400),
    "a digit of a run's name": (lambda p: changed(p, f"UPDATE runs SET key = '{'e' * 64}' WHERE key = '{key(7)}'"), 399),
    "a name that is no text": (lambda p: changed(p, f"UPDATE runs SET key = CAST(x'fffe' AS TEXT) WHERE key = '{key(7)}'"), 399),
    "bytes that are no text": (lambda p: changed(p, "UPDATE scenarios SET payload = CAST(x'fffe' AS TEXT)"), 400),
    "a number in place of bytes": (lambda p: changed(p, f"UPDATE runs SET payload = 7 WHERE key = '{key(7)}'"), 399),
    "a table that is gone": (lambda p: changed(p, "DROP TABLE scenarios"), 400),
    "a table of another name": (lambda p: changed(p, "ALTER TABLE failures RENAME TO failurez"), 400),
    "another mark": (lambda p: changed(p, "PRAGMA application_id = 1"), 400),
    "a form of the header that nobody knows": (lambda p: write_byte(p, 18, 9), 400),
}


def write_byte(path, offset, value):
    data = bytearray(path.read_bytes())
    data[offset] = value
    path.write_bytes(data)
