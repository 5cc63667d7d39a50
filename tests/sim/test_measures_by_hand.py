"""Measures against their definitions, by both engines, on days that are made by hand."""

from __future__ import annotations

import pytest

from sim import Button, Distance, Kind, Purpose
from sim.scenario.template import parameter_table
from tests.helpers.by_hand import ENGINES, SURE, scene

STRANGER, CONNECTED = Distance.STRANGER, Distance.CONNECTED


def over(history, measure):
    """Return (numerator, denominator) of a measure."""
    return history.measures[measure][:2]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_message_and_its_follow_up_are_answered_once(engine):
    """The follow-up is read and answered first, the message a day later: read only. A credit comes back once, the volume rises once."""
    life = engine(scene(**{"design.credits_a_month": 5.0, "design.credit_refund": 1.0, "learning.volume_reply": 0.1}))
    life.member(1).receptiveness = SURE
    life.member(0).credits_used, volume = 3.0, life.member(0).volume
    life.day([(0, 1, Kind.MESSAGE, Purpose.INQUIRY, STRANGER)])
    life.day([(0, 1, Kind.FOLLOW_UP, Purpose.INQUIRY, STRANGER)], readers=[1])
    life.day(readers=[1])
    assert life.member(0).credits_used == 2.0
    assert life.member(0).volume == pytest.approx(1.1 * volume)
    history = life.history()
    events = history.to_pandas("events")
    assert events.loc[events.sender == 0, ["kind", "outcome"]].to_numpy().tolist() == [["message", "read"], ["follow-up", "answered"]]
    assert over(history, "stranger_reply_rate_30") == (1.0, 1.0)
    assert over(history, "conversations") == (1.0, 4.0)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_answer_to_another_message_closes_no_thread(engine):
    """Two messages of one sender, unread both: each has a thread, and each is answered."""
    life = engine(scene())
    life.member(1).receptiveness = SURE
    life.day([(0, 1, Kind.MESSAGE, Purpose.INQUIRY, STRANGER)])
    life.day([(0, 1, Kind.MESSAGE, Purpose.INQUIRY, STRANGER)], readers=[1])
    life.day(readers=[1])
    life.day()
    history = life.history()
    assert over(history, "stranger_reply_rate_30") == (2.0, 2.0)
    assert over(history, "conversations") == (2.0, 4.0)


def crossed(life):
    """Let members 0 and 1 connect by invitations that cross."""
    life.day([(0, 1, Kind.INVITATION, Purpose.RELATIONSHIP, STRANGER), (1, 0, Kind.INVITATION, Purpose.RELATIONSHIP, STRANGER)])


@pytest.mark.parametrize("engine", ENGINES)
def test_an_answer_to_a_follow_up_after_connecting_counts_for_the_strangers_message(engine):
    """It went out before they connected and is answered through its follow-up, which went out after: credit and rate are the message's."""
    life = engine(scene(**{"design.credits_a_month": 5.0, "design.credit_refund": 1.0}))
    life.member(1).receptiveness = SURE
    life.member(0).credits_used = 3.0
    life.day([(0, 1, Kind.MESSAGE, Purpose.INQUIRY, STRANGER)])
    crossed(life)
    life.day([(0, 1, Kind.FOLLOW_UP, Purpose.INQUIRY, CONNECTED)], readers=[1])
    assert life.member(0).credits_used == 2.0
    history = life.history()
    assert over(history, "stranger_reply_rate_30") == (1.0, 1.0)
    assert history.levels["distance", "stranger", "stranger_reply_rate_30"][:2] == (1.0, 1.0)
    assert ("distance", "connected", "stranger_reply_rate_30") not in history.levels


@pytest.mark.parametrize("engine", ENGINES)
def test_an_answer_to_a_follow_up_of_a_connections_message_counts_for_no_stranger(engine):
    """They had connected before, and part again before the follow-up goes out."""
    life = engine(scene(**{"design.credits_a_month": 5.0, "design.credit_refund": 1.0}))
    life.member(1).receptiveness = SURE
    life.member(0).credits_used = 3.0
    crossed(life)
    life.day([(0, 1, Kind.MESSAGE, Purpose.INQUIRY, CONNECTED)])
    life.day([(0, 1, Kind.FOLLOW_UP, Purpose.INQUIRY, STRANGER)], readers=[1])
    assert life.member(0).credits_used == 3.0
    assert over(life.history(), "stranger_reply_rate_30") == (0.0, 0.0)
    assert over(life.history(), "conversations") == (1.0, 4.0)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("pitches", "writes"), [(0, 1), (1, 0)])
def test_a_pitch_and_a_message_that_cross_are_an_exchange_whichever_id_is_smaller(engine, pitches, writes):
    life = engine(scene())
    crossed(life)
    life.day([(pitches, writes, Kind.PITCH, Purpose.PROMOTION, CONNECTED), (writes, pitches, Kind.MESSAGE, Purpose.INQUIRY, CONNECTED)])
    assert over(life.history(), "partners") == (2.0, 4.0)  # each is the other's
    life.day(
        [(pitches, writes, Kind.FOLLOW_UP, Purpose.PROMOTION, CONNECTED), (writes, pitches, Kind.FOLLOW_UP, Purpose.INQUIRY, CONNECTED)]
    )
    assert life.history().ties["exchanges"].tolist() == [1]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 0)])
def test_a_pitch_that_meets_a_message_of_the_day_before_is_no_exchange(engine, first, second):
    life = engine(scene())
    crossed(life)
    life.day([(first, second, Kind.MESSAGE, Purpose.INQUIRY, CONNECTED)])
    life.day([(second, first, Kind.PITCH, Purpose.PROMOTION, CONNECTED)])
    assert over(life.history(), "partners") == (0.0, 4.0)


def banned_and_back(life, i):
    """Let a member be banned this evening and come back."""
    life.report(i, 10.0)
    life.day()
    assert life.member(i).back_day < 10
    life.day()
    life.day()
    assert life.member(i).account == 2


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("banned", [0, 1])
def test_who_was_banned_and_is_back_is_the_same_partner(engine, banned):
    life = engine(scene(**{"moderation.return_days": 1.0}))
    life.member(1).receptiveness = SURE
    for _ in range(2):
        life.day([(0, 1, Kind.MESSAGE, Purpose.INQUIRY, STRANGER)], readers=[1])
        if life.member(banned).account == 1:
            banned_and_back(life, banned)
    assert over(life.history(), "conversations") == (2.0, 4.0)
    assert over(life.history(), "partners") == (2.0, 4.0)  # each is the other's
    assert over(life.history(), "far_partners") == (2.0, 4.0)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_exchange_before_the_switch_makes_no_partner_of_a_new_account_either(engine):
    """It is their first since the switch that counts."""
    life = engine(scene(**{"moderation.return_days": 1.0}))
    life.member(1).receptiveness = SURE
    life.clock[0] = 1
    life.day([(0, 1, Kind.MESSAGE, Purpose.INQUIRY, STRANGER)], readers=[1])
    banned_and_back(life, 0)
    assert over(life.history(), "partners") == (0.0, 4.0)
    life.day([(0, 1, Kind.MESSAGE, Purpose.INQUIRY, STRANGER)], readers=[1])
    assert over(life.history(), "partners") == (2.0, 4.0)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("writes_again", [False, True])
def test_an_intent_counts_what_the_person_answered_under_an_earlier_account(engine, writes_again):
    """An inquiry is answered on its day; on a later day the relationship has an exchange; then the other is banned and comes back."""
    life = engine(scene(**{"moderation.return_days": 1.0}))
    life.member(1).receptiveness = SURE
    wanted = [(0, 1, 0, purpose, STRANGER, Button.PRESS_MESSAGE) for purpose in (Purpose.INQUIRY, Purpose.RELATIONSHIP)]
    life.day([(0, 1, Kind.MESSAGE, Purpose.INQUIRY, STRANGER)], readers=[1], intents=wanted)
    banned_and_back(life, 1)
    life.day([(0, 1, Kind.MESSAGE, Purpose.INQUIRY, STRANGER)] if writes_again else [])
    for _ in range(60):
        life.day()
    history = life.history()
    assert over(history, "inquiry_success") == (1.0, 1.0)
    assert over(history, "relationship_success") == (1.0, 1.0)
    assert over(history, "success_two_exchanges") == (0.0, 2.0)
    assert over(history, "successes_per_member") == (2.0, 4.0)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_intent_counts_no_exchange_from_before_it_under_any_account(engine):
    life = engine(scene(**{"moderation.return_days": 1.0}))
    life.member(1).receptiveness = SURE
    life.day([(0, 1, Kind.MESSAGE, Purpose.INQUIRY, STRANGER)], readers=[1])
    banned_and_back(life, 1)
    life.day(
        [(0, 1, Kind.MESSAGE, Purpose.RELATIONSHIP, STRANGER)], intents=[(0, 1, 1, Purpose.RELATIONSHIP, STRANGER, Button.PRESS_MESSAGE)]
    )
    life.day(readers=[1])
    for _ in range(60):
        life.day()
    history = life.history()
    assert over(history, "relationship_success") == (1.0, 1.0)
    assert over(history, "success_two_exchanges") == (0.0, 1.0)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_cap_on_connections_limits_asking_alone(engine):
    """Two invitations are on their way to a member who may have one connection: both are accepted."""
    life = engine(scene(**{"design.connection_cap": 1.0, "attention.budget": 5.0}))
    life.member(1).selectivity = -SURE
    life.day([(0, 1, Kind.INVITATION, Purpose.RELATIONSHIP, STRANGER), (2, 1, Kind.INVITATION, Purpose.RELATIONSHIP, STRANGER)])
    life.day(readers=[1])
    assert life.history().to_pandas("members").degree.tolist() == [1, 2, 1, 0]
    unit = next(row["unit"] for row in parameter_table() if (row["section"], row["name"]) == ("design", "connection_cap"))
    assert "still be accepted" in unit


@pytest.mark.parametrize("engine", ENGINES)
def test_partners_are_distant_by_the_approach_and_not_by_a_later_message(engine):
    """The approach went out beyond two hops; a second message, which is answered, over a connection in common."""
    life = engine(scene(**{"attention.sink_message": 1.0}))
    life.member(1).receptiveness = SURE
    life.day([(0, 1, Kind.MESSAGE, Purpose.INQUIRY, STRANGER)])
    life.day()
    life.day([(0, 1, Kind.MESSAGE, Purpose.INQUIRY, Distance.SECOND_DEGREE)], readers=[1])
    assert over(life.history(), "partners") == (2.0, 4.0)
    assert over(life.history(), "far_partners") == (2.0, 4.0)


@pytest.mark.parametrize("engine", ENGINES)
def test_each_of_two_approaches_that_cross_is_answered_on_its_own(engine):
    """Both count as answered once somebody answers, though crossing was an exchange before."""
    life = engine(scene(**{"attention.budget": 5.0}))
    life.member(0).receptiveness = life.member(1).receptiveness = SURE
    life.day([(0, 1, Kind.MESSAGE, Purpose.INQUIRY, STRANGER), (1, 0, Kind.MESSAGE, Purpose.INQUIRY, STRANGER)])
    assert over(life.history(), "positive_to_messages") == (0.0, 2.0)
    life.day(readers=[1])
    life.day(readers=[0])
    assert over(life.history(), "positive_to_messages") == (2.0, 2.0)
    assert over(life.history(), "days_to_first_response") == (1.0 + 2.0, 2.0)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_answer_to_an_old_message_is_none_to_the_opening_after_acceptance(engine):
    """A message waits while the two connect; it is answered, the opening that followed is not."""
    life = engine(scene(**{"attention.budget": 5.0, "invitation.obligation": 0.0}))
    life.member(1).receptiveness, life.member(1).selectivity = SURE, -SURE
    life.day([(0, 1, Kind.INVITATION, Purpose.RELATIONSHIP, STRANGER)], readers=[1])
    life.day([(0, 1, Kind.MESSAGE, Purpose.RELATIONSHIP, CONNECTED)])
    life.day([(0, 1, Kind.MESSAGE, Purpose.RELATIONSHIP, CONNECTED)], readers=[1])
    assert over(life.history(), "reply_after_acceptance") == (1.0, 1.0)
    life.day(readers=[1])
    assert over(life.history(), "reply_after_acceptance") == (1.0, 1.0)
    assert over(life.history(), "conversations") == (1.0, 4.0)  # the second was read on the same day, and one answer a day is written


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("reads", [0, 1])
def test_a_connection_by_crossing_invitations_counts_when_it_is_made_whoever_reads(engine, reads):
    life = engine(scene())
    crossed(life)
    assert over(life.history(), "closing_ties") == (0.0, 1.0)
    life.day(readers=[reads])
    assert over(life.history(), "closing_ties") == (0.0, 1.0)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("answers", [0, 1])
def test_two_openings_on_one_day_are_both_the_first(engine, answers):
    """Whichever id is smaller, and whoever answers: one of two is answered."""
    life = engine(scene())
    life.member(answers).receptiveness = SURE
    crossed(life)
    life.day([(0, 1, Kind.MESSAGE, Purpose.INQUIRY, CONNECTED), (1, 0, Kind.PITCH, Purpose.PROMOTION, CONNECTED)], readers=[answers])
    assert over(life.history(), "reply_after_acceptance") == (1.0, 2.0)
    life.day([(1 - answers, answers, Kind.MESSAGE, Purpose.INQUIRY, CONNECTED)], readers=[answers])
    assert over(life.history(), "reply_after_acceptance") == (1.0, 2.0)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_reported_while_somebody_was_banned_counts_on_the_day_of_return(engine):
    """Strikes wait with the person until the new account is there, which is then restricted at once."""
    life = engine(scene(**{"moderation.return_days": 2.0, "moderation.restriction": 3.0, "moderation.ban": 9.0}))
    life.report(1, 9.0)
    life.day()
    assert life.member(1).back_day == 2
    life.report(1, 3.0)
    life.day()
    assert life.member(1).strikes == 9.0
    life.day()
    assert (life.member(1).account, life.member(1).strikes, life.member(1).strikes_today) == (2, 3.0, 0.0)
    assert life.member(1).restricted_until > 2
