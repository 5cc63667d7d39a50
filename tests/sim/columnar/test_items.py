"""An item written into a row: what it says of itself, and what an invitation leaves empty."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim import load_scenario
from sim.columnar.bundles import ITEMS, Draft
from sim.columnar.items import contacted_today, write_item
from sim.decisions.codes import Distance, Kind, Outcome, Purpose, Surface, Violation
from sim.decisions.constants import NEVER, NO_CREDITS, UNSEEN
from sim.randomness import COMPOSE
from sim.state.columns import ITEM, MEMBER, REPORTED
from sim.state.memory import table

BOOK = load_scenario("baseline").namespaces()


def written(kind, *, violating=0.0, day=12):
    out = SimpleNamespace(items=table(ITEM, 4), sizes=np.zeros(8, np.int64))
    out.items.unwelcome, out.items.complaint, out.items.row, out.items.outcome = 1, REPORTED, 7, Outcome.SUNK  # of the day before
    members = table(MEMBER, 10)
    members.violating = violating
    with np.errstate(over="ignore"):
        draft = Draft(
            address=COMPOSE, kind=kind, purpose=Purpose.PROMOTION, distance=Distance.SECOND_DEGREE, mutual=5, follow=2, unheeded=1, turn=3
        )
        write_item(BOOK.rules[0], BOOK.styles[0], members, out, SimpleNamespace(seed=3, day=day), 4, 9, draft=draft, first=0)
    return out


def test_a_row_is_written_whole_over_what_stood_there():
    out = written(Kind.MESSAGE)
    item = out.items[0]
    assert out.sizes[ITEMS] == 1
    assert (item.sender, item.recipient, item.sent, item.id) == (4, 9, 12, -1)
    assert (item.kind, item.purpose, item.distance, item.mutual, item.follow, item.unheeded) == (
        Kind.MESSAGE,
        Purpose.PROMOTION,
        Distance.SECOND_DEGREE,
        5,
        2,
        1,
    )
    assert (item.outcome, item.unwelcome, item.complaint, item.row, item.note_answered) == (Outcome.WAITING, 0, 0, 0, 0)
    assert item.violation == Violation.NO_VIOLATION  # a member who keeps none
    assert item.length > 0.0
    assert (item.turn, item.place, item.surface, item.due) == (3, 0, Surface.PROFILE, NEVER)
    assert (item.seen, item.credits) == (UNSEEN, NO_CREDITS)


def test_an_invitation_says_nothing_and_one_with_a_note_does():
    bare, note = written(Kind.INVITATION).items[0], written(Kind.NOTE).items[0]
    assert (bare.quality, bare.length, bare.thanks) == (0.0, 0.0, 0.5)
    assert note.length > 0.0


def test_the_same_address_writes_the_same_words_and_another_day_others():
    assert written(Kind.MESSAGE).items[0].length == written(Kind.MESSAGE).items[0].length
    assert written(Kind.MESSAGE).items[0].length != written(Kind.MESSAGE, day=13).items[0].length


@pytest.mark.parametrize(("first", "j", "there"), [(0, 7, True), (1, 7, False), (1, 8, True), (0, 9, False)])
def test_who_was_written_to_is_known_from_a_place_on(first, j, there):
    out = SimpleNamespace(items=table(ITEM, 4), sizes=np.zeros(8, np.int64))
    out.items.recipient[:3] = [7, 8, 9]
    out.sizes[ITEMS] = 2  # the third is not written yet
    assert contacted_today(out, first, j) == there
