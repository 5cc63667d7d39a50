"""The public log of messages, where somebody has it: it is read where it lies, and nothing of it is in the project but figures."""

from __future__ import annotations

import os

import pandas as pd
import pytest

VARIABLE = "FIRSTCONTACT_MESSAGE_LOG"
MISSING = f"{VARIABLE} names no message log"
COLUMNS = ["sender", "recipient", "timestamp"]


def message_log():
    """Return the path of the log; a test that asks for it is skipped if there is none."""
    path = os.environ.get(VARIABLE)
    if path is None:
        pytest.skip(MISSING)
    return path


def rows_of(path):
    """Return sender, recipient and time of every message, from a file with or without a header, parted by blanks or commas."""
    table = pd.read_csv(path, sep=r"[\s,]", engine="python", header=None, names=COLUMNS, dtype=str)
    return table[table.timestamp.str.isdecimal()].astype("int64")
