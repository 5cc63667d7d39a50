"""A catalogue: shipped measures, then one's own; names that collide are refused, naming both; nothing is shared by two."""

from __future__ import annotations

import pickle
import re

import pytest

from sim.decisions.counters import Counter
from sim.errors import BadInput
from sim.results.measures import CONTEXT, LOAD, MEASURES, NEITHER, Catalogue, Measure, catalogue_of, fitting
from sim.results.measures.own import measure
from tests.helpers.own_measures import SCENARIO


def one(name, **more):
    given = {"unit": "share", "definition": "Of items, those read.", "numerator": Counter.READ, "denominator": Counter.DELIVERED}
    return measure(name=name, **{**given, **more})


def test_ones_own_stand_behind_the_shipped_ones_in_the_order_given():
    catalogue = Catalogue([one("b"), one("a")])
    assert list(catalogue) == [*MEASURES, "b", "a"]
    assert catalogue.in_order(["a", "retention", "b", "intent_success"]) == ["intent_success", "retention", "b", "a"]
    with pytest.raises(KeyError):
        MEASURES.in_order(["a"])


def test_nothing_is_left_behind_in_another():
    before = list(MEASURES)
    first, second = Catalogue([one("a")]), Catalogue([one("b")])
    assert ("a" in first, "b" in first, "a" in second, "a" in MEASURES) == (True, False, False, False)
    assert list(MEASURES) == before
    with pytest.raises(TypeError):
        MEASURES["a"] = one("a")


def test_two_of_one_name_are_refused_naming_both():
    with pytest.raises(
        BadInput, match=re.escape("have names that differ: 'a' is the name of one (got two: 'First' (test_catalogue.py) and")
    ):
        Catalogue([one("a", title="First"), one("a", title="Second")])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([3], "`measures` must be made by `measure` (got an object of type int)"),
        ([MEASURES["retention"]], "`measures` must be made by `measure` (got an object of type Measure)"),
        (["retention"], "`measures` must be made by `measure` (got an object of type str)"),
        (3, "`measures` must be a list of measures (got an object of type int)"),
        (one("a"), "`measures` must be a list of measures (got an object of type Measure)"),
    ],
)
def test_what_is_no_list_of_measures_is_refused(given, told):
    with pytest.raises(BadInput, match=re.escape(told)):
        catalogue_of(given)


def test_a_measure_made_by_hand_has_no_identity_and_is_refused():
    plain = Measure(
        "x", "X", group=LOAD, unit="items", role=CONTEXT, direction=NEITHER, smallest_effect=1.0, definition="X.", computed=None
    )
    with pytest.raises(BadInput, match="must be made by `measure`"):
        Catalogue([plain])


def test_its_identity_is_that_of_its_formulas_in_any_order():
    a, b = one("a"), one("b")
    assert MEASURES.identity == Catalogue().identity == ""
    assert Catalogue([a, b]).identity == Catalogue([b, a]).identity
    others = [Catalogue([a]), Catalogue([b]), Catalogue([a, b]), Catalogue([a, one("b", scale=2.0)])]
    assert len({other.identity for other in others}) == 4
    assert re.fullmatch("[0-9a-f]{16}", others[0].identity)


def test_a_catalogue_stays_as_it_is_and_none_of_ones_own_are_the_shipped_ones():
    given = Catalogue([one("a")], "mine.py")
    assert catalogue_of(given) is given
    assert catalogue_of([]) is MEASURES
    assert catalogue_of(iter([one("a")])).own[0].name == "a"
    assert "a" in repr(given)
    assert len(repr(given)) < 100


def test_it_travels_with_ones_own_alone():
    given = Catalogue([one("a")], "mine.py")
    again = pickle.loads(pickle.dumps(given))
    assert again == given
    assert (again.file, again.identity, hash(again)) == (given.file, given.identity, hash(given))
    assert len(pickle.dumps(MEASURES)) < 200


def test_windows_that_do_not_fit_are_told_for_the_shipped_ones_alone_unless_asked():
    assert fitting(SCENARIO.with_(days=10)) == MEASURES.fitting(SCENARIO.with_(days=10))
    assert len(Catalogue([one("a", window=20)]).fitting(SCENARIO.with_(days=10))[1]) == len(fitting(SCENARIO.with_(days=10))[1]) + 1
