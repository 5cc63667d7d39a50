"""What a member comes across: what brings them, whose profiles come up, which updates are shown, what of the inbox is read."""

from __future__ import annotations

from sim import randomness as rnd
from sim.agents import draws
from sim.agents.entities import Act, Item, Profile
from sim.agents.sender import Sender
from sim.decisions import inbox as reading
from sim.decisions import outreach as writing
from sim.decisions.codes import (
    ACT_REACT,
    ACT_SEEN,
    ACT_UNFOLLOW,
    AWAY,
    BROUGHT,
    HERE,
    LOOK_CONNECTIONS,
    LOOK_FRIENDS,
    LOOK_INDUSTRY,
)
from sim.decisions.consequences import strengthened
from sim.decisions.constants import REDRAWS
from sim.decisions.counters import D_CUT_SHORT
from sim.decisions.joining import is_suggested
from sim.decisions.sessions import heed_chance, is_brought, mood, session_chance
from sim.decisions.threads import is_familiar, is_introduced
from sim.decisions.visibility import comes_up
from sim.decisions.visits import can_hear, is_cut_short, stays


class Looker(Sender):
    """A member who comes by and looks around; what they then decide is the member's."""

    def presence(self) -> int:
        """Return what brings the member today, a `Presence`: their own rate, yesterday's notification, or nothing."""
        m = self.model
        shift = mood(m.rules, self.pleasure_now(), self.annoyance_now(), self.backlog)
        if m.draw(rnd.SESSION, 0, self.id) < session_chance(self.session_rate, shift, self.quiet):
            return HERE
        if is_brought(self.notified_day, self.muted, self.here != AWAY, m.day):
            if m.draw(rnd.VISIT, 1, self.id) < heed_chance(m.rules, self.doubt_now(), self.quiet):
                return BROUGHT
        return AWAY

    def look_around(self, purpose: int, c: int) -> list[Profile]:
        """Return the candidates that this intent's search samples."""
        m, found = self.model, []
        for k in range(writing.profiles_looked_at(m.rules, self.style_row, c)):
            count = writing.look_count(c, k)
            route = writing.choose_route(self.style_row, purpose, m.draw(rnd.ROUTE, count, self.id))
            for redraw in range(REDRAWS):
                j, via = self.find_profile(route, count + redraw)
                if j >= 0 and j != self.id and m.members[j].active and self.is_shown(j, route, count + redraw):
                    found.append(Profile(j, via, m.seen_relevance(self.id, j)))
                    break
        return found

    def is_shown(self, j: int, route: int, count: int) -> bool:
        """Tell whether a profile that was sampled is shown: own contacts always, others by how much they were about lately."""
        m = self.model
        return route == LOOK_CONNECTIONS or comes_up(m.rules, m.members[j].about, m.draw_pair(rnd.COME_UP, count, self.id, j))

    def find_profile(self, route: int, count: int) -> tuple[int, int]:
        """Return (a member found by this route, the friend through whom), -1 for none."""
        m = self.model
        if route == LOOK_FRIENDS:
            a = self.neighbour(rnd.FRIEND, count)
            if a < 0:
                return -1, -1
            friends = m.members[a].neighbours
            if not friends:
                return -1, a
            return friends[draws.jump(m.bits(rnd.FRIEND_OF, count, self.id), len(friends))], a
        if route == LOOK_CONNECTIONS:
            return self.neighbour(rnd.OWN_PICK, count), -1
        if route == LOOK_INDUSTRY:
            return m.listed_pick(m.listed_by_industry[self.industry], rnd.INDUSTRY_PICK, count, self.id), -1
        return m.listed_pick(m.listed, rnd.ANY_PICK, count, self.id), -1

    def is_suggestion(self, j: int) -> bool:
        """Tell whether somebody known is contacted from a list of suggestions."""
        return is_suggested(self.model.rules, self.model.draw_pair(rnd.SURFACE, 0, self.id, j))

    def wrote_to(self, j: int) -> bool:
        """Tell whether something was written to j in this phase."""
        return any(item.recipient == j for item in self.sending)

    def is_introduced(self, j: int, via: int) -> bool:
        """Tell whether the friend through whom j was found puts in a word."""
        m = self.model
        pair = m.pair(self.id, via)
        strength = strengthened(m.rules, pair.strength, m.day - pair.touched, 0.0)
        return is_introduced(m.rules, strength, m.draw_pair(rnd.INTRODUCE, 0, self.id, j))

    def read_feed(self) -> tuple[int, int]:
        """Look at a few connections' updates; return (how many were fresh, how many ask for a courtesy)."""
        m, p, seen, obliged = self.model, self.model.rules, 0, 0
        for k in range(int(p.feed_length)):
            j = self.neighbour(rnd.FEED, k)
            if j < 0 or not m.members[j].active or not reading.is_fresh(p, m.day - m.members[j].update_day):
                continue
            pair = m.pair(self.id, j)
            if pair.unfollowed[pair.side(self.id)]:
                continue
            seen += 1
            obliged += pair.weak
            self.acting.append(Act(self.id, j, ACT_SEEN))
            if m.members[j].update_divisive and m.draw_pair(rnd.UNFOLLOW, 0, self.id, j) < p.feed_unfollow:
                self.acting.append(Act(self.id, j, ACT_UNFOLLOW))
            elif m.draw_pair(rnd.REACT, 0, self.id, j) < p.feed_react:
                self.acting.append(Act(self.id, j, ACT_REACT))
        return seen, obliged

    def chosen_to_read(self, unread: list[Item], budget: int) -> list[Item]:
        """Return what this visit reads of what is unread, in its order: known people first, then newest."""
        if len(unread) <= budget:
            return unread
        m = self.model
        by_known = m.draw(rnd.RANK_KNOWN, 0, self.id) < m.rules.attention_rank_known

        def rank(item: Item) -> tuple[bool, int, float]:
            pair = m.known(item.sender, self.id)
            known = is_familiar(item.kind, pair is not None and pair.tie, pair.exchanges if pair else 0)
            return not (by_known and known), -item.sent, m.draw_pair(rnd.RANK, reading.rank_count(item.id), self.id, item.sender)

        best = {id(item) for item in sorted(unread, key=rank)[:budget]}
        return [item for item in unread if id(item) in best]

    def hears(self, item: Item) -> bool:
        """Tell whether an answer of today reaches a member who is still there, has attention left, and stays in the talk."""
        m = self.model
        if not can_hear(self.attention, self.active) or not stays(m.rules, m.draw_pair(rnd.STAY, item.turn, self.id, item.sender)):
            return False
        if is_cut_short(item.turn):
            m.tally.daily[D_CUT_SHORT, m.day] += 1
            return False
        return True
