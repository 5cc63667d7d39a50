"""A log of messages and invitations that the model itself wrote, as tests of calibrations read one."""

from __future__ import annotations

from sim.scenario.scenario import load_scenario
from sim.simulation import simulate

BEGAN, DAY = 10**9, 86400  # seconds
KINDS = {"invitation": "invitation", "invitation with note": "note"}


def write_log(path):
    """Write what a small network sent in forty days under message-first."""
    small = load_scenario(members=150, warm_up=30, days=40, design="message_first", warm_up_design="message_first")
    e = simulate(small, 5, events=True).to_pandas("events")
    e = e[(e.day_delivered >= 0) & (e.day_sent >= 30)].sort_values(["day_sent", "item"], kind="stable")
    kinds = e.kind.map(lambda kind: KINDS.get(kind, "message"))
    rows = zip(e.sender, e.recipient, BEGAN + e.day_sent * DAY, kinds, e.outcome.str.startswith("accepted"), strict=True)
    text = "\n".join(f"{a},{b},{at},{kind},{'accepted' if yes else ''}" for a, b, at, kind, yes in rows)
    path.write_text(f"sender,recipient,timestamp,kind,outcome\n{text}\n", encoding="utf-8")
