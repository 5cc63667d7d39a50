"""A model of a few lines in place of runs: each figure is a known function of the numbers that are turned, and noise of the seed."""

from __future__ import annotations

import functools
from contextlib import closing

import numpy as np
import pytest

from experiments.calibration.patterns.messages import Found
from experiments.inference import report, summaries
from experiments.inference.bank import Clock
from experiments.inference.calibration import Question, calibrated
from experiments.inference.data import FILE, Data
from experiments.inference.prior import logit, prior_of
from experiments.inference.summaries import SummaryScheduler
from experiments.runs.ledger import Ledger
from experiments.runs.processes import InProcess
from experiments.runs.watch import SILENT
from sim.scenario.scenario import load_scenario

PATHS = ("reply.base", "thread.base", "visibility.spread", "attention.muted")  # the last one moves nothing
ERROR, NOISE = 0.3, 0.1
SLOPES = np.array([[1.0, 0.0, 0.0], [0.6, 1.0, 0.0], [0.0, 0.7, 1.0], [0.0, 0.0, 1.0], [1.0, -1.0, 0.0], [0.5, 0.5, 0.5]])
TITLES = tuple(f"figure {k}" for k in range(len(SLOPES)))
SMALL = load_scenario(members=60, warm_up=5, days=20)


@functools.cache  # every run of the toy asks for it
def prior():
    return prior_of(SMALL, PATHS)


def data_at(z, error=ERROR):
    """Return data that were observed at the truth `z`, on the scale without bounds, without any error by chance."""
    values = SLOPES @ np.asarray(z, float)[:3]
    return Data(
        kind=FILE,
        source="toy.toml",
        names=TITLES,
        titles=TITLES,
        units=("share",) * len(TITLES),
        values=values,
        covariance=error**2 * np.eye(len(TITLES)),
        design="message_first",
        warm_up=5,
        days=20,
        window=(5.0, 24.0),
        notes=("A note.",),
    )


def figures_at(asked):
    """Return what the toy shows: linear in the logits of the numbers' ranges."""
    s = asked.scenario
    values = np.array([[s.reply.base, s.thread.base, s.visibility.spread, s.attention.muted]])
    z = logit(prior().unit(values))[0]
    noise = NOISE * np.random.default_rng(asked.seeds[1] % 2**32).normal(size=len(SLOPES))
    values = SLOPES @ z[:3] + noise + (by_size(z) if s.members > SMALL.members else 0.0)
    return {name: Found(float(x), 100.0) for name, x in zip(TITLES, values, strict=True)}


def by_size(z):
    """Return what a larger network adds to the figures of the toy at the truth `z`: as if the first number were higher, the more the higher it is."""
    return SLOPES @ np.array([1.5 + 0.5 * prior_share(z[0]), 0.0, 0.0])


def prior_share(z):
    """Return a number's share of its range, from the scale without bounds."""
    return 1.0 / (1.0 + np.exp(-z))


@pytest.fixture
def toy(monkeypatch):
    """Give the runs that were made; runs are the toy's."""
    made = []

    def summaries_of(asked):
        made.append(asked.key)
        return figures_at(asked)

    monkeypatch.setattr(summaries, "summaries_of", summaries_of)
    return made


@pytest.fixture
def book(tmp_path):
    with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
        yield ledger


def question(data=None, **changes):
    told = {"members": 60, "draws": 256, "keep": 20, "seed": 1} | changes
    return Question(SMALL, data_at([0.5, -0.5, 0.3]) if data is None else data, prior(), **told)


def answered(asked, book, limit=None, clock=lambda _: None):
    return calibrated(asked, SummaryScheduler(book, InProcess()), clock, SILENT, limit or Clock(None))


@pytest.fixture(scope="session")
def found(tmp_path_factory):
    """Give a calibration of the toy: made once for all tests that look at one."""
    pytest.importorskip("sklearn")
    with pytest.MonkeyPatch.context() as patch, closing(Ledger(tmp_path_factory.mktemp("toy") / "ledger.sqlite")) as ledger:
        patch.setattr(summaries, "summaries_of", figures_at)
        yield answered(question(draws=384, keep=40), ledger)


@pytest.fixture(scope="session")
def folder(found, tmp_path_factory):
    """Give the folder of that calibration, without its figures and page."""
    out = tmp_path_factory.mktemp("fitted") / "toy"
    out.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "draw_all", lambda *_: [])
        patch.setattr(report, "write_findings", lambda *_: None)
        patch.setattr(report, "_page", lambda *_: None)
        report.write(found, out)
    return out
