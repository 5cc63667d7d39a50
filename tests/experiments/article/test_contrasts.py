"""Contrasts change only what they say, for those whom they say."""

from __future__ import annotations

import pytest

from experiments.article.contrasts import GROUPS, Figure, contrasts_of, figures_of, layout, scenario_of
from experiments.article.statement import ALL, HALF, ME, OTHERS
from sim import simulate, simulate_arms

# at the least `reply.note` the note of an accepted invitation is still answered once in some thousand: then there is a message more
BY_RARE_ANSWERS = {"8.3": {"unwelcome_share", "unsolicited_share", "conversations"}}
SAMPLE = ("1.1", "3.1", "4.1", "4.7", "6.2", "8.3", "10.1", "13.1", "15.3")


def test_members_stay_who_they_are_when_styles_are_cut_into_groups(scenario):
    cut = layout(scenario)
    assert sum(cut.style_shares.values()) == pytest.approx(sum(scenario.style_shares.values()))
    one, other = simulate(scenario, 2), simulate(cut, 2)
    assert one.measures == other.measures
    for a, b in zip(one.members["style"], other.members["style"], strict=True):
        assert b.removesuffix("-a").removesuffix("-b") == a


def test_advice_changes_the_followers_alone_and_nothing_before_the_switch(statements, scenario):
    base = layout(scenario)
    contrasts = {(c.reading, c.design): c for c in contrasts_of(statements["4.1"], scenario)}
    assert len(contrasts) == 8
    for reading, groups in ((ME, [""]), (HALF, ["", "-a"]), (ALL, list(GROUPS)), (OTHERS, ["", "-a"])):
        contrast = contrasts[reading, "message_first"]
        plain, followed = scenario_of(contrast.without, base), scenario_of(contrast.with_, base)
        for name in base.style_names:
            original = scenario.styles[name.removesuffix("-a").removesuffix("-b")]
            follows = name.removeprefix(next(s for s in sorted(scenario.styles, key=len, reverse=True) if name.startswith(s))) in groups
            assert plain.styles[name] == original
            assert followed.styles[name] == (original.model_copy(update={"personalised": 0.95}) if follows else original)
        assert followed.model_copy(update={"styles": plain.styles, "every_style": {}}) == plain
    a, b = simulate_arms(base, [plain, followed], 3)
    assert (a.daily["delivered"][:20] == b.daily["delivered"][:20]).all()
    assert a.measures != b.measures


def test_figures_of_followers_and_others_make_up_the_whole(statements, scenario):
    history = simulate(layout(scenario), 5)
    keys = [Figure(who, inside, (), "", "positive_response") for who, inside in ((ME, True), (HALF, True), (HALF, False), (ALL, True))]
    me, half, rest, everybody = figures_of(history, keys).values()
    assert half[0] + rest[0] == everybody[0]
    assert half[1] + rest[1] == everybody[1]
    assert 0 <= me[1] < half[1]


@pytest.mark.slow
def test_nothing_differs_once_the_mechanism_is_off(statements, scenario):
    base = layout(scenario)
    for name in SAMPLE:
        for contrast in contrasts_of(statements[name], scenario, control=True):
            one, other = simulate_arms(base, [scenario_of(contrast.with_, base), scenario_of(contrast.without, base)], 7)
            differing = {measure for measure, value in one.measures.items() if value != other.measures[measure]}
            assert differing <= BY_RARE_ANSWERS.get(name, set()), (name, contrast.reading, contrast.design)


def test_what_is_held_holds_for_everybody_on_both_sides(statements, scenario):
    base = layout(scenario)
    for contrast in contrasts_of(statements["11.2"], scenario):
        for arm in (contrast.with_, contrast.without):
            found = scenario_of(arm, base)
            assert {rule.restriction for rule in found.moderations.values()} == {0.3}
            assert {style.stops for style in found.styles.values()} == {0.0}
