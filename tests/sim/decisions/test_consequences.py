"""What experience teaches and what fades, worked out by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from sim.decisions import consequences

RULES = SimpleNamespace(
    tie_half_life=30.0,
    learning_annoyance_half_life=14.0,
    unwelcome_annoyance=1.0,
    learning_apology=0.5,
    learning_load_half_life=7.0,
    learning_reputation_half_life=60.0,
    feed_reputation=0.2,
    learning_volume_reply=0.01,
    learning_volume_restriction=0.5,
    learning_personalise=0.1,
    learning_opt_back_days=90.0,
    population_leaving=0.01,
    population_abandoning=0.05,
    learning_leaving_annoyance=0.002,
    learning_opt_out=0.01,
    thread_off_platform=0.1,
    thread_meeting=0.1,
    thread_collaboration=0.1,
    thread_deal=0.1,
    thread_cross_industry=2.0,
)


def test_ties_halve_and_grow():
    assert consequences.strengthened(RULES, 1.0, 30, 0.25) == pytest.approx(0.75)
    assert consequences.strengthened(RULES, 1.0, 0, 0.25) == 1.25


def test_annoyance_halves_then_grows_and_an_apology_takes_part_of_it():
    assert consequences.annoyance_after(RULES, 4.0, 14) == pytest.approx(2.0)
    assert consequences.annoyed(RULES, 4.0, 14) == pytest.approx(3.0)
    assert consequences.appeased(RULES, 4.0, 14) == pytest.approx(1.0)


def test_a_steady_item_a_day_is_a_load_of_about_one():
    load = 0.0
    for _ in range(400):
        load = consequences.load_with_item(RULES, load, 1)
    per_item = math.log(2.0) / 7.0
    assert load == pytest.approx(per_item / (1.0 - 0.5 ** (1.0 / 7.0)))  # the sum of the geometric series
    assert 0.95 < load < 1.06
    assert consequences.load_after(RULES, 1.0, 7) == pytest.approx(0.5)


def test_the_record_of_invitations_fades_as_load_does():
    assert consequences.invitations_after(RULES, 8.0, 7) == pytest.approx(4.0)
    assert consequences.invitations_with_one(RULES, 8.0, 7) == pytest.approx(5.0)


def test_reputation_is_lost_by_being_unfollowed_and_comes_back():
    assert consequences.reputation_after(RULES, 0.4, 60) == pytest.approx(0.2)
    assert consequences.reputation_after_unfollow(RULES, 0.4, 60) == pytest.approx(0.4)


def test_volume_stays_within_a_quarter_and_twice():
    assert consequences.volume_after_reply(RULES, 1.0) == pytest.approx(1.01)
    assert consequences.volume_after_reply(RULES, 2.0) == 2.0
    assert consequences.volume_after_restriction(RULES, 1.0, 1.0) == 0.5
    assert consequences.volume_after_restriction(RULES, 0.3, 1.0) == 0.25
    assert consequences.volume_after_restriction(RULES, 1.0, 0.0) == 1.0


def test_a_restriction_teaches_personalising_up_to_one():
    assert consequences.personal_after_restriction(RULES, 0.2, 0.5) == pytest.approx(0.25)
    assert consequences.personal_after_restriction(RULES, 0.95, 1.0) == 1.0


def test_annoyance_makes_members_leave_or_close_their_inbox():
    assert consequences.leaves(RULES, 5.0, False, 0.0199)
    assert not consequences.leaves(RULES, 5.0, False, 0.0201)
    assert consequences.leaves(RULES, 5.0, True, 0.0699)  # the quiet give their account up, too
    assert not consequences.leaves(RULES, 5.0, True, 0.0701)
    assert consequences.opts_out(RULES, 5.0, 0.0499)
    assert not consequences.opts_out(RULES, 5.0, 0.0501)
    assert not consequences.opts_out(RULES, 0.0, 0.0)
    assert consequences.opt_out_end(RULES, 10) == 100


@pytest.mark.parametrize(
    ("u", "one_region", "bridging", "expected"),
    [
        (0.09, True, False, consequences.OFF_PLATFORM),
        (0.11, True, False, consequences.MEETING),
        (0.11, False, False, consequences.COLLABORATION),
        (0.21, True, False, consequences.COLLABORATION),
        (0.31, True, False, consequences.DEAL),
        (0.41, True, False, consequences.NOTHING),
        (0.41, True, True, consequences.DEAL),
        (0.59, True, True, consequences.DEAL),
        (0.61, True, True, consequences.NOTHING),
    ],
)
def test_one_draw_is_cut_into_what_an_exchange_leads_to(u, one_region, bridging, expected):
    assert consequences.exchange_outcome(RULES, one_region, bridging, u) == expected


EIGHTHS = SimpleNamespace(
    thread_off_platform=0.125,
    thread_meeting=0.25,
    thread_collaboration=0.125,
    thread_deal=0.0625,
    thread_cross_industry=2.0,
)


@pytest.mark.parametrize(
    ("u", "one_region", "bridging", "expected"),  # a draw on a cut belongs to what comes after it
    [
        (0.125, True, False, consequences.MEETING),
        (0.125, False, False, consequences.COLLABORATION),
        (0.375, True, False, consequences.COLLABORATION),  # 0.125 + 0.25
        (0.5, True, False, consequences.DEAL),  # + 0.125
        (0.5625, True, False, consequences.NOTHING),  # + 0.0625
        (0.5, True, True, consequences.COLLABORATION),
        (0.625, True, True, consequences.DEAL),  # 0.375 + 2 * 0.125
        (0.75, True, True, consequences.NOTHING),  # + 2 * 0.0625
        (0.3125, False, False, consequences.NOTHING),
    ],
)
def test_cuts_of_the_draw_for_what_an_exchange_leads_to(u, one_region, bridging, expected):
    assert consequences.exchange_outcome(EIGHTHS, one_region, bridging, u) == expected


def test_half_lives_are_those_of_the_rules():
    assert consequences.strengthened(RULES, 4.0, 60, 0.5) == pytest.approx(1.5)  # two half-lives
    assert consequences.annoyance_after(RULES, 4.0, 28) == pytest.approx(1.0)
    assert consequences.load_after(RULES, 4.0, 21) == pytest.approx(0.5)
    assert consequences.invitations_after(RULES, 8.0, 21) == pytest.approx(1.0)
    assert consequences.reputation_after(RULES, 0.4, 120) == pytest.approx(0.1)


def test_chances_a_day_on_their_cuts():
    rules = SimpleNamespace(population_leaving=0.25, population_abandoning=0.125, learning_leaving_annoyance=0.0625, learning_opt_out=0.125)
    assert consequences.leaves(rules, 4.0, False, math.nextafter(0.5, 0.0))  # 0.25 + 4 * 0.0625
    assert not consequences.leaves(rules, 4.0, False, 0.5)
    assert consequences.leaves(rules, 4.0, True, math.nextafter(0.625, 0.0))  # and 0.125 of the quiet
    assert not consequences.leaves(rules, 4.0, True, 0.625)
    assert consequences.opts_out(rules, 4.0, math.nextafter(0.5, 0.0))
    assert not consequences.opts_out(rules, 4.0, 0.5)


def test_an_item_weighs_ln_2_by_the_half_life():
    assert consequences.load_with_item(RULES, 0.0, 5) == pytest.approx(math.log(2.0) / 7.0)
    assert consequences.load_with_item(RULES, 2.0, 7) == pytest.approx(1.0 + math.log(2.0) / 7.0)


def test_volume_at_its_bounds_and_by_how_much_a_member_adjusts():
    assert consequences.volume_after_reply(RULES, 1.99) == 2.0  # 1.99 * 1.01 is more
    assert consequences.volume_after_reply(RULES, 0.2) == 0.25
    assert consequences.volume_after_restriction(RULES, 1.0, 0.5) == 0.75  # 1 - 0.5 * 0.5
    assert consequences.volume_after_restriction(RULES, 3.0, 0.0) == 2.0
    assert (consequences.LEAST_VOLUME, consequences.MOST_VOLUME, consequences.MOST_PERSONAL) == (0.25, 2.0, 1.0)


def test_members_go_quiet_and_come_back():
    rules = SimpleNamespace(population_quieting=0.125, learning_quieting_annoyance=0.0625, population_returning=0.25)
    assert consequences.goes_quiet(rules, 0.0, math.nextafter(0.125, 0.0))
    assert not consequences.goes_quiet(rules, 0.0, 0.125)
    assert consequences.goes_quiet(rules, 2.0, math.nextafter(0.25, 0.0))  # the annoyed sooner
    assert not consequences.goes_quiet(rules, 2.0, 0.25)
    assert consequences.is_back(rules, math.nextafter(0.25, 0.0))
    assert not consequences.is_back(rules, 0.25)


def test_the_share_who_are_quiet_where_it_stays_the_same():
    still = {"population_turnover": 0.0, "population_growth": 0.0, "population_abandoning": 0.0}
    share = consequences.quiet_share(SimpleNamespace(population_quieting=0.001, population_returning=0.003, **still))
    assert share == pytest.approx(0.25)
    assert share * 0.003 == pytest.approx((1.0 - share) * 0.001)  # who come back, who go
    coming = {"population_quieting": 0.001, "population_returning": 0.003, "population_turnover": 0.004, "population_growth": 0.73}
    share = consequences.quiet_share(SimpleNamespace(**coming, population_abandoning=0.0))
    assert share == pytest.approx(0.1)  # 0.001 of 0.001 + 0.003 + 0.004 + 0.73 / 365
    giving_up = SimpleNamespace(
        population_quieting=0.004, population_returning=0.008, population_abandoning=0.005, population_turnover=0.004, population_growth=0.0
    )
    share = consequences.quiet_share(giving_up)
    # a day 0.8 of 0.004 go; of 0.2, 0.008 come back, 0.005 * 0.8 more give up than leave, 0.004 are diluted
    assert share == pytest.approx(0.2)
    assert consequences.quiet_share(SimpleNamespace(**{**vars(giving_up), "population_quieting": 0.0})) == 0.0
    assert consequences.quiet_share(SimpleNamespace(population_quieting=0.0, population_returning=0.0, **still)) == 0.0
    assert consequences.quiet_share(SimpleNamespace(population_quieting=0.1, population_returning=0.0, **still)) == 1.0


def test_an_inbox_is_closed_anew_only_once_it_is_open():
    p = SimpleNamespace(learning_opt_out=0.01, learning_opt_back_days=30.0)
    assert consequences.opted_until(p, 9, 50.0, 9, 0.49) == 39  # open since this morning; the hazard is 0.5
    assert consequences.opted_until(p, 10, 50.0, 9, 0.49) == 10
    assert consequences.opted_until(p, 9, 50.0, 9, 0.5) == 9
