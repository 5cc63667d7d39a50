"""How many contacts newcomers look for, and where."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from sim.decisions import joining

RULES = SimpleNamespace(
    network_contacts_median=10.0, network_contacts_sd=1.0, network_friend_share=0.5, network_industry_share=0.4, network_attachment=0.5,
)  # fmt: skip


def test_contacts_are_log_normal_in_proportion_to_the_mean_degree():
    assert joining.contact_count(RULES, 0.0, 50.0) == 10.0
    assert joining.contact_count(RULES, 1.0, 25.0) == pytest.approx(5.0 * math.e)


def test_nobody_looks_for_more_contacts_than_there_are_or_than_the_most():
    assert joining.contacts_wanted(RULES, 0.0, 51.0, 0.19, 900) == 11  # 10.2, rounded up by a draw below 0.2
    assert joining.contacts_wanted(RULES, 0.0, 51.0, 0.21, 900) == 10
    assert joining.contacts_wanted(RULES, 0.0, 50.0, 0.5, 9) == 9
    assert joining.contacts_wanted(RULES, 20.0, 50.0, 0.5, 10**6) == 2000


@pytest.mark.parametrize(
    ("u", "route"), [(0.49, joining.BY_FRIEND), (0.51, joining.BY_INDUSTRY), (0.69, joining.BY_INDUSTRY), (0.71, joining.BY_ATTACHMENT)]
)
def test_one_draw_is_cut_into_where_contacts_are_found(u, route):
    assert joining.contact_route(RULES, u) == route


def test_each_contact_has_five_draws_of_its_own():
    counts = [joining.contact_draw(c, redraw) for c in range(3) for redraw in range(5)]
    assert counts == list(range(15))


def test_a_race_is_weighted_by_degree():
    assert joining.race_weight(RULES, 3) == pytest.approx(2.0)  # (3 + 1) ** 0.5
    assert joining.race_time(math.exp(-4.0), 2.0) == pytest.approx(2.0)
