"""What a member's decisions may return: codes by name, the old codes with a warning, nothing else."""

from __future__ import annotations

import pytest

from sim import Outcome
from sim.agents.answers import decided
from sim.decisions.inbox import ANSWERS, INVITATION_ANSWERS


@pytest.mark.parametrize("code", [Outcome.ACCEPTED, int(Outcome.ACCEPTED)])
def test_an_enum_or_its_number_is_taken_as_a_plain_code(code):
    found = decided("decide_invitation", code, INVITATION_ANSWERS)
    assert found == Outcome.ACCEPTED
    assert type(found) is int


@pytest.mark.parametrize(
    ("decision", "possible", "expected"),
    [
        ("decide_reply", ANSWERS, [Outcome.ANSWERED, Outcome.REFUSED_POLITELY, Outcome.READ]),
        ("decide_invitation", INVITATION_ANSWERS, [Outcome.ACCEPTED, Outcome.OBLIGED, Outcome.LEFT, Outcome.DECLINED, Outcome.DONT_KNOW]),
    ],
)
def test_the_old_codes_are_taken_with_a_warning(decision, possible, expected):
    for old, now in enumerate(expected):
        with pytest.warns(DeprecationWarning, match=f"{old} is taken for Outcome.{now.name}"):
            assert decided(decision, old, possible) == now


@pytest.mark.parametrize("wrong", [None, -1, 3, Outcome.ACCEPTED, "answered"])
def test_anything_else_is_refused(wrong):
    with pytest.raises(
        ValueError, match=r"`decide_reply` must return one of Outcome.ANSWERED, Outcome.REFUSED_POLITELY, Outcome.READ \(got "
    ):
        decided("decide_reply", wrong, ANSWERS)
