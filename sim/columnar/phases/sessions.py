"""Sessions: who comes by today."""

from __future__ import annotations

from sim.jit import kernel
from sim.randomness import SESSION, day_key, member_hash, uniform


@kernel
def come_by(today, g):
    """Draw who has a session today; return how many have."""
    key, sessions = day_key(today.seed, SESSION, 0, today.day), 0
    for i in range(today.present):
        g.here[i] = 0
        if uniform(member_hash(key, i)) < g.rate[i] and g.active[i] != 0:
            g.here[i] = 1
            sessions += 1
    return sessions
