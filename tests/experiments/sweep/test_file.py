"""Sweep files: the shipped ones load, a file comes back from its folder as it was, every mistake is named at once."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from experiments.runs.draws import NO_FIT
from experiments.space.factors import factors, with_values
from experiments.sweep import PRESETS, shipped_sweeps
from experiments.sweep.folder import prepare, write_plan
from experiments.sweep.plan import load_sweep
from sim.errors import BadInput
from sim.scenario.files import description
from tests.helpers.calibrated import calibration
from tests.helpers.sweeps import small, status, write

SHIPPED = shipped_sweeps()
README = Path(__file__).parents[3] / "README.md"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_sweep_loads_and_asks_a_question(name):
    sweep = load_sweep(name)
    assert sweep.question.endswith("?")
    assert len(description(PRESETS / f"{name}.toml")) > 40
    points = sweep.points()
    assert len(points) == sweep.size
    known = factors(sweep.scenario)
    for path, value in points[-1].values.items():
        assert known[path].low <= value <= known[path].high
    for arm in sweep.arms.values():
        with_values(arm, points[-1].values)


def test_readme_names_each_shipped_sweep():
    named = re.search(r"^A sweep is one TOML file; (.+) are shipped\.$", README.read_text(encoding="utf-8"), re.MULTILINE)[1]
    assert sorted(re.findall(r"`(.+?)`", named)) == SHIPPED


def test_shipped_sweeps_have_different_samplers():
    assert {load_sweep(name).sampler for name in SHIPPED} == {"grid", "sobol"}


def test_a_name_that_is_not_shipped_is_refused_with_the_nearest():
    with pytest.raises(BadInput, match=r"\(got 'quick-swep'; did you mean 'quick-sweep'\?\)"):
        load_sweep("quick-swep")


LIST = "point,design.friction,styles.seller.follow_ups,reply.base\n1,0.0,0,-2.5\n2,1.5,3,-3.0\n7,0.1,2,-1e0\n"
KINDS = {
    "sobol": '[sweep]\npoints = 5\n[sweep.parameters]\n"design.friction" = {}\n"styles.seller.follow_ups" = {}\n[sweep.parameters.reply]\nbase = [-3, -1]',
    "latin-hypercube": '[sweep]\nsampler = "latin-hypercube"\npoints = 5\n[sweep.parameters]\nmembers = {low = 10, high = 1000, log = true}',
    "grid": '[sweep]\nsampler = "grid"\n[sweep.parameters]\n"styles.seller.follow_ups" = {steps = 3}\n"reply.base" = {levels = [-1, -2.5]}\n'
    '"attention.budget" = {low = 1, high = 100, steps = 3, log = true}',
    "list": '[sweep]\nsampler = "list"\nfile = "list.csv"\nseeds = "new"',
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_holds_the_sweep_that_was_asked_for(kind, tmp_path):
    """Points, scenario and plan come back from the folder to the bit: runs are found by them."""
    write(tmp_path / "list.csv", LIST)
    write(tmp_path / "calm.toml", "primary = 0.5\n")
    text = f'arms = ["connect_first", "calm.toml"]\nreference = "calm"\n[with]\nmembers = 40\n"style_shares.seller" = 0.3\n{KINDS[kind]}\n'
    sweep = load_sweep(write(tmp_path / "it.toml", text))
    prepare(sweep, tmp_path / "out")
    write_plan(sweep, tmp_path / "out", tmp_path / "out" / "ledger.sqlite")
    again = load_sweep(tmp_path / "out" / "sweep.toml")
    assert again.sampler == kind
    assert again.digest == sweep.digest
    assert again.points() == sweep.points()
    assert [p.values for p in again.points()] == [p.values for p in sweep.points()]
    assert {arm: s.canonical_json() for arm, s in again.arms.items()} == {arm: s.canonical_json() for arm, s in sweep.arms.items()}
    assert (again.reference, again.pairs, again.seeds, again.size) == (sweep.reference, sweep.pairs, sweep.seeds, sweep.size)


def test_a_list_comes_from_a_csv_with_its_numbers(tmp_path):
    write(tmp_path / "list.csv", LIST)
    sweep = load_sweep(write(tmp_path / "it.toml", KINDS["list"]))
    paths = ("design.friction", "styles.seller.follow_ups", "reply.base")
    assert [p.number for p in sweep.points()] == [1, 2, 3]
    assert [tuple(p.values[path] for path in paths) for p in sweep.points()] == [(0.0, 0, -2.5), (1.5, 3, -3.0), (0.1, 2, -1.0)]


def test_a_range_is_the_schemas_unless_given(tmp_path):
    text = '[sweep]\n[sweep.parameters]\n"reply.base" = {}\n"design.friction" = {high = 1.0}\n"styles.seller.follow_ups" = {low = 1}\n'
    sweep = load_sweep(write(tmp_path / "it.toml", text))
    known = factors(sweep.scenario)
    found = {axis.path: (axis.low, axis.high) for axis in sweep.axes}
    assert found == {
        "reply.base": (known["reply.base"].low, known["reply.base"].high),
        "design.friction": (known["design.friction"].low, 1.0),
        "styles.seller.follow_ups": (1.0, known["styles.seller.follow_ups"].high),
    }
    assert (sweep.size, sweep.pairs, list(sweep.arms)) == (64, 4, ["connect_first", "message_first"])


def test_a_parameter_of_a_design_is_varied_in_every_arm_and_not_before_the_switch(tmp_path):
    sweep = load_sweep(small(tmp_path))
    for arm in sweep.arms.values():
        there = with_values(arm, {"design.friction": 3.25})
        assert there.designs[there.design].friction == 3.25
        assert there.designs[there.warm_up_design] == arm.designs[arm.warm_up_design]


def test_a_latin_hypercube_of_more_points_is_another_sweep(tmp_path):
    one, other = (load_sweep(small(tmp_path, sampler="latin-hypercube", points=n)).digest for n in (3, 4))
    assert one != other
    one, other = (load_sweep(small(tmp_path, points=n)).digest for n in (3, 4))
    assert one == other


DRAWS = "draw,reply.base,reply.load,weight\n3,-3.0,-0.25,1\n5,-2.0,-0.5,1\n8,-1.0,-0.75,2\n"


def over_draws(folder, points=3):
    """Write a sweep over draws, and return its file."""
    path = small(folder, points=points)
    write(folder / "draws.csv", DRAWS)
    return write(path, path.read_text().replace("[sweep]\n", '[sweep]\ndraws = "draws.csv"\n'))


def test_with_draws_each_point_has_a_world_by_weight_but_for_what_is_varied(tmp_path):
    path = over_draws(tmp_path, 200)
    sweep, plain = load_sweep(path), load_sweep(path, draws="none")
    points = sweep.points()
    assert [{name: p.values[name] for name in sweep.varied} for p in points] == [p.values for p in plain.points()]
    loads = [p.values["reply.load"] for p in points]
    assert set(loads) == {-0.25, -0.5, -0.75}
    assert 80 <= loads.count(-0.75) <= 120  # half of the weight
    frictions = [p.values["design.friction"] for p in points if p.values["reply.load"] == -0.25]
    assert max(frictions) - min(frictions) > 3.0  # a world is not a part of the space
    assert load_sweep(over_draws(tmp_path, 20)).points() == points[:20]
    assert sweep.digest != plain.digest
    write(tmp_path / "draws.csv", DRAWS.replace("-0.75", "-0.7"))
    assert load_sweep(path).digest != sweep.digest


def test_a_folder_holds_the_draws_of_its_sweep(tmp_path):
    sweep, out = load_sweep(over_draws(tmp_path)), tmp_path / "out"
    prepare(sweep, out)
    write_plan(sweep, out, out / "ledger.sqlite")
    write(tmp_path / "draws.csv", "gone")
    again = load_sweep(out / "sweep.toml")
    assert (again.digest, again.points()) == (sweep.digest, sweep.points())
    assert again.to_toml() == sweep.to_toml()
    assert (out / "points.csv").read_text().splitlines()[0] == "point,design.friction,reply.base"
    assert (out / "worlds.csv").read_text().splitlines()[0] == "point,draw,reply.load"


def test_a_folder_says_what_the_draws_of_its_sweep_were_called_and_of_no_other(tmp_path):
    path = small(tmp_path)
    scenario = load_sweep(path).scenario
    sweep, out = load_sweep(path, draws=calibration(tmp_path / "found", scenario)), tmp_path / "out"
    assert sweep.draws.called.fit
    assert "reply.base" in sweep.draws.called.more[0]  # it is varied
    prepare(sweep, out)
    write_plan(sweep, out, out / "ledger.sqlite")
    told = json.loads((out / "draws.json").read_text())
    assert (told["plan"], told["range"], told["why"]) == (sweep.digest, "range over calibrated worlds", [])
    assert load_sweep(out / "sweep.toml").draws.called == sweep.draws.called
    assert not load_sweep(path, draws=out).draws.called.fit  # to another question they are draws that stand alone
    write(out / "sweep.toml", (out / "sweep.toml").read_text().replace("seed = 1", "seed = 2"))
    assert load_sweep(out / "sweep.toml").draws.called.why == (NO_FIT,)
    write(out / "draws.json", "[]")
    assert load_sweep(out / "sweep.toml").draws.called.why == (NO_FIT,)


def test_what_is_given_stands_in_place_of_a_files_draws(tmp_path):
    path = over_draws(tmp_path)
    assert load_sweep(path, draws="none").draws is None
    other = write(tmp_path / "other.csv", DRAWS.replace("reply.load", "reply.rapport").replace("-0.", "0."))
    assert load_sweep(path, draws=other).draws.names == ["reply.base", "reply.rapport"]


def test_a_list_has_no_draws_and_wrong_draws_are_named(tmp_path):
    write(tmp_path / "draws.csv", DRAWS.replace("reply.load", "reply.lod"))
    write(tmp_path / "list.csv", LIST)
    with pytest.raises(BadInput, match=r"sweep.draws` must be left out: the list's columns name the parameters"):
        load_sweep(write(tmp_path / "it.toml", KINDS["list"] + '\ndraws = "draws.csv"\n'))
    with pytest.raises(BadInput, match=r"column 'reply.lod'` must be a parameter"):
        load_sweep(small(tmp_path), draws=tmp_path / "draws.csv")


PARAMETERS = "[sweep]\n[sweep.parameters]\n"
GRID = '[sweep]\nsampler = "grid"\n[sweep.parameters]\n'
MISTAKES = {
    "no numbers": ("", '`sweep.parameters` must be one parameter or more, such as "design.friction" = [0.0, 3.0] (got nothing)'),
    "unknown key": (
        "colour = 1\n" + KINDS["sobol"],
        "`colour` must be one of name, question, scenario, with, arms, reference, seed, sweep, measures (got an unknown key)",
    ),
    "unknown key of the sweep": (
        '[sweep]\npoint = 3\n[sweep.parameters]\n"reply.base" = {}',
        "`sweep.point` must be one of sampler, points, pairs, seeds, file, draws, parameters (got an unknown key; did you mean 'points'?)",
    ),
    "unknown key of a range": (
        PARAMETERS + '"reply.base" = {low = -3.0, top = 1.0}',
        "`sweep.parameters.reply.base.top` must be one of low, high, steps, levels, log (got an unknown key)",
    ),
    "a word for a table": ('sweep = "all"', "`sweep` must be a table (got 'all')"),
    "unknown number": (
        PARAMETERS + '"reply.bas" = {}',
        "`sweep.parameters.reply.bas` must be a parameter of the scenario such as reply.base or design.friction (got an unknown parameter; did you mean 'reply.base'?)",
    ),
    "beyond the schema": (
        PARAMETERS + '"design.friction" = [0.0, 99.0]',
        "`sweep.parameters.design.friction` must be within 0 to 6 (logit) (got 0 to 99)",
    ),
    "upside down": (PARAMETERS + '"reply.base" = [-1.0, -2.0]', "must be from a lower to a higher value (got -1 to -2)"),
    "no width": (PARAMETERS + '"reply.base" = [-1.0, -1.0]', "must be from a lower to a higher value (got -1 to -1)"),
    "three ends": (
        PARAMETERS + '"reply.base" = [-1.0, -1.0, 0.0]',
        "must be [low, high], {low, high, steps, levels, log}, or {} for the schema's own range (got a list)",
    ),
    "not a number": (
        PARAMETERS + '"reply.base" = [nan, 1.0]',
        "`sweep.parameters.reply.base` must be within -6 to 2 (logit) (got nan to 1)",
    ),
    "infinite": (PARAMETERS + '"reply.base" = [-inf, 1.0]', "`sweep.parameters.reply.base` must be within -6 to 2 (logit) (got -inf to 1)"),
    "no number among levels": (
        GRID + '"reply.base" = {levels = [-2.0, nan, -1.0]}',
        "`sweep.parameters.reply.base` must be within -6 to 2 (logit) (got -2, nan, -1)",
    ),
    "a fraction of a whole number": (
        GRID + '"styles.seller.follow_ups" = {levels = [1, 1.5]}',
        "must be whole numbers (messages) (got a fraction)",
    ),
    "a logarithm of nothing": (PARAMETERS + '"design.friction" = {log = true}', "must be above 0 for a logarithm (got log = true from 0)"),
    "steps without a grid": (PARAMETERS + '"reply.base" = {steps = 3}', 'must be a range alone, or sampler = "grid" (got steps or levels)'),
    "a grid without steps": (GRID + '"reply.base" = {}', "must be `steps` or `levels`, one of them, for a grid (got a range)"),
    "steps and levels": (
        GRID + '"reply.base" = {steps = 3, levels = [-1.0]}',
        "must be `steps` or `levels`, one of them, for a grid (got steps and levels)",
    ),
    "levels and a range": (
        GRID + '"reply.base" = {low = -3.0, levels = [-1.0]}',
        "must be levels alone, or a range with steps (got levels and a range)",
    ),
    "one step": (GRID + '"reply.base" = {steps = 1}', "`sweep.parameters.reply.base.steps` must be at least 2 (got 1)"),
    "a huge grid": (
        GRID + '"reply.base" = {steps = 1000}\n"design.friction" = {steps = 1000}\n"invitation.base" = {steps = 2}',
        "must be at most 1000000 points (got a grid of 2000000 points)",
    ),
    "points of a grid": (
        '[sweep]\nsampler = "grid"\npoints = 3\n[sweep.parameters]\n"reply.base" = {steps = 2}',
        "`sweep.points` must be left out: the grid says how many there are (got 3)",
    ),
    "no points": ('[sweep]\npoints = 0\n[sweep.parameters]\n"reply.base" = {}', "`sweep.points` must be at least 1 (got 0)"),
    "no pairs": ('[sweep]\npairs = 0\n[sweep.parameters]\n"reply.base" = {}', "`sweep.pairs` must be at least 1 (got 0)"),
    "too few members": ("[with]\nmembers = 2\n" + KINDS["sobol"], "`with.members` must be at least 3 for a comparison (got 2)"),
    "too few members somewhere": (
        PARAMETERS + "members = [0, 10]",
        "`sweep.parameters.members` must be at least 3 for a comparison (got 0 members)",
    ),
    "no days": ("[with]\ndays = 0\n" + KINDS["sobol"], "`with.days` must be at least 1 for a comparison (got 0)"),
    "a change that cannot be": (
        '[with]\n"reply.base" = 99.0\n' + KINDS["sobol"],
        "`with.reply.base` must be a number from -6 to 2 (logit) (got 99.0)",
    ),
    "unknown scenario": ('scenario = "bassline"\n' + KINDS["sobol"], "(got the unknown name 'bassline'; did you mean 'baseline'?)"),
    "unknown design": (
        'arms = ["connect_first", "mesage_first"]\n' + KINDS["sobol"],
        "(got the unknown design 'mesage_first'; did you mean 'message_first'?)",
    ),
    "one arm": (
        'arms = ["connect_first"]\n' + KINDS["sobol"],
        "`arms` must be two designs or more, such as connect_first message_first (got 1)",
    ),
    "the same arm twice": (
        'arms = ["connect_first", "connect_first"]\n' + KINDS["sobol"],
        "`arms` must be designs that differ (got 'connect_first', which is 'connect_first' again)",
    ),
    "unknown reference": (
        'reference = "both_equal"\n' + KINDS["sobol"],
        "`reference` must be one of the arms: connect_first, message_first (got 'both_equal')",
    ),
    "seed": ("seed = -1\n" + KINDS["sobol"], "`seed` must be at least 0 (got -1)"),
    "a file without a list": (
        '[sweep]\nfile = "x.csv"\n[sweep.parameters]\n"reply.base" = {}',
        "`sweep.file` must be left out, or sampler = \"list\" (got 'x.csv')",
    ),
    "a list without a file": (
        '[sweep]\nsampler = "list"',
        "`sweep.file` must be a CSV whose columns are parameters of the scenario such as reply.base (got nothing)",
    ),
    "a list that is not there": (
        '[sweep]\nsampler = "list"\nfile = "none.csv"',
        "none.csv must be a readable CSV in UTF-8 (got no such file)",
    ),
    "a list and numbers": (
        '[sweep]\nsampler = "list"\nfile = "none.csv"\n[sweep.parameters]\n"reply.base" = {}',
        "`sweep.parameters` must be left out: the list's columns name the parameters (got a table)",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line_and_status_two(name, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text, words = MISTAKES[name]
    assert status("sweep", write(tmp_path / "bad.toml", text)) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert any(words in line for line in lines), lines
    assert all(line.startswith("firstcontact: ") for line in lines)
    assert len(lines) == (2 if name == "a list and numbers" else 1), lines
    assert [path.name for path in tmp_path.iterdir()] == ["bad.toml"]


WRONG_LISTS = {
    "unknown column": (
        "reply.bas\n1.0\n",
        "line 1 must be names of parameters such as reply.base or design.friction (got an unknown column 'reply.bas'; did you mean 'reply.base'?)",
    ),
    "twice": ("reply.base,reply.base\n-1,-2\n", "line 1 must be names that differ (got the column 'reply.base' twice)"),
    "no rows": ("reply.base\n", "must be a line with the parameters' names, then a line for each point (got no points)"),
    "only numbers of rows": ("point\n1\n", "must be a line with the parameters' names, then a line for each point (got no points)"),
    "ragged": ("reply.base,design.friction\n-1.0\n", "line 2 must be of 2 cells, as the first line is (got 1 cells)"),
    "a word": ("reply.base\nsoon\n", "line 2, reply.base must be a number from -6 to 2 (logit) (got 'soon')"),
    "not a number": ("reply.base\nnan\n", "line 2, reply.base must be a number from -6 to 2 (logit) (got 'nan')"),
    "beyond": ("reply.base\n-1\n99\n", "line 3, reply.base must be a number from -6 to 2 (logit) (got '99')"),
    "a fraction": (
        "styles.seller.follow_ups\n1.5\n",
        "line 2, styles.seller.follow_ups must be a whole number from 0 to 8 (messages) (got '1.5')",
    ),
    "empty": ("", "must be a line with the parameters' names, then a line for each point (got an empty file)"),
}


@pytest.mark.parametrize("name", WRONG_LISTS)
def test_a_wrong_list_is_one_line_and_status_two(name, tmp_path, capsys):
    text, words = WRONG_LISTS[name]
    write(tmp_path / "list.csv", text)
    assert status("sweep", write(tmp_path / "it.toml", KINDS["list"])) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert "list.csv" in lines[0]
    assert words in lines[0]


def test_a_list_of_bytes_is_refused(tmp_path, capsys):
    (tmp_path / "list.csv").write_bytes(b"reply.base\n\xff\xfe\n")
    assert status("sweep", write(tmp_path / "it.toml", KINDS["list"])) == 2
    assert "must be a readable CSV in UTF-8 (got no CSV)" in capsys.readouterr().err


EVERYTHING = """
colour = 3
arms = ["connect_first", "mesage_first", "conect_first"]
reference = "nobody"
[with]
members = 2
"reply.bse" = 1.0
[sweep]
pairs = 0
[sweep.parameters]
"design.friction" = [0.0, 99.0]
"reply.bas" = {}
"invitation.base" = {low = "x"}
"attention.budget" = [1.0, 1.0, 2.0]
"""


def test_every_mistake_of_every_kind_is_named_at_once(tmp_path, capsys):
    assert status("sweep", write(tmp_path / "bad.toml", EVERYTHING)) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    for place in (
        "`colour` must",
        "(got the unknown design 'mesage_first'; did you",
        "(got the unknown design 'conect_first'; did you",
        "`reference` must",
        "`with.members` must",
        "`with.reply.bse` must",
        "`sweep.pairs` must",
        "`sweep.parameters.design.friction` must",
        "`sweep.parameters.reply.bas` must",
        "`sweep.parameters.invitation.base.low` must",
        "`sweep.parameters.attention.budget` must",
    ):
        assert sum(place in line for line in lines) == 1, (place, lines)
    assert len(lines) == 11
