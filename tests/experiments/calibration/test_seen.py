"""A log and a run are seen alike."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.calibration.described import described
from experiments.calibration.patterns.messages import begun_by_message, messages_of
from experiments.calibration.seen import DAY, seen_in_log, seen_in_run
from experiments.calibration.simulated import run_of
from sim.population.networks.log import read_log
from sim.scenario.scenario import load_scenario
from sim.simulation import simulate

ROWS = """sender,recipient,timestamp,kind,outcome
x,y,2020-01-01,message,
y,x,2020-01-03,message,
x,z,2020-01-02,invitation,accepted
z,x,2020-01-04,message,
q,y,2020-02-10,invitation,
y,y,2020-02-10,message,
"""


@pytest.fixture
def seen(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(ROWS, encoding="utf-8")
    return seen_in_log(read_log(path))


def test_a_log_has_pairs_that_began_with_a_message_and_invitations(seen):
    assert seen.people == 4
    assert (seen.pairs.day.tolist(), seen.pairs.answered.tolist()) == ([0.0], [2.0])  # x and z began with an invitation
    assert seen.written.sum() == 3
    assert seen.asked.day.tolist() == [1.0, 40.0]
    assert np.array_equal(seen.asked.accepted, [1.0, np.nan], equal_nan=True)
    assert seen.days == 41.0


def test_a_pair_that_began_with_an_invitation_is_left_out_whatever_the_order_of_rows():
    messages = messages_of([0, 1, 2], [1, 0, 0], [5.0, 6.0, 2.0])
    kept = begun_by_message([1, 0, 1, 2], [0, 1, 0, 0], [4.0, 5.0, 6.0, 2.0], np.arange(4), np.array([True, False, False, False]), messages)
    assert kept.sender.tolist() == [2]


def test_a_run_that_is_cut_is_seen_as_a_log_that_begins_in_its_midst(tmp_path):
    history = simulate(load_scenario(members=120, warm_up=0, days=50), 3, events=True)
    whole, cut = (seen_in_run(run_of(history, (20.0, 49.0), cut=cut)) for cut in (False, True))
    assert len(cut.pairs.day) > len(whole.pairs.day)  # those who wrote before begin anew
    assert cut.pairs.day.min() >= 20.0
    e = history.to_pandas("events")
    e = e[(e.day_delivered >= 0) & (e.day_sent >= 20)]
    kinds = {"invitation": "invitation", "invitation with note": "note"}
    rows = [
        f"{a},{b},{10**9 + d * int(DAY)},{kinds.get(k, 'message')}"
        for a, b, d, k in zip(e.sender, e.recipient, e.day_sent, e.kind, strict=True)
    ]
    path = tmp_path / "log.csv"
    path.write_text("sender,recipient,timestamp,kind\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert len(seen_in_log(read_log(path)).pairs.day) == pytest.approx(len(cut.pairs.day), abs=5)  # within a day the order may be another


def test_a_run_written_as_a_log_is_seen_as_the_run_is(tmp_path):
    """The whole way: the same figures from the events of a run, and from a file of them that is read like anybody's log."""
    history = simulate(load_scenario(members=150, warm_up=0, days=50), 3, events=True)
    in_run = seen_in_run(run_of(history, (0.0, 49.0)))
    e = history.to_pandas("events")
    e = e[(e.day_delivered >= 0) & (e.day_sent <= 49)].sort_values(["day_sent", "item"], kind="stable")
    kind = np.where(e.kind == "invitation with note", "note", np.where(e.kind == "invitation", "invitation", "message"))
    done = np.where(e.outcome.str.startswith("accepted"), "accepted", "pending")
    rows = zip(e.sender, e.recipient, 10**9 + e.day_sent * int(DAY), kind, done, strict=True)
    path = tmp_path / "log.csv"
    path.write_text(
        "sender,recipient,timestamp,kind,outcome\n" + "\n".join(",".join(map(str, row)) for row in rows) + "\n", encoding="utf-8"
    )
    in_log = seen_in_log(read_log(path))
    assert in_log.people == in_run.people
    one, other = described(in_log), described(in_run)
    first_day = float(e.day_sent.min())
    assert first_day == 0.0
    for name, found in one.items():
        if name in ("first_messages", "messages"):  # a log ends with its last row
            continue
        assert found.value == pytest.approx(other[name].value, nan_ok=True), name
    assert one["reply_7"].out_of > 50
