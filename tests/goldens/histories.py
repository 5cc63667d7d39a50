"""Five histories as arrays: everything that a run leaves, for both engines to be held against."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from sim import OutreachModel, load_scenario, simulate
from sim.arithmetic import fingerprint
from tests.goldens.inside import counters, tallies

HOME = Path(__file__).parent
DATA = HOME / "data"
SCENARIOS = {"mixture": (11, 101), "strict": (12, 102), "log": (13, 103), "crowded": (14, 104), "coming": (15, 105)}  # seeds
TABLES = ("events", "intents", "members", "ties", "daily")
ARITHMETIC = DATA / "arithmetic.txt"  # the fingerprint of the arithmetic that the goldens were made with
NEAR = 1e-9  # for floats, on a machine of another arithmetic


def scenario_of(name):
    """Return one of the five; its file says what it is for."""
    return load_scenario(HOME / "scenarios" / f"{name}.toml")


def by_columns(name):
    """Return the history of the fast engine and its raw counters."""
    seed, population_seed = SCENARIOS[name]
    with tallies() as found:
        history = simulate(scenario_of(name), seed, population_seed, events=True)
    return history, found[0]


def by_agents(name):
    """Return the history of the agents and their raw counters."""
    seed, population_seed = SCENARIOS[name]
    model = OutreachModel(scenario_of(name), seed, population_seed)
    with tallies() as found:
        history = model.run()
    model.close()
    return history, found[0]


def arrays_of(history, counts):
    """Return all of a history as flat arrays by name."""
    arrays = {}
    for table in TABLES:
        frame = history.to_pandas(table)
        arrays[f"{table}.columns"] = np.array(list(frame.columns))
        for column in frame.columns:
            values = frame[column].to_numpy()
            arrays[f"{table}.{column}"] = values if values.dtype.kind in "iufb" else np.array([str(x) for x in values])
    for table, values in (("measures", history.measures), ("levels", history.levels)):
        arrays[f"{table}.names"] = np.array([key if isinstance(key, str) else " / ".join(key) for key in values])
        for part in ("numerator", "denominator", "value"):
            figures = [getattr(value, part) for value in values.values()]
            assert not any(x != x for x in figures), f"{table}: nan for {part}"  # noqa: PLR0124  (nan is what differs from itself)
            arrays[f"{table}.{part}"] = np.array([np.nan if x is None else x for x in figures], float)
    by_cell, by_day = counters()
    arrays["counters.names"], arrays["counters.sums"] = np.array(by_cell), counts.sum(axis=1)
    arrays["counters.shape"] = np.array(counts.shape)
    arrays["counters.sha256"] = np.array(hashlib.sha256(np.ascontiguousarray(counts, "<i8").tobytes()).hexdigest())
    arrays["raw_daily.names"] = np.array(by_day)
    arrays["raw_daily.sums"] = np.array([history.raw_daily[name].sum() for name in by_day])
    arrays |= {f"raw_daily.{name}": history.raw_daily[name] for name in by_day}
    arrays["delays"] = history.delays
    arrays["seeds"] = np.array([history.seed, history.population_seed])
    arrays["design"] = np.array(history.design)
    return arrays


def save(name, arrays):
    """Write a golden."""
    DATA.mkdir(exist_ok=True)
    np.savez_compressed(DATA / f"{name}.npz", **arrays)


def load(name):
    """Return a golden as it was written."""
    with np.load(DATA / f"{name}.npz") as file:
        return dict(file)


def made_here():
    """Tell whether the goldens were made with this machine's arithmetic: then floats are the same bytes."""
    return ARITHMETIC.is_file() and ARITHMETIC.read_text(encoding="utf-8").strip() == fingerprint()


def same_floats(was, now, *, exact):
    """Return where two arrays of floats are the same: every bit but those of nan, or to 1e-9."""
    if not exact:
        return np.isclose(was, now, rtol=NEAR, atol=NEAR, equal_nan=True)
    bits = np.dtype(f"u{was.dtype.itemsize}")
    return (np.ascontiguousarray(was).view(bits) == np.ascontiguousarray(now).view(bits)) | (np.isnan(was) & np.isnan(now))


def without_new_measures(golden, found):
    """Return what is found without measures that the golden does not know."""
    kept = dict(found)
    for table in ("measures", "levels"):
        if f"{table}.names" in golden.keys() & found.keys():
            known = np.isin(found[f"{table}.names"], golden[f"{table}.names"])
            kept |= {f"{table}.{part}": found[f"{table}.{part}"][known] for part in ("names", "numerator", "denominator", "value")}
    return kept


def differences(golden, found, *, exact):
    """Return a line for each array that is not as it was; `exact`: floats too, to the bit. A new measure is no difference."""
    found = without_new_measures(golden, found)
    lines = [f"{name}: gone" for name in golden if name not in found] + [f"{name}: new" for name in found if name not in golden]
    for name in golden.keys() & found.keys():
        was, now = golden[name], found[name]
        if was.shape != now.shape:
            lines.append(f"{name}: {was.shape} became {now.shape}")
            continue
        if was.dtype.kind != now.dtype.kind or (was.dtype.kind != "U" and was.dtype != now.dtype):
            lines.append(f"{name}: {was.dtype} became {now.dtype}")
            continue
        same = same_floats(was, now, exact=exact) if was.dtype.kind == "f" else np.equal(was, now)
        if not same.all():
            where = np.flatnonzero(~same)
            first = where[0]
            lines.append(f"{name}: {len(where)} of {was.size} differ; at {first} {was.flat[first]!r} became {now.flat[first]!r}")
    return sorted(lines)
