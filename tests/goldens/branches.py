"""Say which branches of the decisions the five scenarios leave out, taken by the agents: `python -m tests.goldens.branches`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import coverage

from tests.goldens.histories import SCENARIOS, by_agents
from tests.goldens.inside import MEASURED

# what no day of a run takes in plain Python, and which test has the known answer
ELSEWHERE = (
    r"if not there\.any\(\):",  # nobody is there at the switch: `test_tally`
    r"def contact_route\(",  # first contacts are compiled for both engines: `test_joining`
    r"def quiet_share\(",  # asked once, before the first day: `test_consequences`
    r"if worth >= 1\.0:",  # a share so near to one that it rounds: `test_limits`
)


def missing():
    """Return the branches that none of the five takes, by file."""
    with tempfile.TemporaryDirectory() as folder:
        watch = coverage.Coverage(branch=True, include=list(MEASURED), data_file=str(Path(folder) / "data"), config_file=False)
        for line in ELSEWHERE:
            watch.exclude(line)
        watch.start()
        try:
            for name in SCENARIOS:
                by_agents(name)
        finally:
            watch.stop()
        files = sorted(watch.get_data().measured_files())
        assert files
        found = {file: dict(watch._analyze(file).missing_branch_arcs()) for file in files}
    return {file: branches for file, branches in found.items() if branches}


if __name__ == "__main__":
    left = missing()
    for where, branches in left.items():
        print(where, branches)
    sys.exit(bool(left))
