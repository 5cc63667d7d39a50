"""One measurement, in a process of its own: `python works.py NAME ...` prints a JSON object of seconds, megabytes and counts.

It is run as a file, on this checkout or an older one that `PYTHONPATH` names: so it asks for nothing but what both have.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SCENARIO = "baseline"
MEGA = 1e6


def scenario_of(members: int, days: int) -> Any:
    """Return the baseline of a size, with as many days before the switch as after it."""
    from sim import load_scenario

    return load_scenario(SCENARIO).with_(members=members, warm_up=days // 2, days=days - days // 2)


def peak_megabytes() -> float:
    """Return the largest resident size of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGA


def run(members: int, days: int, threads: int) -> dict[str, float]:
    """Measure a run with compiled kernels: generating, living through the days, measuring; what it did each day, and its memory."""
    from sim.simulation import simulate, warm_kernels

    warm_kernels()
    before = peak_megabytes()
    history = simulate(scenario_of(members, days), 1, threads=threads)
    member_days = float(history.daily["active"].sum())
    counts = {f"{name} a member-day": float(history.raw_daily[name].sum()) / member_days for name in ("delivered", "read")}
    inboxes = history.members["delivered"]
    shape = {
        "connections": float(history.daily["mean_degree"][-1]),
        "within two hops": float(history.measures["two_hop_reach"].value or 0.0),
        "largest inbox": float(inboxes.max() / inboxes.mean()),
    }
    return history.timings | counts | shape | {"member_days": member_days, "megabytes": peak_megabytes(), "before": before}


def mesa(members: int, days: int) -> dict[str, float]:
    """Measure the days of a run by agents, and the same by columns in the same minute."""
    from sim import OutreachModel
    from sim.simulation import simulate, warm_kernels

    warm_kernels()
    scenario = scenario_of(members, days)
    columns = simulate(scenario, 1).timings["days"]
    model = OutreachModel(scenario, 1, events=False)
    started = time.perf_counter()
    for _ in range(days):
        model.step()
    agents = time.perf_counter() - started
    return {"agents": agents, "columns": min(columns, simulate(scenario, 1).timings["days"])}


def compare(members: int, pairs: int) -> dict[str, float]:
    """Measure a whole comparison by command, without worlds, and how long its tables, figures and report take once its runs are there."""
    import inspect

    from experiments.comparison.run import compare as compared
    from sim.simulation import warm_kernels

    warm_kernels()
    none = ["--draws", "none"] if "draws" in inspect.signature(compared).parameters else []  # of older checkouts no comparison has any
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asked = ["compare", "--members", str(members), "--pairs", str(pairs), *none, "--quiet"]
        whole = _command([*asked, "--out", str(folder / "a")])
        again = folder / "b"
        again.mkdir()
        for kept in ("ledger.sqlite", "plan.json"):
            (again / kept).write_bytes((folder / "a" / kept).read_bytes())
        return {"whole": whole, "report": _command([*asked, "--out", str(again)])}


def _command(arguments: list[str]) -> float:
    """Return the seconds that a command takes, from its start to its end."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "experiments.cli.main", *arguments], check=True, capture_output=True)  # noqa: S603  (our own)
    return time.perf_counter() - started


def first(members: int, days: int) -> dict[str, float]:
    """Measure how long it takes until somebody who has just installed the package sees a result; the caller empties the cache."""
    with tempfile.TemporaryDirectory() as folder:
        size = ["--members", str(members), "--warm-up", str(days // 2), "--days", str(days - days // 2)]
        return {"whole": _command(["run", *size, "--quiet", "--out", str(Path(folder) / "a")])}


def load(members: int, days: int) -> dict[str, float]:
    """Count what a member does in a day: profiles looked at, items delivered, items decided on. Times need these beside them."""
    import numpy as np

    from sim.decisions.outreach import profiles_looked_at
    from sim.simulation import simulate

    scenario = scenario_of(members, days)
    history = simulate(scenario, 1, events=True)
    intents: Any = history.intents
    member, arose = (np.asarray(intents[name]) for name in ("member", "arose"))
    new = np.concatenate([[True], (member[1:] != member[:-1]) | (arose[1:] != arose[:-1])])
    place = np.arange(len(member)) - np.maximum.accumulate(np.where(new, np.arange(len(member)), 0))  # of a session's intents
    rules, styles = scenario.rows()[0][0], scenario.rows()[1]
    style = np.asarray([scenario.style_names.index(name) for name in history.members["style"]])[member]
    pairs, many = np.unique(np.column_stack([style, place]), axis=0, return_counts=True)
    looks = sum(int(n) * profiles_looked_at(rules, styles[s], int(c)) for (s, c), n in zip(pairs, many, strict=True))
    total = {"looks": looks, "deliveries": history.raw_daily["delivered"].sum(), "decisions": history.raw_daily["read"].sum()}
    return {name: float(x) / float(history.daily["active"].sum()) for name, x in total.items()}


def crossing(members: int, days: int) -> dict[str, float]:
    """Count what would cross if each industry were a machine of its own, and the bytes of what the engine keeps, a row each.

    Returns:
        Shares of items and of ties whose two members are of two industries, and bytes.
    """
    import numpy as np

    from sim.simulation import simulate
    from sim.state import columns

    history = simulate(scenario_of(members, days), 1, events=True)
    industry = np.asarray(history.members["industry"])

    def apart(one: Any, other: Any) -> float:
        return float((industry[np.asarray(one)] != industry[np.asarray(other)]).mean())

    events: Any = history.events
    shares = {"items": apart(events["sender"], events["recipient"]), "ties": apart(history.ties["a"], history.ties["b"])}
    rows = {"member bytes": columns.MEMBER.itemsize, "pair bytes": columns.PAIR.itemsize, "item bytes": columns.ITEM.itemsize}
    return shares | {name: float(size) for name, size in rows.items()} | {"industries": float(len(np.unique(industry)))}


WORKS: dict[str, Any] = {work.__name__: work for work in (run, mesa, compare, first, load, crossing)}


if __name__ == "__main__":
    _, asked, *numbers = sys.argv
    print(json.dumps(WORKS[asked](*map(int, numbers))))
