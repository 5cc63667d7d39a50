"""How far a comparison's size lies from enough: what `firstcontact scale` found for the shipped scenario, at the size that is compared.

What it found is committed beside its key, as draws are (`experiments.inference.shipped`): for any number of members, of the same scenario else.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.defaults import ARMS
from experiments.inference import shipped
from experiments.methods.size_laws import RELATIVE, verdict_of
from experiments.reporting import by_size
from experiments.reporting.run_folder import read_table, write_text
from experiments.runs.keys import scenario_digest
from sim.results.measures import PRIMARY

if TYPE_CHECKING:
    from experiments.methods.size_laws import AtSize
    from experiments.runs.request import Request
    from sim.scenario.scenario import Scenario

FOLDER = Path(__file__).with_name("sizes")
TABLE = "scale.csv"
ONE_SIZE = 1000  # at which scenarios are compared that may differ in their members alone
UNKNOWN = "How far {} members are from enough has not been measured for this scenario and these designs: `firstcontact scale` does."


def sentences(request: Request, folder: Path = FOLDER) -> list[str]:
    """Return how the primary measure goes with size, and how far the size that is compared lies from enough; nothing of a network from a file."""
    scenario, measure = request.scenario, request.catalogue[PRIMARY]
    if scenario.network_file is not None:
        return []
    rows = rows_for(request.arms, request.reference, folder)
    if not rows:
        return [UNKNOWN.format(f"{scenario.members:,}")]
    course = by_size.course(measure, ARMS, rows)
    if not rows[0].size <= scenario.members <= rows[-1].size:
        return [f"{course} Nothing is said of {scenario.members:,} members, which lie outside."]
    there = [f"At {row.size:,} it is {by_size.relative_of(row)}." for row in rows[1:-1] if row.size == scenario.members]
    return [" ".join([course, *there, by_size.said(measure, RELATIVE, own=scenario.members, verdict=verdict_of(rows, RELATIVE))])]


def rows_for(arms: dict[str, Scenario], reference: str, folder: Path = FOLDER) -> list[AtSize]:
    """Return the primary measure at the sizes that were compared for these arms; none if they are others, or nothing is committed."""
    if not (folder / shipped.KEY).is_file() or reference != ARMS[0] or not set(ARMS) <= set(arms):
        return []
    asked = {name: scenario_digest(arms[name].with_(members=ONE_SIZE)) for name in ARMS}
    if asked != json.loads((folder / shipped.KEY).read_text(encoding="utf-8"))["arms"]:
        return []
    return by_size.rows_of(read_table((folder / TABLE).read_bytes()), PRIMARY)


def refusals(scenario: Scenario, folder: Path = FOLDER) -> list[str]:
    """Return why what is committed is not of this model, as `shipped.refusals`."""
    return shipped.refusals(scenario.with_(members=ONE_SIZE), folder)


def ship(found: Path, scenario: Scenario, folder: Path = FOLDER) -> None:
    """Commit what `firstcontact scale` found of a scenario under the usual arms, in the folder `found`."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(found / TABLE, folder / TABLE)
    write_text(folder / shipped.KEY, json.dumps(shipped.key_of(scenario.with_(members=ONE_SIZE)), indent=2) + "\n")
