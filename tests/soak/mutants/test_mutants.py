"""Planted mistakes are what they are said to be, the same for the same seed, and noticed where a test looks."""

from __future__ import annotations

import ast
import csv
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.soak.mutants import targets
from tests.soak.mutants.judge import KILLED, SURVIVED, Shown, outcome_of
from tests.soak.mutants.operators import COMPARISON, CONSTANT, DENOMINATOR, KINDS, SIGN, SWAPPED, Mutant, mutants_of, mutated
from tests.soak.mutants.table import Asked, Outcomes


def made(source, kind):
    return [mutated(source, mutant) for mutant in mutants_of("module", source) if mutant.kind == kind]


@pytest.mark.parametrize(
    ("source", "kind", "expected"),
    [
        ("a < b", COMPARISON, ["a <= b"]),
        ("a <= b", COMPARISON, ["a < b"]),
        ("0 < a <= b", COMPARISON, ["0 <= a <= b", "0 < a < b"]),
        ("a > b", COMPARISON, ["a >= b"]),
        ("a >= b", COMPARISON, ["a > b"]),
        ("a == b != c", COMPARISON, ["a != b != c", "a == b == c"]),
        ("a in b", COMPARISON, ["a not in b"]),
        ("a not in b", COMPARISON, ["a in b"]),
        ("a and b and c", COMPARISON, ["a or b and c", "a and b or c"]),
        ("not (a or b)", COMPARISON, ["(a or b)", "not (a and b)"]),
        ("a is None", COMPARISON, []),
        ("a + b - c", SIGN, ["a + b + c", "a - b - c"]),
        ("a += b", SIGN, ["a -= b"]),
        ("x = -a", SIGN, ["x = a"]),
        ("x = (a + b) * -(c)", SIGN, ["x = (a - b) * -(c)", "x = (a + b) * (c)"]),
        ("x = 3", CONSTANT, ["x = (3 + 1)", "x = (3 - 1)"]),
        ("x = 0.5", CONSTANT, ["x = (0.5 + 1)", "x = (0.5 - 1)"]),
        ("x = True, 'a 3'", CONSTANT, []),
        ("a / b", DENOMINATOR, ["a * b", "a / (b + 1)"]),
        ("a / (b + c)", DENOMINATOR, ["a * (b + c)", "a / ((b + c + 1))"]),
        ("ratio(a, b.c)", DENOMINATOR, ["ratio(a, (b.c + 1))"]),
        ("f(a, b, c)", SWAPPED, ["f(b, a, c)", "f(a, c, b)"]),
        ("f(a, a)", SWAPPED, []),  # nothing would change
        ("max(a, b)", SWAPPED, []),
        ("np.maximum(a, b)", SWAPPED, []),
        ("f(a, *b)", SWAPPED, []),
        ("f(a, 'name')", SWAPPED, []),
        ("a if c else b", SWAPPED, ["b if c else a"]),
        ("{k: 'raises', m: 'lowers'}", SWAPPED, ["{k: 'lowers', m: 'raises'}"]),
        ("x = 'é' + g(a, b)", SWAPPED, ["x = 'é' + g(b, a)"]),  # places are counted in bytes
        ("def f():\n    return a, b\n", SWAPPED, ["def f():\n    return b, a\n"]),
        ("def f(a: Literal[3], b=1 - 2): pass", SIGN, ["def f(a: Literal[3], b=1 + 2): pass"]),
        ("def f(a: Literal[3]) -> Literal[4]: pass", CONSTANT, []),  # types say nothing at run time
        ("@cache(maxsize=3)\ndef f(): pass", CONSTANT, []),
        ("x: Literal[3] = 4", CONSTANT, ["x: Literal[3] = (4 + 1)", "x: Literal[3] = (4 - 1)"]),
        ("if TYPE_CHECKING:\n    x = 3", CONSTANT, []),
    ],
)
def test_each_kind_of_mistake_is_planted_where_it_may_be(source, kind, expected):
    assert sorted(made(source, kind)) == sorted(expected)


def test_a_name_says_where_and_what_and_outlives_other_lines():
    source = "def f(x):\n    return x + 1 if x > 0 else x + 1\n"
    before, after = mutants_of("m", source), mutants_of("m", f"import math\n\n\n{source}")
    assert [mutant.key for mutant in before] == [mutant.key for mutant in after]
    assert len({mutant.key for mutant in before}) == len(before)
    assert {mutant.line for mutant in before} == {2}
    assert {mutant.line for mutant in after} == {5}
    assert "m | comparison | f: return x + 1 if x > 0 else x + 1 | > -> >=" in {mutant.key for mutant in before}


@pytest.mark.parametrize("module", targets.PLAIN)
def test_every_mutant_of_a_module_can_be_read_and_has_a_name_of_its_own(module):
    source = targets.source_of(module)
    found = mutants_of(module, source)
    assert found
    assert len({mutant.key for mutant in found}) == len(found)
    for mutant in found[::25]:
        assert ast.dump(ast.parse(mutated(source, mutant))) != ast.dump(ast.parse(source))
    assert all((targets.ROOT / test.split("::")[0]).is_file() for test in targets.tests_of(module))


def test_mutants_are_drawn_evenly_and_again_the_same():
    drawn, other = targets.draw(150, 1), targets.draw(150, 2)
    assert drawn == targets.draw(150, 1) != other
    for one in (drawn, other):
        assert len(one) == 150
        by_module = Counter(mutant.module for mutant in one)
        assert set(by_module) == set(targets.PLAIN)
        assert min(by_module.values()) >= 2  # a module comes again only when every other has come
    kinds = Counter(mutant.kind for mutant in drawn)
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= 15
    assert len(targets.draw(10_000, 1, ["sim.decisions.intents"])) == len(mutants_of("m", targets.source_of("sim.decisions.intents")))


def test_mistakes_planted_by_hand_stand_once_and_each_has_a_reason():
    found = targets.planted()
    assert len(found) == 23
    assert len({mutant.module for mutant in found}) >= 5
    assert all(row.reason for row in targets.planted_rows())
    for mutant in found:
        ast.parse(mutated(targets.source_of(mutant.module), mutant))


def test_known_survivors_are_mutants_that_can_be_made_each_with_a_reason():
    there = {mutant.key for module in targets.PLAIN for mutant in mutants_of(module, targets.source_of(module))}
    there |= {mutant.key for mutant in targets.planted()}
    assert sorted(set(targets.survivors()) - there) == [], "of what is not there any more no survivor need be named"
    assert all(reason.strip() for reason in targets.survivors().values())


def test_what_has_not_changed_is_not_shown_again(tmp_path):
    def asked(digest):
        return [Asked(Mutant("sim.decisions.intents", SIGN, name, 1, 0, 1, ""), "", (), digest) for name in ("a", "b")]

    table = Outcomes(tmp_path / "o.csv", asked("one"))
    table.add(table.asked[0], Shown(KILLED, 1.26))
    same, other = Outcomes(tmp_path / "o.csv", asked("one")), Outcomes(tmp_path / "o.csv", asked("two"))
    assert [one.key for one in same.left(in_phases=False)] == [same.asked[1].key]
    assert len(other.left(in_phases=False)) == 2
    same.add(same.asked[1], Shown(SURVIVED, 2.0))
    assert [one.key for one in same.survived()] == [same.asked[1].key]
    assert [outcome_of(status) for status in (0, 1, 2, 3, -9)] == [SURVIVED, *[KILLED] * 4]


def mutants(*arguments):
    command = [sys.executable, "-m", "tests.soak.mutants", "--without-phases", "--uncompiled", *map(str, arguments)]
    return subprocess.run(command, cwd=targets.ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_obvious_mistakes_are_killed_and_a_run_is_gone_on_with(tmp_path):
    out = tmp_path / "out" / "mutants.csv"
    asked = ("--only", "sim.decisions.intents", "--count", 3, "--out", out)
    ended = mutants(*asked)
    assert ended.returncode == 0, ended.stderr
    assert "3 of 3 mutants are killed (100.0%)" in ended.stdout
    with out.open(encoding="utf-8") as file:
        assert [row["outcome"] for row in csv.DictReader(file)] == [KILLED] * 3
    again = mutants(*asked)
    assert (again.returncode, "1/3" in again.stdout, "3 of 3" in again.stdout) == (0, False, True)


def test_a_module_that_is_not_mutated_is_refused():
    ended = mutants("--only", "sim.version")
    assert ended.returncode == 2
    assert "--only must be modules that are mutated (got sim.version)" in ended.stderr


SHOWN = """
import os; os.environ["NUMBA_DISABLE_JIT"] = "1"
from tests.soak.mutants import judge
from tests.soak.mutants.targets import source_of
source, tests = source_of("sim.decisions.intents"), ["tests/sim/decisions/test_intents.py"]
judge.warm()
sources = [source, source.replace("days <=", "days <"), source + "raise OSError", source + "while True: pass"]
for k, shown in sorted(judge.shown([("sim.decisions.intents", one, tests) for one in sources], 2, seconds=30.0)):
    print(k, shown.outcome)
"""


@pytest.mark.slow  # two processes that load everything, and one that waits
def test_what_is_unchanged_survives_and_what_fails_or_never_ends_is_killed():
    ended = subprocess.run(
        [sys.executable, "-c", SHOWN], cwd=targets.ROOT, env=dict(os.environ), capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines() == ["0 survived", "1 killed", "2 killed", "3 killed by time"]
    assert Path(targets.HERE, "survivors.toml").is_file()
