"""Planted mistakes: small changes of a module's source, each of one kind, that a programmer could have made.

A mutant is a replacement in the text, so that what was changed can be shown as it would be typed.
"""

from __future__ import annotations

import ast
import functools
import hashlib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

COMPARISON, SIGN, CONSTANT, DENOMINATOR, SWAPPED = KINDS = ("comparison", "sign", "constant", "denominator", "swapped")
COMPARED = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
SIGNED = {ast.Add: ("+", "-"), ast.Sub: ("-", "+")}
JOINED = {ast.And: ("and", "or"), ast.Or: ("or", "and")}
RATIOS = ("ratio",)  # functions that divide their first argument by their second
EITHER_WAY = ("max", "min", "maximum", "samestat", "TypeVar")  # functions whose arguments have no order


class Mutant(NamedTuple):
    """A change of one place of a module's source."""

    module: str
    kind: str
    name: str  # stays the same when lines move: where, what it was, what it becomes, and which of several alike
    line: int
    start: int  # bytes of the source
    end: int
    text: str

    @property
    def key(self) -> str:
        """Return the name under which outcomes are kept."""
        return f"{self.module} | {self.kind} | {self.name}"


class Change(NamedTuple):
    """A replacement of source[start:end], in bytes."""

    kind: str
    start: int
    end: int
    text: str


class Source:
    """A module's source by the places of its syntax tree, which count bytes within lines."""

    def __init__(self, source: str) -> None:
        self.bytes = source.encode()
        lines = self.bytes.splitlines(keepends=True)
        self.starts = [sum(map(len, lines[:k])) for k in range(len(lines))]

    def span(self, node: ast.expr) -> tuple[int, int]:
        """Return where an expression begins and ends."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.starts[node.lineno - 1] + node.col_offset, self.starts[node.end_lineno - 1] + node.end_col_offset

    def text(self, node: ast.expr) -> str:
        """Return an expression as it is typed."""
        start, end = self.span(node)
        return self.bytes[start:end].decode()

    def find(self, word: str, after: ast.expr, before: ast.expr) -> tuple[int, int]:
        """Return where an operator stands between two expressions."""
        start, end = self.span(after)[1], self.span(before)[0]
        at = self.bytes.index(word.encode(), start, end)
        return at, at + len(word)


def replaced(source: str, start: int, end: int, text: str) -> str:
    """Return the source with these bytes replaced."""
    raw = source.encode()
    return (raw[:start] + text.encode() + raw[end:]).decode()


def mutated(source: str, mutant: Mutant) -> str:
    """Return the source of a mutant."""
    return replaced(source, mutant.start, mutant.end, mutant.text)


@functools.cache
def mutants_of(module: str, source: str) -> tuple[Mutant, ...]:
    """Return all mutants of a module, in the order of its text, without those that change nothing."""
    places, tree = Source(source), ast.parse(source)
    unchanged = ast.dump(tree)
    seen: Counter[str] = Counter()
    found = []
    for scope, change in _walk(tree, places, ""):
        if change.kind == SWAPPED and ast.dump(ast.parse(replaced(source, *change[1:]))) == unchanged:
            continue
        line = places.bytes.count(b"\n", 0, change.start) + 1
        whole = places.bytes.splitlines()[line - 1].strip().decode()
        name = f"{scope or 'module'}: {_short(whole)} | {_short(places.bytes[change.start : change.end].decode())} -> {_short(change.text)}"
        seen[change.kind + name] += 1
        again = seen[change.kind + name]
        found.append(Mutant(module, change.kind, name if again == 1 else f"{name} ({again})", line, *change[1:]))
    return tuple(found)


def _short(text: str) -> str:
    """Return a text on one line; a long one is cut, with its digest to tell it from others."""
    line = " ".join(text.split())
    return line if len(line) <= 90 else f"{line[:76]}...{hashlib.sha256(line.encode()).hexdigest()[:6]}"


def _walk(node: ast.AST, places: Source, scope: str) -> Iterator[tuple[str, Change]]:
    """Yield the changes within a node with the function that they stand in; types, decorators and fixed texts are left alone."""
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        scope = f"{scope}.{node.name}" if scope else node.name
        for child in [
            *([*node.args.defaults, *[d for d in node.args.kw_defaults if d]] if isinstance(node, ast.FunctionDef) else []),
            *node.body,
        ]:
            yield from _walk(child, places, scope)
        return
    if isinstance(node, ast.JoinedStr):  # its parts have no places of their own before Python 3.12
        return
    yield from ((scope, change) for change in _changes(node, places))
    for name, value in ast.iter_fields(node):
        if name != "annotation":
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _walk(child, places, scope)


def _changes(node: ast.AST, places: Source) -> Iterator[Change]:
    """Yield the changes of a node itself."""
    match node:
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            yield from _comparisons(node, places)
        case ast.UnaryOp(op=ast.USub()):
            yield Change(SIGN, places.span(node)[0], places.span(node)[0] + len("-"), "")
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            yield Change(SIGN, *places.find(SIGNED[type(op)][0], left, right), SIGNED[type(op)][1])
        case ast.AugAssign(target=target, op=ast.Add() | ast.Sub() as op, value=value):
            yield Change(SIGN, *places.find(SIGNED[type(op)][0], target, value), SIGNED[type(op)][1])
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            yield Change(DENOMINATOR, *places.find("/", left, right), "*")
            yield Change(DENOMINATOR, *places.span(right), f"({places.text(right)} + 1)")
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            yield from (Change(CONSTANT, *places.span(node), f"({places.text(node)} {sign} 1)") for sign in "+-")
        case ast.Call() | ast.IfExp() | ast.Dict() | ast.Return():
            yield from _exchanges(node, places)


def _comparisons(node: ast.Compare | ast.BoolOp | ast.UnaryOp, places: Source) -> Iterator[Change]:
    """Yield comparisons with the neighbouring operator, `and` for `or`, and conditions without their `not`."""
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            for (a, b), op in zip(pairwise([left, *others]), ops, strict=True):
                if type(op) in COMPARED:
                    word, other = COMPARED[type(op)]
                    yield Change(COMPARISON, *places.find(word, a, b), other)
        case ast.BoolOp(op=joint, values=values):
            word, other = JOINED[type(joint)]
            yield from (Change(COMPARISON, *places.find(word, a, b), other) for a, b in pairwise(values))
        case ast.UnaryOp():
            yield Change(COMPARISON, places.span(node)[0], places.span(node)[0] + len("not "), "")


def _exchanges(node: ast.Call | ast.IfExp | ast.Dict | ast.Return, places: Source) -> Iterator[Change]:
    """Yield neighbours that change places: arguments, branches, values of a dictionary, results; and the second argument of a ratio."""
    neighbours: list[ast.expr] = []
    match node:
        case ast.Call(func=ast.Name(id=name), args=[_, below, *_]) if name in RATIOS:
            yield Change(DENOMINATOR, *places.span(below), f"({places.text(below)} + 1)")
    match node:
        case ast.Call(func=func, args=args) if _name(func) not in EITHER_WAY:
            neighbours = args
        case ast.IfExp(body=body, orelse=orelse):
            yield _swap(body, orelse, places)
        case ast.Dict(values=values):
            for a, b in pairwise(values):
                yield _swap(a, b, places)
        case ast.Return(value=ast.Tuple(elts=elements)):
            neighbours = elements
    for a, b in pairwise(neighbours):
        if not isinstance(a, ast.Starred) and not isinstance(b, ast.Starred) and _plain(a) and _plain(b):
            yield _swap(a, b, places)


def _name(function: ast.expr) -> str:
    """Return the name by which a function is called, without that of its module."""
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""


def _swap(a: ast.expr, b: ast.expr, places: Source) -> Change:
    (start, _), (_, end) = places.span(a), places.span(b)
    middle = places.bytes[places.span(a)[1] : places.span(b)[0]].decode()
    return Change(SWAPPED, start, end, f"{places.text(b)}{middle}{places.text(a)}")


def _plain(node: ast.expr) -> bool:
    """Tell whether an argument may be taken for its neighbour: not a text, nor a function written in place."""
    return not isinstance(node, (ast.JoinedStr, ast.GeneratorExp, ast.Lambda)) and not (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
