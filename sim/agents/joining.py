"""Joining over objects: newcomers find their first contacts, banned members come back."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim import randomness as rnd
from sim.agents import draws
from sim.agents.entities import Task
from sim.agents.environment import Environment
from sim.agents.member import Member
from sim.decisions.codes import BY_ATTACHMENT, BY_INDUSTRY, DO_GREET
from sim.decisions.constants import FAR, LISTING_DAYS, REDRAWS
from sim.decisions.joining import acquaintance_route, contact_draw, contacts_wanted, greeting_day
from sim.decisions.moderation import open_account
from sim.state.alias import fill_alias
from sim.state.columns import ALIAS, MEMBER, Groups
from sim.state.memory import table


class Joining:
    """Lets members in: who they are stands in the roster from the start, and how many come on which day."""

    def __init__(self, model: Environment, member_class: type[Member], roster: list[dict[str, Any]], degrees: list[float]) -> None:
        self.model, self.member_class, self.roster, self.degrees = model, member_class, roster, degrees  # by day: what scales contacts
        self.groups: dict[int, tuple[list[int], list[list[int]]]] = {}  # by route: each member's group, and who is in each

    def enter(self, i: int) -> Member:
        """Let member i of the roster in."""
        m = self.model
        member = self.member_class(m, i, self.roster[i])
        member.active = True
        m.members.append(member)
        m.by_industry[member.industry].append(i)
        m.graph.add_node(i)
        return member

    def arrive(self, count: int) -> list[tuple[int, Task]]:
        """Let banned members come back and so many newcomers join; return whom each is to contact, with its owner."""
        m = self.model
        due = [member for member in m.closed if member.back_day <= m.day]
        m.closed = [member for member in m.closed if member.back_day > m.day]
        for member in due:
            open_account(member)
            member.active, member.account_day = True, m.day
        greetings = []
        for _ in range(count):
            greetings += self.welcome(len(m.members))
        if m.day % LISTING_DAYS == 0:
            m.listed = self.listed(range(len(m.members)))
            m.listed_by_industry = [self.listed(ids) for ids in m.by_industry]
        return greetings

    def listed(self, ids: Sequence[int]) -> list[Any]:
        """Return the alias table of these members."""
        rows, members = table(ALIAS, len(ids)), table(MEMBER, len(ids))
        members.prominence = [self.model.members[i].prominence for i in ids]
        fill_alias(members, np.arange(len(ids), dtype=np.int32), first=0, count=len(ids), rows=rows, work=np.empty(len(ids), np.int64))
        found = [tuple(row) for row in rows.tolist()]
        return [(own, ids[one], ids[other]) for own, one, other in found]

    def welcome(self, i: int) -> list[tuple[int, Task]]:
        """Let a newcomer in, who knows some of all who are there; return whom to contact, and from which day on."""
        m, known = self.model, list[int]()
        normal, u = self.roster[i]["contact_normal"], rnd.draw(m.population_seed, rnd.CONTACTS, 0, m.day, i)
        for c in range(contacts_wanted(p=m.rules, normal=normal, mean_degree=self.degrees[m.day], u=u, present=i)):
            for redraw in range(REDRAWS):
                j = self.acquaintance(i, contact_draw(c, redraw))
                if j >= 0 and j != i and j not in known:
                    known.append(j)
                    break
        self.enter(i)
        known = [j for j in known if m.members[j].left == FAR]
        for j in known:
            m.claim(i, j).known = True
        seed, day = m.population_seed, m.day
        return [(i, Task(j, greeting_day(m.rules, day, rnd.draw_pair(seed, rnd.GREET_DAY, 0, day, i, j)), DO_GREET)) for j in known]

    def acquaintance(self, i: int, count: int) -> int:
        """Return somebody whom a newcomer knows, or -1: by the population alone, so that it is the same in every arm."""
        m = self.model
        route = acquaintance_route(m.rules, rnd.draw(m.population_seed, rnd.CONTACT_ROUTE, count, m.day, i))
        h = draws.member_bits(rnd.day_key(m.population_seed, rnd.CONTACT_ANY, count, m.day), i)
        if route == BY_ATTACHMENT:
            return m.pick_listed(m.listed, h)
        if route == BY_INDUSTRY:
            ids = m.by_industry[self.roster[i]["industry"]]
        else:
            of, members = self.groups[route]
            ids = [j for j in members[of[i]] if j < i]
        return ids[rnd.pick(h, len(ids))] if ids else -1


def groups_of(groups: Groups) -> tuple[list[int], list[list[int]]]:
    """Return (each member's group, the members of each group, those to come included)."""
    edges = [*groups.start.tolist(), len(groups.ids)]
    ids = groups.ids.tolist()
    return groups.of.tolist(), [ids[first:last] for first, last in itertools.pairwise(edges)]
