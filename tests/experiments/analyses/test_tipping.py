"""At which value of a number the winner changes: gone on with after an interruption, and one question a folder."""

from __future__ import annotations

import pytest

from experiments.analyses.tipping.analysis import LEAST_MEMBERS, LEAST_PLACES, chosen_range
from experiments.runs.ledger import Ledger
from experiments.space.factors import factor
from sim import load_scenario
from sim.errors import BadInput
from tests.helpers.analyses import TINY, held, status

WORDS = ["tipping", "reply.base", "--range", "-5", "0", *TINY]
REFUSED = [
    (
        ["tipping", "repply.base"],
        "`parameter` must be a parameter of the scenario such as reply.base or design.friction (got 'repply.base'; did you mean 'reply.base'?)",
    ),
    (["tipping", "design.primary"], "must be one in which the arms do not differ themselves (got design.primary: -1 and 1)"),
    (["tipping", "members"], "`--range` must be given for members, from 3 or more, such as --range 300 3000 (got none)"),
    (
        ["tipping", "members", "--range", "1", "500"],
        "`--range` must be given for members, from 3 or more, such as --range 300 3000 (got 1 500)",
    ),
    (["tipping", "reply.base", "--range", "0", "-1"], "`--range` must be LOW below HIGH within -6 to 2 of reply.base (got 0 -1)"),
    (["tipping", "reply.base", "--range", "-60", "0"], "`--range` must be LOW below HIGH within -6 to 2 of reply.base (got -60 0)"),
    (["tipping", "feed.length", "--range", "1", "2"], "`--range` must hold at least 4 values of feed.length, a whole number (got 1 2)"),
    (["tipping", "reply.base", "--days", "10"], "`--days` must be at least 61 for intent_success (got 10)"),
    (
        ["tipping", "reply.base", "--arms", "connect_first", "both_equal", "message_first"],
        "`--arms` must be two designs, such as connect_first message_first (got 3)",
    ),
    (["tipping", "reply.base", "--budget", "nan"], "`--budget` must be minutes above 0 (got nan)"),
    (["tipping", "reply.base", "--seed", "-1"], "`--seed` must be a whole number from 0 to 2**63 - 1 (got -1)"),
]


def small(_folder):
    return WORDS


@pytest.mark.slow
def test_an_interrupted_question_goes_on_to_the_same_bytes(tmp_path, monkeypatch):
    from experiments.analyses import time_budget as budget

    monkeypatch.setattr("experiments.analyses.tipping.analysis.LEAST", 40)  # else the clock decides how many pairs lie closer
    pace = 60.0 * 0.02 / 45
    monkeypatch.setattr(budget, "pace", lambda *_: pace)  # the pilot's times differ from run to run: what follows from them must not
    monkeypatch.setattr(budget.Budget, "left", lambda _self, _share=0.9: 1.2)  # nor may the clock cut here
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    assert status(*WORDS, "--out", whole) == 0
    from experiments.runs.scheduler import Session

    put, calls = Session._settle, [0]

    def settle(self, *args):
        calls[0] += 1
        if calls[0] == 9:
            raise KeyboardInterrupt
        return put(self, *args)

    monkeypatch.setattr(Session, "_settle", settle)
    assert status(*WORDS, "--out", torn) == 130
    with Ledger(torn / "ledger.sqlite", read_only=True) as book:
        assert 0 < len(book) < held(whole)[0]
    assert status(*WORDS, "--out", torn) == 0
    assert held(torn) == held(whole)


@pytest.mark.slow
def test_another_question_in_the_folder_is_refused(tmp_path, capsys):
    out = tmp_path / "out"
    assert status(*WORDS, "--out", out) == 0
    capsys.readouterr()
    other = ["tipping", "reply.base", "--range", "-4", "0", *TINY]
    assert status(*other, "--out", out) == 2
    assert "`--out` must be a new folder, one of the same plan, or left out" in capsys.readouterr().err


def test_the_range_is_the_schemas_unless_given():
    found = factor(load_scenario(), "reply.base")
    assert chosen_range(found, None) == (found.low, found.high)
    assert chosen_range(found, (-2.0, -1.0)) == (-2.0, -1.0)


@pytest.mark.parametrize(
    ("path", "given", "taken"),
    [
        ("members", (LEAST_MEMBERS, 300), True),
        ("members", (LEAST_MEMBERS - 1, 300), False),
        ("members", None, False),
        ("feed.length", (3, 3 + LEAST_PLACES - 1), True),
        ("feed.length", (3, 3 + LEAST_PLACES - 2), False),
        ("feed.length", (2.5, 3 + LEAST_PLACES - 1), True),
        ("reply.base", (-1.0, -1.0), False),
        ("reply.base", (-1.0, -0.999), True),
        ("reply.base", (-1.0, 1e6), False),
    ],
)
def test_a_range_is_within_the_schemas_and_has_places_enough(path, given, taken):
    found = factor(load_scenario(), path)
    if taken:
        assert chosen_range(found, given) == given
    else:
        with pytest.raises(BadInput, match="--range"):
            chosen_range(found, given)
