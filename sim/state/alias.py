"""Alias tables (Walker 1977; Vose 1991): sampling by weight with one look at one row."""

from __future__ import annotations

from sim.jit import inlined, kernel
from sim.randomness import pick, sub_hash, uniform


@kernel
def fill_alias(members, ids, first, count, rows, work):
    """Fill rows first..first+count-1 so that `alias_pick` finds each of ids first.. with a chance in proportion to its prominence.

    `work`: (count,) int64, written over: rows with less than a fair share from its beginning, those with more from its end.
    """
    total = 0.0
    for k in range(count):
        total += members[ids[first + k]].prominence
    low, high = 0, count
    for k in range(count):
        row = rows[first + k]
        row.id, row.other = ids[first + k], ids[first + k]
        row.own = members[ids[first + k]].prominence * count / total
        if row.own < 1.0:
            work[low] = k
            low += 1
        else:
            high -= 1
            work[high] = k
    while low > 0 and high < count:
        low -= 1
        poor, rich = rows[first + work[low]], rows[first + work[high]]
        poor.other = rich.id
        rich.own = rich.own + poor.own - 1.0
        if rich.own < 1.0:
            work[low] = work[high]
            low += 1
            high += 1
    for k in range(high, count):  # what rounding has left over is a whole share
        rows[first + work[k]].own = 1.0
    for k in range(low):
        rows[first + work[k]].own = 1.0


@inlined
def alias_place(h, first, count):
    """Return the row at which hash `h` looks among `count` rows from `first` on, or -1 if there are none."""
    return first + pick(h, count) if count > 0 else -1


@inlined
def alias_pick(rows, place, h):
    """Return the id that hash `h` finds in the row at `place`."""
    row = rows[place]
    return row.id if uniform(sub_hash(h, 0)) < row.own else row.other
