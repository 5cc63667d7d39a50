"""What members are to do about others: entries that are due wait in agendas, those of later days are laid by until then."""

from __future__ import annotations

from sim.decisions.constants import FAR
from sim.jit import inlined, kernel, move
from sim.state.sorting import merging


@kernel
def number(entries, first):
    """Number entries from `first` on, as they are planned: of one owner's, the older come first."""
    for n in range(entries.size):
        entries[n].born = first + n


@kernel
def who_is_gone(present, g, gone):
    """Note in `gone`, 1 or 0 a member, who has left for good since this was last asked: what they planned nobody will ever do."""
    for i in range(present):
        if g.active[i] | gone[i] == 0:  # few: the banned, and who left yesterday
            gone[i] = 1 if g.members[i].left != FAR else 0


@kernel
def take_due(entries, before, gone, taken):
    """Move the entries that are due before a day into `taken`, the others up; return (how many are due, how many are left).

    Both keep their order. What nobody will ever do goes.
    """
    due, left = 0, 0  # nothing foretells what is due: each is moved both ways, and where it does not belong the next takes its place
    for n in range(entries.size):
        is_left, is_over = int(entries[n].due >= before), int(gone[entries[n].owner] != 0)
        move(taken, due, entries, n)
        move(entries, left, entries, n)
        due += (1 - is_left) & (1 - is_over)
        left += is_left
    return due, left


@kernel
def strike_off(agenda, done, gone):
    """Let what was done, or never will be, go from the agendas, the others move up; return how many are left."""
    left = 0  # nothing foretells what was done: each is moved, as in `take_due`
    for n in range(agenda.size):
        stays = int(done[n] | gone[agenda[n].owner] == 0)
        move(agenda, left, agenda, n)
        left += stays
    return left


@inlined
def owner_of(entry):
    """Return whose agenda an entry is in."""
    return entry.owner


@inlined
def is_older(a, b):
    """Tell whether the old entry a stands before the new entry b: by owner, then age."""
    return a.owner < b.owner or (a.owner == b.owner and a.born < b.born)


enter_into_agendas = merging(owner_of, is_older)
