"""A calibration of a model whose posterior is known, from the bank to the gates."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from experiments.inference import calibration, summaries
from experiments.inference.prior import logit
from experiments.runs.scheduler import RunFailed
from experiments.runs.streams import AGAIN
from tests.experiments.inference.conftest import (
    ERROR,
    NOISE,
    PATHS,
    SLOPES,
    SMALL,
    TITLES,
    answered,
    by_size,
    data_at,
    figures_at,
    prior,
    question,
)

pytest.importorskip("sklearn")
TRUTH = [0.5, -0.5, 0.3]


def test_the_posterior_is_near_the_exact_one(found):
    """Under a flat prior the posterior would be normal around the truth; the logistic prior pulls it a little to the middle."""
    precision = SLOPES.T @ SLOPES / (ERROR**2 + NOISE**2) + np.eye(3) / (np.pi**2 / 3)
    exact = np.sqrt(np.diag(np.linalg.inv(precision)))
    mean, spread = found.fit.posterior.mean()[:3], found.fit.posterior.spread()[:3]
    assert mean == pytest.approx(TRUTH, abs=0.12)
    assert spread == pytest.approx(exact, rel=0.3)


def test_worlds_fit_and_are_run_again_with_seeds_of_their_own(found):
    z = logit(found.question.prior.unit(found.values))
    assert len(found.values) == 40
    assert found.tried == 60
    assert z[:, :3].mean(axis=0) == pytest.approx(TRUTH, abs=0.2)
    assert z[:, 3].std() > 1.2  # nothing is said about it: as wide as before
    assert (np.abs(found.missed) <= 3.0).all()
    assert found.together
    assert found.dropped < 6
    assert (found.missed[found.best] ** 2).sum() == (found.missed**2).sum(axis=1).min()


@pytest.fixture
def bent(toy, monkeypatch):
    """Give data whose figures bend with the numbers, which leads a straight regression astray; with the runs that were made."""
    data = data_at(TRUTH, error=0.1)

    def summaries_of(asked):
        toy.append(asked.key)
        figures = figures_at(asked)
        return {
            name: one._replace(value=one.value + 0.25 * (one.value - x) ** 2)
            for (name, one), x in zip(figures.items(), data.values, strict=True)
        }

    monkeypatch.setattr(summaries, "summaries_of", summaries_of)
    return data, toy


def test_draws_that_miss_a_figure_are_moved_until_enough_fit(bent, book, monkeypatch):
    """Each step brings more draws to what they should show, and runs no others."""
    data, made = bent
    monkeypatch.setattr(calibration, "STARTS", (0.5,))
    asked, fit, runs = question(data, draws=256, keep=30), [], []
    for steps in (0, 1, 3):
        monkeypatch.setattr(calibration, "STEPS", steps)
        c = answered(asked, book)
        fit.append(c.tried - c.dropped)
        runs.append(len(made))
    assert c.tried == 45
    assert fit[0] < 30 <= fit[2], fit
    assert fit[0] < fit[1] <= fit[2]
    assert runs[1] - runs[0] == 45 - fit[0]  # those that miss, and no others


def test_rounds_of_other_draws_follow_until_enough_fit(bent, book, monkeypatch):
    """Where a good part of a round fits, another one has other draws, and no more than are needed."""
    data, made = bent
    monkeypatch.setattr(calibration, "STEPS", 1)
    asked = question(data, draws=512, keep=40)
    monkeypatch.setattr(calibration, "STARTS", (0.5,))
    one, before = answered(asked, book), len(made)
    monkeypatch.setattr(calibration, "STARTS", (0.5, 0.25, 0.75))
    two = answered(asked, book)
    assert one.tried == 60
    assert 40 / 3 < len(one.values) < 40, len(one.values)
    assert (two.tried, len(made) - before) == (120, 60)  # the first round is in the ledger, the second needs no step, a third is not needed
    assert np.array_equal(two.values[: len(one.values)], one.values)
    assert (one.dropped_at_first, two.dropped_at_first) == (one.dropped / 60, one.dropped / 60)
    assert one.together == two.together  # a round more makes no worse of it
    assert len(two.values) == len(np.unique(two.values, axis=0)) == 40  # no world comes twice


def test_rows_are_different_where_they_first_stand():
    values = np.array([[1.0, 2.0], [3.0, 4.0], [1.0, 2.0], [5.0, 6.0], [3.0, 4.0], [1.0, 5.0]])
    assert calibration.different(values, np.ones(6, bool)).tolist() == [0, 1, 3, 5]
    assert calibration.different(values, np.array([False, True, True, False, True, True])).tolist() == [1, 2, 5]
    assert calibration.distinct(values[[1, 4]]).tolist() == [[3.0, 4.0]]


def test_no_round_follows_if_most_of_its_draws_were_there(bent, book, monkeypatch):
    """Of a bank of 64 draws 32 are near: sixty adjusted ones leave hardly another."""
    monkeypatch.setattr(calibration, "STEPS", 0)
    assert answered(question(bent[0], draws=64, keep=40), book).tried == 60


def test_no_round_follows_if_all_would_bring_too_few(toy, book):
    data = data_at(TRUTH)
    data.values[[0, 3]] += 3.0
    assert answered(question(data), book).tried == 30


def test_gates_are_passed_and_controls_noticed(found):
    g = found.gates
    assert g.halved.tolist() == [True, True, True, False]
    assert g.calibrated
    assert g.contracted
    assert g.predicted
    assert g.controls == {"the prior as posterior": True, "shuffled figures": True, "half the spread": True}
    assert g.passed
    assert len(g.held) == 2
    assert g.contraction[:3].max() < 0.4
    assert g.contraction[3] > 0.8


def test_a_figure_that_the_others_contradict_is_said_and_the_rest_is_fitted(toy, book):
    from experiments.inference import report

    data = data_at(TRUTH)
    data.values[0] += 3.0  # what the other figures say of the first number, and what this one says, cannot both be
    c = answered(question(data), book)
    assert [one.title for one in c.fit.ready.against] == ["figure 0"]
    assert c.data.titles == TITLES[1:]
    assert c.together
    assert logit(prior().unit(c.values))[:, 0].mean() == pytest.approx(TRUTH[0], abs=0.4)  # not drawn astray
    said = [line for line in report.answer(c) if line.startswith("Contradicted by the other figures")]
    assert len(said) == 1
    assert "standard errors, and not fitted: figure 0, " in said[0]


def test_figures_that_cannot_be_met_together_are_said_to_be_so(toy, book):
    from experiments.inference import report

    data = data_at(TRUTH)
    data.values[[0, 3]] += 3.0  # two of six figures, each against others
    c = answered(question(data), book)
    assert not c.together
    assert c.dropped == c.tried
    assert c.astray.max() <= c.dropped <= c.astray.sum()  # each misses one at least
    assert c.astray[[0, 3]].min() > c.astray[2]
    assert len(c.values) == 20  # shown all the same, beside plain rejection
    said = " ".join(report.answer(c))
    assert "more than a fifth of them are contradicted by the others" in said
    assert "and fitted all the same, since these are too many: " in said


def test_a_figure_that_the_model_shows_nowhere_is_said_and_not_fitted(toy, book):
    from experiments.inference import report

    data = data_at(TRUTH)
    data.values[5] += 50.0
    c = answered(question(data), book)
    assert c.fit.ready.beyond == ("figure 5",)
    assert c.data.titles == tuple(f"figure {k}" for k in range(5))
    assert c.together
    assert any(
        line.startswith("Fewer than 5% of the draws show this within 3 standard errors") and line.endswith(": figure 5.")
        for line in report.answer(c)
    )


def test_runs_are_made_once_and_more_draws_continue(toy, book):
    first = answered(question(draws=64), book)
    made = len(toy)
    assert made == 64 + 16 + 30 + 20
    assert made == len(set(toy))
    again = answered(question(draws=64), book)
    assert len(toy) == made
    assert np.array_equal(again.values, first.values)
    answered(question(draws=96), book)
    bank = set(toy[:made])
    assert len([key for key in toy[made:] if key in bank]) == 0  # of the bank only the 32 that are new


def test_a_bank_that_was_made_before_gives_the_same_once_a_sample_is_run_again(toy, book, tmp_path):
    from experiments.inference import tables
    from experiments.inference.runner import read_earlier
    from experiments.reporting.run_folder import write_table
    from experiments.runs.ledger import Ledger
    from sim.errors import BadInput

    asked = question(draws=64)
    first = answered(asked, book)
    path = tmp_path / "bank.csv"
    write_table(path, tables.bank(first))
    earlier = read_earlier(path, asked.prior)
    toy.clear()
    with Ledger(tmp_path / "other.sqlite") as other:
        again = answered(asked._replace(given=earlier), other)
        assert len(toy) == 4 + 16 + 30 + 20  # a draw of twenty, and all that is not in a bank
        assert np.array_equal(again.values, first.values)
        figures = earlier.bank.figures[20]
        figures["figure 3"] = figures["figure 3"]._replace(value=9.0)
        with pytest.raises(BadInput, match=r"`--bank` must be made by this version of the model.*1 of 4 draws of the bank"):
            answered(asked._replace(given=earlier), other)
        with pytest.raises(BadInput, match="`--bank` must hold the draws of this scenario's ranges and this seed"):
            answered(asked._replace(given=earlier, seed=2), other)


def test_all_runs_of_a_calibration_serve_another_and_a_sample_of_each_kind_is_made_again(toy, book, tmp_path):
    """With further.csv beside the bank, nothing but the sample is made; for other data only second runs are the same."""
    from experiments.inference import tables
    from experiments.inference.runner import read_earlier
    from experiments.reporting.run_folder import write_table
    from experiments.runs.ledger import Ledger
    from sim.errors import BadInput

    asked = question(draws=64)
    first = answered(asked, book)
    write_table(tmp_path / "bank.csv", tables.bank(first))
    write_table(tmp_path / "further.csv", tables.further(first))
    earlier = read_earlier(tmp_path / "bank.csv", asked.prior)
    toy.clear()
    with Ledger(tmp_path / "other.sqlite") as other:
        again = answered(asked._replace(given=earlier), other)
        assert len(toy) == 4 + 1 + 2 + 1
        for name in ("values", "figures", "missed"):
            assert np.array_equal(getattr(again, name), getattr(first, name)), name
        assert again.gates.held == first.gates.held
        toy.clear()
        answered(asked._replace(given=earlier, data=data_at([0.3, 0.2, 0.1])), other)
        assert len(toy) == 30 + 20  # whose sample is in the ledger
        place = earlier.numbers.tolist().index(AGAIN + 20)
        figures = earlier.bank.figures[place]
        figures["figure 3"] = figures["figure 3"]._replace(value=9.0)
        with pytest.raises(BadInput, match=r"`--bank` must be made by this version.*1 of 2 adjusted draws, round 1 of 3 at most that show"):
            answered(asked._replace(given=earlier), other)


def test_the_time_cuts_the_bank_between_blocks_and_the_same_command_gives_the_same(toy, book):
    decided = []

    class Over:
        def over(self):
            return True

    asked = question(draws=128)

    def clock(draws):
        if draws:
            decided.append(draws)
        return decided[0] if decided else None

    with pytest.raises(RunFailed, match=r"too little to fit: the time was enough for 32 draws, and 50 are needed: more --budget"):
        answered(asked, book, Over(), clock)
    assert decided == [32]


def test_a_run_that_fails_is_left_out_and_all_that_fail_stop(monkeypatch, book):
    from experiments.inference import summaries

    def failing(asked):
        if asked.seeds[1] % 10 == 0:
            raise ValueError("too much")
        return figures_at(asked)

    monkeypatch.setattr(summaries, "summaries_of", failing)
    c = answered(question(draws=128), book)
    lost = sum(one is None for one in c.bank.figures)
    assert 0 < lost < 40
    assert len(c.fit.ready.z) == 128 - lost

    def broken(asked):
        raise ValueError("never")

    monkeypatch.setattr(summaries, "summaries_of", broken)
    with pytest.raises(RunFailed, match="all of 32 runs failed: ValueError: never"):
        answered(question(draws=64, seed=2), book)


def test_the_question_is_refused_if_it_cannot_be():
    from sim.errors import BadInput

    for changes, said in (({"draws": 10}, "`--draws` must be at least 64"), ({"keep": 1}, "`--keep` must be from 2 to 6,666")):
        with pytest.raises(BadInput, match=said):
            question(**changes).check()
    assert question().still.design == "message_first" == question().still.warm_up_design
    assert tuple(one.path for one in question().prior.turned) == PATHS


def grown(**changes):
    """Return the question of a network twice as large as the bank's runs, whose data are of its own size."""
    data = data_at(TRUTH)
    larger = dataclasses.replace(data, values=data.values + by_size(TRUTH))
    return question(larger, **changes)._replace(scenario=SMALL.with_(members=2 * SMALL.members))


def test_the_banks_figures_are_moved_to_the_scenarios_own_size(toy, book):
    """A bank of small runs would be drawn astray by what size adds; sixty-four draws at both sizes say what that is."""
    astray, moved = (answered(grown(keep=40)._replace(shift=shift), book) for shift in (0, 64))
    assert moved.fit.posterior.mean()[:3] == pytest.approx(TRUTH, abs=0.15)
    assert abs(astray.fit.posterior.mean()[0] - TRUTH[0]) > 0.5
    assert moved.shift.mean[[0, 1, 3]] == pytest.approx([1.75, 0.6 * 1.75, 0.0], abs=0.06)
    assert moved.together
    assert len(moved.large.values) == 64


def test_only_the_bank_is_of_small_runs_and_the_own_size_is_said(toy, book, monkeypatch):
    from experiments.inference import report, summaries

    sizes = []
    monkeypatch.setattr(summaries, "summaries_of", lambda asked: [sizes.append(asked.scenario.members), figures_at(asked)][1])
    c = answered(grown(draws=64, keep=20)._replace(shift=20), book)
    assert (sizes.count(60), sizes.count(120)) == (64, 20 + 16 + 30 + 20)
    [told] = [line for line in report.answer(c) if line.startswith("Runs of the bank have 60 members")]
    assert "its figures are moved to 120 by what 20 draws show at both sizes, on average figure 0 by " in told
    assert told.endswith("All runs that are held to the data have 120.")


def test_a_moved_bank_that_was_made_before_gives_the_same_once_samples_are_run_again(toy, book, tmp_path):
    from experiments.inference import run, tables
    from experiments.reporting.run_folder import write_table
    from experiments.runs.ledger import Ledger
    from sim.errors import BadInput

    asked = grown(draws=64)._replace(shift=24)
    first = answered(asked, book)
    for name, table in (("bank.csv", tables.bank(first)), ("shift.csv", tables.large(first))):
        write_table(tmp_path / name, table)
    toy.clear()
    again = run.with_bank(asked._replace(shift=20), tmp_path / "bank.csv", 20)
    assert again.shift == 24  # as many as there are
    with Ledger(tmp_path / "other.sqlite") as other:
        found = answered(again, other)
        assert len(toy) == 4 + 2 + 16 + 30 + 20
        assert found.values == pytest.approx(first.values, rel=1e-9)
        figures = again.given.bank.figures[64 + 20]
        figures["figure 3"] = figures["figure 3"]._replace(value=9.0)
        with pytest.raises(BadInput, match=r"`--bank` must be made by this version of the model.*1 of 2 draws at the own size"):
            answered(again, other)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"shift": 19}, "`--shift` must be from 20 to the draws of the bank, 64 .got 19"),
        ({"shift": 65}, "`--shift` must be from 20 to the draws of the bank, 64 .got 65"),
        ({"shift": 20, "members": 120}, "`--shift` must be left out where the bank's runs have the scenario's own size"),
    ],
)
def test_what_cannot_be_moved_is_refused(changes, said):
    from sim.errors import BadInput

    asked = grown(draws=64)
    asked._replace(shift=20).check()
    with pytest.raises(BadInput, match=said):
        asked._replace(**changes).check()
