"""Tables that commands leave as CSV: cell by cell, so that with other arithmetic a figure may be off by rounding, and else nothing."""

from __future__ import annotations

import csv
import io
import re

import numpy as np

from tests.goldens.histories import DATA, NEAR
from tests.goldens.inside import perform

SWEEP = """
name = "golden"
seed = 4
[with]
members = 80
warm_up = 10
days = 64
[sweep]
sampler = "sobol"
points = 8
pairs = 2
[sweep.parameters]
"reply.base" = [-4.0, 0.0]
"design.friction" = [0.0, 4.0]
"population.industries" = [2, 12]
"""
ASKED = {
    "compare": [
        "compare",
        "--draws",
        "none",  # there were none
        "--members",
        300,
        "--warm-up",
        30,
        "--days",
        66,
        "--pairs",
        3,
        "--seed",
        5,
        "--arms",
        "connect_first",
        "message_first",
        "message_credits",
    ],
    "sweep": ["sweep", "golden.toml"],
    "article": ["article", "--heading", "downsides", "--members", 80, "--pairs", 2, "--seed", 6],
}
WHOLE = re.compile(r"-?\d+")


def left_by(name, folder):
    """Run a command that writes into a folder; return the text of each CSV that it leaves."""
    (folder / "golden.toml").write_text(SWEEP, encoding="utf-8")
    words = [folder / word if word == "golden.toml" else word for word in ASKED[name]]
    status, _ = perform(*words, "--workers", 1, "--quiet", "--out", folder / name)
    assert status == 0
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((folder / name).glob("*.csv"))}


def save(name, texts):
    """Write the tables of a command."""
    DATA.mkdir(exist_ok=True)
    np.savez_compressed(DATA / f"{name}.npz", **{file: np.frombuffer(text.encode(), np.uint8) for file, text in texts.items()})


def load(name):
    """Return the tables of a command as they were written."""
    with np.load(DATA / f"{name}.npz") as file:
        return {key: file[key].tobytes().decode() for key in file.files}


def differences(golden, found, *, exact):
    """Return a line for each cell that is not as it was; of a table with other rows or columns one line."""
    lines = [f"{name}: gone" for name in golden if name not in found] + [f"{name}: new" for name in found if name not in golden]
    for name in sorted(golden.keys() & found.keys()):
        was, now = (list(csv.reader(io.StringIO(text))) for text in (golden[name], found[name]))
        now = of_measures_in(was, now)
        if [len(row) for row in was] != [len(row) for row in now]:
            lines.append(f"{name}: {len(was)} rows of {len(was[0])} cells became {len(now)} of {len(now[0])}")
            continue
        for k, (old, new) in enumerate(zip(was, now, strict=True)):
            lines += [
                f"{name}: row {k}, {was[0][c]}: {a!r} became {b!r}"
                for c, (a, b) in enumerate(zip(old, new, strict=True))
                if not same(a, b, exact=exact)
            ]
    return lines


def of_measures_in(was, now):
    """Return the rows of a table without those of new measures; they widen the intervals that hold together, which is a difference."""
    if not was or "measure" not in was[0] or was[0] != now[0]:
        return now
    place = was[0].index("measure")
    known = {row[place] for row in was}
    return [row for row in now if row[place] in known]


def same(a, b, *, exact):
    """Tell whether two cells say the same, which they do exactly; if not `exact`, fractions to 1e-9."""
    if a == b or exact:
        return a == b
    if WHOLE.fullmatch(a) or WHOLE.fullmatch(b):
        return False
    try:
        return bool(np.isclose(float(a), float(b), rtol=NEAR, atol=NEAR))
    except ValueError:
        return False
