"""Every decision branch is taken by the generated scenarios: measured on the agents, which run the same functions plainly."""

from __future__ import annotations

import pytest

from sim.agents import OutreachModel
from sim.decisions.codes import Outcome
from tests.helpers.generators import case

coverage = pytest.importorskip("coverage", reason="branches are measured with the dev extra")
MEASURED = ("sim/decisions/*", "sim/state/tally.py")


@pytest.mark.slow
def test_generated_scenarios_take_every_branch(tmp_path):
    watch = coverage.Coverage(branch=True, include=[f"*/{part}" for part in MEASURED], data_file=str(tmp_path / "data"), config_file=False)
    watch.exclude(r"def contact_route\(")  # first contacts are compiled for both engines: `test_joining` has the known answer
    outcomes, watch_on = set(), watch.start
    watch_on()
    try:
        for number in range(70):
            c = case(number)
            model = OutreachModel(c.scenario, c.seed, c.seed + 1, network=c.network)
            model.run()
            outcomes |= {int(event.item.outcome) for event in model.events}
            model.close()
    finally:
        watch.stop()
    missed = {}
    for file in sorted(watch.get_data().measured_files()):
        analysis = watch._analyze(file)
        branches = dict(analysis.missing_branch_arcs())
        if branches:
            missed[file.split("/sim/")[1]] = branches
    assert not missed, "\n".join(f"{file}: {branches}" for file, branches in missed.items())
    assert outcomes == set(Outcome) - {Outcome.PUT_OFF}  # such an item shows as read until it is answered
