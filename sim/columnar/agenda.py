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
def who_is_gone(g, gone):
    """Note in `gone`, 1 or 0 a member, who has left for good: what they planned nobody will ever do."""
    for i in range(gone.size):
        gone[i] = 1 if g.active[i] == 0 and g.members[i].left != FAR else 0


@kernel
def take_due(entries, before, gone, taken):
    """Move the entries that are due before a day into `taken`, the others up; return (how many are due, how many are left).

    Both keep their order. What nobody will ever do goes.
    """
    due, left = 0, 0
    for n in range(entries.size):
        entry = entries[n]
        if entry.due >= before:
            if left != n:
                move(entries, left, entries, n)
            left += 1
        elif gone[entry.owner] == 0:
            move(taken, due, entries, n)
            due += 1
    return due, left


@kernel
def strike_off(agenda, done, gone):
    """Let what was done, or never will be, go from the agendas, the others move up; return how many are left."""
    left = 0
    for n in range(agenda.size):
        if done[n] == 0 and gone[agenda[n].owner] == 0:
            if left != n:
                move(agenda, left, agenda, n)
            left += 1
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
