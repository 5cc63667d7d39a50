"""Networks from outside: edge lists, message logs and GraphML from files, or a networkx graph.

A tie stands where an edge list has a row, or where a message log shows that both wrote. Day 0 is the last time stamp.

Columns stand between commas, tabs, semicolons or blanks. A first row is a header if it names a sender and a recipient
(or source and target, from and to), if it names a column that holds time stamps, or if it alone has words where all
other rows have whole numbers. Without a header the first two columns are members, and a third is a time stamp (an ISO
date, or seconds past the twelfth day of 1970) or a weight. Weights and further columns are ignored. Members are
numbered in the order of their names: as numbers if all are whole numbers, else as text.
"""

from __future__ import annotations

import codecs
import csv
import functools
import gzip
import hashlib
import io
import math
import warnings
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import BadInput, must
from sim.state.columns import Names

if TYPE_CHECKING:
    import networkx as nx

ATTRIBUTES = ("style", "industry", "region", "seniority", "session_rate", "receptiveness", "selectivity")
MOST_ROWS = 5_000_000
READABLE = "an edge list, a message log or GraphML"
MOST_BYTES = 500_000_000
LONGEST_LABEL = 200
LARGEST_ID = 2**53
MOST_TURNS = 1000  # exchanges counted of two members in a log: a pair remembers fewer
DAY = 86_400.0
EARLIEST_BARE = 1e6  # seconds: a smaller number in a third column without a name is a weight
LATEST = 1e11  # seconds: the year 5138; what is larger counts milliseconds or less
TIME_WORDS = ("time", "timestamp", "date", "datetime", "when", "t", "sent", "unixts")
FROM_WORDS = ("source", "sender", "from", "src")
TO_WORDS = ("target", "recipient", "receiver", "to", "dst", "tgt")

Row = tuple[int, list[str]]  # a row with its line number
Columns = tuple[int, int, int | None]  # where the two members stand, and the time stamp if there is one


@dataclass(frozen=True, eq=False)
class NetworkSource:
    """A network as it was read: members 0 to n - 1 in the order of `labels`, ties with lo < hi, sorted."""

    labels: tuple[str, ...]
    ties: np.ndarray  # (m, 2) int32
    tie_age: np.ndarray  # (m,) days before day 0 at which the tie began, nan if unknown
    last_contact: np.ndarray  # (m,) days before day 0, nan if unknown
    exchanges: np.ndarray  # (m,) int32, how often the turn changed hands
    member_age: np.ndarray  # (n,) days since a member was first seen, nan if unknown
    attributes: dict[str, tuple[Any, ...]]  # one entry a member, None where nothing is said
    digest: str  # of the content, for keys
    name: str

    @property
    def names(self) -> Names:
        """Return what the file calls things: the industry or region of number k is the k-th of its words."""
        kinds = {kind: tuple(sorted({str(v) for v in self.attributes.get(kind, ()) if v is not None})) for kind in ("industry", "region")}
        return Names(self.labels, **kinds)


def read_network(path: str | Path) -> NetworkSource:
    """Read an edge list, a message log (a third column of time stamps) or GraphML; `.gz` of each too.

    Raises:
        BadInput: one line that names the file, the row and what would be right.
    """
    path = Path(path)
    try:
        state = path.stat()
    except (OSError, ValueError):
        return _read(path)  # says what is wrong
    return _read_once(path, state.st_mtime_ns, state.st_size)


@functools.lru_cache(maxsize=1)
def _read_once(path: Path, changed: int, size: int) -> NetworkSource:  # noqa: ARG001  (they say when to read again)
    """A worker runs pair after pair on one network: it reads it once."""
    return _read(path)


def _read(path: Path) -> NetworkSource:
    raw = _bytes_of(path)
    stem = path.name.removesuffix(".gz")
    name = Path(stem).stem or "graph"
    if stem.lower().endswith((".graphml", ".xml")) or raw.lstrip()[:5] == b"<?xml":
        return _from_graphml(path, raw, name)
    columns, rows = _columns(path, _rows_of(path, raw))
    return _from_edges(path, rows, columns, name) if columns[2] is None else _from_log(path, rows, columns, name)


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.exists():
            raise BadInput(must("", f"be {READABLE}", "no such file", where=path))
        if not path.is_file():
            raise BadInput(must("", f"be {READABLE}", "no regular file", where=path))
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(must("", f"have at most {MOST_BYTES:,} bytes", f"{path.stat().st_size:,}", where=path))
        if path.name.endswith(".gz"):
            with gzip.open(path) as stream:
                raw = stream.read(MOST_BYTES + 1)
        else:
            raw = path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(must("", "be a readable, undamaged file", error, where=path)) from None
    if len(raw) > MOST_BYTES:
        raise BadInput(must("", f"have at most {MOST_BYTES:,} bytes unpacked", "more", where=path))
    if not raw.strip():
        raise BadInput(must("", "have two columns of members in each row", "an empty file", where=path))
    return raw


def _rows_of(path: Path, raw: bytes) -> list[Row]:
    """Return the rows, all of one width; comments and blank lines left out."""
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    rows: list[Row] = []
    mark: str | None = None
    for n, content in enumerate(io.BytesIO(raw), 1):
        if n > MOST_ROWS:  # before the next is kept: a small packed file may hold very many lines
            raise BadInput(must("", f"have at most {MOST_ROWS:,} lines", "more", where=path))
        try:
            line = content.decode().strip()
        except UnicodeDecodeError:
            raise BadInput(must(f"line {n}", "be UTF-8", "other bytes", where=path)) from None
        if not line or line.startswith(("#", "%")):
            continue
        if not rows:
            mark = next((m for m in (",", "\t", ";") if m in line), None)
        row = [cell.strip() for cell in _cells(path, n, line, mark)]
        if len(row) < 2:
            raise BadInput(must(f"line {n}", "have two columns of members or more", "one column", where=path))
        if rows and len(row) != len(rows[0][1]):
            raise BadInput(must(f"line {n}", f"have {len(rows[0][1])} columns, as line {rows[0][0]} has", len(row), where=path))
        rows.append((n, row))
    if not rows:
        raise BadInput(must("", "have two columns of members in each row", "no rows", where=path))
    return rows


def _cells(path: Path, n: int, line: str, mark: str | None) -> list[str]:
    if mark is None:
        return line.split()
    try:
        return next(csv.reader([line], delimiter=mark, strict=True))
    except csv.Error as error:
        raise BadInput(must(f"line {n}", "be well-formed CSV, with closed quotes or none", error, where=path)) from None


def _columns(path: Path, rows: list[Row]) -> tuple[Columns, list[Row]]:
    """Return where the members and the time stamp stand, and the rows without a header."""
    head, body = [cell.lower() for cell in rows[0][1]], rows[1:]
    time = next((k for k, cell in enumerate(head) if cell in TIME_WORDS), None) if len(head) > 2 else None
    a, b = (next((k for k, cell in enumerate(head) if cell in words), None) for words in (FROM_WORDS, TO_WORDS))
    if a is not None and b is not None and not body:
        raise BadInput(must("", "have two columns of members in each row", "a header and no rows", where=path))
    if a is None or b is None:
        a, b = [k for k in range(len(head)) if k != time][:2]
        timed = time is not None and body and _when(body[0][1][time]) is not None
        if not timed and not _stands_out(rows):
            return _bare_columns(path, rows), rows
    return (a, b, time), body


def _stands_out(rows: list[Row]) -> bool:
    """Tell whether the first row alone has words where all others have whole numbers."""
    if len(rows) < 2 or any(cell[-1:].isdigit() and _seconds(cell) is not None for cell in rows[0][1][:2]):
        return False
    return all(cell.isascii() and cell.isdigit() for _, row in rows[1:] for cell in row[:2])


def _bare_columns(path: Path, rows: list[Row]) -> Columns:
    """Return the columns of a file without a header."""
    if len(rows[0][1]) < 3:
        return 0, 1, None
    first = _seconds(rows[0][1][2])
    if (first is None and _when(rows[0][1][2]) is not None) or (first is not None and first > EARLIEST_BARE):
        return 0, 1, 2
    for n, row in rows:
        if _seconds(row[2]) is None and not row[2].startswith("{"):  # networkx writes `1 2 {}`
            raise BadInput(
                must(f"line {n}", "have a time stamp or a weight in its third column, or a header", repr(row[2][:40]), where=path)
            )
    return 0, 1, None


def _when(cell: str) -> float | None:
    seconds = _seconds(cell)
    return _iso(cell) if seconds is None else seconds


def _seconds(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _iso(cell: str) -> float | None:
    try:
        when = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def _label(path: Path, n: int, cell: str, unit: str = "line") -> str:
    if not cell or len(cell) > LONGEST_LABEL or not cell.isprintable():
        raise BadInput(f"{path}: {unit} {n} must have a printable member name of 1 to {LONGEST_LABEL} characters")
    try:
        number = float(cell)
    except ValueError:
        return cell
    if not 0 <= number <= LARGEST_ID:
        raise BadInput(f"{path}: {unit} {n} must have an id from 0 to 2**53, or a name (got {cell[:40]})")
    return cell


def _natural(labels: Iterable[str]) -> list[str]:
    """Return the labels sorted as numbers if they all are, else as text."""
    labels = list(labels)
    if all(label.isascii() and label.isdigit() for label in labels):
        return sorted(labels, key=lambda x: (int(x), x))
    return sorted(labels)


def _pairs(path: Path, rows: list[Row], columns: Columns) -> Iterator[tuple[int, str, str]]:
    for n, row in rows:
        a, b = _label(path, n, row[columns[0]]), _label(path, n, row[columns[1]])
        if a == b:
            raise BadInput(must(f"line {n}", "join two different members", f"{a!r} twice", where=path))
        yield n, a, b


def _from_edges(path: Path, rows: list[Row], columns: Columns, name: str) -> NetworkSource:
    """Return the network of an edge list; further columns are ignored."""
    found: dict[tuple[str, str], int] = {}
    log = "; a message log has the header sender,recipient,timestamp" if len(rows[0][1]) > 2 else ""
    for n, a, b in _pairs(path, rows, columns):
        first = found.setdefault((min(a, b), max(a, b)), n)
        if first != n:
            raise BadInput(must(f"line {n}", "be the only row of its tie", f"{a!r} and {b!r} again, as in line {first}{log}", where=path))
    labels = _natural({x for pair in found for x in pair})
    place = {label: i for i, label in enumerate(labels)}
    return _source(labels, [(place[a], place[b], math.nan, math.nan, 0) for a, b in found], [math.nan] * len(labels), {}, name)


def _from_log(path: Path, rows: list[Row], columns: Columns, name: str) -> NetworkSource:
    """Return the network of a message log: a tie where both wrote, since the first answer."""
    messages = []
    for (n, a, b), (_, row) in zip(_pairs(path, rows, columns), rows, strict=True):
        cell = row[columns[2] or 0]
        when = _when(cell)
        if when is None or abs(when) > LATEST:
            raise BadInput(must(f"line {n}", "have seconds since 1970 or an ISO date as its time stamp", repr(cell[:40]), where=path))
        messages.append((when, a, b))
    messages.sort(key=lambda m: m[0])
    end = messages[-1][0]
    first_seen: dict[str, float] = {}
    threads: dict[tuple[str, str], list[Any]] = {}  # last writer, exchanges, first answer, last contact
    for when, a, b in messages:
        first_seen.setdefault(a, when)
        first_seen.setdefault(b, when)
        thread = threads.setdefault((min(a, b), max(a, b)), [a, 0, None, when])
        if thread[0] != a:
            thread[1] += 1
            thread[2] = when if thread[2] is None else thread[2]
            thread[0] = a
        thread[3] = when
    labels = _natural(first_seen)
    place = {label: i for i, label in enumerate(labels)}
    ties = [
        (place[a], place[b], (end - t[2]) / DAY, (end - t[3]) / DAY, min(t[1], MOST_TURNS))
        for (a, b), t in threads.items() if t[1] > 0
    ]  # fmt: skip
    return _source(labels, ties, [(end - first_seen[label]) / DAY for label in labels], {}, name)


def _from_graphml(path: Path, raw: bytes, name: str) -> NetworkSource:
    import networkx as nx

    if b"<!DOCTYPE" in raw[:10_000].upper() or b"<!ENTITY" in raw.upper():
        raise BadInput(must("", "be plain GraphML", "a document type or entities", where=path))
    if raw.count(b"<") > 2 * MOST_ROWS:  # a tree of elements takes many times the room of its text
        raise BadInput(must("", f"have at most {MOST_ROWS:,} elements", "more", where=path))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about ports and keys without a type, which are not read
            graph = nx.parse_graphml(raw.decode("utf-8-sig"))
    except Exception as error:  # noqa: BLE001  (networkx and the XML parser raise many kinds)
        what = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise BadInput(must("", "be GraphML as networkx writes it", what, where=path)) from None
    if "None" in graph and b'"None"' not in raw and b"'None'" not in raw:  # what networkx calls it
        raise BadInput(must("", "have an id for each node, and both ends of each edge", where=path))
    return from_networkx(graph, name, str(path))


def from_networkx(graph: nx.Graph, name: str = "graph", where: str = "the networkx graph") -> NetworkSource:
    """Take a networkx graph; directed edges and multiples count once.

    Node attributes style, industry, region, seniority, session_rate, receptiveness and selectivity are kept, and edge
    attributes `age` and `last_contact` (days).

    Raises:
        BadInput: if the graph has loops, odd names or attributes of the wrong kind.
    """
    path = Path(where)
    nodes = {_label(path, k, str(node).strip(), "node"): node for k, node in enumerate(graph.nodes, 1)}
    if len(nodes) != graph.number_of_nodes():
        raise BadInput(f"{where}: nodes must have different names once written as text")
    labels = _natural(nodes)
    place = {nodes[label]: i for i, label in enumerate(labels)}
    found: dict[tuple[int, int], tuple[int, int, float, float, int]] = {}
    for a, b, data in graph.edges(data=True):
        if a == b:
            raise BadInput(f"{where}: an edge must join two different members (got {a!r} twice)")
        lo, hi = sorted((place[a], place[b]))
        age, contact = (_days(where, data, key) for key in ("age", "last_contact"))
        if (lo, hi) in found:  # the other direction: the longer age, the later contact, whatever the order
            _, _, other_age, other_contact, _ = found[lo, hi]
            age, contact = float(np.fmax(age, other_age)), float(np.fmin(contact, other_contact))
        found[lo, hi] = (lo, hi, age, contact, 0)
    attributes = {
        key: tuple(_attribute(where, key, graph.nodes[nodes[label]].get(key)) for label in labels)
        for key in ATTRIBUTES if any(key in graph.nodes[node] for node in graph.nodes)
    }  # fmt: skip
    return _source(labels, list(found.values()), [math.nan] * len(labels), attributes, name)


def _days(where: str, data: dict[str, Any], key: str) -> float:
    if key not in data:
        return math.nan
    value = _seconds(str(data[key]))
    if value is None or value < 0:
        raise BadInput(must(key, "be days, at least 0, at each edge", repr(str(data[key])[:40]), where=where))
    return value


def _attribute(where: str, key: str, value: Any) -> Any:
    if value is None or key in ("style", "industry", "region"):
        return None if value is None else str(value)[:LONGEST_LABEL]
    number = _seconds(str(value))
    low, high = {"seniority": (0, 4), "session_rate": (0, 1)}.get(key, (-20, 20))
    if number is None or not low <= number <= high:
        raise BadInput(must(key, f"be a number from {low} to {high} at each node", repr(str(value)[:40]), where=where))
    return number


def _source(
    labels: list[str], ties: list[tuple[int, int, float, float, int]], ages: list[float], attributes: dict[str, tuple[Any, ...]],
    name: str,
) -> NetworkSource:  # fmt: skip
    ordered = sorted((min(t[0], t[1]), max(t[0], t[1]), *t[2:]) for t in ties)
    pairs = np.array([t[:2] for t in ordered], np.int32).reshape(-1, 2)
    age, contact = (np.array([t[k] for t in ordered], float) for k in (2, 3))
    exchanges = np.array([t[4] for t in ordered], np.int32)
    member_age = np.array(ages, float)
    digest = hashlib.sha256(repr((labels, sorted(attributes.items()))).encode())
    for array in (pairs, age, contact, exchanges, member_age):
        digest.update(array.tobytes())
    return NetworkSource(tuple(labels), pairs, age, contact, exchanges, member_age, attributes, digest.hexdigest(), name)


@functools.lru_cache(maxsize=1)
def communities(source: NetworkSource) -> np.ndarray:
    """Return each member's community by Louvain's method, the largest first; -1 for members without a tie."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_edges_from(source.ties.tolist())
    out = np.full(len(source.labels), -1)
    found = nx.community.louvain_communities(graph, seed=0) if len(source.ties) else []
    for k, group in enumerate(sorted(found, key=lambda g: (-len(g), min(g)))):
        out[sorted(group)] = k
    out.setflags(write=False)  # others will be given the same
    return out
