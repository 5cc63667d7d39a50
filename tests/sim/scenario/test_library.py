"""One contract over all that is shipped on the shelves: styles, designs, moderation."""

from __future__ import annotations

import re
import tomllib

import pytest

from sim.scenario.files import is_path
from sim.scenario.library import DESIGNS, HOME, MODERATIONS, NAME, STYLES, list_designs, list_moderations, list_styles, listed, shipped
from sim.scenario.presets import Design, Moderation, Style
from sim.scenario.scenario import load_scenario

SHELVES = (STYLES, DESIGNS, MODERATIONS)
ENTRIES = [pytest.param(shelf, name, path, id=f"{shelf.kind}-{name}") for shelf in SHELVES for name, path in shipped(shelf).items()]


def values_of(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_what_must_be_there_is_there():
    """Whatever else is added: one file is all that a style, a design or a moderation takes."""
    styles = {
        "considerate_networker",
        "job_seeker",
        "recruiter",
        "seller",
        "bulk_sender",
        "connection_collector",
        "expert",
        "quiet_member",
    }
    assert styles <= set(list_styles())
    assert {"message_first", "connect_first", "both_equal", "connect_to_message", "message_credits"} <= set(list_designs())
    assert {"standard", "strict", "lenient"} <= set(list_moderations())


@pytest.mark.parametrize(("shelf", "name", "path"), ENTRIES)
def test_an_entry_describes_itself_and_gives_a_reason_for_each_number(shelf, name, path):
    assert NAME.fullmatch(name)
    text = path.read_text(encoding="utf-8")
    body = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert [line for line in body if not re.fullmatch(r"\w+ = \S+  # \S.*", line)] == []
    words, model = listed(shelf)[name]
    assert len(words.split()) >= 8
    assert isinstance(model, shelf.model)


@pytest.mark.parametrize(("shelf", "name", "path"), ENTRIES)
def test_an_entry_holds_only_what_departs_from_the_default(shelf, name, path):
    default = shelf.model()
    same = {key for key, value in values_of(path).items() if getattr(default, key) == value}
    assert same - {"primary"} == set()  # a design always says which button is primary


@pytest.mark.parametrize(("shelf", "name", "path"), ENTRIES)
def test_an_entry_loads_by_path_as_by_name(shelf, name, path, tmp_path):
    copy = tmp_path / f"{name}.toml"
    copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    if shelf is STYLES:
        by_path, by_name = (load_scenario(style_shares={it: 1.0}) for it in (str(copy), name))
    elif shelf is DESIGNS:
        by_path, by_name = (load_scenario(warm_up_design="message_first", design=it) for it in (str(copy), name))
        if name == "message_first":
            by_path = by_name.with_(design=str(copy))
    else:
        by_path, by_name = (load_scenario().with_(**{"design.moderation": it}) for it in (str(copy), name))
    assert by_path == by_name


def test_message_first_and_connect_first_differ_in_the_primary_button_alone():
    first, other = (values_of(shipped(DESIGNS)[name]) for name in ("message_first", "connect_first"))
    assert {key for key in first.keys() | other.keys() if first.get(key) != other.get(key)} == {"primary"}
    assert (first["primary"], other["primary"]) == (1.0, -1.0)
    models = [list_designs()[name][1].model_dump() for name in ("message_first", "connect_first")]
    assert {key for key in models[0] if models[0][key] != models[1][key]} == {"primary"}


def test_the_other_designs_are_what_their_names_say():
    designs = {name: design for name, (_, design) in list_designs().items()}
    assert designs["both_equal"] == Design()
    assert designs["connect_to_message"] == Design(primary=-1.0, open_messages=0.0)
    assert designs["message_credits"] == Design(primary=1.0, credits_a_month=10.0, credit_refund=1.0)


def test_moderations_are_in_order_of_their_severity():
    lenient, standard, strict = (list_moderations()[name][1] for name in ("lenient", "standard", "strict"))
    assert standard == Moderation()
    for key in Moderation.model_fields:
        low, middle, high = sorted((getattr(lenient, key), getattr(standard, key), getattr(strict, key)))
        assert middle == getattr(standard, key), key
        assert low <= middle <= high


def test_styles_are_the_articles_characters():
    styles = {name: style for name, (_, style) in list_styles().items() if name in load_scenario().style_shares}  # others may go further

    def most(key):
        return max(styles, key=lambda name: getattr(styles[name], key))

    def least(key):
        return min(styles, key=lambda name: getattr(styles[name], key))

    assert most("intents") == most("automated") == most("promotion") == least("heeds") == "bulk_sender"
    assert least("candidates") == least("personalised") == least("reviews") == "bulk_sender"
    assert most("like_connect") == most("suggest_connect") == least("note") == "connection_collector"
    assert most("follow_ups") == "seller"
    assert most("thanks") == most("reviews") == most("apologises") == most("heeds") == "considerate_networker"
    assert least("intents") == most("walk_away") == "quiet_member"
    assert most("updates") == most("keeps_up") == most("rapport_exchanges") == "expert"
    assert [name for name, style in styles.items() if style.automated] == ["bulk_sender"]


def test_bursts_are_within_reach_of_the_shipped_styles():
    most = max(style.intents for _, style in list_styles().values())
    assert all(rule.burst_threshold < most for _, rule in list_moderations().values())


def test_sensible_volumes():
    """Intents a member and day before any learning: about every fourth day, as the default says."""
    scenario = load_scenario()
    mean = sum(share * scenario.styles[name].intents for name, share in scenario.style_shares.items())
    assert 0.15 < mean * scenario.population.session_rate_mean < 0.35


@pytest.mark.parametrize(
    ("reference", "path"),
    [("seller", False), ("seller.toml", True), ("./seller", True), ("a/b.toml", True), ("", False)],
)
def test_paths_are_told_from_names(reference, path):
    assert is_path(reference) is path


def test_scenarios_give_a_reason_for_each_number():
    text = (HOME / "neutral.toml").read_text(encoding="utf-8")
    body = [line for line in text.splitlines() if line and line[0] not in "#["]
    assert [line for line in body[1:] if not re.fullmatch(r"\w+ = \S+  # \S.*", line)] == []


def test_style_defaults_are_a_member_of_their_own():
    assert Style().intents > 0.0
