"""The network at the start: that looking ahead finds the contacts that are found one by one, and how its pairs are written."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.decisions.codes import BY_ATTACHMENT, BY_EMPLOYER, BY_FRIEND, BY_INDUSTRY, BY_SCHOOL
from sim.decisions.constants import RACE, REDRAWS
from sim.decisions.joining import REFERENCE_DEGREE, contact_draw, contact_route, contacts_wanted, race_time, race_weight
from sim.population import founding
from sim.population.founding import entries_at_most, room_of
from sim.population.initialization import begin
from sim.randomness import (
    CONTACT_ANY,
    CONTACT_FRIEND,
    CONTACT_OF_FRIEND,
    CONTACT_RACE,
    CONTACT_ROUTE,
    CONTACTS,
    day_key,
    draw,
    jump,
    member_hash,
    pair_hash,
    pick,
    sub_hash,
    uniform,
)
from sim.scenario.scenario import load_scenario
from sim.state.columns import LONGEST, PAIRS, TIE, TIES, USED

SEED = 5
SHARES = {
    "usual": {},
    "among friends": {"network.friend_share": 0.95},
    "anywhere": {"network.friend_share": 0.0, "network.employer_share": 0.0, "network.school_share": 0.0, "network.industry_share": 0.0},
    "many": {"network.mean_degree": 400.0},
}


def hash_of(decision, i, count, k=None):
    """Return the bits of a draw of member i; with k, those of its k-th part."""
    h = member_hash(day_key(SEED, decision, count, 0), i)
    return h if k is None else sub_hash(h, k)


def picked(p, g, lists, i, count):
    """Return whom member i finds by the draws of this count, or None."""
    route = contact_route(p, draw(SEED, CONTACT_ROUTE, count, 0, i))
    if route == BY_FRIEND and lists[i]:
        friend = lists[i][jump(hash_of(CONTACT_FRIEND, i, count), len(lists[i]))]
        return lists[friend][jump(hash_of(CONTACT_OF_FRIEND, i, count), len(lists[friend]))]
    if route in (BY_FRIEND, BY_ATTACHMENT):
        key = day_key(SEED, CONTACT_RACE, 0, 0)
        ran = [pick(hash_of(CONTACT_ANY, i, count, k), i) for k in range(RACE)]
        return min(ran, key=lambda j: race_time(uniform(pair_hash(key, i, j)), race_weight(p, len(lists[j]))))
    of = {BY_EMPLOYER: g.employers.of, BY_SCHOOL: g.schools.of, BY_INDUSTRY: g.industry}[route]
    group = np.flatnonzero(of[:i] == of[i])
    return int(group[pick(hash_of(CONTACT_ANY, i, count), len(group))]) if len(group) else None


def lists_one_by_one(scenario, g, members):
    """Return the neighbour lists of so many members who look for one contact after another, each of which is written at once."""
    p, net = scenario.rows().rules[0], scenario.network
    scaled = net.mean_degree / (2.0 * net.contacts_median * math.exp(net.contacts_sd**2 / 2.0) / REFERENCE_DEGREE)
    lists = [[] for _ in range(members)]
    for i in range(members):
        wanted = contacts_wanted(p, float(g.members.contact_normal[i]), scaled, draw(SEED, CONTACTS, 0, 0, i), i)
        for c in range(wanted):
            found = (picked(p, g, lists, i, contact_draw(c, redraw)) for redraw in range(REDRAWS))
            j = next((j for j in found if j is not None and j != i and j not in lists[i]), None)
            if j is not None:
                lists[i].append(j)
                lists[j].append(i)
    return lists


@pytest.mark.parametrize("shares", SHARES)
def test_contacts_are_those_that_are_found_one_by_one(shares):
    scenario = load_scenario(members=160, warm_up=1, days=1).with_(**SHARES[shares])
    g = begin(scenario, 1, SEED).graph
    found = [g.pool[start : start + length].tolist() for start, length in zip(g.start, g.length, strict=True)]
    assert found[:160] == lists_one_by_one(scenario, g, 160)
    assert not any(found[160:])


def test_pairs_stand_in_the_order_in_which_they_were_found():
    g = begin(load_scenario(members=300, warm_up=1, days=1), 1, SEED).graph
    count = int(g.sizes[PAIRS])
    rows = g.pairs[:count]
    own = [(j, i) for i in range(300) for j in g.pool[g.start[i] : g.start[i] + g.length[i]].tolist() if j < i]
    assert list(zip(rows.lo.tolist(), rows.hi.tolist(), strict=True)) == own
    assert g.sizes[TIES] == count
    assert (rows.state == TIE).all()
    assert (rows.since <= 0).all()
    assert (rows.since >= g.members.joined[rows.hi]).all()
    assert (rows.last >= rows.since).all()


def test_pairs_are_the_same_however_many_are_written_at_once(monkeypatch):
    scenario = load_scenario("baseline").with_(members=300, warm_up=1, days=1)
    at_once = begin(scenario, 1, SEED).graph
    monkeypatch.setattr(founding, "STRETCH", 70)
    in_stretches = begin(scenario, 1, SEED).graph
    assert in_stretches.pool[: at_once.sizes[USED]].tolist() == at_once.pool[: at_once.sizes[USED]].tolist()
    assert in_stretches.sizes.tolist() == at_once.sizes.tolist()
    assert in_stretches.index.tolist() == at_once.index.tolist()
    assert in_stretches.pairs[: at_once.sizes[PAIRS]].tolist() == at_once.pairs[: at_once.sizes[PAIRS]].tolist()


def test_what_goes_wrong_as_pairs_are_written_is_said(monkeypatch):
    def fails(*_, **__):
        raise MemoryError

    monkeypatch.setattr(founding, "STRETCH", 70)
    monkeypatch.setattr(founding, "write_pairs", fails)
    with pytest.raises(MemoryError):
        begin(load_scenario("baseline").with_(members=300, warm_up=1, days=1), 1, SEED)


def test_lists_stand_apart_in_the_pool():
    world = begin(load_scenario(members=300, warm_up=1, days=1), 1, SEED)
    g = world.graph
    order = np.argsort(g.start[:300])
    ends = (g.start + g.room)[order]
    assert (g.start[order][1:] >= ends[:-1]).all()
    assert (g.length <= g.room).all()
    assert ends[-1] <= g.sizes[USED] <= len(g.pool)
    assert g.sizes[LONGEST] == g.room.max()
    assert g.degree.tolist() == g.length.tolist()


@pytest.mark.parametrize("wanted", [0, 1, 7, 2000])
@pytest.mark.parametrize("length", [0, 1, 4, 10, 19, 32, 3000])
def test_no_list_takes_more_of_the_pool_than_foreseen(wanted, length):
    """A list has room for those whom its owner looks for; it may find fewer, and each of all is wanted by one and stands in two lists."""
    room = taken = room_of(wanted)
    while room < length:
        room = room_of(room)
        taken += room
    assert taken <= 1.5 * wanted + 4.5 * length + 12
    assert entries_at_most(wanted, 1) >= 1.5 * wanted + 2 * 4.5 * wanted + 12
