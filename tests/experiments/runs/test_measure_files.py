"""Files with measures: what is found in them, one line for each that cannot be used, and whether a plan goes on with others."""

from __future__ import annotations

import re
import sys

import pytest

from experiments.runs.measure_files import check_noted, load_measures, measures_of, noted, planned_as
from sim.errors import BadInput
from sim.results.measures import MEASURES, Catalogue
from tests.helpers.own_measures import measures_file

HEAD = "from sim import Counter, measure\n"
ONE = 'measure(name="{name}", unit="share", definition="Read.", numerator=Counter.READ, denominator=Counter.DELIVERED)\n'


def written(folder, text, name="mine.py"):
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def ones_own(catalogue):
    return [one.name for one in catalogue.own]


def test_no_file_is_the_shipped_ones():
    assert load_measures(None) is MEASURES


def test_what_a_file_makes_is_found_in_its_order(tmp_path):
    path = measures_file(tmp_path)
    found = load_measures(path)
    assert ones_own(found) == ["fullest_inbox", "same_success"]
    assert found.file == str(path)
    assert {one.where for one in found.own} == {"mine.py"}


def test_measures_are_taken_as_a_file_or_as_they_are(tmp_path):
    path = measures_file(tmp_path)
    found = measures_of(path)
    assert ones_own(measures_of(str(path))) == ones_own(found) == ["fullest_inbox", "same_success"]
    assert measures_of(found) is found
    assert ones_own(measures_of(list(found.own[:1]))) == ["fullest_inbox"]


def test_lists_count_and_what_is_imported_does_not_twice(tmp_path):
    many = "some = [" + ", ".join(ONE.format(name=f"x{k}").strip() for k in range(3)) + "]\nsame = some[1]\nfrom sim import MEASURES\n"
    assert ones_own(load_measures(written(tmp_path, HEAD + many))) == ["x0", "x1", "x2"]


def test_a_file_hides_no_module_and_what_it_prints_is_no_result(tmp_path, capsys):
    import json

    path = written(tmp_path, HEAD + 'print("hello")\nx = ' + ONE.format(name="x"), "json.py")
    load_measures(path)
    assert sys.modules["json"] is json
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "hello\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = \n", "`--measures` must be a Python file that can be imported (got {path}: SyntaxError: invalid syntax"),
        (HEAD + "\nx = y\n", "imported (got {path}: NameError: name 'y' is not defined, line 3)"),
        ("import no_such_module\n", "imported (got {path}: ModuleNotFoundError: No module named 'no_such_module', line 1)"),
        ("raise SystemExit(3)\n", "imported (got {path}: SystemExit: 3, line 1)"),
        ("raise ValueError('a\\nb')\n", "imported (got {path}: ValueError: a b, line 1)"),
        ("x = 3\n", "`--measures` must hold a measure, made by `measure` (got {path}, which holds none)"),
        ("from sim import MEASURES\nx = MEASURES['retention']\n", "which holds none)"),
        (HEAD + "x = " + ONE.format(name="retention"), "{path}: measure retention: `name` must be one that no shipped measure has"),
        (HEAD + "x = " + ONE.format(name="a") + "y = " + ONE.format(name="a"), "{path}: `measures` must have names that differ: 'a' is"),
        ("x = '\ud800'", None),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line(text, told, tmp_path):
    before = set(sys.modules)
    path = tmp_path / "mine.py"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(BadInput) as raised:
        load_measures(path)
    assert "\n" not in str(raised.value)
    assert str(path) in str(raised.value)
    assert told is None or told.format(path=path) in str(raised.value)
    assert not [name for name in set(sys.modules) - before if name.startswith("_measures_of_")]


@pytest.mark.parametrize("name", ["none.py", "folder.py", "mine.txt"])
def test_what_is_no_python_file_is_refused(name, tmp_path):
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "mine.txt").write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(BadInput, match=re.escape(f"`--measures` must be a Python file, FILE.py, that exists (got {tmp_path / name})")):
        load_measures(tmp_path / name)


def test_a_plan_notes_file_names_and_identity(tmp_path):
    found = load_measures(measures_file(tmp_path))
    names = ["fullest_inbox", "same_success"]
    assert noted(found) == {"measures": {"file": str(tmp_path / "mine.py"), "names": names, "identity": found.identity}}
    assert noted(Catalogue(found.own)) == {"measures": {"names": names, "identity": found.identity}}
    assert noted(MEASURES) == planned_as(MEASURES) == {}
    assert planned_as(found) == {"measures": "mine.py"}
    assert planned_as(Catalogue(found.own[::-1])) == {"measures": "fullest_inbox, same_success"}


def test_a_plan_goes_on_with_the_same_measures_from_any_folder(tmp_path):
    (tmp_path / "other").mkdir()
    note = noted(load_measures(measures_file(tmp_path)))["measures"]
    assert check_noted(note, load_measures(measures_file(tmp_path / "other")), "out") == ""
    assert check_noted(None, MEASURES, "out") == ""


def test_a_file_that_was_edited_is_said_in_a_line(tmp_path):
    path = measures_file(tmp_path)
    note = noted(load_measures(path))["measures"]
    line = check_noted(note, load_measures(measures_file(tmp_path, factor=2)), "out")
    assert line == f"{path} was edited since out was planned: runs are made again with the new formulas; a ledger keeps those of before"


def test_other_measures_or_none_are_refused_with_the_file_that_would_be_right(tmp_path):
    mine, other = load_measures(measures_file(tmp_path)), load_measures(measures_file(tmp_path, name="other.py"))
    note = noted(mine)["measures"]
    for given, got in ((MEASURES, "nothing"), (other, other.file), (Catalogue(mine.own), "fullest_inbox, same_success")):
        with pytest.raises(BadInput) as raised:
            check_noted(note, given, "out")
        assert str(raised.value) == f"`--measures` must be {mine.file}, with which out was planned (got {got})"
    with pytest.raises(BadInput) as raised:
        check_noted(None, mine, "out")
    assert str(raised.value) == f"`--measures` must be left out for out, which was planned without (got {mine.file})"


def test_an_interruption_is_none_of_the_files_mistakes(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        load_measures(written(tmp_path, "raise KeyboardInterrupt\n"))


def test_a_mistake_is_told_once_with_its_file(tmp_path):
    with pytest.raises(BadInput) as told:
        load_measures(written(tmp_path, HEAD + 'measure(name="1x", unit="share", definition="None.")\n'))
    assert str(told.value).count("mine.py") == 1
