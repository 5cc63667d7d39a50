"""The public log of messages, if it is there: it is read where it lies, and nothing of it is in the project but figures."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from experiments.calibration.patterns.messages import messages_of
from experiments.calibration.patterns.pairs import pairs_of

BESIDE = Path(__file__).parents[4] / "shared" / "data" / "college_msg.csv.gz"
LOG = Path(os.environ.get("COLLEGE_MSG", BESIDE))


@pytest.fixture(scope="session")
def log():
    """Return the messages of the log and their pairs; its clock begins with its first message."""
    if not LOG.exists():
        pytest.skip("the public log of messages (CollegeMsg) is not there: COLLEGE_MSG says where it is")
    table = pd.read_csv(LOG)
    days = (table.timestamp - table.timestamp.min()) / 86400.0
    messages = messages_of(table.sender.to_numpy(), table.recipient.to_numpy(), days.to_numpy())
    return messages, pairs_of(messages)
