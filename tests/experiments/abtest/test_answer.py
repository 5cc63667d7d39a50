"""The answer in words: what a test shows, why it is wrong, how often it misleads, and what cannot be estimated."""

from __future__ import annotations

import pandas as pd

from experiments.abtest import run
from experiments.abtest.answer import answer, lift
from sim import load_scenario
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
