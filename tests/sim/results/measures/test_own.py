"""A measure of one's own gives what is worked out by hand, says its unit, and is refused with its name where it cannot be."""

from __future__ import annotations

import doctest
import pickle
import re

import numpy as np
import pytest

from sim.decisions.codes import Purpose
from sim.decisions.counters import Counter
from sim.errors import BadInput, MeasureFailed
from sim.results.computations import CounterRatio
from sim.results.finished_run import FinishedRun, dimensions_of
from sim.results.history import make_history, values
from sim.results.measures import CONTEXT, GOAL, HIGHER, MEASURES, NEITHER, OWN, PRIMARY, REACH, catalogue_of
from sim.results.measures.identity import digest
from sim.results.measures.own import WATCHED, measure
from sim.results.values import Value
from tests.helpers.own_measures import SCENARIO, accept_a_run, run_by_hand, state_by_hand

TOLD = {"unit": "items", "definition": "What is tried."}


@pytest.fixture
def run():
    return run_by_hand()


def ratio_of(**more):
    given = {"name": "filtered_share", "unit": "share", "definition": "Of all items, those that the filter took."}
    counted = {"numerator": Counter.FILTERED, "denominator": [Counter.FILTERED, Counter.DELIVERED]}
    return measure(**{**given, **counted, **more})


def returning(found):
    @measure(name="tried", version="1", **TOLD)
    def tried(_run):
        return found() if callable(found) else found

    return tried


@measure(**TOLD)
def fullest_inbox(run):
    return run.members.got.max()


def plain_function(run):
    """Say how many were there at the switch.

    The rest is not told.
    """
    return run.base


not_decorated = measure(unit="members", name="at_the_switch")(plain_function)


def test_a_ratio_of_counters_is_their_quotient(run):
    assert ratio_of().computed.whole(run) == Value(3.0, 12.0, 0.25)
    assert ratio_of(scale=100.0).computed.whole(run) == Value(3.0, 12.0, 25.0)
    assert ratio_of(purposes=[Purpose.INQUIRY]).computed.whole(run) == Value(2.0, 7.0, 2.0 / 7.0)
    assert ratio_of(purposes=Purpose.INQUIRY).computed.whole(run) == Value(2.0, 7.0, 2.0 / 7.0)
    assert ratio_of(denominator=Counter.MEETINGS).computed.whole(run) == Value(3.0, 0.0, None)


def test_a_ratio_is_known_by_style_and_purpose(run):
    style, purpose = (next(one for one in dimensions_of(SCENARIO) if one.name == name) for name in ("style", "purpose"))
    assert ratio_of().computed.level(run, style, 1) == Value(2.0, 10.0, 0.2)
    assert ratio_of().computed.level(run, purpose, Purpose.PROMOTION) == Value(1.0, 2.0, 0.5)


def test_a_ratio_that_repeats_a_shipped_one_gives_the_same(run):
    again = measure(
        name="again",
        unit="share",
        definition="Intent success again.",
        numerator=[Counter.SUCCESS],
        denominator=[Counter.INTENTS],
        purposes=[Purpose.INQUIRY, Purpose.RELATIONSHIP],
    )
    assert again.computed.whole(run) == MEASURES[PRIMARY].computed.whole(run) == Value(3.0, 10.0, 0.3)
    assert again.window == MEASURES[PRIMARY].window


@pytest.mark.parametrize("name", [name for name, one in MEASURES.items() if isinstance(one.computed, CounterRatio)])
def test_counters_have_the_windows_that_shipped_ratios_say(name):
    counted = (*MEASURES[name].computed.top, *MEASURES[name].computed.bottom)
    assert max(WATCHED.get(one, 0) for one in counted) == MEASURES[name].window


def test_a_function_gives_a_number_or_a_numerator_and_a_denominator(run):
    assert fullest_inbox.computed.whole(run) == Value(None, None, 99.0)
    assert not_decorated.computed.whole(run) == Value(None, None, 3.0)
    assert returning((np.int64(3), np.float32(4.0))).computed.whole(run) == Value(3.0, 4.0, 0.75)
    assert returning((3, 0)).computed.whole(run) == Value(3.0, 0.0, None)
    assert returning(None).computed.whole(run) == Value(None, None, None)
    assert returning(run.per_week(60)).computed.whole(run) == Value(60.0, 30.0, 2.0)  # three members, ten weeks
    assert type(fullest_inbox.computed.whole(run).value) is float
    assert fullest_inbox.computed.level(run, dimensions_of(SCENARIO)[0], 0) is None


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (True, "an object of type bool"),
        ("1", "an object of type str"),
        (np.ones(2), "an object of type ndarray"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (10**400, "inf"),
        ((1.0, float("nan")), "nan"),
        ((1e308, 1e-308), "inf"),
        ((1.0, 2.0, 3.0), "an object of type tuple"),
        ((1.0, None), "an object of type NoneType"),
    ],
)
def test_what_is_no_value_is_refused_with_the_measures_name(found, told, run):
    with pytest.raises(MeasureFailed) as raised:
        returning(found).computed.whole(run)
    rule = "return a finite number, (numerator, denominator), or None where it is undefined"
    assert str(raised.value) == f"measure: `tried` must {rule} (got {told})"


def test_an_error_of_a_function_is_one_line_with_its_name_and_line(run):
    @measure(version="1", **TOLD)
    def failing(run):
        raise ValueError("no such\n  thing")

    line = failing.computed.function.__code__.co_firstlineno + 2
    with pytest.raises(MeasureFailed, match=rf"`failing` .* \(got ValueError: no such thing, line {line} of test_own\.py\)$"):
        failing.computed.whole(run)


@pytest.mark.parametrize(
    "change",
    [
        lambda run: run.members.got.sort(),
        lambda run: run.counts.fill(0),
        lambda run: run.there.fill(0),
        lambda run: run.ties.strength.fill(0.0),
        lambda run: run.state.tally.daily.fill(0),
        lambda run: run.shape.degrees.fill(0.0),
        lambda run: run.counted_by(1).fill(0),
    ],
)
def test_a_function_cannot_change_the_run(change, run):
    @measure(version="1", **TOLD)
    def careless(run):
        change(run)
        return 1.0

    with pytest.raises(MeasureFailed, match="read-only"):
        values(run, [careless])
    run.members.got[0] = 11  # once they are computed, it is as it was
    assert run.members.got.tolist() == [11, 20, 99, 6]


def test_what_is_left_out_has_sensible_values():
    ratio, function = ratio_of(), not_decorated
    assert (ratio.title, ratio.group, ratio.role, ratio.direction) == ("Filtered share", OWN, CONTEXT, NEITHER)
    assert (ratio.smallest_effect, ratio.window, ratio.variant_of) == (0.005, 0, "")
    assert (function.smallest_effect, function.window) == (0.0, 0)
    assert (function.title, function.definition) == ("At the switch", "Say how many were there at the switch.")
    windows = {Counter.INTENTS: 60, Counter.STRANGER_SENT_7: 7, Counter.OPENED_30: 30, Counter.RESPONSES: 30, Counter.NEW_TIES: 0}
    assert {one: ratio_of(denominator=one).window for one in windows} == windows
    assert ratio_of(denominator=Counter.INTENTS, window=3).window == 3
    assert ratio_of(window=10_000).window == 10_000
    assert {ratio.where, function.where, fullest_inbox.where} == {"test_own.py"}
    elsewhere = measure(name="elsewhere", unit="runs", definition="Made here of a function that is written elsewhere.")(accept_a_run)
    assert elsewhere.where == "own_measures.py"


def test_what_is_given_stands():
    one = ratio_of(title="Taken", role=GOAL, direction=HIGHER, smallest_effect=0, group=REACH, unit=" items ", definition="a\n  b")
    assert (one.title, one.role, one.direction, one.smallest_effect, one.group) == ("Taken", GOAL, HIGHER, 0.0, REACH)
    assert (one.unit, one.definition) == ("items", "a b")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": "2nd"}, "measure of one's own: `name` must be 1 to 60 letters, digits and _, a letter first (got '2nd')"),
        ({"name": "a b"}, "a letter first (got 'a b')"),
        ({"name": "x" * 61}, "`name` must be 1 to 60 letters"),
        ({"name": None}, "`name` must be 1 to 60 letters"),
        ({"name": "retention"}, "measure retention: `name` must be one that no shipped measure has (got that of 'Retention')"),
        ({"unit": ""}, 'measure filtered_share: `unit` must be given as a text on one line, without $, such as "share" (got nothing)'),
        ({"unit": 3}, "`unit` must be given as a text"),
        ({"unit": "US$"}, "without $"),
        ({"title": "a\nb"}, "`title` must be given as a text on one line"),
        (
            {"definition": None},
            '`definition` must be given as a text on one line, without $, such as "Share of members who ..." (got nothing)',
        ),
        ({"role": "gaol"}, "`role` must be one of goal, guardrail, context (got 'gaol'; did you mean 'goal'?)"),
        ({"direction": "up"}, "`direction` must be one of higher better, lower better, neither (got 'up')"),
        ({"group": "mine"}, "`group` must be one of response, spam load, reach, platform, own (got 'mine')"),
        ({"smallest_effect": -1}, "`smallest_effect` must be a number of 0 or more (got -1)"),
        ({"smallest_effect": float("nan")}, "`smallest_effect` must be"),
        ({"smallest_effect": float("inf")}, "`smallest_effect` must be a number of 0 or more (got inf)"),
        ({"scale": 0}, "`scale` must be a number above 0 (got 0)"),
        ({"window": 1.5}, "`window` must be whole days from 0 to 10000 (got 1.5)"),
        ({"window": -1}, "`window` must be whole days"),
        ({"window": 10_001}, "`window` must be whole days from 0 to 10000 (got 10001)"),
        ({"numerator": []}, "`numerator` must be counters, such as Counter.READ (got [])"),
        ({"numerator": None}, "`numerator` must be counters, such as Counter.READ (got nothing)"),
        ({"denominator": "read"}, "`denominator` must be counters, such as Counter.READ (got 'read')"),
        ({"denominator": [Counter.READ, Counter.READ]}, "`denominator` must have each counter once"),
        ({"purposes": []}, "`purposes` must be purposes, each once"),
        ({"version": ""}, "`version` must be a text such as \"1\" (got '')"),
        ({"version": 1}, "`version` must be a text"),
    ],
)
def test_what_a_measure_cannot_be_is_refused_with_its_name(given, told):
    with pytest.raises(BadInput, match=re.escape(told)) as raised:
        ratio_of(**given)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda run: 1.0, "`name` must be 1 to 60 letters, digits and _, a letter first (got '<lambda>')"),
        (3, "measure tried: `numerator` must be given with denominator, or a function be decorated (got an object of type int)"),
        (
            max,
            'measure tried: `version` must be given, such as version="1", for what is no plain function (got builtin_function_or_method)',
        ),
        (lambda: 1.0, "measure tried: `function` must take one argument, the finished run (got <lambda>())"),
        (lambda run, other: 1.0, "`function` must take one argument"),
        (lambda *, run: 1.0, "`function` must take one argument"),
    ],
)
def test_what_is_no_function_of_a_run_is_refused(function, told):
    name = None if "<lambda>')" in told else "tried"
    with pytest.raises(BadInput, match=re.escape(told)):
        measure(name=name, **TOLD)(function)


def test_a_generator_or_coroutine_is_refused():
    def many(run):
        yield 1.0

    async def later(run):
        return 1.0

    for function in (many, later):
        with pytest.raises(BadInput, match="`function` must return its value"):
            measure(**TOLD)(function)


def test_a_function_of_an_enclosing_ones_variables_needs_a_version(run):
    factor = 2

    def doubled(run):
        return factor * run.base

    with pytest.raises(BadInput, match=r"measure doubled: `version` must be given, .* \(got factor\)"):
        measure(**TOLD)(doubled)
    assert measure(version="1", **TOLD)(doubled).computed.whole(run).value == 6.0


def test_a_history_has_them_behind_the_shipped_ones_and_says_their_group():
    history = make_history(SCENARIO, 1, 1, state_by_hand(), {}, catalogue_of([fullest_inbox, ratio_of(group=REACH)]))
    assert list(history.measures)[-2:] == ["fullest_inbox", "filtered_share"]
    assert history.measures["fullest_inbox"].value == 99.0
    assert history.measures["filtered_share"] == Value(3.0, 12.0, 0.25)
    table = history.to_pandas("measures").set_index("measure")
    assert table.group[["fullest_inbox", "filtered_share"]].tolist() == [OWN, REACH]
    assert {key[2] for key in history.levels} >= {"filtered_share"}
    assert set(make_history(SCENARIO, 1, 1, state_by_hand(), {}).measures) == set(MEASURES)  # nothing stayed behind


def test_no_window_is_one_of_no_days_in_the_identity_too():
    """Which is what a ledger knows runs by: another text would have them all run again."""

    def identity(**window):
        return measure(name="one", unit="members", definition="One.", version="1", **window)(len).identity

    assert identity() == identity(window=0) == digest("function", "one", "0", "1.0", "version 1")
    assert identity(window=1) == digest("function", "one", "1", "1.0", "version 1")


def test_one_whose_window_is_too_long_is_left_out_with_a_line():
    catalogue = catalogue_of([ratio_of(window=70)])
    assert "filtered_share" not in make_history(SCENARIO, 1, 1, state_by_hand(), {}, catalogue).measures
    assert "Filtered share (filtered_share) is left out: it watches each item for 70 days" in catalogue.fitting(SCENARIO)[1][-1]


@pytest.mark.parametrize("one", [fullest_inbox, not_decorated], ids=lambda one: one.name)
def test_pickle_finds_the_function_of_a_module_again(one):
    assert pickle.loads(pickle.dumps(one)).computed.function is one.computed.function


@pytest.mark.parametrize("told", [measure, FinishedRun], ids=lambda told: told.__name__)
def test_the_example_of_its_docstring_is_so(told):
    (example,) = doctest.DocTestFinder(recurse=False).find(told, globs={})
    assert doctest.DocTestRunner().run(example) == doctest.TestResults(failed=0, attempted=len(example.examples))
    assert example.examples
