"""Statements: every one has an entry, and mistakes in one are told together."""

from __future__ import annotations

import pytest

from experiments.article import statement
from experiments.article.statement import ADVICE, DESIGN, Statement, load_statements
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
    'held = { "attention.muted" = 0.1 }': "`held.attention.muted` must be the same in all arms, since all members, those to come included, are drawn",
    'colour = "red"': "`colour` must be a key of a statement (got an unknown key)",
}


def test_every_statement_has_an_entry_and_most_a_test(statements):
    assert {place: [p.number for p in statements.values() if p.place == place] for place in NUMBERS} == NUMBERS
    counted = [p for p in statements.values() if p.counts]
    assert len(counted) == 92
    assert sum(p.tested for p in counted) >= 65
    assert len({p.claim for p in statements.values()}) == len(statements)


def test_two_statements_never_share_a_test(statements):
    tests = [(p.kind, str(p.change), str(p.against), p.styles, p.cut, p.reading, p.measure) for p in statements.values() if p.tested]
    assert len(tests) == len(set(tests))


def test_kinds_are_what_they_say(statements):
    for one in statements.values():
        assert isinstance(one, Statement)
        if one.kind == DESIGN:
            assert one.off == {"design.friction": 0.0}
        if one.kind == ADVICE:
            assert all(key.startswith("style.") for key in (*one.change, *one.against))


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


def test_a_file_that_is_no_toml_is_one_line_and_the_others_are_looked_at_too(tmp_path):
    (tmp_path / "01-torn.toml").write_text('heading = "Torn\n')
    (tmp_path / "02-long.toml").write_text("a" + ".a" * 5000 + " = 1\n")
    (tmp_path / "03-odd.toml").write_text('heading = "Odd"\nplaces = 3\n')
    with pytest.raises(Mistakes) as caught:
        load_statements(tmp_path)
    torn, long, odd = caught.value.mistakes
    assert torn.startswith(f"{tmp_path / '01-torn.toml'}: line 1 must be ")
    assert long.startswith(f"{tmp_path / '02-long.toml'}: line 1 must be a line of at most ")
    assert odd.startswith("03-odd.toml must have heading, place and [[point]] tables alone")


def test_what_is_held_is_none_of_what_is_changed(statements):
    twice = statements["11.2"].model_copy(update={"held": {"style.reviews": 0.5}})
    assert list(statement.mistakes_in(twice)) == ["`held` must have no parameter of change or against (got one of them)"]
