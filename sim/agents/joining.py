"""Joining over objects: newcomers find their first contacts, banned members come back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim import randomness as rnd
from sim.agents import draws
from sim.agents.environment import Environment
from sim.agents.member import Member
from sim.decisions.codes import BY_FRIEND, BY_INDUSTRY
from sim.decisions.constants import FAR, LISTING_DAYS, REDRAWS
from sim.decisions.joining import contact_draw, contact_route, contacts_wanted
from sim.state.alias import fill_alias
from sim.state.columns import ALIAS, MEMBER
from sim.state.memory import table


class Joining:
    """Lets members in: who they are stands in the roster from the start, and how many come on which day."""

    def __init__(self, model: Environment, member_class: type[Member], roster: list[dict[str, Any]], mean_degree: float) -> None:
        self.model, self.member_class, self.roster, self.mean_degree = model, member_class, roster, mean_degree

    def enter(self, i: int) -> Member:
        """Let member i of the roster in."""
        m = self.model
        member = self.member_class(m, i, self.roster[i])
        member.active = True
        m.members.append(member)
        m.by_industry[member.industry].append(i)
        m.graph.add_node(i)
        return member

    def arrive(self, count: int) -> None:
        """Let banned members come back and so many newcomers join."""
        m = self.model
        due = [member for member in m.closed if member.back_day <= m.day]
        m.closed = [member for member in m.closed if member.back_day > m.day]
        for member in due:
            member.active, member.back_day, member.account_day = True, FAR, m.day
            member.account += 1
            member.strikes = member.lost_reputation = member.recent_invitations = member.load = 0.0
            member.restricted_until = 0
        for _ in range(count):
            self.welcome(self.enter(len(m.members)))
        if m.day % LISTING_DAYS == 0:
            m.listed = self.listed(range(len(m.members)))
            m.listed_by_industry = [self.listed(ids) for ids in m.by_industry]

    def listed(self, ids: Sequence[int]) -> list[Any]:
        """Return the alias table of these members."""
        rows, members = table(ALIAS, len(ids)), table(MEMBER, len(ids))
        members.prominence = [self.model.members[i].prominence for i in ids]
        fill_alias(members, np.arange(len(ids), dtype=np.int32), 0, len(ids), rows, np.empty(len(ids), np.int64))
        found = [tuple(row) for row in rows.tolist()]
        return [(own, ids[one], ids[other]) for own, one, other in found]

    def welcome(self, new: Member) -> None:
        """Let a newcomer find contacts among all who are there."""
        m, i = self.model, new.id
        m.by_industry[new.industry].pop()  # is found in the industry only once the contacts are made
        u = rnd.draw(m.population_seed, rnd.CONTACTS, 0, m.day, i)
        for c in range(contacts_wanted(p=m.rules, normal=new.contact_normal, mean_degree=self.mean_degree, u=u, present=i)):
            for redraw in range(REDRAWS):
                j = self.contact(new, contact_draw(c, redraw))
                if j < 0 or j == i or not m.members[j].active:
                    continue
                pair = m.pair_of.get((j, i))
                if pair is not None and pair.tie:
                    continue
                m.connect(m.claim(i, j), m.rules.tie_exchange)
                break
        m.by_industry[new.industry].append(i)

    def contact(self, new: Member, count: int) -> int:
        """Return the contact that a newcomer samples, or -1."""
        m, i = self.model, new.id

        def bits(decision: int) -> int:
            return draws.member_bits(rnd.day_key(m.population_seed, decision, count, m.day), i)

        route = contact_route(m.rules, rnd.draw(m.population_seed, rnd.CONTACT_ROUTE, count, m.day, i))
        if route == BY_FRIEND and new.neighbours:
            a = new.neighbours[draws.jump(bits(rnd.CONTACT_FRIEND), len(new.neighbours))]
            friends = m.members[a].neighbours if a >= 0 else []
            return friends[draws.jump(bits(rnd.CONTACT_OF_FRIEND), len(friends))] if friends else -1
        if route == BY_INDUSTRY:
            ids = m.by_industry[new.industry]
            return ids[rnd.pick(bits(rnd.CONTACT_ANY), len(ids))] if ids else -1
        key = rnd.day_key(m.population_seed, rnd.CONTACT_ANY, count, m.day)
        return m.attachment_pick(key, rnd.day_key(m.population_seed, rnd.CONTACT_RACE, 0, m.day), i, i)
