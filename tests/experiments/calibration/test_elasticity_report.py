"""What elasticities are written as."""

from __future__ import annotations

import json

from experiments.calibration.declared import ASSUMED, EMPIRICAL
from experiments.calibration.elasticities import Elasticity
from experiments.calibration.elasticity_report import NONE, as_frame, as_markdown, constraining, data_of, line_of, rows_of
from experiments.calibration.moves import Move
from tests.experiments.calibration.test_elasticities import target


def made(path, name, effect, *, told=True, kind=EMPIRICAL):
    return Elasticity(Move(path, {}, {}, 2.0, "assumption: because"), target(name, kind), effect, 0.01, told)


FOUND = [
    made("reply.base", "x", 0.2),
    made("reply.base", "y", -0.9),
    made("reply.base", "z", 5.0, kind=ASSUMED),
    made("reply.load", "x", 0.04, told=False),
    made("reply.load", "y", 0.0, told=False),
    made("reply.load", "z", 5.0, kind=ASSUMED),
    made("style.note", "w", 0.0, told=False),
]


def test_targets_stand_by_how_much_they_move_and_what_is_assumed_constrains_nothing():
    found = constraining(FOUND)
    assert [e.target.name for e in found["reply.base"]] == ["y", "x"]
    assert found["reply.load"] == []
    assert rows_of(FOUND) == [["reply.base", "Y -0.90; X +0.20"], ["reply.load", NONE], ["style.note", NONE]]


def test_four_targets_are_named_and_the_rest_counted():
    five = [made("a.b", name, 1.0 + k) for k, name in enumerate("vwxyz")]
    assert rows_of(five[:4]) == [["a.b", "Y +4.00; X +3.00; W +2.00; V +1.00"]]
    assert rows_of(five) == [["a.b", "Z +5.00; Y +4.00; X +3.00; W +2.00; and 1 more"]]


def test_the_line_counts_parameters_and_names_targets_that_nothing_moves():
    line = line_of(FOUND, 1000, 3, 0)
    assert line.startswith("1 of 3 parameters move a target, at 1,000 members and 3 seeds; of the other 2 no target says anything.")
    assert line.endswith("Moved by none: W.")
    assert line_of(FOUND[:2], 1000, 3, 2).endswith("2 runs failed twice, and what hangs on them is left out.")


def test_a_document_names_each_parameter_once():
    text = as_markdown(FOUND, "The line.")
    assert text.startswith("The line.\n\n| parameter | ")
    assert "| `reply.base` | Y -0.90; X +0.20 |" in text
    assert text.endswith("No target constrains these:\n\n- reply: load\n- style: note")


def test_all_of_it_is_in_the_file():
    frame = as_frame(FOUND)
    assert len(frame) == len(FOUND)
    assert frame.iloc[1].to_dict() == {
        "parameter": "reply.base",
        "target": "y",
        "kind": EMPIRICAL,
        "effect": -0.9,
        "error": 0.01,
        "told": True,
        "tenths": 2.0,
        "source": "assumption: because",
    }
    assert json.loads(json.dumps(data_of(FOUND)))[1] == {"parameter": "reply.load", "moves": []}
