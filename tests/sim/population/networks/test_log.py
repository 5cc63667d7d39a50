"""Logs are read row by row: who, whom, when, what it was and what became of it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import BadInput
from sim.population.networks.log import read_log

HEADER = "sender,recipient,timestamp,kind,outcome\n"


@pytest.fixture
def log(tmp_path):
    def read(text, columns=None):
        path = tmp_path / "log.csv"
        path.write_text(text, encoding="utf-8")
        return read_log(path, columns)

    return read


def test_a_log_of_messages_alone_has_no_invitations(log):
    found = log("sender,recipient,timestamp\nb,a,2020-01-02\na,b,2020-01-01\n")
    assert found.labels == ("a", "b")
    assert (found.sender.tolist(), found.recipient.tolist()) == ([0, 1], [1, 0])
    assert np.diff(found.seconds).tolist() == [86400.0]
    assert not found.invitation.any()
    assert found.accepted.tolist() == [-1, -1]


def test_invitations_are_told_from_messages_and_say_what_became_of_them(log):
    rows = "a,b,2020-01-01,Invitation,accepted\na,c,2020-01-02,connect,declined\nc,b,2020-01-03,note,\nb,c,2020-01-04,InMail,accepted\n"
    found = log(HEADER + rows)
    assert found.invitation.tolist() == [True, True, True, False]
    assert found.note.tolist() == [False, False, True, False]
    assert found.accepted.tolist() == [1, 0, -1, -1]  # of a message the outcome is what was written back
    assert found.report.columns["kind"] == "4"


def test_columns_can_be_told(log):
    text = "who,whom,moment,what,then\na,b,2020-01-01,invite,yes\nb,a,2020-01-02,message,\n"
    found = log(text, "sender=who,recipient=whom,time=moment,kind=what,outcome=then")
    assert (found.invitation.tolist(), found.accepted.tolist()) == ([True, False], [1, -1])


@pytest.mark.parametrize(
    ("text", "columns", "said"),
    [
        (HEADER + "a,b,2020-01-01,telegram,\n", None, "line 2 must have a kind such as message"),
        (HEADER + "a,b,2020-01-01,invite,perhaps\n", None, "line 2 must have an outcome such as accepted"),
        (
            "sender,recipient,timestamp,kind,type\na,b,2020-01-01,invite,x\n",
            None,
            "must be told which column is the kind by `--columns kind=N`",
        ),
        (HEADER + "a,b,2020-01-01,invite,\n", "kind=9", "must name kind by a number from 1 to 5"),
        (HEADER + "a,b,2020-01-01,invite,\n", "mood=9", "`--columns` must say columns"),
        ("sender,recipient\na,b\n", None, "must have the columns sender,recipient,timestamp, or be told them"),
        (
            '<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="directed"/></graphml>',
            None,
            "must be",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_line(log, text, columns, said):
    with pytest.raises(BadInput, match=said.replace("(", r"\(")) as error:
        log(text, columns)
    assert "\n" not in str(error.value)


def test_the_newest_may_stand_first_and_the_order_of_a_moment_is_kept(log):
    old = log("sender,recipient,timestamp\na,b,2020-01-01\nb,a,2020-01-02\na,c,2020-01-02\n")
    new = log("sender,recipient,timestamp\na,c,2020-01-02\nb,a,2020-01-02\na,b,2020-01-01\n")
    assert old.sender.tolist() == new.sender.tolist() == [0, 1, 0]
