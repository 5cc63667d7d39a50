"""Scenarios: what they accept, what they refuse and how, and what they say of themselves."""

from __future__ import annotations

import json
import os
import pickle
import re
from pathlib import Path

import numpy as np
import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.errors import BadInput
from sim.scenario.difference import changed_from
from sim.scenario.files import read_toml
from sim.scenario.library import DESIGNS, STYLES, list_designs, shipped
from sim.scenario.parameters import SECTIONS
from sim.scenario.presets import Design, Style
from sim.scenario.scenario import LONGEST_RUN, Scenario, _is_empty, load_scenario
from sim.scenario.template import groups, parameter_table
from sim.scenario.validation import limits
from tests.helpers.mistakes import mistakes_of

BASE = load_scenario()


# -------------------------------------------------------------------------------------------- what is loaded


def test_the_baseline_has_the_schemas_rules_and_the_shipped_shares():
    assert all(getattr(BASE, name) == model() for name, model in SECTIONS.items())
    assert (BASE.members, BASE.days, BASE.warm_up) == (10000, 180, 180)
    assert len(BASE.style_shares) == 8
    assert set(BASE.style_shares) <= set(shipped(STYLES))  # a style that is added is in nobody's shares yet
    assert sum(BASE.style_shares.values()) == pytest.approx(1.0)
    assert BASE.style_shares["quiet_member"] == 0.5


def test_an_empty_file_is_the_baseline_under_its_own_name(write):
    assert load_scenario(write("")) == BASE.with_(name="mine")


def test_a_file_changes_what_it_names(write):
    text = """
    days = 90
    design_shares = {connect_first = 1, message_first = 3}
    [reply]
    base = -2
    [every_style]
    follow_ups = 2
    intents = 1
    [styles.seller]
    follow_ups = 5
    [designs.connect_first]
    friction = 3
    moderation = "strict"
    [moderations.strict]
    ban = 1.5
    """
    got = load_scenario(write(text))
    assert (got.days, got.reply.base, got.styles["expert"].follow_ups, got.styles["seller"].follow_ups) == (
        90,
        -2.0,
        2,
        5,
    )
    assert got.styles["seller"].intents == 1.0
    assert got.design_shares == {"connect_first": 1.0, "message_first": 3.0}
    assert (got.designs["connect_first"].friction, got.designs["message_first"].friction) == (3.0, 1.5)
    assert got.moderations["strict"].ban == 1.5
    assert got.moderations["strict"].filter_strength == 0.85  # from its own file
    assert set(got.moderations) == {"standard", "strict"}


def test_files_beside_the_scenario_are_found_and_named_by_their_stem(write, tmp_path, monkeypatch):
    write("intents = 3\n", "shelf/pest.toml")
    write("primary = -1\nmoderation = 'harsh.toml'\n", "shelf/odd.toml")
    write("ban = 0.5\n", "shelf/harsh.toml")
    path = write('design = "shelf/odd.toml"\n[style_shares]\nquiet_member = 9\n"shelf/pest.toml" = 1\n[styles.pest]\npatience = 2\n')
    monkeypatch.chdir("/")
    got = load_scenario(path)
    assert got.style_shares == {"pest": 1.0, "quiet_member": 9.0}
    assert (got.styles["pest"].intents, got.styles["pest"].patience) == (3.0, 2.0)
    assert (got.design, got.designs["odd"].moderation, got.moderations["harsh"].ban) == ("odd", "harsh", 0.5)
    monkeypatch.chdir(tmp_path)
    again = BASE.with_design("shelf/odd.toml")
    assert again.designs["odd"] == got.designs["odd"]
    assert again.with_design(Path("shelf/odd.toml")) == again


def test_a_style_may_be_made_up_in_the_file(write):
    got = load_scenario(write("[style_shares]\nodd = 1\n[styles.odd]\nintents = 2\n"))
    assert got.styles == {"odd": Style(intents=2.0)}


def test_a_network_file_takes_the_place_of_members(write, monkeypatch):
    network = write("a,b\n", "net.csv")
    got = load_scenario(write('network_file = "net.csv"\n'))
    assert got.network_file == str(network)
    assert load_scenario(write(got.to_toml(), "elsewhere/s.toml")) == got.with_(name=got.name)
    assert "`members` must be left out: the network file says who is there (got 5)" in mistakes_of(got.with_, members=5)[0]
    before = got.canonical_json()
    network.write_text("a,b\nc,d\n", encoding="utf-8")
    assert got.canonical_json() != before
    assert str(network) not in before
    assert mistakes_of(BASE.with_, network_file="none.csv")
    network.unlink()
    with pytest.raises(BadInput):
        got.canonical_json()


# --------------------------------------------------------------------------------------------------- changes


def test_a_scenario_cannot_be_changed_in_place():
    with pytest.raises(ValidationError):
        BASE.members = 5
    with pytest.raises(ValidationError):
        BASE.reply.base = 0.0


def test_the_longest_run_is_bounded(write):
    assert BASE.with_(days=10_000, warm_up=LONGEST_RUN - 10_000).days == 10_000
    with pytest.raises(ValidationError):
        Scenario(**(BASE.model_dump() | {"days": 10_001}))


# -------------------------------------------------------------------------------------------------- mistakes


def test_all_mistakes_of_a_file_are_found_at_once(write):
    write("intents = 99\nwit = 1\n", "pest.toml")
    path = write(
        'days = "many"\nrelpy = 1\n[reply]\nbase = nan\nqualty = 1\n[attention]\nbudget = [1]\n'
        '[style_shares]\n"pest.toml" = 1\nselle = 1\n[designs.connect_frist]\nfriction = 1\n'
    )
    lines = mistakes_of(load_scenario, path)
    for part in (
        "mine.toml: `days` must be a whole number from 0 to 10000 (days after the switch) (got 'many')",
        "mine.toml: `relpy` must be a part of a scenario (got an unknown key; did you mean 'reply'?)",
        "mine.toml: `reply.base` must be a number from -6 to 2 (logit) (got nan)",
        "mine.toml: `reply.qualty` must be one of Reply's numbers (got an unknown key; did you mean 'quality'?)",
        "mine.toml: `attention.budget` must be a number from 0 to 200 (items a visit) (got a list)",
        "pest.toml: `intents` must be a number from 0 to 50 (intents a session) (got 99)",
        "pest.toml: `wit` must be one of Style's numbers (got an unknown key)",
        "(got the unknown style 'selle'; did you mean 'seller'?)",
        "mine.toml: `designs.connect_frist` must be one that the scenario uses (got the design 'connect_frist'; did you mean 'connect_first'?)",
    ):
        assert sum(part in line for line in lines) == 1, (part, lines)
    assert len(lines) == 9
    with pytest.raises(BadInput, match=r"and 8 more; `firstcontact check .*mine\.toml` lists them") as caught:
        load_scenario(path)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"days = \n", "line 1 must be `key = value` or [table] (got no TOML: Invalid value)"),
        (b"days = 1\n\nx = [1\n", "line 4 must be `key = value` or [table] (got no TOML: Unclosed array)"),
        (b"days = 1\nname = '\xff'\n", "line 2 must be a readable TOML file in UTF-8 (got bytes that are not UTF-8)"),
        (b"days = " + b"9" * 5000, "must be `key = value` or [table] (got no TOML: a number that is too long)"),
        (b"x = " + b"[" * 5000 + b"]" * 5000, "must be TOML with tables of numbers (got values nested too deeply)"),
        (b"days = 1\n" + b"a." * 8000 + b"a = 1", "line 2 must be a line of at most 60 dots in its keys (got more)"),
        (b"[" + b"'a' . " * 8000 + b"a]", "line 1 must be a line of at most 60 dots in its keys (got more)"),
        (b"x = {" + b"1.a." * 4000 + b"a = 1}", "line 1 must be a line of at most 60 dots in its keys (got more)"),
        (b"11." * 13_000 + b"11 = 1", "line 1 must be a line of at most 60 dots in its keys (got more)"),
        (b"[" + b"1.1.1, " + b"1." * 70 + b"1]", "line 1 must be a line of at most 60 dots in its keys (got more)"),
        (b'x = ["""\n""", {' + b"a." * 8000 + b'a = 1}, ""]', "line 2 must be a line of at most 60 dots in its keys (got more)"),
        (b"# " + b"x" * 300_000, "must be at most 262144 bytes (got 300002 bytes)"),
        (b"\0", "line 1 must be `key = value` or [table] (got no TOML: Invalid statement)"),
    ],
)
def test_files_that_are_no_scenario_are_refused(write, content, part):
    (line,) = mistakes_of(load_scenario, write(content))
    assert part in line
    assert re.search(r"mine\.toml(: line \d)? must ", line)


def test_dots_in_texts_comments_and_numbers_are_free(write):
    written = write(
        f"# {'.' * 500}\nname = 'x'  # {'. ' * 400}\ndays = 5\n[[x.y.z]]\na = [{'0.5, ' * 300}]\nt = [{'1979-05-27T07:32:00.5Z, ' * 100}]\nb = '{'.' * 500}'\n"
    )
    assert read_toml(written)["days"] == 5


def test_paths_that_are_no_files_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    for path, part in [
        (tmp_path, " must be a readable TOML file in UTF-8 (got a folder)"),
        (tmp_path / "none.toml", "none.toml must be a readable TOML file in UTF-8 (got no such file)"),
        (tmp_path / "pipe.toml", "pipe.toml must be a readable TOML file in UTF-8 (got no regular file)"),
        (f"{tmp_path}/\0.toml", ""),
        (f"{'x' * 5000}.toml", ""),
        ("basline", "(got the unknown name 'basline'; did you mean 'baseline'?)"),
    ]:
        assert part in mistakes_of(load_scenario, path)[0]
    if os.geteuid() != 0:  # root reads everything
        (tmp_path / "locked.toml").touch(mode=0)
        assert "denied" in mistakes_of(load_scenario, tmp_path / "locked.toml")[0]


def test_two_entries_of_one_name_are_refused(write):
    write("intents = 1\n", "a/pest.toml")
    write("intents = 2\n", "b/pest.toml")
    (line,) = mistakes_of(load_scenario, write('[style_shares]\n"a/pest.toml" = 1\n"b/pest.toml" = 1\n'))
    assert "must be called by another file name (got a second style called 'pest')" in line


ODD = st.one_of(
    st.floats(),
    st.integers(-(10**30), 10**30),
    st.booleans(),
    st.text(max_size=8),
    st.dates(),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
    st.sampled_from(["message_first", "strict", "standard", "/", ".toml", "\0/"]),
)
FIELDS = sorted({name for model in groups().values() for name in limits(model)} | set(Scenario.model_fields) | set(BASE.styles) | {"odd"})
TABLES = st.recursive(ODD, lambda inner: st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4), max_leaves=8)


def loads_or_refuses(path):
    try:
        scenario = load_scenario(path)
    except BadInput:
        mistakes_of(load_scenario, path)
    else:
        assert scenario.rows().rules.shape == (1,)


FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=100)


@FUZZ
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_a_scenario_or_refused(tmp_path, content):
    path = tmp_path / "fuzz.toml"
    path.write_bytes(content)
    loads_or_refuses(path)


@FUZZ
@given(st.dictionaries(st.sampled_from(FIELDS), TABLES, max_size=5))
def test_any_values_are_a_scenario_or_refused(tmp_path, table):
    path = tmp_path / "fuzz.toml"
    path.write_text(tomli_w.dumps(table), encoding="utf-8")
    loads_or_refuses(path)


@FUZZ
@given(st.dictionaries(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=3).map(".".join), ODD, min_size=1, max_size=3))
def test_any_change_is_made_or_refused(changes):
    try:
        scenario = BASE.with_(**changes)
    except BadInput:
        mistakes_of(BASE.with_, **changes)
    else:
        assert scenario.rows().rules.shape == (1,)


# ----------------------------------------------------------------------------------------------- round trips


@st.composite
def scenarios(draw):
    """Return scenarios with some numbers anywhere in their bounds."""
    changes = {}
    for section, name in draw(st.lists(st.sampled_from(NUMBERS), max_size=6)):
        limit = limits(groups()[section])[name]
        kind = st.integers if limit.kind is int else st.floats
        value = draw(kind(limit.low, limit.high))
        key = name if section == "scenario" else f"{section}.{name}"
        changes[key] = value
    changes |= {"days": draw(st.integers(0, 400)), "warm_up": draw(st.integers(0, 400))}
    changes |= {"style.inquiry": 0.5}  # a purpose is needed
    names = draw(st.lists(st.sampled_from(sorted(shipped(DESIGNS))), max_size=3, unique=True))
    base = BASE.with_(design_shares=dict.fromkeys(names, 1.0), **changes)
    return base if draw(st.booleans()) else base.with_design(Design(friction=draw(st.floats(0.0, 6.0))))


NUMBERS = [(row["section"], row["name"]) for row in parameter_table()]


@FUZZ
@given(scenarios())
def test_a_scenario_survives_its_file(tmp_path, scenario):
    path = tmp_path / "other name.toml"
    path.write_text(scenario.to_toml(), encoding="utf-8")
    again = load_scenario(path)
    assert again == scenario
    assert again.to_toml() == scenario.to_toml()
    assert again.canonical_json() == scenario.canonical_json()
    assert Scenario.model_validate_json(scenario.model_dump_json()) == scenario


def test_a_table_leaves_out_what_says_nothing_and_a_draw_of_0_is_a_draw():
    mixed = BASE.with_(design_shares={"connect_first": 1, "message_first": 1}, design_draw=0).table()
    assert (mixed["design_draw"], mixed["design_shares"]) == (0, {"connect_first": 1.0, "message_first": 1.0})
    assert not {"design_strata", "design_ramp", "every_style", "decision", "network_file"} & set(mixed)
    assert not {"design_draw", "design_shares"} & set(BASE.table())
    assert [_is_empty(x) for x in (None, "", [], (), {})] == [True] * 5
    assert not any(_is_empty(x) for x in (0, 0.0, False, np.int64(0), np.float64(0.0), np.bool_(False), "a", [0.0], {"a": 0}))


def test_the_key_tells_runs_apart_and_nothing_else():
    assert BASE.with_(name="other").canonical_json() == BASE.canonical_json()
    assert BASE.with_(**{"designs.connect_first.friction": 3}).canonical_json() == BASE.canonical_json()
    keys = [
        BASE.with_(**change).canonical_json()
        for change in (
            {},
            {"members": 5},
            {"reply.base": 0},
            {"design": "connect_first"},
            {"design.friction": 2},
            {"warm_up_design": "connect_first"},
            {"moderation.ban": 2},
            {"styles.seller.note": 1},
            {"style_shares.seller": 1},
            {"design_shares": {"message_first": 1}},
        )
    ]
    assert len(set(keys)) == len(keys)
    assert json.loads(keys[0])["reply"]["base"] == BASE.reply.base


def test_the_json_schema_knows_units_and_bounds():
    schema = BASE.json_schema()
    friction = schema["$defs"]["Design"]["properties"]["friction"]
    assert (friction["minimum"], friction["maximum"], friction["unit"]) == (0.0, 6.0, "logit")


# ------------------------------------------------------------------------------------------------------ rows


def test_rows_and_namespaces_hold_the_same_numbers():
    scenario = BASE.with_(**{"design.moderation": "strict"}).with_design("connect_first")
    rows, spaces = scenario.rows(), scenario.namespaces()
    assert rows.rules.shape == (1,)
    assert rows.rules[0].reply_base == scenario.reply.base
    assert len(rows.rules.dtype.names) == sum(len(model.model_fields) for model in SECTIONS.values())
    assert rows.pairing.tolist() == spaces.pairing
    again = scenario.with_(**{"reply.base": -2.5}).rows()
    assert all(one.dtype is other.dtype for one, other in zip(rows[:-1], again[:-1], strict=True))  # see `sim.state.columns`
    for kind, space in zip(rows[:-1], spaces[:-1], strict=True):
        assert set(kind.dtype.names) == set(vars(space[0]))
        assert all(kind.dtype[name] == np.float64 for name in kind.dtype.names)
        for row, one in zip(kind, space, strict=True):
            assert all(row[name] == value and type(value) is float for name, value in vars(one).items())
    assert scenario.style_names == tuple(sorted(scenario.style_names))
    seller = scenario.style_names.index("seller")
    assert rows.styles[seller].follow_ups == scenario.styles["seller"].follow_ups
    for name, row in zip(scenario.design_names, rows.designs, strict=True):
        assert scenario.moderation_names[int(row.moderation)] == scenario.designs[name].moderation
    assert rows.moderations.ban.tolist() == [scenario.moderations[name].ban for name in scenario.moderation_names]


def test_how_a_network_is_read_stands_in_the_scenario(write, tmp_path):
    (tmp_path / "net.csv").write_text("a,b,1\n")
    told = load_scenario(write('network_file = "net.csv"\nnetwork_as = "ties"\nnetwork_columns = "sender=2,recipient=1"\n'))
    assert (told.network_as, told.network_columns) == ("ties", "sender=2,recipient=1")
    plain = told.with_(network_file=told.network_file)  # what was told is told of that file
    assert (plain.network_as, plain.network_columns) == (None, None)
    assert told.with_(days=3).network_as == "ties"
    assert plain.canonical_json() != told.canonical_json()
    assert "network_as" not in plain.canonical_json()
    assert load_scenario(write(told.to_toml(), "again.toml")) == told


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ('network_as = "log"', "`network_as` must be left out without `network_file` (got 'log')"),
        ('network_file = "net.csv"\nnetwork_as = "graph"', "`network_as` must be 'ties' or 'log' (got 'graph')"),
        ('network_file = "net.csv"\nnetwork_columns = 3', "`network_columns` must be text such as 'sender=1,recipient=2,time=3' (got 3)"),
    ],
)
def test_how_a_network_is_read_is_checked(write, tmp_path, content, part):
    (tmp_path / "net.csv").write_text("a,b,1\n")
    (line,) = mistakes_of(load_scenario, write(content))
    assert part in line


def test_a_scenario_is_shown_in_a_line_and_in_a_notebook_by_what_differs():
    found = load_scenario(members=300, days=90).with_(**{"reply.base": -2.5})
    assert repr(found) == str(found) == "<Scenario 'baseline': 300 members, 180 + 90 days, design message_first>"
    rows = ("members</td><td>300</td><td>10000", "days</td><td>90</td><td>180", "reply.base</td><td>-2.5</td><td>")
    shown = found._repr_html_()
    assert [row in shown for row in rows] == [True] * 3
    assert shown.count("<tr>") == 4
    assert load_scenario()._repr_html_().count("<tr>") == 1
    own = load_scenario().with_design(Design(**{**load_scenario().designs["message_first"].model_dump(), "friction": 5.0}), "mine")
    assert "designs.mine</td><td>its own</td><td>none" in own._repr_html_()
    many = load_scenario("neutral")
    assert f"and {len(changed_from(load_scenario().table(), many.table())) - 25} more" in many._repr_html_()
    long = load_scenario().with_(design_shares=dict.fromkeys(list_designs(), 1.0))
    assert len(repr(long)) < 400
    assert "&lt;b&gt;" in load_scenario().model_copy(update={"name": "<b>"})._repr_html_()
