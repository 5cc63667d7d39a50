"""Adding a row to what a phase writes: acts of members, entries of agendas, connections to be made."""

from __future__ import annotations

from sim.columnar.bundles import ACTS, TASKS, TIES
from sim.jit import inlined


@inlined
def add_act(out, row, i, j, what):
    """Add what i does about j, a connection whose pair has this row."""
    act = out.acts[out.sizes[ACTS]]
    act.row, act.member, act.other, act.what = row, i, j, what
    out.sizes[ACTS] += 1


@inlined
def add_task(effects, row, owner, other, due, what):
    """Add an entry to the owner's agenda: what is to be done about the other, whose pair has this row, and from which day on."""
    entry = effects.tasks[effects.sizes[TASKS]]
    entry.row, entry.owner, entry.other, entry.due, entry.what = row, owner, other, due, what
    effects.sizes[TASKS] += 1


@inlined
def add_tie(effects, row, i, j, what):
    """Add a connection between i, who asked, and j, whose pair has this row; `what`: whether gladly."""
    tie = effects.ties[effects.sizes[TIES]]
    tie.row, tie.member, tie.other, tie.what = row, i, j, what
    effects.sizes[TIES] += 1
