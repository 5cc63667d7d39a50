"""`read_network`: one reader for files as people have them, which says what it read."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from sim.errors import BadInput, must, nearest
from sim.population.networks import times
from sim.population.networks.columns import AS, Plan, parse_columns, plan_columns
from sim.population.networks.formats import GRAPHML, reader_of, refuse_foreign
from sim.population.networks.gexf import read_gexf
from sim.population.networks.graphml import read_graphml, root_of
from sim.population.networks.graphs import from_graph
from sim.population.networks.linkedin import recognised
from sim.population.networks.names import twins
from sim.population.networks.packing import unpacked
from sim.population.networks.recipients import Recipients
from sim.population.networks.report import Report
from sim.population.networks.shapes import (
    check_rows,
    mostly_numbers,
    numbers_rows,
    refuse_matrix,
    refuse_moments,
    refuse_relations,
    refuse_row_numbers,
    refuse_shortened,
    refuse_sizes,
)
from sim.population.networks.source import NetworkSource, source_from
from sim.population.networks.table import BY_NAME, Table, read_table
from sim.population.networks.text import as_utf8, check_lines
from sim.population.networks.ties import from_edges, from_log, pairs, repeated
from sim.population.networks.words import is_quantity, is_unit_of_time

ENDINGS = re.compile(r"(\.(gz|bz2|xz|zip|tar|tgz))+$", re.IGNORECASE)
XML = re.compile(r"\s*<(\?xml|!DOCTYPE|!--|[A-Za-z_][\w:.-]*(\s|/?>))")
HTML = ("html", "head", "body", "table", "div")
LARGE = 10_000  # weights are rarely as large and all different; seconds from any zero are
HEAD = 10_000  # characters by which formats are told apart


def read_network(path: str | Path, network_as: str | None = None, columns: str | Mapping[str, Any] | None = None) -> NetworkSource:
    """Read an edge list, a message log, GraphML, GEXF, GML, Pajek, Matrix Market or JSON; packed ones too.

    How it was read stands in `report` of what is returned.

    Args:
        path: of the file.
        network_as: "ties" for an edge list, "log" for a message log; found out unless given.
        columns: where sender, recipient and time stand, by number from 1 or by name: "sender=1,recipient=2,time=3", or such a
            dict; found out unless given.

    Raises:
        BadInput: one line that names the file, the row and what would be right. What could be read in two ways is refused.
    """
    if not isinstance(path, str | PathLike):
        raise BadInput(
            must("path", "be a path; a graph of networkx is given to a run as it is", f"an object of type {type(path).__name__}")
        )
    path = Path(path)
    if network_as is not None and network_as not in AS:
        raise BadInput(must("--network-as", "be ties or log", f"{network_as!r}{nearest(str(network_as), AS)}"))
    told = parse_columns(columns)
    try:
        state = path.stat()
    except (OSError, ValueError):
        return _read(path, network_as, told)  # says what is wrong
    return _read_once(path, network_as, told, changed=state.st_mtime_ns, size=state.st_size)


@functools.lru_cache(maxsize=1)
def _read_once(path: Path, network_as: str | None, told: tuple[tuple[str, str], ...], changed: int, size: int) -> NetworkSource:  # noqa: ARG001  (they say when to read again)
    """A worker runs pair after pair on one network: it reads it once."""
    return _read(path, network_as, told)


def _read(path: Path, network_as: str | None, told: tuple[tuple[str, str], ...]) -> NetworkSource:
    name = Path(ENDINGS.sub("", path.name)).stem or "graph"
    skipped: Counter[str] = Counter()
    form, found, packed = opened(path, skipped)
    if not isinstance(found, Table):
        if network_as == "log" or told:
            raise BadInput(must("--network-as" if network_as else "--columns", "be left out for a graph", form, where=path))
        return from_graph(found, name=name, where=str(path), report=Report(form + packed, "graph", skipped=dict(skipped)))
    return _from_table(path, found, network_as, told, name=name, form=form)


def opened(path: Path, skipped: Counter[str]) -> tuple[str, Any, str]:
    """Return what a file is in words, a `Table` or a graph, and how a graph was packed, in words.

    Args:
        path: of the file.
        skipped: is told what was left out of a graph.

    Raises:
        BadInput: if it is neither, or damaged.
    """
    raw, layers = unpacked(path)
    packed = f" in {' in '.join(reversed(layers))}" if layers else ""
    plain = XML.match(raw[:HEAD].decode("latin-1")) is not None  # of an encoding that it names itself
    utf8, encoding = (raw, "utf-8") if plain else as_utf8(path, raw)
    head = utf8[:HEAD].decode(errors="replace")
    graph: Any = None
    if XML.match(head):
        form, graph = _xml(path, raw, skipped)
    elif (found := reader_of(head)) is not None:
        form = found[0]
        try:
            graph = found[1](path, utf8, skipped)
        except UnicodeDecodeError:
            check_lines(path, utf8)  # says where
            raise
    if graph is not None:
        return form, graph, packed
    refuse_foreign(path, head)
    check_lines(path, utf8)
    table = read_table(path, utf8)
    form = "text" if table.separator == " " else "CSV"
    return form + packed + (f" in {encoding.upper()}" if encoding != "utf-8" else ""), table, packed


def _xml(path: Path, raw: bytes, skipped: Counter[str]) -> tuple[str, Any]:
    root = root_of(path, raw)
    if root == "graphml":
        return "GraphML", read_graphml(path, raw, skipped)
    if root == "gexf":
        return "GEXF", read_gexf(path, raw, skipped)
    if root.lower() in HTML:
        raise BadInput(must("", "be the file itself, not a page about it: download it again, or save its table as CSV", "HTML", where=path))
    raise BadInput(must("", f"be GraphML or GEXF: {GRAPHML}", f"XML of the kind {root[:40]!r}", where=path))


def _from_table(
    path: Path, table: Table, network_as: str | None, told: tuple[tuple[str, str], ...], *, name: str, form: str
) -> NetworkSource:
    export = not told and recognised(path, table)
    if export:
        form = f"LinkedIn's messages.csv, {form}"
        told = (("recipient", "TO"), ("sender", "FROM"), *((("time", "DATE"),) if network_as != "ties" else ()))
    plan = plan_columns(path, table, network_as, told)
    recipients = Recipients(path, [] if export else plan.rows, plan.sender, plan.recipient)
    places = (plan.sender, plan.recipient, plan.time)
    counted: Counter[str] = Counter()
    _check_shape(path, plan, recipients, network_as, told=bool(dict(told).get("sender")))
    if plan.time is None:
        ties, ages = from_edges(pairs(path, plan.rows, places, recipients), counted)
        kind, unit = "edge list", "row"
    else:
        ties, ages, (first, last) = from_log(path, pairs(path, plan.rows, places, recipients), plan.kind, counted)
        kind, unit = "message log", "message"
    notes = [*table.notes, *plan.notes]
    if plan.time is not None:
        notes += [f"times are {plan.kind}, {times.span(first, last, plan.kind)}"] + (
            ["no two members wrote to each other, so there is no tie"] if not ties else []
        )
    if recipients.lines:
        notes.append(f"cells with several recipients: {len(recipients.lines):,}, read as a row for each recipient")
    notes += twins(path, ages)
    skipped = {**table.skipped, **{f"{unit}{'s' * (n > 1)} {why}": n for why, n in counted.items()}}
    header = "none" if plan.header is None else ", ".join(plan.header)[:120]
    report = Report(
        form,
        kind,
        rows=len(plan.rows),
        separator=BY_NAME[table.separator],
        header=header,
        columns=plan.named(),
        skipped=skipped,
        notes=tuple(notes),
    )
    return source_from(ties, ages, name=name, report=report)


def _check_shape(path: Path, plan: Plan, recipients: Recipients, network_as: str | None, *, told: bool) -> None:
    """Refuse a table whose rows may be something else than one tie or message each."""
    check_rows(path, plan.header, plan.rows, (plan.sender, plan.recipient))
    refuse_shortened(path, plan.rows, (plan.sender, plan.recipient, plan.time))
    if not told:
        refuse_moments(path, plan.rows, (plan.sender, plan.recipient))
    if plan.weights_known:
        return
    if plan.time is None and network_as is None:
        _refuse_unclear(path, plan, recipients)
        if plan.header is None and not told:
            refuse_matrix(path, plan.rows)
    if plan.header is None and not told:
        refuse_sizes(path, plan.rows)
        refuse_relations(path, plan.rows, plan.time)
        left = [k for k in range(len(plan.rows[0][1])) if k != plan.time and any(row[k] for _, row in plan.rows)]
        refuse_row_numbers(path, plan.rows, left)


def _refuse_unclear(path: Path, plan: Plan, recipients: Recipients) -> None:
    """Refuse numbers beside the members that may be weights or times, for want of a name that says which: if a pair repeats, it matters."""
    beside = [k for k in range(len(plan.rows[0][1])) if k not in (plan.sender, plan.recipient)]
    unsaid = [k for k in beside if _is_unsaid(plan, k)]
    if not unsaid:
        return
    again = repeated(pairs(path, plan.rows, (plan.sender, plan.recipient, None), recipients))
    if again is not None:
        n, first, a, b = again
        raise BadInput(must(f"line {n}", _to_say(plan, unsaid[0]), f"{a!r} and {b!r} again, as in line {first}", where=path))
    for k in unsaid:
        found = _like_times(plan.header, [row[k] for _, row in plan.rows], k)
        if found:
            raise BadInput(must("", _to_say(plan, k), found, where=path))


def _to_say(plan: Plan, k: int) -> str:
    """Return what would say what a column's numbers are."""
    if plan.header is None:
        what = "have a header, or be told what its numbers are"
    else:
        what = f"have weights or times under a name that says so, or be told what column {k + 1} ({plan.header[k]!r}) is"
    return what + ": `--network-as ties` if weights, `--network-as log` if times"


def _like_times(header: list[str] | None, cells: list[str], k: int) -> str:
    """Return in words what numbers have of times though no pair repeats; empty if nothing."""
    if times.kind_of(cells) == times.SERIAL:
        return f"numbers in column {k + 1} like a spreadsheet's dates, such as {cells[0]}"
    if header is not None:
        return f"numbers such as {cells[0]}" if is_unit_of_time(header[k]) else ""
    if not all(cell.isascii() and cell.isdigit() for cell in cells) or len(set(cells)) < len(cells) or max(map(int, cells)) < LARGE:
        return ""
    return f"numbers in column {k + 1} that all differ, up to {max(map(int, cells))}"


def _is_unsaid(plan: Plan, k: int) -> bool:
    """Tell whether a column has numbers of which nothing says what they are."""
    cells = [row[k] for _, row in plan.rows]
    if plan.header is None:
        return any(times.number(cell) is not None for cell in cells)
    return not is_quantity(plan.header[k]) and mostly_numbers(cells) and not numbers_rows(plan.header, plan.rows, k)
