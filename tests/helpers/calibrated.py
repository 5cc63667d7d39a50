"""The folder of a calibration, made by hand: draws, and what they were fitted to."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

PATHS = ("reply.base", "thread.base", "visibility.spread")
MANY = 24  # draws: as many as show all figures, unless told otherwise


def calibration(folder, scenario, *, sound=True, passed=True, showing=MANY):
    """Write the folder of a calibration of a scenario, all of whose draws fit unless told otherwise, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    share = np.linspace(0.3, 0.7, MANY)
    draws = {
        "draw": range(1, MANY + 1),
        "reply.base": -4.0 + 3.0 * share,
        "thread.base": np.roll(share, 7),
        "visibility.spread": 1.0 + np.roll(share, 11),
    }
    pd.DataFrame(draws).to_csv(folder / "draws.csv", index=False)
    figure = {"figure": "a", "title": "a", "unit": "share", "observed": 0.1, "error": 0.01, "noise": 0.001}
    pd.DataFrame([figure]).to_csv(folder / "figures.csv", index=False)
    pd.DataFrame({"parameter": PATHS, "said": "something"}).to_csv(folder / "parameters.csv", index=False)
    (folder / "scenario.toml").write_text(scenario.to_toml(), encoding="utf-8")
    members = scenario.members
    facts = {"source": "toy.toml", "design": "message_first", "members": members, "sizes": [members], "seed": 1, "warm_up": 5, "days": 20}
    facts |= {"window": [5.0, 24.0], "passed": passed, "sound": sound, "showing": showing}
    (folder / "fit.json").write_text(json.dumps(facts), encoding="utf-8")
    return folder


SIZE = "they were held to the figures with 61 members, and here are 60"
UNSOUND = "their calibration says not to rely on them for more than a look"
DRAWN = "reply.base = -2.75 is set here, and they were not held to the figures again with it"
OTHER = "reply.connected is not the calibration's, and nothing was drawn there"
# What is wrong with draws: changes of the scenario that was calibrated, facts of the calibration, changes of the one that is asked about, what is said.
CASES = {
    "fit": ({}, {}, {}, None),
    "unsound": ({}, {"sound": False}, {}, UNSOUND),
    "size": ({"members": 61}, {}, {}, SIZE),
    "a number that was drawn": ({}, {}, {"reply.base": -2.75}, DRAWN),
    "another number": ({}, {}, {"reply.connected": 0.125}, OTHER),
}
