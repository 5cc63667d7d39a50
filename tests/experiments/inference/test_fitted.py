"""What a calibration's folder says of its draws, and draws given one of their numbers, on the toy whose truth is known."""

from __future__ import annotations

import json
from contextlib import closing

import numpy as np
import pandas as pd
import pytest

from experiments.comparison.run import request_of
from experiments.comparison.worlds import asked_worlds, checked, once_checked
from experiments.inference import report
from experiments.inference.fitted import FIT, fits, given, missed_again, read_fitted
from experiments.inference.prior import logit
from experiments.runs.ledger import Ledger
from experiments.runs.processes import InProcess
from experiments.runs.scheduler import Scheduler
from experiments.runs.watch import SILENT
from sim.errors import BadInput
from tests.experiments.inference.conftest import PATHS, SMALL


def test_a_folder_says_to_what_its_draws_were_fitted(folder, found):
    fitted = read_fitted(folder)
    assert json.loads((folder / FIT).read_text(encoding="utf-8"))["design"] == "message_first"
    assert fitted.scenario.canonical_json() == found.question.scenario.canonical_json()
    assert (fitted.members, fitted.sizes, fitted.seed) == (60, (60,), 1)
    assert (fitted.passed, fitted.sound, fitted.showing) == (report.passed(found), report.sound(found), 40)
    assert (fitted.data.design, fitted.data.warm_up, fitted.data.days, fitted.data.window) == ("message_first", 5, 20, (5.0, 24.0))
    assert fitted.data.names == found.data.names
    assert fitted.data.errors == pytest.approx(np.hypot(found.data.errors, found.fit.noise))
    assert fitted.prior.turned == found.question.prior.turned
    assert fitted.constrained == set(PATHS[:3])  # the last one moves nothing
    assert read_fitted(folder.parent) is None


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (FIT, "{}", "KeyError"),
        (FIT, "x", "JSONDecodeError"),
        ("figures.csv", "figure\na\n", "AttributeError"),
        ("parameters.csv", None, "FileNotFoundError"),
    ],
)
def test_a_broken_folder_is_refused_in_a_line(folder, tmp_path, name, text, said):
    for path in folder.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / name).unlink()
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=f"`--draws` must be of a calibration's folder as it was written .*{said}") as error:
        read_fitted(tmp_path)
    assert "\n" not in str(error.value)


def test_given_a_number_the_others_go_where_the_figures_want_them(folder, tmp_path, toy):
    """Figure 4 is the first number less the second: with the first moved up, the second must go along, and the figures be met again."""
    fitted, table = read_fitted(folder), pd.read_csv(folder / "draws.csv")
    names = list(table.columns[1:])
    values = table[names].to_numpy()
    at = float(np.quantile(values[:, 0], 0.65))
    found = given(fitted, names, values, {PATHS[0]: at})
    rows, moved = found
    assert 15 <= len(rows) < 40
    assert (moved[:, 0] == at).all()
    unit = fitted.prior.unit(moved)
    assert ((unit >= 0.0) & (unit <= 1.0)).all()
    together = np.corrcoef(logit(fitted.prior.unit(values))[:, :2].T)[0, 1]
    rise = (logit(unit)[:, 1] - logit(fitted.prior.unit(values[rows]))[:, 1])[values[rows, 0] < at]
    assert np.sign(rise.mean()) == np.sign(together)
    with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
        scheduler = Scheduler(ledger, InProcess())
        missed = missed_again(fitted, names, moved, list(rows + 1), scheduler, lambda *_: None)
        assert len(toy) == len(rows)
        again = missed_again(fitted, names, moved, list(rows + 1), scheduler, lambda *_: None)
        assert len(toy) == len(rows)  # what is in the ledger is not run again
        far = moved.copy()
        far[:, 1] = fitted.prior.turned[1].high - 1e-3
        lost = missed_again(fitted, names, far, list(rows + 1), scheduler, lambda *_: None)
    assert missed.tolist() == again.tolist()
    assert fits(missed).mean() > 0.8
    assert not fits(lost).any()


def test_a_comparison_with_a_changed_number_is_conditioned_checked_and_recalled(folder, tmp_path, toy):
    at = float(pd.read_csv(folder / "draws.csv")[PATHS[0]].median())
    request = request_of(SMALL.with_(**{PATHS[0]: at}), ["connect_first", "message_first"], pairs=2)
    worlds = asked_worlds(folder, request, 12)
    assert worlds.held.unchecked
    with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
        left, table = checked(worlds, Scheduler(ledger, InProcess()), SILENT)
    assert len(toy) == len(table) == len(worlds.points)
    assert table.kept.sum() >= 20
    assert (left.fit, len(left.points), len(left.held.points)) == (True, 12, table.kept.sum())
    assert {one.values[PATHS[0]] for one in left.points} == {at}  # noqa: PD011  (of no table)
    assert once_checked(worlds, table) == left  # as a folder that was finished tells
    assert left.digest != worlds.digest
    few = once_checked(worlds, table.assign(kept=[1] * 19 + [0] * (len(table) - 19)))
    assert (few.fit, few.range, len(few.points)) == (False, "range over assumptions", 12)
    as_it_was = asked_worlds(folder, request_of(SMALL, ["connect_first", "message_first"], pairs=2), 12)
    assert (as_it_was.fit, checked(as_it_was, None, SILENT)) == (True, (as_it_was, None))  # nothing is run


@pytest.mark.parametrize("showing", [0, 8])
def test_a_comparison_at_draws_that_do_not_fit_has_a_range_over_assumptions(folder, tmp_path, showing):
    for path in folder.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    facts = json.loads((tmp_path / FIT).read_text(encoding="utf-8"))
    (tmp_path / FIT).write_text(json.dumps(facts | {"passed": False, "sound": False, "showing": showing}), encoding="utf-8")
    asked = request_of(SMALL, ["connect_first", "message_first"], pairs=2)
    worlds = asked_worlds(tmp_path, asked, 20)
    assert (worlds.fit, worlds.one, worlds.range, len(worlds.points)) == (False, "assumed draw", "range over assumptions", 20)
    fit = asked_worlds(folder, asked, 20)
    assert (fit.fit, fit.range) == (True, "range over calibrated worlds")
    del facts["showing"]  # as an older one says it
    (tmp_path / FIT).write_text(json.dumps(facts), encoding="utf-8")
    assert asked_worlds(tmp_path, asked, 20).fit


def test_beyond_the_range_of_a_number_no_draw_is_near(folder):
    fitted, table = read_fitted(folder), pd.read_csv(folder / "draws.csv")
    names = list(table.columns[1:])
    one = fitted.prior.turned[0]
    assert len(given(fitted, names, table[names].to_numpy(), {one.path: one.high + 0.5}).rows) == 0
