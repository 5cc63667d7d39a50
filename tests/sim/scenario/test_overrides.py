"""A style or a design that is given itself stands wherever its name or the path of its file does, and means the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli_w

from sim import Design, Style, load_scenario
from sim.errors import BadInput
from sim.scenario.library import list_designs, list_styles

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
