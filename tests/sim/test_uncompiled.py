"""The kernels are plain Python as well: without a compiler they give the same history, and warn of nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

PROGRAM = """
import json
from sim import load_scenario, simulate
history = simulate(load_scenario("baseline").with_(members=25, warm_up=4, days=8), 3, events=True)
print(json.dumps([history.to_pandas("events").to_json(double_precision=15), {k: v.value for k, v in history.measures.items()}]))
"""


@pytest.mark.slow
def test_kernels_that_are_not_compiled_give_the_same_history():
    found = []
    for off in ("0", "1"):
        environment = {**os.environ, "NUMBA_DISABLE_JIT": off}
        ended = subprocess.run([sys.executable, "-W", "error", "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
        found.append(json.loads(ended.stdout))
    assert found[0] == found[1]
    assert len(json.loads(found[0][0])["sender"]) > 20
