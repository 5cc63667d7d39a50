"""Which numbers the answer hangs on: screened one by one or in groups, or by indices that must be trusted."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pandas as pd
import pytest

from experiments.analyses.base import Analysis
from experiments.analyses.sensitivity import forecast, report, run
from experiments.analyses.sensitivity.analysis import (
    DIFFERENCE,
    LEVEL,
    MORRIS,
    SOBOL,
    Sensitivity,
    drawn_range,
    factors_of,
    spread_over,
    walks,
)
from experiments.runs import processes
from experiments.runs.draws import read_draws
from experiments.runs.keys import arms_of
from experiments.runs.study import Point
from experiments.space.factors import factor
from sim import load_scenario
from sim.errors import BadInput
from tests.helpers.analyses import PROCESSES, TINY, held, status
from tests.helpers.calibrated import calibration
from tests.helpers.drawings import both, legend

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
    (["sensitivity", "--all", "--draws", "here"], "`--draws` must be left out with --all: it varies what is drawn"),
    (["sensitivity", "--draws", "nowhere.csv"], "`--draws` must be the draws.csv of a calibration, its folder, or none (got nowhere.csv: "),
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
    monkeypatch.setattr(processes, "processes", PROCESSES)
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


DRAWS = ["draw,reply.base,reply.load,design.friction,weight", *(f"{k},{-4 + 0.1 * k},{0.05 * k - 1},{k % 3}.0,1" for k in range(1, 12))]


def drawn(folder):
    (folder / "draws.csv").write_text("\n".join(DRAWS) + "\n", encoding="utf-8")
    return folder / "draws.csv"


def test_with_draws_each_parameter_goes_over_its_draws_and_the_rest_is_as_in_a_world(tmp_path):
    pytest.importorskip("SALib")
    scenario = load_scenario(members=60, days=65, warm_up=5)
    arms = arms_of(scenario, ["connect_first", "message_first"])
    analysis, draws = Analysis(scenario, arms, "intent_success", 1, 1, 1.0), read_draws(drawn(tmp_path), arms)
    every = factors_of(analysis, None, draws)
    assert [one.path for one in every] == ["reply.base", "reply.load", "design.friction"]
    some = factors_of(analysis, ["reply.base", "design.friction"], draws)
    with pytest.raises(BadInput, match=r"`--parameters` must be columns of .*draws.csv, with --draws .got reply.known"):
        factors_of(analysis, ["reply.load", "reply.known"], draws)
    plan, points = walks(some, 1, draws=draws)
    assert plan.points.min() == 0.0 < plan.points.max() == 1.0  # the plan is over shares
    seen = [point.values["reply.base"] for point in points]  # noqa: PD011  (of no table)
    assert (min(seen), max(seen)) == (pytest.approx(-3.85), pytest.approx(-2.95))  # but for a twentieth on either side
    loads = [point.values["reply.load"] for point in points]  # noqa: PD011  (a point, no table)
    assert all(len(set(loads[k : k + 3])) == 1 for k in range(0, len(loads), 3))  # one world a trajectory
    assert len(set(loads)) == 11
    rows, spread = spread_over(some, 1, draws)
    at = [point.values["reply.base"] for point in spread]  # noqa: PD011  (a point, no table)
    assert at == pytest.approx(draws.quantile("reply.base", rows[:, 0]).tolist())
    assert drawn_range(draws, some[0], SOBOL) == (pytest.approx(-3.9), pytest.approx(-2.9))


def test_a_number_that_is_varied_goes_over_its_draws_whatever_the_scenario_has_and_a_mixture_is_no_world(tmp_path):
    pytest.importorskip("SALib")
    scenario = load_scenario(members=60, warm_up=5, days=65)
    folder = calibration(tmp_path, scenario)
    asked = {"arms": ["connect_first", "message_first"], "seed": 1, "workers": 1, "sizes": {}}

    def question(parameters, **changes):
        return run._question("morris", parameters, 1.0, folder, scenario=scenario.with_(**changes), **asked)

    it = question(["reply.base", "thread.base"], **{"reply.base": -2.75})
    assert [one.path for one in it.factors] == ["reply.base", "thread.base"]
    assert it.draws.called.fit
    assert not question(None, **{"reply.base": -2.75}).draws.called.fit  # that was not varied
    mixed = "A mixture of worlds is none of them: nobody held it to the figures."
    for draws, said in ((question(None).draws, True), (read_draws(folder, it.analysis.arms), False)):
        told = report.prior(SimpleNamespace(draws=draws, method=SOBOL))
        assert (mixed in told) == said


def test_a_sensitivity_over_draws_says_so_and_is_a_question_of_its_own(tmp_path, capsys):
    pytest.importorskip("SALib")
    path, out = drawn(tmp_path), tmp_path / "out"
    words = ["sensitivity", "--draws", path, *TINY, "--budget", "1e-6"]
    assert status(*words, "--dry-run") == 0
    pairs = int(capsys.readouterr().out.split()[0])
    assert status(*words, "--out", out, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert held(out)[0] == 2 * pairs
    told = [line for line in found["answer"] if "in place of bounds" in line]
    assert told[0].startswith("The values of 3 parameters are those of 11 assumed draws (")
    assert told[0].count("These draws are assumptions, and no worlds that fit") == 1
    assert found["draws"]["range"] == "range over assumptions"
    assert "These draws are assumptions" in (out / "report.html").read_text(encoding="utf-8")
    assert any("reply.base and reply.load, whose rank correlation is +1.00" in line for line in found["answer"])
    table = pd.read_csv(out / "sensitivity.csv").set_index(["output", "factor"])
    assert table.loc[("difference", "reply.base"), ["low", "high"]].tolist() == pytest.approx([-3.85, -2.95])
    assert json.loads((out / "plan.json").read_text())["draws"]
    path.write_text("\n".join(DRAWS).replace("\n1,-3.9,", "\n1,-3.91,"), encoding="utf-8")
    assert status(*words, "--out", out) == 2
    assert "which holds another plan" in capsys.readouterr().err


EFFECTS = {  # mean absolute effect, its bounds, mean effect, spread: as shares
    "reply.base": (0.14, 0.06, 0.22, 0.14, 0.05),
    "invitation.base": (0.06, 0.05, 0.07, -0.058, 0.01),
    "design.friction": (0.03, 0.01, 0.05, 0.001, 0.03),
    "tie.weak": (1e-17, 0.0, 2e-17, 1e-17, 1e-17),
}


def analysed(method, rows, **more):
    """Return what an analysis with these effects or indices found."""
    scenario = load_scenario(members=60, days=65, warm_up=5)
    analysis = Analysis(scenario, arms_of(scenario, ["connect_first", "message_first"]), "intent_success", 1, 1, 1.0)
    columns = {
        MORRIS: ["mean_absolute_effect", "mean_absolute_low", "mean_absolute_high", "mean_effect", "spread"],
        SOBOL: ["total", "total_low", "total_high", "first", "first_low", "first_high"],
    }[method]
    table = pd.DataFrame(
        [(output, path, *row) for output in (DIFFERENCE, LEVEL) for path, row in rows.items()], columns=["output", "factor", *columns]
    )
    return Sensitivity(analysis, method, [factor(scenario, path) for path in rows], table=table, pairs=40, noise=0.01, **more)


def test_parameters_are_ranked_with_their_direction_their_interval_and_what_noise_shows():
    found = analysed(MORRIS, EFFECTS, floor={DIFFERENCE: 0.02, LEVEL: 0.02})
    wide, narrow = both(report.draw, found)
    named = ["reply.base", "invitation.base", "design.friction"]  # what does nothing is not drawn, and that is said
    assert [label.get_text() for label in wide.canvas.axes[0].get_yticklabels()] == named
    assert [text.get_text() for text in narrow.canvas.axes[0].texts] == named
    for one in (wide, narrow):
        marks = [line for line in one.canvas.axes[0].lines if len(line.get_xdata()) == 1]
        assert [line.get_marker() for line in marks] == ["^", "v", "D"]
        assert [line.get_xdata()[0] for line in marks] == pytest.approx([14.0, 6.0, 3.0])
        assert [line.get_markerfacecolor() == line.get_color() for line in marks] == [True, True, False]  # 1.0 is not above 2.0
        assert legend(one) == {
            "the difference grows with it",
            "the difference shrinks with it",
            "either way, by what else holds",
            "any hollow mark: not distinguishable from noise",
            "95% confidence interval",
            "what noise alone shows",
        }
        assert one.figure.headline == (
            "The base chance of a reply moves the difference in intent success most: by 14 points (95% confidence interval 6 to 22) over its range; "
            "2 of 4 parameters are distinguishable from noise"
        )
        assert "1 other parameter did not move it at all." in one.figure.caption


def test_the_table_has_directions_and_as_many_digits_as_intervals_can_tell(tmp_path):
    report.write(analysed(MORRIS, EFFECTS, floor={DIFFERENCE: 0.02, LEVEL: 0.02}), tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for told in ("14 points (6 to 22)", "6.0 points (5.0 to 7.0)", "-5.8 points", "shrinks with it", "no effect at all"):
        assert f">{told}<" in page
    assert "<small>assumption: because strangers then answer" in page
    assert "0.000" not in page
    assert "the share that succeeded" in page.partition("<main")[0]


@pytest.mark.parametrize(
    ("quality", "headline"),
    [
        (
            0.95,
            "The base chance of a reply explains most of how the difference in intent success varies: 62% (95% confidence interval 57 to 67)",
        ),
        (0.2, "These indices are not to be trusted: the surrogate predicts points held out too poorly"),
    ],
)
def test_indices_have_two_marks_and_say_if_they_are_not_to_be_trusted(quality, headline):
    rows = {"reply.base": (0.62, 0.57, 0.67, 0.46, 0.42, 0.50), "invitation.base": (0.44, 0.40, 0.47, 0.27, 0.23, 0.31)}
    for one in both(report.draw, analysed(SOBOL, rows, quality={DIFFERENCE: quality, LEVEL: 0.95})):
        assert legend(one) == {"total index: alone and with others", "first-order index: alone", "95% confidence interval"}
        assert {line.get_marker() for line in one.canvas.axes[0].lines if len(line.get_xdata()) == 1} == {"o", "s"}
        assert one.figure.headline == headline


@pytest.mark.parametrize(("allowed", "pairs"), [(0, 64), (64, 64), (100, 100), (256, 256), (9999, 256)])
def test_how_many_pairs_a_surrogate_takes(allowed, pairs):
    assert forecast.surrogate(256, allowed) == (pairs, pairs)


def test_where_a_trajectory_comes_again_nothing_is_run_anew():
    points = [Point(k, {"x": x}) for k, x in enumerate([0.0, 2.0, 1.0, 2.0] * 10, 1)]  # 20 trajectories from 0 or 1 to 2
    for allowed in (0, 9999):
        assert forecast.screening(points, 1, allowed) == (5, 5)  # at 0, 1 and 2, and once more at 0 and 1
    apart = [Point(k, {"x": float(k)}) for k in range(1, 41)]
    assert forecast.screening(apart, 1, 0) == (12, 12)  # 4 trajectories of 2 points, the first twice
    assert forecast.screening(apart, 1, 17) == (15, 15)  # 5 of them
    assert forecast.screening(apart, 1, 9999) == (60, 60)  # 20


@pytest.mark.parametrize(
    ("many", "allowed", "pairs"),
    [
        # 4 trajectories of 3 groups are 20 pairs; the single parameter opens a second group, so 2 to 4 parameters: 16 to 24 pairs
        ([1, 2, 3], 0, (36, 44)),
        ([1, 2, 3], 120, (120, 120)),  # 12 trajectories: 60; the rest are 15 of 2 parameters, 12 of 3 or 10 of 4
        ([1, 2, 3], 9999, (180, 260)),  # 20: 100; then 20 of 2 to 6 parameters
        ([2, 2], 0, (32, 32)),
        ([1, 1], 0, (32, 32)),
    ],
)
def test_how_many_pairs_groups_take(many, allowed, pairs):
    assert forecast.groups(many, allowed) == pairs


def test_a_dry_run_of_all_parameters_says_that_groups_decide(capsys):
    pytest.importorskip("SALib")
    assert status("sensitivity", *TINY, "--budget", "1e-6", "--dry-run") == 0
    lines = capsys.readouterr().out.splitlines()
    assert " runs of 70 days on 2 workers, " in lines[0]
    assert "the command takes longer than " in lines[2]
    assert lines[3] == forecast.OPENED
