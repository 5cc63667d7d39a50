"""The rule by which a design is shipped: it is read, mistakes in it are named, and no run depends on it."""

from __future__ import annotations

import pytest

from sim import BadInput, load_scenario

BASE = load_scenario(members=50, warm_up=5, days=20)


def test_it_survives_its_file_and_moves_no_key(tmp_path):
    scenario = BASE.with_(decision={"better": ["partners"], "no_worse": {"unwelcome": 0.05}})
    path = tmp_path / "asked.toml"
    path.write_text(scenario.to_toml(), encoding="utf-8")
    again = load_scenario(path)
    assert (again.decision.better, again.decision.no_worse) == (["partners"], {"unwelcome": 0.05})
    assert scenario.canonical_json() == BASE.canonical_json()
    assert "decision" not in BASE.to_toml()


@pytest.mark.parametrize(
    ("section", "words"),
    [
        (3, "`decision` must be a table"),
        ({"beter": []}, "`decision.beter` must be `better` or `no_worse` (got an unknown key; did you mean 'better'?)"),
        ({"better": "partners"}, "`decision.better` must be a list of measures"),
        ({"no_worse": ["unwelcome"]}, "`decision.no_worse` must be margins by measure"),
        (
            {"no_worse": {"unwelcome": -0.1}},
            "`decision.no_worse.unwelcome` must be a number from 0 to 10 (share of the control) (got -0.1)",
        ),
        ({"no_worse": {"unwelcome": True}}, "`decision.no_worse.unwelcome` must be a number"),
    ],
)
def test_mistakes_are_named(section, words):
    with pytest.raises(BadInput) as found:
        BASE.with_(decision=section)
    assert words in str(found.value)
