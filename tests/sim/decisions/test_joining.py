"""How many contacts newcomers look for, and where."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from sim.decisions import joining

RULES = SimpleNamespace(
    network_contacts_median=10.0,
    network_contacts_sd=1.0,
    network_friend_share=0.5,
    network_employer_share=0.2,
    network_school_share=0.2,
    network_industry_share=0.4,
    network_attachment=0.5,
)


def test_contacts_are_log_normal_in_proportion_to_the_mean_degree():
    assert joining.contact_count(RULES, 0.0, 50.0) == 10.0
    assert joining.contact_count(RULES, 1.0, 25.0) == pytest.approx(5.0 * math.e)


def test_nobody_looks_for_more_contacts_than_there_are_or_than_the_most():
    assert joining.contacts_wanted(RULES, 0.0, 51.0, 0.19, 900) == 11  # 10.2, rounded up by a draw below 0.2
    assert joining.contacts_wanted(RULES, 0.0, 51.0, 0.21, 900) == 10
    assert joining.contacts_wanted(RULES, 0.0, 50.0, 0.5, 9) == 9
    assert joining.contacts_wanted(RULES, 20.0, 50.0, 0.5, 10**6) == 2000


@pytest.mark.parametrize(
    ("u", "route"),  # after the friends' half, a fifth of the rest each by employer and school, two fifths by industry
    [
        (0.49, joining.BY_FRIEND),
        (0.51, joining.BY_EMPLOYER),
        (0.59, joining.BY_EMPLOYER),
        (0.61, joining.BY_SCHOOL),
        (0.69, joining.BY_SCHOOL),
        (0.71, joining.BY_INDUSTRY),
        (0.89, joining.BY_INDUSTRY),
        (0.91, joining.BY_ATTACHMENT),
    ],
)
def test_one_draw_is_cut_into_where_contacts_are_found(u, route):
    assert joining.contact_route(RULES, u) == route


def test_each_contact_has_five_draws_of_its_own():
    counts = [joining.contact_draw(c, redraw) for c in range(3) for redraw in range(5)]
    assert counts == list(range(15))


def test_a_race_is_weighted_by_degree():
    assert joining.race_weight(RULES, 3) == pytest.approx(2.0)  # (3 + 1) ** 0.5
    assert joining.race_time(math.exp(-4.0), 2.0) == pytest.approx(2.0)


def test_cuts_of_the_draw_for_where_contacts_are_found():
    rules = SimpleNamespace(network_friend_share=0.5, network_employer_share=0.125, network_school_share=0.125, network_industry_share=0.25)
    cuts = {
        0.0: joining.BY_FRIEND,
        0.5: joining.BY_EMPLOYER,
        0.5625: joining.BY_SCHOOL,
        0.625: joining.BY_INDUSTRY,
        0.75: joining.BY_ATTACHMENT,
    }
    for cut, route in cuts.items():
        assert joining.contact_route(rules, cut) == route
    for (_, before), cut in zip(cuts.items(), [*cuts][1:], strict=False):
        assert joining.contact_route(rules, math.nextafter(cut, 0.0)) == before


def test_whom_a_newcomer_knows_is_not_a_friend_of_a_friend():
    cuts = {
        0.0: joining.BY_EMPLOYER,
        0.2: joining.BY_SCHOOL,
        0.4: joining.BY_INDUSTRY,
        0.81: joining.BY_ATTACHMENT,
        0.999: joining.BY_ATTACHMENT,
    }
    assert [joining.acquaintance_route(RULES, u) for u in cuts] == list(cuts.values())
    assert joining.acquaintance_route(RULES, math.nextafter(0.2, 0.0)) == joining.BY_EMPLOYER
    assert joining.acquaintance_route(RULES, math.nextafter(0.4, 0.0)) == joining.BY_SCHOOL
    assert joining.acquaintance_route(RULES, 0.79) == joining.BY_INDUSTRY


def test_a_newcomer_thinks_of_people_after_exponential_delays():
    rules = SimpleNamespace(network_greeting_days=10.0)
    assert joining.greeting_day(rules, 5, math.exp(-0.99)) == 5 + 9
    assert joining.greeting_day(rules, 5, math.exp(-1.01)) == 5 + 10
    assert joining.greeting_day(rules, 5, 0.99) == 5  # on the first day
    assert joining.greeting_day(SimpleNamespace(network_greeting_days=0.0), 5, 0.001) == 5


def test_a_share_of_people_known_is_contacted_from_suggestions():
    rules = SimpleNamespace(network_suggestions=0.25)
    assert joining.is_suggested(rules, math.nextafter(0.25, 0.0))
    assert not joining.is_suggested(rules, 0.25)


def test_a_count_is_rounded_by_its_draw_so_that_its_mean_stays():
    assert [joining.bounded_count(2.25, u, 9.0) for u in (0.0, 0.24, 0.25, 0.9)] == [3, 3, 2, 2]
    assert (joining.bounded_count(-3.5, 0.9, 9.0), joining.bounded_count(-3.5, 0.1, 9.0)) == (0, 0)
    assert (joining.bounded_count(12.5, 0.1, 9.0), joining.bounded_count(9.0, 0.0, 9.0)) == (9, 9)
    assert joining.bounded_count(0.5, 0.4, 9.0) == 1


def test_who_has_nobody_can_be_found():
    assert joining.race_weight(RULES, 0) == 1.0  # (0 + 1) ** 0.5
    assert joining.race_time(math.exp(-3.0), 1.0) == pytest.approx(3.0)


def test_as_many_contacts_as_are_there():
    assert [joining.contacts_wanted(RULES, 0.0, 50.0, 0.5, present) for present in (0, 9, 10, 11)] == [0, 9, 10, 10]


def test_a_newcomer_knows_members_who_have_left_too():
    assert joining.degree_of_known(20.0, 1.5) == 30.0
    assert joining.degree_of_known(20.0, 1.0) == 20.0
