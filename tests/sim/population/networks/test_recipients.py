"""Cells that name several people."""

from __future__ import annotations

import csv
import io

import pytest

from sim.population.networks.read import read_network
from tests.helpers.network_checks import named_ties, refusal

LATER = ("bob,ann", "cleo,bob")  # by which bob and cleo are known
LISTS = [
    "['b@x.org', 'c@x.org']",
    "['b@x.org']",
    '["bob", "cleo"]',
    "frozenset({'bob', 'cleo'})",
    "{1, 2}",
    "['bob'",
    "b@x.org c@x.org",
    "b@x.org|c@x.org",
    "b@x.org, Dan",
    '"Roe, B" <b@x.org>, "Kim, E" <e@x.org>',
    "https://x.org/b https://x.org/c",
    "bob|cleo",
    "bob | dan",
    "bob / cleo",
    "bob/cleo",
    "bob & cleo",
    "bob and cleo",
    "bob cleo",
    "bob, dan",
    "dan, eve, fay",
    "dan;eve",
]


def rows(*cells):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return "from,to\n" + out.getvalue() + "\n".join(LATER) + "\n"


@pytest.mark.parametrize("cell", LISTS)
def test_a_list_that_is_not_taken_apart_is_no_member(written, cell):
    recipients, sender = refusal(written(rows("ann", cell), "to.csv")), refusal(written(rows(cell, "ann"), "from.csv"))
    assert "line 2 must name one recipient, or several " in recipients
    assert "line 2 must have one sender (got " in sender


@pytest.mark.parametrize("cell", ["bob, cleo", "bob;cleo", "bob, cleo,", "bob, cleo, bob"])
def test_known_names_are_several_recipients_and_no_sender(written, cell):
    source = read_network(written(rows("ann", cell)))
    assert named_ties(source) == {frozenset(pair) for pair in (("ann", "bob"), ("ann", "cleo"), ("bob", "cleo"))}
    assert source.report.notes == ("cells with several recipients: 1, read as a row for each recipient",)
    assert "line 2 must have one sender" in refusal(written(rows(cell, "ann"), "from.csv"))


@pytest.mark.parametrize(
    "name",
    [
        "Ohm, Dan",
        '"Roe, B" <b@x.org>',
        "[deleted]",
        "(unknown)",
        "@dan@x.org",
        "dan|eve",
        "AC/DC",
        "Dan and Eve",
        "https://x.org/@dan@y.org",
        "dan smith",
    ],
)
def test_a_name_with_a_mark_is_one_member(written, name):
    for cells in (("ann", name), (name, "ann")):
        source = read_network(written(rows(*cells), f"{cells[0] == name}.csv"))
        assert set(source.labels) == {"ann", "bob", "cleo", name}


@pytest.mark.parametrize("name", ["Ohm, Ann", "dan;eve", "King, M., Jr.", "bob ann"])
def test_whoever_writes_and_is_written_to_is_one_member(written, name):
    text = rows("cleo", name) + rows(name, "cleo").split("\n")[1] + "\n"
    assert name in read_network(written(text)).labels


def test_rows_that_are_looked_at_twice_are_counted_once(written):
    """Since a number follows, the reader looks for a pair that repeats before it reads."""
    source = read_network(written("ann,a@x.org;b@x.org,3\nbob,ann,4\n"))
    assert source.report.notes == ("cells with several recipients: 1, read as a row for each recipient",)


HEAD = "FROM,TO,DATE,SUBJECT,CONTENT,FOLDER\n"


def test_recipients_in_an_export_without_profiles_are_known_by_their_own_rows(written):
    text = HEAD + 'Ann,"Bob,Cleo",2019-02-05,,hi,INBOX\nBob,Ann,2019-02-06,,x,INBOX\nCleo,Ann,2019-02-07,,x,INBOX\n'
    assert named_ties(read_network(written(text))) == {frozenset(("Ann", "Bob")), frozenset(("Ann", "Cleo"))}
    one = HEAD + 'Ann,"Roe, PhD",2019-02-05,,hi,INBOX\n"Roe, PhD",Ann,2019-02-06,,x,INBOX\n'
    assert read_network(written(one, "one.csv")).labels == ("Ann", "Roe, PhD")


@pytest.mark.parametrize("cell", ["Bob,Cleo", "Dan,Eve", "Roe, PhD"])
def test_other_recipients_in_it_are_refused(written, cell):
    text = HEAD + f'Ann,"{cell}",2019-02-05,,hi,INBOX\nBob,Ann,2019-02-06,,x,INBOX\n'
    said = "line 2 must name recipients who stand alone elsewhere, or have their profiles (`RECIPIENT PROFILE URLS`)"
    assert said in refusal(written(text))
    empty = text.replace("DATE", "RECIPIENT PROFILE URLS,DATE").replace(",2019", ",,2019")
    assert said in refusal(written(empty, "empty.csv"))
