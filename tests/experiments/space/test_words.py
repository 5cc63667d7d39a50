"""Parameters in words: each has some, none is named twice, and units are told without abbreviations."""

from __future__ import annotations

import re

import pytest

from experiments.space.factors import factors
from experiments.space.words import _table, as_chance, axis_in_words, in_words, named_in_words, unit_in_words
from sim import load_scenario

EVERY = factors(load_scenario("baseline"))


def test_every_parameter_has_words_of_its_own():
    told = {path: in_words(one) for path, one in EVERY.items()}
    assert len(set(told.values())) == len(told) > 500
    for words in told.values():
        assert re.match(r"(the|how|which|whether) \S", words)
        assert "_" not in words
        assert "{" not in words


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("reply.base", -2.9, ", a chance of 5.2%"),  # 1 / (1 + e^2.9)
        ("reply.base", 0.0, ", a chance of 50%"),
        ("reply.connected", 1.1, ""),  # an effect, no chance
        ("design.friction", 0.0, ""),
    ],
)
def test_a_base_value_in_log_odds_is_told_as_a_chance(path, value, told):
    assert as_chance(EVERY[path], value) == told


def test_no_words_are_for_a_parameter_that_is_not_there():
    known = {"members", "style_shares.*"} | {re.sub(r"^styles\.\w+\.", "styles.", path) for path in EVERY}
    listed = {f"{head}.{name}" for head, table in _table().items() if isinstance(table, dict) for name in table} | {"members"}
    assert listed - known == set()


@pytest.mark.parametrize(
    ("path", "words", "unit"),
    [
        ("members", "the number of members at the start", "members at the start"),
        ("reply.connected", "the effect of being connected on replies", "log-odds"),
        ("reply.quality", "the effect of quality on replies", "log-odds per standard deviation"),
        ("reply.load", "the effect of a full inbox on replies", "log-odds each time it grows 2.7-fold"),
        ("styles.bulk_sender.intents", "how often bulk senders want something of others", "intents a session"),
        ("style_shares.job_seeker", "the share of job seekers among members", "weight among 1"),
    ],
)
def test_words_are_those_of_people(path, words, unit):
    one = EVERY[path]
    assert (in_words(one), unit_in_words(one)) == (words, unit)
    assert named_in_words(one) == f"{words} ({path})"
    assert axis_in_words(one) == f"{words} ({path}), {unit}"
