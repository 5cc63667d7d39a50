"""The public log of messages, and what its patterns are computed from."""

from __future__ import annotations

import pytest

from experiments.calibration.patterns.messages import messages_of
from experiments.calibration.patterns.pairs import pairs_of
from tests.helpers.message_log import message_log, rows_of


@pytest.fixture(scope="session")
def log():
    """Return the messages of the log and their pairs; its clock begins with its first message."""
    table = rows_of(message_log())
    days = (table.timestamp - table.timestamp.min()) / 86400.0
    messages = messages_of(table.sender.to_numpy(), table.recipient.to_numpy(), days.to_numpy())
    return messages, pairs_of(messages)
