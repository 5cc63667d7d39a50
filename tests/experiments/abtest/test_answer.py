"""The answer in words: what a test shows, why it is wrong, how often it misleads, and what cannot be estimated."""

from __future__ import annotations

import dataclasses

import pandas as pd

from experiments.abtest import run
from experiments.abtest.answer import answer, lift
from experiments.abtest.power import Checked
from sim import load_scenario
from tests.experiments.abtest.test_findings import ONES, found_of
from tests.experiments.abtest.worlds_of import SMALL


def test_the_answer_says_what_a_test_shows_and_why(found):
    first, second, *rest = found.answer
    assert first.startswith("Randomised by member for 15 days, credited to the initiator, by difference in means, a test would show ")
    assert "is attribution and" in second
    assert any("contains the effect of launching in" in line for line in rest)
    assert any("By the rule (better in two-way partners and not worse in unwelcome items and retention)" in line for line in rest)
    assert found.question == "What would an A/B test of message-first against connect-first have shown?"


def test_effects_are_told_in_per_cent_of_the_control():
    row = pd.Series({"control": 2.0})
    assert (lift(0.1, row), lift(-3.0, row)) == ("+5.0%", "-150%")


def test_what_cannot_be_estimated_is_said(found):
    other = run.abtest(load_scenario(**SMALL), by="switchback", replicates=2, tests=0, assignments=2, workers=1, quiet=True)
    assert "a test cannot estimate two-way partners" in other.answer[0]
    assert any("such a test cannot decide: partners, unwelcome, retention cannot be estimated" in line for line in answer(other.found))


def test_a_bias_is_only_claimed_where_it_is_shown():
    assert answer(found_of(ONES))[1].startswith("Of the difference of +15 points (95% confidence interval ")
    none = [{"effect": 0.4 + x, "undisturbed": 0.5, "launch": 0.4} for x in (-0.1, 0.02, 0.1)]
    assert answer(found_of(none))[1].startswith("That it is wrong is not shown: it differs by ")


def test_a_part_that_is_less_than_a_hundredth_of_the_whole_is_said_in_words():
    def told(attribution):
        return answer(found_of([{**one, "expected": 0.4 + attribution} for one in ONES]))[1]

    assert "of which less than a hundredth is attribution and +6 points" in told(0.0013)  # of 0.1313, beside a control of 2
    assert "less than a hundredth" not in told(0.0014)  # of 0.1314


def test_how_the_law_holds_at_the_third_size_is_said(monkeypatch):
    monkeypatch.setattr("experiments.abtest.answer.members_needed", lambda *_: (5432.0, 4))
    f = found_of(ONES)
    monkeypatch.setattr("experiments.abtest.answer.check_of", lambda *_: None)
    f = dataclasses.replace(f, weeks=pd.DataFrame({"scheme": ["viewer"], "members": [100]}))
    assert answer(f)[-1].endswith("about 5,400 members for 4 weeks, if its spread falls with the root of the members.")
    monkeypatch.setattr("experiments.abtest.answer.check_of", lambda *_: Checked(1000, 4, 1.1, 0.9, 1.3))
    told = "Checked at 1,000 members, the spread is 1.10 times what it should be (95% confidence interval 0.90 to 1.30)."
    assert answer(f)[-1].endswith(told)
