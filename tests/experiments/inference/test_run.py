"""Calibrate from the command and from Python: the whole way at a small size, and what is refused."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pandas as pd
import pytest

from experiments.cli.main import perform
from experiments.inference import run
from experiments.inference.run import calibrate, data_asked, question_of
from experiments.reporting import run_folder
from experiments.reporting.progress import Shown
from experiments.runs.streams import SHIFTED
from sim.errors import BadInput
from sim.scenario.scenario import load_scenario
from tests.helpers.logs import write_log

pytest.importorskip("sklearn")
TARGETS = """days = 20
[targets]
first_messages = { value = 0.1, tolerance = 0.05 }
messages = { value = 0.4, tolerance = 0.2 }
gini_received = { value = 0.55, tolerance = 0.1 }
"""
SMALL = ["--members", "60", "--draws", "64", "--keep", "4", "--workers", "1", "--quiet"]


@pytest.fixture
def targets(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(TARGETS, encoding="utf-8")
    return path


@pytest.mark.slow
def test_the_whole_way_is_the_same_for_any_number_of_workers_and_from_python(targets, tmp_path, capsys):
    words = [
        "calibrate",
        "--targets",
        str(targets),
        "--design",
        "message_first",
        "--parameters",
        "reply.base",
        "population.session_rate_mean",
    ]
    one, two = tmp_path / "one", tmp_path / "two"
    status = perform([*words, *SMALL, "--out", str(one), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert status == (0 if told["passed"] else 1)
    assert perform([*words, *SMALL[:-3], "--workers", "2", "--quiet", "--out", str(two)]) == status
    files = sorted(path.name for path in one.glob("*.csv"))
    assert files == ["bank.csv", "combinations.csv", "draws.csv", "figures.csv", "further.csv", "gates.csv", "parameters.csv"]
    for name in [*files, "calibrated.toml"]:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
    assert load_scenario(one / "calibrated.toml").name
    found = calibrate(
        targets=targets,
        design="message_first",
        parameters=["reply.base", "population.session_rate_mean"],
        members=60,
        draws=64,
        keep=4,
        ledger=one / "ledger.sqlite",
        workers=1,
        quiet=True,
    )
    assert found.draws["reply.base"].to_numpy() == pytest.approx(pd.read_csv(one / "draws.csv")["reply.base"].to_numpy())
    assert found.passed is told["passed"]
    assert found.answer == told["answer"]
    assert found.figures == ["numbers", "figures", "ranks"]
    before = len(pd.read_csv(one / "bank.csv"))
    assert perform([*words, *SMALL, "--draws", "70", "--keep", "5", "--out", str(one)]) in (0, 1)  # the same plan, extended
    extended = pd.read_csv(one / "bank.csv")
    assert (before, len(extended)) == (64, 70)
    pd.testing.assert_frame_equal(extended.head(64), pd.read_csv(two / "bank.csv"))
    assert len(pd.read_csv(one / "draws.csv")) <= 5
    assert perform([*words, *SMALL, "--seed", "2", "--out", str(one)]) == 2  # another plan


@pytest.mark.parametrize(
    ("members", "given", "shift"),
    [
        (10_000, {}, 150),
        (10_000, {"draws": 100}, 100),
        (30_000, {}, 150),
        (30_001, {}, 0),
        (2_000, {}, 0),
        (10_000, {"members": 500}, 0),
        (10_000, {"shift": 0}, 0),
        (10_000, {"members": 500, "shift": 64}, 64),
    ],
)
def test_worlds_have_the_scenarios_own_size_unless_somebody_chose_another(targets, members, given, shift):
    data = data_asked(None, targets, columns=None, design=None, seed=1, watch=Shown(quiet=True))
    asked = question_of(
        load_scenario(members=members), data, ["reply.base", "reply.load"], **{"members": None, "draws": 512, "keep": 4, "seed": 1, **given}
    )
    assert asked.shift == shift
    assert asked.members == given.get("members", 2000)
    assert asked.size == (members if shift else asked.members)


def test_a_folder_is_of_one_plan_however_many_draws_it_has_and_of_another_at_another_size(targets):
    """How many are run at the own size goes with the draws where these are few: that must not keep a folder from being extended."""
    data = data_asked(None, targets, columns=None, design=None, seed=1, watch=Shown(quiet=True))

    def plan(own=10_000, **given):
        asked = {"members": None, "draws": 512, "keep": 4, "seed": 1, **given}
        return run.plan_of(question_of(load_scenario(members=own), data, ["reply.base", "reply.load"], **asked))

    usual = plan()
    for same in ({"draws": 100}, {"draws": 1000}, {"keep": 9}, {"shift": 40}):
        assert plan(**same) == usual
    others = [plan(shift=0), plan(own=9000), plan(seed=2), plan(members=500, shift=64), plan(members=500)]
    assert len({one["plan"] for one in [usual, *others]}) == 6


def test_a_bank_that_is_given_says_at_how_many_draws_there_are_runs_of_the_own_size(targets, monkeypatch):
    """Unless somebody says so, no such runs are made that it does not have."""
    data = data_asked(None, targets, columns=None, design=None, seed=1, watch=Shown(quiet=True))
    kept = {1: 128, SHIFTED: 0}
    monkeypatch.setattr(run, "read_earlier", lambda path, prior: SimpleNamespace(many=lambda first: kept[first]))

    def shift(own=10_000, **given):
        return question_of(
            load_scenario(members=own),
            data,
            ["reply.base", "reply.load"],
            members=None,
            draws=512,
            keep=4,
            seed=1,
            bank="bank.csv",
            **given,
        ).shift

    assert (shift(), shift(shift=30)) == (0, 30)
    kept[SHIFTED] = 64
    assert (shift(), shift(shift=30), shift(shift=0), shift(own=2000)) == (64, 64, 0, 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--log", "a.csv", "--targets", "b.toml"], "`--targets` must be left out with --log"),
        (["--columns", "sender=1"], "`--columns` must stand with --log"),
        (["--design", "message_first"], "`--design` must stand with --log or --targets"),
        (["--targets", "none.toml"], "none.toml must be a targets file"),
        (["--draws", "3"], "`--draws` must be at least 64 (got 3)"),
        (["--draws", "73"], "`--draws` must be at least 74 for 36 numbers (got 73)"),
        (["--draws", "73", "--dry-run"], "`--draws` must be at least 74 for 36 numbers (got 73)"),
        (["--keep", "1"], "`--keep` must be at least 2 (got 1)"),
        (["--draws", "1000000"], "`--draws` must be at most 999,999 (got 1000000)"),
        (["--keep", "6667"], "`--keep` must be from 2 to 6,666 (got 6667)"),
        (["--members", "10"], "`--members` must be at least 50"),
        (["--members", "100", "200"], "`--members` must be one size without --check"),
        (["--budget", "0"], "`--budget` must be minutes above 0"),
        (["--parameters", "reply.bass", "reply.base"], "`--parameters` must be assumed numbers"),
        (["--fit", "x.toml"], "`--fit` must stand with --check"),
        (["--elasticities"], "`--elasticities` must stand with --check"),
        (["--bank", "none.csv"], "`--bank` must be the bank.csv of a calibration"),
        (["--check", "--bank", "x.csv"], "`--bank` must be left out with --check"),
        (["--check", "--draws", "100"], "`--draws` must be left out with --check"),
        (["--check", "--log", "x.csv"], "`--log` must be left out with --check"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_2(words, said, capsys):
    assert perform(["calibrate", *words, "--quiet"]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_a_dry_run_writes_nothing(targets, tmp_path, capsys):
    out = tmp_path / "out"
    assert perform(["calibrate", "--targets", str(targets), *SMALL, "--draws", "74", "--out", str(out), "--dry-run"]) == 0
    assert "74 draws of" in capsys.readouterr().out
    assert not out.exists()


def test_a_dry_run_counts_as_many_draws_as_the_same_minutes_were_enough_for_before(targets, tmp_path, monkeypatch):
    """The command takes that number from the folder, however many draws are asked for: what is said before must be what it does."""
    data = data_asked(None, targets, columns=None, design=None, seed=1, watch=Shown(quiet=True))
    asked = {"members": None, "draws": 512, "keep": 4, "seed": 1}
    question = question_of(load_scenario(members=10_000), data, ["reply.base", "reply.load"], **asked)
    counts = []
    monkeypatch.setattr("experiments.inference.forecast.forecast", lambda q, *_: counts.append((q.draws, q.shift)))
    out = tmp_path / "out"
    run_folder.prepare_folder(out, run.plan_of(question))
    run._decided(out, 5.0)(96)
    for minutes in (5.0, 6.0, None):
        run.forecast_of(question, minutes, 1, out, None)
    assert counts == [(96, 96), (512, 150), (512, 150)]
    run.forecast_of(question._replace(draws=80, shift=80), 5.0, 1, out, None)
    assert counts[-1] == (80, 80)
    run._decided(out, 6.0)(128)
    assert [run._decided(out, minutes)(0) for minutes in (5.0, 6.0, 7.0, None)] == [96, 128, None, None]


def test_a_dry_run_has_the_usual_size_of_the_command(targets, monkeypatch):
    seen = []
    monkeypatch.setattr(run, "forecast_of", lambda question, *_, **__: seen.append(question) or {"lines": [], "bytes": 0.0})
    for more in ([], ["--members", "500"]):
        assert perform(["calibrate", "--targets", str(targets), *more, "--dry-run", "--quiet"]) == 0
    assert [(one.members, one.shift, one.draws) for one in seen] == [(2000, 150, 512), (500, 0, 512)]


def test_from_python_errors_name_arguments():
    with pytest.raises(BadInput, match="`draws` must be at least 64"):
        calibrate(draws=3, quiet=True)
    with pytest.raises(BadInput, match="`budget` must be minutes above 0"):
        calibrate(budget=-1.0, quiet=True)
    with pytest.raises(BadInput, match="`parameters` must be a list"):
        calibrate(parameters="reply.base", quiet=True)


def test_without_log_or_targets_the_shipped_ones_are_the_data():
    assert data_asked(None, None, columns=None, design=None, seed=1, watch=Shown(quiet=True)).kind == "shipped targets"


def test_a_log_of_a_run_is_described_fitted_and_validated(tmp_path, capsys):
    """The whole way from a log that the model wrote: what is fitted to it shows it, and its bank serves the validation."""
    log, out = tmp_path / "log.csv", tmp_path / "out"
    write_log(log)
    words = ["calibrate", "--log", str(log), "--design", "message_first", "--parameters", "reply.base", "population.session_rate_mean"]
    assert perform([*words, *SMALL, "--out", str(out)]) in (0, 1)
    figures = pd.read_csv(out / "figures.csv").set_index("figure")
    assert {"first_messages", "messages", "invited"} <= set(figures.index)
    near = figures.loc["first_messages"]
    assert near.worlds_low <= near.observed + 3 * near.error
    assert near.worlds_high >= near.observed - 3 * near.error
    capsys.readouterr()
    assert perform(["validate", str(out), "--log", str(log), "--quiet", "--json"]) in (0, 1)
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"file", "answer", "passed", "figures"}
    assert told["answer"]
