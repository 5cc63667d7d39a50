"""The article's statements: every one has an entry, contrasts change only what they say, verdicts follow from intervals."""

from __future__ import annotations

import csv
import shutil

import pytest

from experiments.article import statement
from experiments.article.contrasts import GROUPS, Figure, contrasts_of, figures_of, layout, scenario_of
from experiments.article.runs import Runs
from experiments.article.statement import ADVICE, ALL, DESIGN, HALF, HOME, ME, OTHERS, Statement, load_statements
from experiments.article.verdicts import BORNE_OUT, CONTRADICTED, DEPENDS, NO_DIFFERENCE, NOT_DECIDED, findings, verdict_of, verdict_on
from experiments.cli import main as cli
from experiments.methods.paired import Interval
from sim import load_scenario, simulate, simulate_arms
from sim.scenario.validation import Mistakes

# the article's numbers: a list of so many statements under each heading; the third downside is missing there
NUMBERS = {
    0: [1, 2, 3],
    1: [1, 2, 3],
    2: [1, 2, 3, 4, 5],
    3: [1, 2, 4, 5],
    4: list(range(1, 8)),
    5: list(range(1, 7)),
    6: list(range(1, 6)),
    7: list(range(1, 6)),
    8: list(range(1, 6)),
    9: list(range(1, 9)),
    10: list(range(1, 9)),
    11: list(range(1, 9)),
    12: list(range(1, 7)),
    13: list(range(1, 9)),
    14: list(range(1, 7)),
    15: list(range(1, 9)),
}
COLUMNS = "heading,number,claim,reading,primary,design,measure,difference,ci_low,ci_high,pairs,verdict,mechanism"
SAMPLE = ("1.1", "3.1", "4.1", "4.7", "6.2", "8.3", "10.1", "13.1", "15.3")
TINY = ["--members", "80", "--pairs", "2", "--workers", "1", "--quiet"]


@pytest.fixture(scope="module")
def statements():
    return {statement.name: statement for statement in load_statements()}


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(members=150, warm_up=20, days=65)


def test_every_statement_has_an_entry_and_most_a_test(statements):
    assert {place: [p.number for p in statements.values() if p.place == place] for place in NUMBERS} == NUMBERS
    counted = [p for p in statements.values() if p.counts]
    assert len(counted) == 92
    assert sum(p.tested for p in counted) >= 65
    assert len({p.claim for p in statements.values()}) == len(statements)


def test_a_number_set_to_what_it_is_anyway_is_not_run_again(statements, scenario):
    contrasts = [c for c in contrasts_of(statements["0.1"], scenario) if c.primary]
    runs = Runs(scenario, [*contrasts, *contrasts_of(statements["4.1"], scenario)], [], 1)
    plain = {c.design: c.without for c in contrasts_of(statements["4.1"], scenario)}
    for contrast in contrasts:
        assert contrast.with_ != plain[contrast.design]
        assert runs.key(contrast.with_, 1) == runs.key(plain[contrast.design], 1) != runs.key(contrast.without, 1)
    assert runs.count == len(runs.arms) - len(contrasts)


def test_two_statements_never_share_a_test(statements):
    tests = [(p.kind, str(p.change), str(p.against), p.styles, p.cut, p.reading, p.measure) for p in statements.values() if p.tested]
    assert len(tests) == len(set(tests))


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


def test_a_verdict_follows_from_direction_interval_and_smallest_effect(statements):
    higher, lower = statements["4.1"], statements["4.6"]
    assert verdict_of(Interval(0.02, 0.01, 0.03), higher) == BORNE_OUT
    assert verdict_of(Interval(-0.02, -0.03, -0.01), higher) == CONTRADICTED
    assert verdict_of(Interval(-5.0, -6.0, -4.0), lower) == BORNE_OUT
    assert verdict_of(Interval(0.001, -0.001, 0.003), higher) == NO_DIFFERENCE
    assert verdict_of(Interval(0.01, -0.001, 0.021), higher) == NOT_DECIDED


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ([BORNE_OUT, BORNE_OUT], BORNE_OUT),
        ([BORNE_OUT, CONTRADICTED], DEPENDS),
        ([BORNE_OUT, NO_DIFFERENCE], DEPENDS),
        ([BORNE_OUT, NOT_DECIDED], NOT_DECIDED),
        ([NO_DIFFERENCE], NO_DIFFERENCE),
    ],
)
def test_a_statement_is_borne_out_only_if_it_is_under_both_designs(statements, scenario, words, verdict):
    contrasts = [c for c in contrasts_of(statements["4.1"], scenario) if c.primary]
    figures = {arm: [{c.figure: (None, None, 0.1)}] * 3 for c in contrasts for arm in (c.with_, c.without)}
    readings = [
        r._replace(verdict=word)
        for r, word in zip(findings([statements["4.1"]], contrasts, figures, 2)[0].readings, words, strict=len(words) == 2)
    ]
    assert verdict_on(readings) == verdict


def test_a_new_statement_is_one_entry_in_one_file(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "statements"
    folder.mkdir()
    for path in HOME.glob("*.toml"):
        shutil.copy(path, folder)
    (folder / "16-mine.toml").write_text(
        'heading = "Mine"\nplace = 16\n[[point]]\nnumber = 1\nclaim = "Asking more wins more partners."\nmechanism = ["style.intents"]\n'
        'kind = "advice"\nchange = { "style.intents" = 3.0 }\nreading = "half"\nmeasure = "partners"\ndirection = "higher"\n'
        'contradicted = "It does not."\noff = { "style.intents" = 1.0 }\n'
    )
    monkeypatch.setattr(statement.load_statements, "__defaults__", (folder,))
    assert cli.perform(["article", "--heading", "mine", *TINY, "--out", str(tmp_path / "out")]) == 0
    rows = list(csv.DictReader((tmp_path / "out" / "article.csv").read_text().splitlines()))
    assert {(r["number"], r["reading"], r["design"]) for r in rows} == {
        ("1", reading, design) for reading in (ME, HALF, ALL, OTHERS) for design in ("connect_first", "message_first")
    }
    assert "Of 1 statements 1 are tested" in capsys.readouterr().out


BAD = {
    'change = { "style.persnalised" = 0.9 }': "`change` must be parameters of the model (got 'style.persnalised'; did you mean 'style.personalised'?)",
    'change = { "style.personalised" = 9.0 }': "`change.style.personalised` must be from 0 to 1 (got 9)",
    'change = { "reply.base" = 1.0 }': "`change` must be parameters of style.* for advice, which members can follow (got 'reply.base')",
    'measure = "positive_respons"': "`measure` must be a measure (got 'positive_respons'; did you mean 'positive_response'?)",
    'styles = ["sellar"]': "`styles` must be shipped styles (got 'sellar'; did you mean 'seller'?)",
    'direction = "sideways"': "direction",
    'reading = "everyone"': "`reading` must be one of me",
    "change = { }": "`change` must differ from against (got the same)",
    'mechanism = ["style.persnalised"]': "(got 'style.persnalised'; did you mean 'style.personalised'?)",
    'colour = "red"': "`colour` must be a key of a statement (got an unknown key)",
}


def test_mistakes_are_all_reported_at_once_with_file_and_number(tmp_path):
    good = {
        "number": "1",
        "claim": '"It pays."',
        "mechanism": '["style.personalised"]',
        "kind": '"advice"',
        "reading": '"all"',
        "change": '{ "style.personalised" = 0.9 }',
        "measure": '"positive_response"',
        "direction": '"higher"',
        "contradicted": '"No."',
        "off": '{ "quality.personalised" = 0.0 }',
    }
    entries = []
    for n, line in enumerate(BAD, 1):
        key, _, value = line.partition(" = ")
        entries.append("[[point]]\n" + "\n".join(f"{k} = {v}" for k, v in {**good, "number": str(n), key: value}.items()))
    (tmp_path / "01-bad.toml").write_text('heading = "Bad"\nplace = 1\n' + "\n".join(entries) + "\n")
    with pytest.raises(Mistakes) as caught:
        load_statements(tmp_path)
    for n, word in enumerate(BAD.values(), 1):
        found = [line for line in caught.value.mistakes if line.startswith(f"01-bad.toml, number {n}: ")]
        assert len(found) == 1, found
        assert word in found[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("article") / "one"
    assert cli.perform(["article", "--heading", "downsides", *TINY, "--out", str(out)]) == 0
    return out


def content(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.suffix not in (".json", ".sqlite")
    }


def test_the_article_has_its_output_files(folder):
    assert {"article.csv", "article.html", "scenario.toml", "figures/score.png"} <= set(content(folder))
    text = (folder / "article.csv").read_text()
    assert text.splitlines()[0] == COLUMNS
    assert "nan" not in text
    assert "<script" not in (folder / "article.html").read_text()


def test_it_has_the_same_bytes_for_two_workers_and_when_it_goes_on(folder, tmp_path):
    out = tmp_path / "two"
    two = [*TINY[:4], "--workers", "2", "--quiet", "--heading", "downsides", "--out", str(out)]
    assert cli.perform(["article", *two]) == 0
    assert content(out) == content(folder)
    assert cli.perform(["article", *two, "--pairs", "3"]) == 0
    assert content(out) != content(folder)
    assert cli.perform(["article", *two]) == 0
    assert content(out) == content(folder)


def test_bad_options_are_one_line(capsys, tmp_path):
    for arguments, word in (
        (["--point", "3.3"], "`--point` must be heading.number, such as 3.5 (got '3.3'"),
        (["--heading", "nothing"], "`--heading` must be part of one of these: "),
        (["--pairs", "1"], "`--pairs` must be at least 2 (got 1)"),
    ):
        assert cli.perform(["article", *arguments, "--out", str(tmp_path / "out")]) == 2
        assert word in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_nothing_differs_once_the_mechanism_is_off(statements, scenario):
    base = layout(scenario)
    for name in SAMPLE:
        for contrast in contrasts_of(statements[name], scenario, control=True):
            one, other = simulate_arms(base, [scenario_of(contrast.with_, base), scenario_of(contrast.without, base)], 7)
            assert one.measures == other.measures, (name, contrast.reading, contrast.design)


def test_kinds_are_what_they_say(statements):
    for one in statements.values():
        assert isinstance(one, Statement)
        if one.kind == DESIGN:
            assert one.off == {"design.friction": 0.0}
        if one.kind == ADVICE:
            assert all(key.startswith("style.") for key in (*one.change, *one.against))


def test_what_is_held_holds_for_everybody_on_both_sides(statements, scenario):
    base = layout(scenario)
    for contrast in contrasts_of(statements["11.2"], scenario):
        for arm in (contrast.with_, contrast.without):
            found = scenario_of(arm, base)
            assert {rule.restriction for rule in found.moderations.values()} == {0.3}
            assert {style.stops for style in found.styles.values()} == {0.0}
    twice = statements["11.2"].model_copy(update={"held": {"style.reviews": 0.5}})
    assert list(statement.mistakes_in(twice)) == ["`held` must have no parameter of change or against (got one of them)"]
