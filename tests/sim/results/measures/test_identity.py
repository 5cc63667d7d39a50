"""The identity of a formula: it changes with what the value comes from, in a file or in cells, and with nothing else."""

from __future__ import annotations

import hashlib
import runpy

import pytest

from sim.decisions.codes import Purpose
from sim.decisions.counters import Counter
from sim.errors import BadInput
from sim.results.measures.identity import caller, digest
from sim.results.measures.own import measure
from tests.helpers.own_measures import Notebook, measures_file

CELL = """
from sim import measure

@measure(unit="members", definition="Many.")
def many(run):
    return times(run.base) + LEAST
"""
HELPER = """
def times(x):
    return 2 * x
"""
LEAST = "LEAST = 3"


def identity_in(*cells):
    notebook = Notebook()
    for text in cells[:-1]:
        notebook.run(text)
    return notebook.run(cells[-1])["many"].identity


def test_the_same_cells_give_the_same_whatever_else_there_is():
    first = identity_in(HELPER, LEAST, CELL)
    assert len(first) == 16
    assert identity_in("x = 1", LEAST, "base = 7", HELPER, CELL) == first  # `base` is an attribute in the formula, no global


@pytest.mark.parametrize(
    "cells",
    [
        (HELPER, LEAST, CELL.replace("+ LEAST", "- LEAST")),
        (HELPER.replace("2 *", "3 *"), LEAST, CELL),
        (HELPER, "LEAST = 4", CELL),
        (HELPER, "LEAST = [3]", CELL),
        (HELPER, LEAST, CELL.replace("def many", "def several").replace('"members",', '"members", name="many",') + "\nmany = several"),
    ],
    ids=["formula", "helper", "constant", "kind", "cell"],
)
def test_a_cell_that_is_edited_is_another(cells):
    assert identity_in(*cells) != identity_in(HELPER, LEAST, CELL)


def test_a_helper_of_a_helper_counts_and_circles_end():
    cell = "def times(x):\n    return inner(x) if x else times(x)\n"
    inner = "def inner(x):\n    return 2 * x\n"
    assert identity_in(inner, cell, LEAST, CELL) != identity_in(inner.replace("2", "3"), cell, LEAST, CELL)


def test_a_file_that_is_edited_is_another(tmp_path):
    def identities():
        found = runpy.run_path(str(tmp_path / "mine.py"))
        return found["fullest_inbox"].identity, found["same_success"].identity

    measures_file(tmp_path, factor=1)
    first = identities()
    assert identities() == first
    measures_file(tmp_path, factor=2)
    assert identities()[0] != first[0]
    assert identities()[1] == first[1]  # a ratio is all in its counters
    measures_file(tmp_path, factor=1)
    assert identities() == first


def test_a_version_stands_for_the_source():
    cell = CELL.replace('"Many."', '"Many.", version="1"')
    first = identity_in(HELPER, LEAST, cell)
    assert identity_in(HELPER, "LEAST = 4", cell.replace("+ LEAST", "- LEAST")) == first
    assert identity_in(HELPER, LEAST, cell.replace('version="1"', 'version="2"')) != first
    assert identity_in(HELPER, LEAST, CELL) != first


def test_without_a_source_a_version_is_needed():
    names = {"__name__": "__main__"}
    with pytest.raises(BadInput, match=r'measure many: `version` must be given, such as version="1", where no source'):
        exec(compile(CELL, "<typed>", "exec"), names)  # noqa: S102  (as at a prompt)
    exec(compile(CELL.replace('"Many."', '"Many.", version="1"'), "<typed>", "exec"), names)  # noqa: S102  (likewise)
    assert names["many"].identity


def test_an_object_of_another_cell_tells_nothing_so_a_version_is_needed():
    table = "import numpy as np\n\nLEAST = np.array([3.0])"
    told = (
        r"measure many: `version` must be given, .* for a function that reads what no source tells \(got LEAST, an object of type ndarray\)"
    )
    with pytest.raises(BadInput, match=told):
        identity_in(HELPER, table, CELL)
    assert identity_in(HELPER, table, CELL.replace('"Many."', '"Many.", version="1"'))


@pytest.mark.parametrize(
    ("told", "untold"),
    [
        ("[3, (4.0, 'a')]", "[3, object]"),
        ("{3: 4.0}", "{3: np.float64(4.0)}"),  # neither a key nor a value may be an object
        ("{'a': [3]}", "{np.float64(4.0): 3}"),
        ("{(3, 4): None}", "{(3, np.float64(4.0)): None}"),
    ],
)
def test_lists_and_tables_are_plain_where_all_in_them_is(told, untold):
    def identity_with(values):
        return identity_in(HELPER, f"import numpy as np\n\nLEAST = {values}", CELL)

    assert identity_with(told) != identity_with("{}")
    with pytest.raises(BadInput, match="reads what no source tells"):
        identity_with(untold)


def test_line_ends_and_bytes_that_are_no_text_make_a_file_no_other(tmp_path):
    path = measures_file(tmp_path)
    first = runpy.run_path(str(path))["fullest_inbox"].identity
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert runpy.run_path(str(path))["fullest_inbox"].identity == first
    path.write_bytes(b"# coding: latin-1\n# \xe9\n" + path.read_bytes())
    assert runpy.run_path(str(path))["fullest_inbox"].identity != first


def test_a_ratio_is_known_by_what_it_counts_and_not_by_its_words():
    def identity(**more):
        given = {"name": "a", "unit": "share", "definition": "A.", "numerator": Counter.READ, "denominator": Counter.DELIVERED}
        return measure(**{**given, **more}).identity

    assert identity() == identity(
        title="Other", definition="Other.", unit="items", role="goal", direction="higher better", smallest_effect=1
    )
    others = [
        {"name": "b"},
        {"numerator": Counter.REPORTS},
        {"denominator": Counter.UNWELCOME},
        {"denominator": [Counter.DELIVERED, Counter.UNWELCOME]},
        {"purposes": [Purpose.INQUIRY]},
        {"scale": 2.0},
        {"window": 3},
        {"version": "1"},
    ]
    assert len({identity(), *(identity(**other) for other in others)}) == 1 + len(others)


def test_a_digest_is_over_each_text_with_its_length():
    told = b"\0\0\0\0\0\0\0\x01a" + b"\0\0\0\0\0\0\0\x02bc"
    assert digest("a", "bc") == hashlib.sha256(told).hexdigest()[:16]
    assert len({digest("a", "bc"), digest("ab", "c"), digest("abc"), digest("abc", "")}) == 4


def test_a_method_of_a_class_that_is_used_counts():
    kept = "class Kept:\n    def times(self, x):\n        return 2 * x\n"
    cell = CELL.replace("times(run.base)", "Kept().times(run.base)")
    assert identity_in(kept, LEAST, cell) == identity_in(kept, LEAST, cell)
    assert identity_in(kept, LEAST, cell) != identity_in(kept.replace("2 *", "3 *"), LEAST, cell)


@pytest.mark.parametrize(
    ("name", "told"),
    [(__file__, "test_identity.py"), ("/nowhere/mine.py", "a notebook cell"), ("<stdin>", "a notebook cell"), ("", "a notebook cell")],
)
def test_a_measure_is_of_the_file_in_which_it_is_made_if_there_is_one(name, told):
    found = {}
    exec(compile("found = caller()", name, "exec"), {"caller": caller}, found)  # noqa: S102  (text of our own)
    assert found == {"found": told}
