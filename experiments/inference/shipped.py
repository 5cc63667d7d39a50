"""Draws that are committed for the shipped scenario, with the differences at them: by what they are known to be of this model.

Their key is a digest of the scenario's parameters and the counters of one golden run. A run whose counters are others refuses them (a test): the model has
changed, and the worlds with it. A docstring, or another version of a library, changes neither. No run is needed to use them: parameters are compared alone.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.defaults import ARMS
from experiments.inference.fitted import FIT, read_fitted
from experiments.inference.runner import BANK, FURTHER, LARGE, NEAR
from experiments.reporting.run_folder import SCENARIO, read_table, write_text
from experiments.runs.keys import scenario_digest
from sim.errors import BadInput, must

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario

SHIPPED = Path(__file__).with_name("shipped")
KEY, DRAWS, DIFFERENCES = "key.json", "draws.csv", "worlds.csv"
COPIED = (DRAWS, BANK, FURTHER, FIT, SCENARIO, "figures.csv", "parameters.csv")  # of a calibration's folder
GOLDEN = {"members": 200, "warm_up": 30, "days": 60}  # of the golden run
SEED = 1


def digests(scenario: Scenario) -> dict[str, Any]:
    """Return the digest of a scenario's parameters, whatever its design, and of each usual arm."""
    return {
        "scenario": scenario_digest(scenario.with_design(scenario.warm_up_design)),
        "arms": {arm: scenario_digest(scenario.with_design(arm)) for arm in ARMS},
    }


def golden_counters(scenario: Scenario) -> dict[str, int]:
    """Return the counters of the golden run, added over its days, by name."""
    from sim.simulation import simulate

    history = simulate(scenario.with_(**GOLDEN).with_design(ARMS[1]), SEED, SEED)
    return {name: int(np.asarray(values).sum()) for name, values in sorted(history.raw_daily.items())}


def key_of(scenario: Scenario) -> dict[str, Any]:
    """Return the key of draws of a scenario."""
    return {**digests(scenario), "counters": golden_counters(scenario)}


def at_hand(folder: Path = SHIPPED) -> bool:
    """Tell whether draws are committed, for whatever scenario."""
    return (folder / KEY).is_file()


def committed(scenario: Scenario, folder: Path = SHIPPED) -> Path | None:
    """Return the folder of draws that are committed for a scenario; None if there are none, or its parameters are others.

    Raises:
        BadInput: if their key cannot be read.
    """
    if not at_hand(folder):
        return None
    return folder if _key(folder)["scenario"] == digests(scenario)["scenario"] else None


def refusals(scenario: Scenario, folder: Path = SHIPPED) -> list[str]:
    """Return why committed draws are not of this model; nothing if they are, or if there are none. The golden run is made.

    Counters that came in since are not compared: they count what was not counted then.
    """
    if not at_hand(folder):
        return []
    key, now = _key(folder), digests(scenario)
    lines = [f"the parameters of the {'scenario' if name == 'scenario' else 'arms'} are others" for name in now if key[name] != now[name]]
    seen = golden_counters(scenario)
    off = [f"{name} is {seen.get(name)} and was {was}" for name, was in key["counters"].items() if seen.get(name) != was]
    return lines + [f"the golden run differs: {line}" for line in off]


def _key(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / KEY).read_text(encoding="utf-8"))
        for name in ("scenario", "arms", "counters"):
            found[name]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(must("", "be the key of committed draws", f"{type(error).__name__}", where=folder / KEY)) from None
    return found


def arms_of_key(folder: Path = SHIPPED) -> dict[str, str]:
    """Return the digests of the arms that were compared at committed draws, by name. Errors as of `committed`."""
    found: dict[str, str] = _key(folder)["arms"]
    return found


def digest_of_key(folder: Path = SHIPPED) -> str:
    """Return 16 hex digits of the key of committed draws, by which what lies beside them says that it is of the same model. Errors as of `committed`."""
    return hashlib.sha256(json.dumps(_key(folder), sort_keys=True).encode()).hexdigest()[:16]


def differences(folder: Path, arms: dict[str, Scenario], reference: str) -> pd.DataFrame | None:
    """Return the committed differences at the draws, a row a draw, arm and measure; None if the arms are others than those that were compared.

    Args:
        folder: of committed draws.
        arms: that are compared, by name.
        reference: the control.
    """
    asked = {name: scenario_digest(one) for name, one in arms.items()}
    if reference != ARMS[0] or asked != arms_of_key(folder) or not (folder / DIFFERENCES).is_file():
        return None
    return read_table((folder / DIFFERENCES).read_bytes())


def ship(calibration: Path, compared: Path, scenario: Scenario, folder: Path = SHIPPED) -> None:
    """Commit a calibration's draws, with the differences of a comparison at them.

    Args:
        calibration: its folder.
        compared: the folder of `compare --draws CALIBRATION` of the usual arms.
        scenario: that both are of.
        folder: where they are to lie.

    Raises:
        BadInput: if the draws are of another scenario, are not sound by their gates, or differ from those that were compared at.
    """
    fitted = read_fitted(calibration)
    if fitted is None or digests(fitted.scenario)["scenario"] != digests(scenario)["scenario"]:
        raise BadInput(must("", "be the calibration of this scenario", "none or another", where=calibration))
    if not fitted.sound:
        rule = "have worlds that fit and differ as much as they should, by its gates"
        raise BadInput(must("", rule, "one that has none", where=calibration))
    draws, at = (read_table((where / name).read_bytes()) for where, name in ((calibration, DRAWS), (compared, DIFFERENCES)))
    there = at.drop_duplicates("draw").set_index("draw")[list(draws.columns[1:])]
    if not draws.set_index("draw").loc[there.index].equals(there):
        raise BadInput(must("", "be compared at these draws", "others", where=compared))
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*COPIED, *([LARGE] if fitted.shift else [])):
        shutil.copyfile(calibration / name, folder / name)
    shutil.copyfile(compared / DIFFERENCES, folder / DIFFERENCES)
    write_text(folder / KEY, json.dumps(key_of(scenario), indent=2) + "\n")


def repeated(made: pd.DataFrame, folder: Path = SHIPPED) -> list[str]:
    """Return in what draws that were inferred again differ from the committed ones; nothing if they are the same.

    Args:
        made: the draws, as `draws.csv` has them.
        folder: of the committed ones.
    """
    there = read_table((folder / DRAWS).read_bytes())
    if list(made.columns) != list(there.columns) or len(made) != len(there):
        return [f"{len(made)} draws of {len(made.columns) - 1} numbers, and {len(there)} of {len(there.columns) - 1} are committed"]
    off = ~np.isclose(made.to_numpy(float), there.to_numpy(float), rtol=NEAR, atol=0.0).all(axis=0)
    return [f"{name} differs" for name in made.columns[off]]


def how_made(folder: Path = SHIPPED) -> dict[str, Any] | None:
    """Return what `calibrate` is to be given to infer committed draws again from their bank; None if no bank is committed."""
    if not (folder / BANK).is_file():
        return None
    fitted = read_fitted(folder)
    if fitted is None:
        raise BadInput(must("", "have fit.json beside its bank", "none", where=folder))
    paths = [one.path for one in fitted.prior.turned]
    return {
        "bank": folder / BANK,
        "members": fitted.bank_members,
        "shift": fitted.shift,
        "seed": fitted.seed,
        "keep": fitted.keep,
        "parameters": paths,
    }
