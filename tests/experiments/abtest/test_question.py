"""What is asked of a test: what cannot be answered is refused in one line, and a plan changes with all that it depends on."""

from __future__ import annotations

import dataclasses
import sys

import pytest

from experiments.abtest.question import draw_of, instrument, usual_reading
from experiments.abtest.schemes import SCHEMES
from sim import BadInput
from tests.experiments.abtest.worlds_of import ARMS, question


def test_a_question_that_can_be_answered_is_not_refused():
    question().check()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"share": 1.0}, "`--share` must be between 0 and 1 (got 1.0)"),
        (
            {"by": "viewr"},
            "`--by` must be one of viewer, profile, pair, industry, region, network, leiden, ego, switchback, switchback-day, ramp (got 'viewr'; did you",
        ),
        ({"estimator": "cluster"}, "must be, for tests by member, one of initiator with difference, initiator with cuped"),
        (
            {"by": "industry", "estimator": "cluster", "stratified": True},
            "`--stratified` must be left out unless arms are dealt out member by member (viewer, profile, pair, ramp) (got industry)",
        ),
        ({"credit": "item", "estimator": "cuped"}, "(got item with cuped)"),
        ({"scenario": {"days": 20}}, "`--days` must be at least 21"),
        ({"scenario": {"members": 2}}, "`--members` must be at least 3 for a test (got 2)"),
        ({"panels": (("bias", 1, ("viewer",)),)}, "`--replicates` must be at least 2 (got 1)"),
        ({"scenario": {"decision": {"better": ["partnrs"]}}}, "name measures of a test: partners, responses"),
    ],
)
def test_what_cannot_be_answered_is_refused(changes, words):
    with pytest.raises(BadInput) as found:
        question(**changes).check()
    assert words in str(found.value)


def test_limits_of_a_sender_cannot_be_tested_by_profile():
    q = question()
    scenario = q.scenario.with_(**{"designs.message_first.messages_a_day": 3.0})
    with pytest.raises(BadInput, match=r"be of viewers where the arms differ in limits of a sender \(messages_a_day\)"):
        dataclasses.replace(q, scenario=scenario).check()


def test_the_rule_is_the_scenarios_or_the_usual_one():
    assert (question().better, list(question().margins)) == ("partners", ["unwelcome", "retention"])
    own = question(scenario={"decision": {"better": ["responses"], "no_worse": {"unwelcome": 0.1}}})
    assert (own.better, own.margins) == ("responses", {"unwelcome": 0.1})


@pytest.mark.parametrize(
    "changes",
    [
        {"share": 0.4},
        {"seed": 2},
        {"draws": 3},
        {"stratified": True},
        {"by": "industry"},
        {"scenario": {"days": 36}},
        {"scenario": {"decision": {"better": ["responses"]}}},
    ],
)
def test_a_plan_changes_with_what_is_asked(changes):
    assert question(**changes).plan()["plan"] != question().plan()["plan"]
    assert question().plan() == question().plan()


def test_arms_are_dealt_out_anew_in_each_population_and_draw():
    assert len({draw_of(seed, k) for seed in range(20) for k in range(3)}) == 60
    one, other = question().tests(question().panels[0], "viewer", 5)
    assert one.design_draw != other.design_draw
    assert set(one.design_shares) == set(ARMS)


def test_every_scheme_has_a_usual_reading():
    assert {usual_reading(name)[0] for name in SCHEMES} == {"initiator", "recipient", "item"}
    assert len(instrument()) == 16


def test_leiden_needs_its_package(monkeypatch):
    question(by="leiden", estimator="cluster").check()
    monkeypatch.setitem(sys.modules, "igraph", None)
    with pytest.raises(BadInput, match=r"igraph is not installed: pip install 'firstcontact\[communities\]' installs it"):
        question(by="leiden", estimator="cluster").check()


def test_panels_have_their_parts():
    q = question(panels=(("bias", 2, ("viewer",)), ("tests", 3, ("viewer",)), ("check", 2, ("viewer",))))
    assert (q.main.name, q.rates.name, q.worlds) == ("bias", "tests", [])
    assert question().rates.name == "bias"
    at = q.main._replace(name="world 4", at=(("reply.base", -3.0),))
    more = dataclasses.replace(q, panels=(*q.panels, at))
    assert more.worlds == [at]
    assert more.base(at).reply.base == -3.0
    assert more.base(q.main).reply.base != -3.0
