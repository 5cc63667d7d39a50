"""Which numbers the answer hangs on: screened one by one or in groups, or by indices that must be trusted."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from experiments.runs import processes as runner
from sim import load_scenario
from tests.helpers.analyses import PROCESSES, TINY, held, status

EXTRAS = ("SALib",)
WORDS = ["sensitivity", "--parameters", "reply.base", "design.friction", *TINY]
REFUSED = [
    (["sensitivity", "--parameters", "repply.base", "reply.base"], "reply.base"),
    (["sensitivity", "--parameters", "reply.base"], "`--parameters` must be 2 to 120 for morris, or --all (got 1)"),
    (
        ["sensitivity", "--parameters", "reply.base", "design.primary"],
        "must be one in which the arms do not differ themselves (got design.primary: -1 and 1)",
    ),
    (["sensitivity", "--all", "--parameters", "reply.base", "feed.length"], "`--parameters` must be left out with --all"),
    (["sensitivity", "--all", "--method", "sobol"], "`--all` must be given with --method morris"),
    (
        ["sensitivity", "--method", "sobbol", "--parameters", "reply.base", "feed.length"],
        "`--method` must be morris or sobol (got 'sobbol'; did you mean 'sobol'?)",
    ),
    (
        ["sensitivity", "--measure", "intent_sucess", "--all"],
        "`--measure` must be a measure (got 'intent_sucess'; did you mean 'intent_success'?)",
    ),
    (["sensitivity", "--all", "--budget", "0"], "`--budget` must be minutes above 0 (got 0.0)"),
    (
        ["sensitivity", "--all", "--arms", "message_first"],
        "`--arms` must be two designs or more, such as connect_first message_first (got 1)",
    ),
]


def small(_folder):
    return WORDS


@pytest.mark.slow
def test_worker_processes_change_nothing(tmp_path, monkeypatch):
    pytest.importorskip("SALib")
    assert status(*WORDS, "--out", tmp_path / "here") == 0
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "budget.json").write_bytes((tmp_path / "here" / "budget.json").read_bytes())
    (tmp_path / "there" / "plan.json").write_bytes((tmp_path / "here" / "plan.json").read_bytes())
    monkeypatch.setattr(runner, "processes", PROCESSES)
    assert status(*WORDS, "--out", tmp_path / "there") == 0
    assert held(tmp_path / "there") == held(tmp_path / "here")


@pytest.mark.slow
def test_more_minutes_go_on_in_the_same_folder(tmp_path, capsys):
    pytest.importorskip("SALib")
    out = tmp_path / "out"
    assert status(*WORDS, "--out", out) == 0
    few = held(out)[0]
    more = [word if word != "0.02" else "0.3" for word in WORDS]
    assert status(*more, "--out", out) == 0
    assert held(out)[0] > few
    assert set(json.loads((out / "budget.json").read_text())) == {"0.02", "0.3"}
    assert capsys.readouterr().err == ""


@pytest.mark.slow
def test_everything_is_screened_in_groups_and_the_largest_opened(tmp_path, capsys):
    pytest.importorskip("SALib")
    out = tmp_path / "out"
    assert status("sensitivity", *TINY, "--out", out, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    groups = pd.read_csv(out / "groups.csv")
    scenario = load_scenario()
    assert len(groups) <= 60
    assert {f"styles.{name}" for name in scenario.styles} <= set(groups.group)
    assert list(groups.group[groups.opened]) == found["groups_opened"]
    assert groups.opened.iloc[0]  # the largest
    numbers = pd.read_csv(out / "sensitivity.csv")
    assert set(numbers.output) == {"difference", "level"}
    opened = {path.rpartition(".")[0] for path in numbers.factor}
    assert opened == set(found["groups_opened"])
    assert "design.primary" not in set(numbers.factor)
    assert numbers.source.notna().all()
    assert found["floor"]["difference"] > 0.0


@pytest.mark.slow  # a surface over all its points: half a minute
def test_indices_that_foretell_nothing_are_not_told(tmp_path, capsys):
    pytest.importorskip("SALib")
    pytest.importorskip("sklearn")
    out = tmp_path / "out"
    asked = ["sensitivity", "--method", "sobol", "--parameters", "tie.weak", "length.above", *TINY]
    assert status(*asked, "--out", out, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert not found["trusted"]
    assert found["top"] == []
    assert "cannot be trusted" in found["answer"][0]
    assert "not trusted" in (out / "report.html").read_text()
