"""The differences over worlds: which draws are read, what is run at them, and what is said."""

from __future__ import annotations

import json
import math
import types

import numpy as np
import pandas as pd
import pytest

from experiments.cli.main import perform
from experiments.comparison.run import compare, request_of
from experiments.comparison.worlds import Worlds, asked_worlds, ranges, sentences, standings
from experiments.inference.conditions import Held
from experiments.inference.fitted import LITTLE_TOLD
from experiments.methods.worlds import range_over
from experiments.runs.draws import NO_FIT
from sim.errors import BadInput
from sim.results.measures import MEASURES
from sim.scenario.scenario import load_scenario

SCENARIO = load_scenario(members=60, warm_up=5, days=62)
REQUEST = request_of(SCENARIO, ["connect_first", "message_first"], pairs=2)
SMALL = ["--members", "60", "--days", "62", "--warm-up", "5", "--pairs", "2", "--workers", "1", "--quiet"]


@pytest.fixture
def draws(tmp_path):
    def made(text, name="draws.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return made


THREE = "draw,reply.base,design.friction\n1,-3.0,1.0\n4,-2.5,2.0\n7,-2.0,0.5\n"


def test_the_first_draws_of_a_file_or_a_folder_are_read(draws):
    path = draws(THREE)
    found = asked_worlds(path, REQUEST, 20)
    assert [(one.number, one.values) for one in found.points] == [  # noqa: PD011  (of no table)
        (1, {"reply.base": -3.0, "design.friction": 1.0}),
        (4, {"reply.base": -2.5, "design.friction": 2.0}),
        (7, {"reply.base": -2.0, "design.friction": 0.5}),
    ]
    assert asked_worlds(path.parent, REQUEST, 20).digest == found.digest
    assert len(asked_worlds(path, REQUEST, 3).points) == 3
    assert asked_worlds("none", REQUEST, 20) is None
    assert asked_worlds(None, REQUEST, 20) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("draw,reply.bass\n1,-3\n2,-3\n3,-3\n", r"column 'reply.bass'` must be a parameter .*did you mean 'reply.base'"),
        ("draw,reply.base\n1,-3\n2,-3\n", "`--draws` must have 3 draws or more"),
        ("draw,reply.base\n1,-3\n1,-3\n2,-3\n", "column draw` must number the draws, each once"),
        ("draw,reply.base\n1,-3\n2,x\n3,-3\n", "column reply.base` must have a number in each row"),
        ("draw,design.primary\n1,0\n2,0\n3,0\n", "column design.primary` must be a number in which the arms do not differ"),
        ("draw,reply.base\n1,-99\n2,-3\n3,-3\n", "reply.base` must be a number from -6 to 2"),
        ("draw\n1\n2\n3\n", "must have a column for each parameter"),
    ],
)
def test_what_are_no_draws_is_refused(draws, text, said):
    with pytest.raises(BadInput, match=said) as error:
        asked_worlds(draws(text), REQUEST, 20)
    assert "\n" not in str(error.value)


def test_no_file_is_refused(tmp_path, capsys):
    assert perform(["compare", *SMALL, "--draws", str(tmp_path / "none.csv")]) == 2
    err = capsys.readouterr().err
    assert "`--draws` must be the draws.csv of a calibration" in err
    assert err.count("\n") == 1
    assert perform(["compare", *SMALL, "--draws", "none", "--worlds", "1"]) == 2
    assert "`--worlds` must be at least 3" in capsys.readouterr().err


def test_a_comparison_at_worlds_is_resumed_and_has_their_range_in_its_tables(draws, tmp_path, capsys):
    path, out = draws(THREE), tmp_path / "out"
    assert perform(["compare", *SMALL, "--draws", str(path), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "Over 3 assumed draws (" in said
    assert "These draws are assumptions, and no worlds that fit: nothing says what they were fitted to" in said
    assert said.index("Over 3 assumed draws") < said.index("successes per member, the co-primary measure")
    summary, worlds = pd.read_csv(out / "summary.csv"), pd.read_csv(out / "worlds.csv")
    assert list(summary.columns)[-4:] == ["worlds_low", "worlds_high", "sign_share", "worlds"]
    assert list(worlds.columns) == ["draw", "measure", "arm", "difference_1", "difference_2", "level", "reply.base", "design.friction"]
    assert sorted(worlds.draw.unique()) == [1, 4, 7]
    row = summary[summary.measure == "intent_success"].iloc[0]
    part = worlds[worlds.measure == "intent_success"]
    assert part.level.between(0.01, 0.9).all()  # a share of intents
    found = range_over(part[["difference_1", "difference_2"]].to_numpy(), part.level.to_numpy())
    ends = (found.low, found.high) if found.told else (math.nan, math.nan)
    assert [row.worlds_low, row.worlds_high, row.worlds] == pytest.approx([*ends, 3], nan_ok=True)
    ties = worlds[worlds.measure == "mean_connections"][["difference_1", "difference_2"]].to_numpy()
    assert len(np.unique(ties)) == 6  # seeds of their own
    before = (out / "worlds.csv").read_bytes()
    again = compare(SCENARIO, pairs=2, draws=path, ledger=out / "ledger.sqlite", workers=1, quiet=True)
    assert again.worlds is not None
    assert again.worlds.to_numpy()[:, 3:].astype(float) == pytest.approx(worlds.to_numpy()[:, 3:].astype(float), nan_ok=True)
    assert perform(["compare", *SMALL, "--draws", "none", "--out", str(out)]) == 0
    assert not (out / "worlds.csv").exists()
    assert "worlds_low" not in pd.read_csv(out / "summary.csv").columns
    assert before


def test_a_finished_comparison_at_worlds_is_answered_from_its_files_for_these_draws_alone(draws, tmp_path, capsys, light_commands):
    path, ledger = draws(THREE), tmp_path / "out" / "ledger.sqlite"

    def said(*more):
        assert perform(["compare", *SMALL, "--draws", str(path), "--out", str(tmp_path / "out"), *more]) == 0
        return capsys.readouterr().out

    first = said("--json"), said()
    ledger.unlink()
    assert (said("--json"), said()) == first
    assert not ledger.exists()  # no run was looked for
    assert {"worlds_low", "sign_share"} <= json.loads(first[0])["summary"][0].keys()
    draws(THREE.replace("-3.0", "-3.1"))
    assert said() != first[1]
    assert ledger.exists()


def told(differences, measure="intent_success", verdict="better", held=None):
    """Return the sentences of worlds with these differences of a measure, and of the primary one where it is another."""
    names = [measure] if measure == "intent_success" else ["intent_success", measure]
    rows = []
    for name in names:
        for k, d in enumerate(differences if name == measure else [0.02 + 0.0001 * k for k in range(len(differences))], 1):
            rows.append(
                {"draw": k, "measure": name, "arm": "message_first", "difference_1": d + 1e-5, "difference_2": d - 1e-5, "level": 0.2}
            )
    summary = pd.DataFrame(
        [{"measure": name, "arm": "message_first", "role": "goal", "difference": 0.02, "verdict": verdict} for name in names]
    )
    return said_of(summary, pd.DataFrame(rows), held)


def said_of(summary, table, held=None, fitted=None):
    worlds = Worlds([], "draws.csv", held or Held([], {}, (), unchecked=False, of=40), fitted)
    return sentences(ranges(table), standings(summary, table, MEASURES), "message_first", MEASURES, worlds)


@pytest.mark.parametrize("days", [20, 62])
def test_why_draws_are_assumptions_is_said_once_however_many_arms_and_also_without_the_primary_measure(draws, days):
    """After twenty days no intent has succeeded or failed: the tables have the range over draws all the same."""
    asked = {"members": 60, "days": days, "warm_up": 5, "pairs": 2, "workers": 1, "quiet": True}
    found = compare(arms=["connect_first", "message_first", "both_equal"], draws=draws(THREE), worlds=3, **asked).found
    assert found.worlds_range == "range over assumptions"
    assert f"These draws are assumptions, and no worlds that fit: {NO_FIT}." in found.first_answer
    repeated = [line for line in set(found.first_answer) if found.first_answer.count(line) > 1]
    assert [line for line in repeated if "assum" in line] == []


def test_it_is_said_on_what_a_verdict_stands():
    first, second = told([0.01 + 0.001 * k for k in range(40)])
    assert first.startswith(
        "Over 40 calibrated worlds (draws.csv) that difference is +1.0 to +4.9 points: the range over calibrated worlds, beside the "
    )
    assert "95% of worlds like these lie within, and its ends are known to ± 0.0" in first
    assert second == "It is better in all 40 calibrated worlds (95%: at most 7% of worlds turn)."
    (_, turns) = told([-0.01, -0.005, -0.002] + [0.01 + 0.001 * k for k in range(37)])
    assert turns == "It is better at the defaults, turns in 3 of 40 calibrated worlds (95%: 2 to 20% of worlds)."
    (_, depends) = told([-0.01 - 0.001 * k for k in range(20)] + [0.01 + 0.001 * k for k in range(20)])
    assert depends.startswith("It is better at the defaults, but depends on what nobody has measured: turns in 20 of 40 calibrated worlds")
    (_, nothing) = told([0.01 + 0.001 * k for k in range(40)], verdict="not decided")
    assert nothing == "It is not decided at the defaults."


@pytest.mark.parametrize(("passed", "said"), [(True, None), (False, LITTLE_TOLD)])
def test_what_their_gates_leave_of_worlds_is_said(passed, said):
    """Worlds that are not sound are assumptions (`conditions.held`); of sound ones it is said if the data narrow little."""
    rows = [
        {"draw": k, "measure": "intent_success", "arm": "message_first", "difference_1": 0.01 * k, "difference_2": 0.01 * k, "level": 0.2}
        for k in range(1, 4)
    ]
    summary = pd.DataFrame([{"measure": "intent_success", "arm": "message_first", "role": "goal", "difference": 0.02, "verdict": "better"}])
    fitted = types.SimpleNamespace(passed=passed)
    ends = [line for line in said_of(summary, pd.DataFrame(rows), fitted=fitted) if "gates" in line]
    assert [line.endswith(said) for line in ends] == [True] if said else ends == []


def test_draws_that_fit_nothing_are_called_assumptions_everywhere():
    held = Held(
        [], {"reply.base": -3.0}, ("12 of 25 draws near reply.base = -3 still show the figures, fewer than 20",), unchecked=False, of=40
    )
    lines = told([0.01 + 0.001 * k for k in range(12)], held=held)
    assert lines[0].startswith(
        "Over 12 assumed draws (draws.csv) that difference is +1.0 to +2.1 points: the range over assumptions, beside the"
    )
    assert lines[1] == "It is better in all 12 assumed draws (95%: at most 22% of draws turn)."
    assert lines[-1] == f"These draws are assumptions, and no worlds that fit: {held.why[0]}."
    assert not any("calibrated" in line or "worlds" in line.replace("no worlds that fit", "") for line in lines)


def test_conditioned_worlds_say_so():
    held = Held([None] * 22, {"reply.base": -3.0}, (), unchecked=False, of=40)  # type: ignore[list-item]  # draws are only counted
    lines = told([0.01 + 0.001 * k for k in range(22)], held=held)
    assert (
        lines[-1]
        == "These worlds are conditioned on reply.base = -3: 22 of 40 draws are near, were moved there, and show the figures again."
    )


def test_worlds_that_differ_less_than_noise_are_said_not_to_be_told_from_it():
    table = pd.DataFrame(
        [
            {"draw": k, "measure": "intent_success", "arm": "message_first", "difference_1": 0.03, "difference_2": 0.01, "level": 0.2}
            for k in range(5)
        ]
    )
    summary = pd.DataFrame([{"measure": "intent_success", "arm": "message_first", "role": "goal", "difference": 0.02, "verdict": "better"}])
    first, second = said_of(summary, table)
    assert first.endswith("that difference is +2 points in each: worlds cannot be told from noise, of which each has 2 pairs.")
    assert second == "It is better in all 5 calibrated worlds (95%: at most 45% of worlds turn), noise included."


def test_what_turns_in_some_worlds_is_named():
    lines = told([-0.01] * 5 + [0.02 + 0.001 * k for k in range(15)], measure="retention")
    assert lines[-1] == "Decided at the defaults, but otherwise in some calibrated worlds: retention (better; turns in 5 of 20)."
    assert len(told([-0.01] * 5 + [0.02] * 15, measure="retention", verdict="not decided")) == 2


def test_a_dry_run_counts_the_worlds(draws, capsys, tmp_path):
    path = draws(THREE)
    for more, runs in ((["--draws", "none"], 4), ([], 16), (["--draws", str(path)], 16), (["--worlds", "5"], 24)):
        assert perform(["compare", *SMALL, "--dry-run", "--out", str(tmp_path / "none"), *more]) == 0
        assert f": {runs} runs of 67 days" in capsys.readouterr().out
