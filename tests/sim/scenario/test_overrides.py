"""Changes to a scenario: dotted keys, numbers of any library, styles and designs by name, by file or given themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tomli_w

from sim import Design, Style, load_scenario
from sim.errors import BadInput
from sim.scenario.library import HOME, list_designs, list_styles
from sim.scenario.overrides import patch
from sim.scenario.validation import Problems
from tests.helpers.mistakes import mistakes_of

BASE = load_scenario("baseline")
PATIENT = Style(intents=0.5, follow_ups=2)
GENTLE = Design(friction=1.0)


@pytest.fixture
def files(tmp_path):
    """The same style and design as files, by name."""
    for name, entry in (("patient", PATIENT), ("gentle", GENTLE)):
        (tmp_path / f"{name}.toml").write_text(tomli_w.dumps(entry.model_dump()), encoding="utf-8")
    return tmp_path


def test_a_style_means_what_its_file_means(files):
    given = BASE.with_style(PATIENT, share=0.1, name="patient")
    assert given == BASE.with_(style_shares={**BASE.style_shares, str(files / "patient.toml"): 0.1})
    assert given == BASE.with_style(str(files / "patient.toml"), 0.1) == BASE.with_style(files / "patient.toml", 0.1)
    assert given.style_shares == {**BASE.style_shares, "patient": 0.1}
    assert given.styles["patient"] == PATIENT
    assert given.canonical_json() != BASE.canonical_json()


def test_a_design_means_what_its_file_means(files):
    by_path, itself = BASE.with_design(files / "gentle.toml"), BASE.with_design(GENTLE, "gentle")
    assert itself == by_path
    assert itself.designs["gentle"] == GENTLE


def test_without_a_name_it_has_one_made_of_its_numbers():
    one, other = (BASE.with_(design=design).design for design in (GENTLE, Design(friction=2.0)))
    assert one.startswith("design-")
    assert one != other
    assert BASE.with_design(GENTLE).design == one
    (style,) = set(BASE.with_style(PATIENT, 0.1).styles) - set(BASE.styles)
    assert style.startswith("style-")


def test_one_that_the_scenario_knows_keeps_its_name():
    known = BASE.styles["seller"]
    assert BASE.with_style(known, 0.5).style_shares == {**BASE.style_shares, "seller": 0.5}
    assert BASE.with_(design=BASE.designs[BASE.design]).design == BASE.design


@pytest.mark.parametrize("make", [BASE.with_, lambda **changes: load_scenario("baseline", **changes)])
def test_they_stand_as_keys_and_values_where_names_do(make, files):
    found = make(style_shares={PATIENT: 1.0, "seller": 2.0}, design_shares={GENTLE: 1.0, "connect_first": 1.0}, warm_up_design=GENTLE)
    (style,), (design,) = set(found.style_shares) - {"seller"}, set(found.design_shares) - {"connect_first"}
    assert found.style_shares == {"seller": 2.0, style: 1.0}
    assert found.design_shares == {"connect_first": 1.0, design: 1.0}
    assert (found.styles[style], found.designs[design], found.warm_up_design) == (PATIENT, GENTLE, design)
    assert make(design=GENTLE).designs[design] == GENTLE
    assert make(style_shares={files / "patient.toml": 1.0}).styles["patient"] == PATIENT


def test_numbers_for_all_come_after_and_reach_it():
    found = BASE.with_(**{"style_shares": {PATIENT: 1.0}, "style.intents": 3.0})
    assert [style.intents for style in found.styles.values()] == [3.0]
    assert BASE.with_(**{"style.intents": 3.0}).with_style(PATIENT, 0.1, "patient").styles["patient"].intents == 0.5  # as it is


def test_the_scenario_that_it_came_to_can_be_written_and_read(tmp_path):
    found = BASE.with_style(PATIENT, 0.1, "patient").with_(design=GENTLE)
    (tmp_path / "it.toml").write_text(found.to_toml(), encoding="utf-8")
    assert load_scenario(tmp_path / "it.toml").canonical_json() == found.canonical_json()


def test_a_share_is_set_and_the_others_stay():
    assert BASE.with_style("seller", 0.5).style_shares == {**BASE.style_shares, "seller": 0.5}
    assert BASE.with_style("seller", 0).style_shares == {**BASE.style_shares, "seller": 0.0}
    assert load_scenario("baseline") == BASE


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda: BASE.with_style(PATIENT, -1, "patient"), "`style_shares.patient` must be a number from 0 to 1e+06 (share) (got -1)"),
        (
            lambda: BASE.with_style(PATIENT, "much", "patient"),
            "`style_shares.patient` must be a number from 0 to 1e+06 (share) (got 'much')",
        ),
        (lambda: BASE.with_style("seler", 1), "(got the unknown style 'seler'; did you mean 'seller'?)"),
        (lambda: BASE.with_style(Path("none.toml"), 1), "none.toml must be a readable TOML file in UTF-8 (got no such file)"),
        (
            lambda: BASE.with_style(PATIENT, 1, "seller"),
            "`style` must be called by another name than one that has a share (got a second style called 'seller')",
        ),
        (lambda: BASE.with_style(PATIENT, 1, "a/b"), "`name` must be 1 to 60 letters, digits, spaces, _ or - (got 'a/b')"),
        (lambda: BASE.with_design(GENTLE, "a/b"), "`name` must be 1 to 60 letters, digits, spaces, _ or - (got 'a/b')"),
        (lambda: BASE.with_(design=PATIENT), "`design` must be "),
        (lambda: BASE.with_(style_shares={GENTLE: 1.0}), "`style_shares."),
    ],
)
def test_what_cannot_be_is_refused(change, told):
    with pytest.raises(BadInput) as raised:
        change()
    assert told in str(raised.value)


def test_shipped_ones_can_be_changed_and_given():
    slow = list_styles()["seller"][1].model_copy(update={"intents": 0.1})
    assert BASE.with_style(slow, 0.2, "slow seller").styles["slow seller"].intents == 0.1
    hard = list_designs()["connect_first"][1].model_copy(update={"friction": 3.0})
    assert BASE.with_design(hard, "hard").designs["hard"].friction == 3.0


def test_dotted_keys_reach_one_or_all():
    assert BASE.with_(**{"style.intents": 2}).styles == {
        name: style.model_copy(update={"intents": 2.0}) for name, style in BASE.styles.items()
    }
    one = BASE.with_(**{"styles.seller.intents": 7.5, "style.intents": 2.0})
    assert (one.styles["seller"].intents, one.styles["expert"].intents) == (7.5, 2.0)
    assert BASE.with_(**{"design.friction": 2.0}).designs["message_first"].friction == 2.0
    assert BASE.with_(**{"design.friction": 2.0}).designs["both_equal"].friction == 1.5
    mixed = BASE.with_(design_shares={"message_first": 1, "connect_first": 1}, **{"design.friction": 2.0})
    assert {name: design.friction for name, design in mixed.designs.items()} == {
        "both_equal": 1.5,
        "connect_first": 2.0,
        "message_first": 2.0,
    }
    assert BASE.with_(design="connect_first", **{"design.friction": 2.0}).designs["connect_first"].friction == 2.0
    assert BASE.with_(**{"designs.message_credits.friction": 0.5}).designs["message_credits"].credits_a_month == 10.0
    assert BASE.with_(**{"moderation.ban": 9}).moderations["standard"].ban == 9.0
    assert BASE.with_(**{"design.moderation": "lenient"}).moderations["lenient"].ban == 6.0
    assert BASE.with_(**{"style_shares.seller": 0.2}).style_shares["seller"] == 0.2


def test_what_holds_for_all_holds_for_those_that_come_later():
    later = BASE.with_(**{"every_design.friction": 4.0, "moderation.ban": 9.0}).with_design("connect_first")
    assert later.designs["connect_first"] == BASE.with_design("connect_first").designs["connect_first"].model_copy(update={"friction": 4.0})
    assert later.with_(**{"design.moderation": "strict"}).moderations["strict"].ban == 9.0


def test_with_design_takes_names_and_designs():
    got = BASE.with_(design_shares={"message_first": 1, "connect_first": 1}).with_design("connect_first")
    assert (got.design, got.design_shares) == ("connect_first", {})
    own = Design(friction=0.25)
    got = BASE.with_design(own)
    assert got.designs[got.design] == own
    assert got == BASE.with_design(own)
    assert BASE.with_design(own, "mine").design == "mine"
    assert BASE.with_design(BASE.designs["both_equal"]).design == "both_equal"
    assert mistakes_of(BASE.with_design, own, "both_equal")


def test_a_file_called_like_a_shipped_design_takes_its_place_unless_the_warm_up_needs_it(write):
    path = write("friction = 5\n", "message_first.toml")
    assert BASE.with_design(str(path)).designs["message_first"].friction == 5.0
    assert (
        "must be called by another file name (got a second design called 'both_equal')"
        in mistakes_of(BASE.with_design, str(write("friction = 5\n", "both_equal.toml")))[0]
    )
    same = BASE.with_design(str(HOME / "designs" / "both_equal.toml"))
    assert same.design == same.warm_up_design == "both_equal"


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"membrs": 5}, "(got an unknown key; did you mean 'members'?)"),
        ({"reply.bse": 1.0}, "`reply.bse` must be one of Reply's numbers (got an unknown key; did you mean 'reply.base'?)"),
        ({"repyl.base": 1.0}, "`repyl.base` must be a number of the scenario (got an unknown key; did you mean 'reply.base'?)"),
        ({"style.intens": 1.0}, "`style.intens` must be one of Style's numbers (got an unknown key; did you mean 'style.intents'?)"),
        ({"styles.selr.intents": 1.0}, "must be one that the scenario uses (got the style 'selr'; did you mean 'seller'?)"),
        ({"design": "mesage_first"}, "(got the unknown design 'mesage_first'; did you mean 'message_first'?)"),
        ({"design.moderation": "strickt"}, "(got the unknown moderation 'strickt'; did you mean 'strict'?)"),
        ({"members": -1}, "`members` must be a whole number from 0 to 5000000 (members at the start) (got -1)"),
        ({"members": 10**4000}, "`members` must be a whole number from 0 to 5000000 (members at the start) (got a huge number)"),
        ({"members": 2.5}, "`members` must be a whole number from 0 to 5000000 (members at the start) (got 2.5)"),
        ({"members": True}, "(got true)"),
        ({"members": None}, "(got nothing)"),
        ({"reply.base": float("nan")}, "`reply.base` must be a number from -6 to 2 (logit) (got nan)"),
        ({"reply.base": "-2"}, "`reply.base` must be a number from -6 to 2 (logit) (got '-2')"),
        ({"design.friction": float("inf")}, "`design.friction` must be a number from 0 to 6 (logit) (got inf)"),
        (
            {"days": 10_000, "warm_up": 10_000, "members": -5},
            "`members` must be a whole number from 0 to 5000000 (members at the start) (got -5)",
        ),
        ({"style_shares": {"seller": 0}}, "`style_shares` must be shares above 0 together (got no share above 0)"),
        ({"style_shares": {"seller": -1}}, "`style_shares.seller` must be a number from 0 to 1e+06 (share) (got -1)"),
        ({"style_shares": []}, "`style_shares` must be a table of shares (got a list)"),
        ({"style_shares": {}}, "`style_shares` must be shares above 0 together (got no share above 0)"),
        ({"design_shares": {"both_equal": 0.0}}, "`design_shares` must be shares above 0 together (got no share above 0)"),
        (
            {"design_assignment": "industry"},
            "`design_assignment` must be one of member, community, region, network, leiden, ego, day (got 'industry')",
        ),
        ({"name": "../x"}, "`name` must be 1 to 60 letters, digits, spaces, _ or - (got '../x')"),
        ({"name": "=1+1"}, "`name` must be 1 to 60 letters, digits, spaces, _ or - (got '=1+1')"),
        ({"reply": 5}, "`reply` must be a table of numbers (got 5)"),
        ({"reply": 5, "reply.base": 1.0}, "`reply` must be a table of numbers (got 5)"),
        ({"style_shares": 5, "style_shares.seller": 1.0}, "`style_shares` must be a table of shares (got 5)"),
        ({"design": [], "design.friction": 1.0}, "`design` must be a design's name, or a path to a TOML file (got a list)"),
        ({"design_shares": 5, "design.friction": 1.0}, "`design_shares` must be a table of shares (got 5)"),
        ({"every_style": {"intents": 1}}, "`every_style` must be a number of the scenario (got an unknown key)"),
        ({"styles": {}}, "`styles` must be a number of the scenario (got an unknown key"),
        (
            {"styles.seller.inquiry": 0, "styles.seller.relationship": 0, "styles.seller.promotion": 0},
            "must be above 0 together: whoever approaches somebody has a purpose (got inquiry, relationship, promotion all 0)",
        ),
    ],
)
def test_changes_that_cannot_be_are_refused_in_words(changes, part):
    assert any(part in line for line in mistakes_of(BASE.with_, **changes))


def test_numbers_of_numpy_and_pandas_and_whole_floats_are_taken():
    row = pd.DataFrame({"members": [30, 60], "reply.base": [-2.5, -2.0]}).iloc[1]  # floats, as pandas makes of a row
    found = load_scenario().with_(
        **row, days=np.int64(9), network={"mean_degree": np.float64(12.0)}, **{"styles.seller.follow_ups": np.int8(2)}
    )
    assert (found.members, found.days, found.reply.base, found.network.mean_degree, found.styles["seller"].follow_ups) == (
        60,
        9,
        -2.0,
        12.0,
        2,
    )
    assert {type(x) for x in (found.members, found.days, found.styles["seller"].follow_ups)} == {int}
    assert {type(x) for x in (found.reply.base, found.network.mean_degree)} == {float}
    assert load_scenario().with_(population={"industries": 7.0}).population.industries == 7
    assert load_scenario().with_(style_shares={"seller": np.float64(0.5)}).style_shares == {"seller": 0.5}
    assert load_scenario().with_(design=np.str_("connect_first")).design == "connect_first"


@pytest.mark.parametrize("value", [np.float64(300.5), np.nan, np.inf, np.True_, pd.NA, np.datetime64("2020-01-01")])
def test_other_values_of_numpy_are_refused_by_name(value):
    with pytest.raises(BadInput, match=r"^`members` must be a whole number from 0 to 5000000 \(members at the start\) \(got "):
        load_scenario().with_(members=value)


def test_what_was_told_of_a_network_file_does_not_hold_for_another():
    told = {"network_file": "a.csv", "network_as": "log", "network_columns": {"sender": "1"}}
    found = patch(BASE.table() | told, {"network_file": "b.csv"}, Problems())
    assert found["network_file"] == "b.csv"
    assert not {"network_as", "network_columns"} & set(found)


def test_what_is_said_of_one_holds_against_what_is_said_of_all():
    found = BASE.with_(**{"designs.message_first.friction": 5.0, "design.friction": 2.0, "every_design.friction": 1.0})
    assert found.designs["message_first"].friction == 5.0
    assert BASE.with_(**{"design.friction": 2.0, "every_design.friction": 1.0}).designs["message_first"].friction == 2.0
