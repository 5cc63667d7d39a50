"""Runs that are taken from an earlier calibration, or made."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.inference.bank import Bank
from experiments.inference.runner import Earlier, Runner, read_earlier
from experiments.inference.summaries import SummaryScheduler
from experiments.runs.processes import InProcess
from experiments.runs.streams import AGAIN, SHIFTED
from experiments.runs.watch import SILENT
from sim.errors import BadInput
from tests.experiments.inference.conftest import PATHS, TITLES, data_at, prior, question

VALUES = np.array([[-2.5, 0.1, 1.0, 0.5], [-2.4, 0.2, 1.5, 0.5], [-2.3, 0.3, 1.7, 0.5]])


def runner(book, earlier=None):
    return Runner(data_at([0, 0, 0]), prior(), 1, SummaryScheduler(book, InProcess()), SILENT, earlier)


def test_a_run_is_there_if_its_number_and_its_values_are():
    earlier = Earlier(np.array([1, 2, AGAIN]), np.array([0, 0, 120]), Bank(VALUES, [{}, {}, {}]))
    assert earlier.rows(VALUES[:2], 1, 60).tolist() == [0, 1]
    assert earlier.rows(VALUES[1:], 2, 60).tolist() == [1, -1]
    assert earlier.rows(VALUES[:2], AGAIN, 120).tolist() == [-1, -1]
    assert earlier.rows(VALUES[2:] * (1 + 1e-12), AGAIN, 120).tolist() == [2]
    assert earlier.rows(VALUES[2:] * (1 + 1e-8), AGAIN, 120).tolist() == [-1]
    assert earlier.rows(VALUES[2:], AGAIN, 60).tolist() == [-1]  # of another size it is another run
    assert [earlier.many(first) for first in (1, 2, 3, AGAIN, SHIFTED)] == [2, 1, 0, 1, 0]


def test_tables_are_read_with_the_numbers_that_give_their_seeds(tmp_path):
    table = pd.DataFrame(VALUES, columns=PATHS).assign(**{"figure.a": [1.0, np.nan, 3.0], "figure.b": [4.0, np.nan, np.nan]})
    for name, one in (("bank.csv", table), ("shift.csv", table[:2])):
        one.to_csv(tmp_path / name, index=False)
    further = table[["figure.a"]].assign(run=[AGAIN, AGAIN + 1, AGAIN + 7], members=120, **dict(zip(PATHS, VALUES.T, strict=True)))
    further[["run", "members", *PATHS, "figure.a"]].to_csv(tmp_path / "further.csv", index=False)
    found = read_earlier(tmp_path / "bank.csv", prior())
    assert found.members.tolist() == [0, 0, 0, 0, 0, 120, 120, 120]
    assert found.numbers.tolist() == [1, 2, 3, SHIFTED, SHIFTED + 1, AGAIN, AGAIN + 1, AGAIN + 7]
    assert found.bank.figures[1] is None  # a run that failed
    assert found.bank.summaries(["a", "b"])[[0, 2, 7]] == pytest.approx(np.array([[1, 4], [3, np.nan], [3, np.nan]]), nan_ok=True)
    assert np.array_equal(found.bank.values[5:], VALUES)  # noqa: PD011  (of no table)


def test_what_is_there_is_taken_and_the_rest_is_made(toy, book):
    asked = question()
    made = runner(book).runs(asked.still, VALUES, AGAIN, "draws")
    assert len(toy) == 3
    toy.clear()
    earlier = Earlier(AGAIN + np.arange(2), np.full(2, 60), Bank(VALUES[:2], [dict(one) for one in made.figures[:2]]))
    earlier.bank.figures[1][TITLES[0]] = earlier.bank.figures[1][TITLES[0]]._replace(
        value=7.0
    )  # the second is in no sample of one of twenty
    found = runner(book, earlier).runs(asked.still, VALUES, AGAIN, "draws")
    assert toy == []  # the ledger has them
    assert found.summaries(TITLES)[1, 0] == 7.0
    assert np.array_equal(found.summaries(TITLES)[[0, 2]], made.summaries(TITLES)[[0, 2]])
    assert np.array_equal(found.values, VALUES)
    earlier.bank.figures[0][TITLES[0]] = earlier.bank.figures[0][TITLES[0]]._replace(value=7.0)
    with pytest.raises(BadInput, match=r"`--bank` must be made by this version of the model.*1 of 1 draws that show something else"):
        runner(book, earlier).runs(asked.still, VALUES, AGAIN, "draws")


def test_a_run_that_lacks_a_figure_of_the_data_is_made(toy, book):
    """A calibration to other data leaves runs that show its own figures alone."""
    figures = [{TITLES[0]: None}, None, {}]
    earlier = Earlier(AGAIN + np.arange(3), np.full(3, 60), Bank(VALUES, figures))
    found = runner(book, earlier)._earlier_rows(question().still, VALUES, AGAIN)
    assert found.tolist() == [-1, 1, -1]  # the second failed: it would fail again
    bank = Earlier(1 + np.arange(3), np.zeros(3, int), Bank(VALUES, figures))
    assert runner(book, bank)._earlier_rows(question().still, VALUES, 1).tolist() == [0, 1, 2]  # what no run of a bank shows, none would


def test_what_failed_before_is_not_made_again_and_is_in_no_sample(toy, book):
    earlier = Earlier(AGAIN + np.arange(2), np.full(2, 60), Bank(VALUES[:2], [None, None]))
    assert runner(book, earlier).runs(question().still, VALUES[:2], AGAIN, "draws").figures == [None, None]
    assert toy == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "`--bank` must be the bank.csv of a calibration"),
        (
            "reply.base,thread.base\n1,2\n",
            "`--bank` must have a column for each of reply.base, thread.base, visibility.spread, attention.muted",
        ),
        ("figure.x\n1\n", "with none"),
    ],
)
def test_what_is_no_bank_is_refused(tmp_path, text, said):
    path = tmp_path / "bank.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        read_earlier(path, prior())


def test_what_lies_beside_a_bank_must_be_of_it(tmp_path):
    pd.DataFrame(VALUES, columns=PATHS).assign(**{"figure.a": 1.0}).to_csv(tmp_path / "bank.csv", index=False)
    (tmp_path / "further.csv").write_text("reply.base,figure.a\n1,2\n", encoding="utf-8")
    with pytest.raises(
        BadInput, match=r"`--bank` must have a column for each of run, members, reply.base, thread.base.*further.csv with reply.base"
    ):
        read_earlier(tmp_path / "bank.csv", prior())
