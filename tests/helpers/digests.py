"""Digests of what must be the same bytes on any processor, as JSON: `python -m tests.helpers.digests PART...`."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from tests.goldens import histories, tables


def digest(*parts):
    """Return a few digits over texts, bytes and arrays."""
    found = hashlib.sha256()
    for part in parts:
        found.update(part if isinstance(part, bytes) else part.encode() if isinstance(part, str) else np.ascontiguousarray(part).tobytes())
    return found.hexdigest()[:16]


def population():
    """Return the digest of each column of a population with arrivals, ties and ages."""
    from sim import load_scenario
    from sim.population.initialization import begin

    world = begin(load_scenario("baseline").with_(members=3000), 1, 2)
    g = world.graph
    return {name: digest(g.members[name]) for name in g.members.dtype.names} | {name: digest(g.pairs[name]) for name in g.pairs.dtype.names}


def history(name):
    """Return the digest of each table of a golden run, as it is written, and of its shape."""
    found = histories.by_columns(name)[0]
    written = {table: digest(found.to_pandas(table).to_csv(index=False)) for table in ("measures", "levels", *histories.TABLES)}
    return written | {"shape": digest(*(np.asarray(part, float) for part in found.shape))}


def statistics():
    """Return the digest of the rows of a summary, and of a band, over values that are drawn."""
    from experiments.comparison.tables import contrasts
    from experiments.methods import paired
    from sim.results.measures import MEASURES

    rng, names = np.random.default_rng(3), list(MEASURES)
    first, second = rng.lognormal(size=(2, len(names), 37))
    first[3, 5] = second[4, 6] = np.nan
    rows = contrasts(names, "a", "b", first=first, second=second)
    assert any(row[7] not in (row[8], row[9]) for row in rows)
    return {
        "contrasts": digest(repr(rows)),
        "band": digest(*paired.band(first)),
        "fieller": digest(repr(paired.fieller(first[0], second[0]))),
    }


def written_by(command):
    """Return the digest of each table that a command leaves."""
    with tempfile.TemporaryDirectory() as folder:
        return {name: digest(text) for name, text in tables.left_by(command, Path(folder)).items()}


def sums():
    """Return digests of what NumPy may still do with floats in `sim` and in paired statistics: each sum has a fixed order."""
    rng = np.random.default_rng(4)
    x, k = rng.normal(size=10_007), rng.integers(0, 9, 10_007)
    square = x[:10_000].reshape(100, 100)
    cut = [x[:n] for n in (*range(1, 200), 1000, 10_007)] + [x[:9000:n] for n in range(2, 9)]
    rows = {
        name: digest([function(part) for part in cut], function(square, axis=0), function(square, axis=1), function(square.T, axis=0))
        for name, function in (("sum", np.sum), ("mean", np.mean), ("std", np.std), ("var", np.var), ("median", np.median))
    }
    return rows | {
        "cumsum": digest(np.cumsum(x)),
        "bincount": digest(np.bincount(k, weights=x)),
        "square": digest(x**2, x * x),
        "quantile": digest(np.quantile(x, [0.1, 1 / 3, 0.95])),
        "linspace": digest(np.linspace(0.1, 1.7, 999)),
        "sqrt": digest(np.sqrt(np.abs(x))),
        "divide": digest(x / (1.5 + square.ravel()[0])),
    }


def planted():
    """Return digests of what does differ by processor, to see that another one is really pretended: BLAS, and a function of NumPy."""
    rng = np.random.default_rng(5)
    a, x = rng.normal(size=(64, 64)), rng.normal(size=10_000)
    return {"blas": digest(a @ a), "numpy": digest(*(f(np.abs(x)) for f in (np.exp, np.exp2, np.log, np.tanh, np.sin, np.log1p)))}


PARTS = {
    "population": population,
    **{name: partial(history, name) for name in histories.SCENARIOS},
    **{command: partial(written_by, command) for command in tables.ASKED},
    "statistics": statistics,
    "sums": sums,
    "planted": planted,
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps({part: PARTS[part]() for part in sys.argv[1:]}))
