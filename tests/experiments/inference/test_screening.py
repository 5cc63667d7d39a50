"""Which numbers are turned: what a screening finds, and what is shipped of it."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest

from experiments.calibration.patterns.messages import Found
from experiments.inference import summaries
from experiments.inference.bank import Clock
from experiments.inference.prior import SCREENED, prior_of, screenable, usual
from experiments.inference.screening import screening
from experiments.inference.summaries import MEASURED, SummaryScheduler
from experiments.runs.processes import InProcess
from experiments.runs.scheduler import RunFailed
from experiments.runs.watch import SILENT
from sim.results.measures import PRIMARY
from tests.experiments.inference.conftest import SMALL, TITLES, question

PATHS = [f"styles.seller.{name}" for name in ("intents", "personalised", "heeds", "keeps_up", "walk_away")]
OTHERS = ["reply.base", "thread.base", "invitation.base", "reply.load"]


def shown(asked):
    """Return figures of which the first hangs on replies, and a success on which invitations bear under the second arm alone."""
    s, rng = asked.scenario, np.random.default_rng(asked.seeds[1] % 2**32)
    figures = {name: Found(float(x), 9.0) for name, x in zip(TITLES, rng.normal(size=len(TITLES)), strict=True)}
    figures[TITLES[0]] = Found(3.0 * s.reply.base + rng.normal(), 9.0)
    under_the_second = 2.0 * s.invitation.base * (s.design == "message_first")
    figures[MEASURED + PRIMARY] = Found(
        4.0 * s.thread.base + under_the_second + 0.1 * rng.normal(), 9.0
    )  # the first part is that of both arms
    return figures


def asked(draws=96):
    return question(draws=draws)._replace(prior=prior_of(SMALL, [*OTHERS, *PATHS]))


def test_what_moves_a_figure_or_the_arms_difference_is_found(book, monkeypatch):
    monkeypatch.setattr(summaries, "summaries_of", shown)
    found = screening(asked(), SummaryScheduler(book, InProcess()), SILENT, Clock(None))
    assert found.turned == ["reply.base", "invitation.base"]
    rows = found.summary.set_index("parameter")
    assert rows.moves["reply.base"] == TITLES[0]
    assert rows.moves["invitation.base"] == "intent success, difference between arms"
    assert found.draws == 96
    told = tomllib.loads(found.to_toml())
    assert list(told["turned"]) == found.turned
    assert told["turned"]["reply.base"]["share"] == pytest.approx(rows.share["reply.base"], abs=0.001)
    assert told["draws"] == 96
    assert found.data["turned"] == found.turned
    assert found.answer[0] == "The figures are taken to have come about under message_first (as given)."
    assert "2 of 9 assumed numbers move a figure" in found.answer[1]


def test_too_few_draws_are_refused(book, monkeypatch):
    monkeypatch.setattr(summaries, "summaries_of", shown)
    with pytest.raises(RunFailed, match="too little to screen: 40 of 40 draws"):
        screening(asked(40), SummaryScheduler(book, InProcess()), SILENT, Clock(None))


def test_what_is_shipped_is_what_is_turned_and_names_numbers_of_the_shipped_scenario():
    told = tomllib.loads(SCREENED.read_text(encoding="utf-8"))
    assert set(told["turned"]) <= set(screenable(SMALL))
    assert tuple(told["turned"]) == usual()
    assert [one.path for one in prior_of(SMALL).turned] == list(usual())
    assert min(one["share"] for one in told["turned"].values()) >= told["chance"]
