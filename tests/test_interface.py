"""What others hold on to is as it was, but for the exceptions that are listed with their reasons."""

from __future__ import annotations

import json
import tomllib

import pytest

from tests.goldens.interface import EXCEPTIONS, GONE, PARTS, SNAPSHOT, at, differences

SLOW = ("files",)


def unlisted(part, found, exceptions):
    """Return the differences that are not listed, and what is listed and is not so; what is new need not be listed, but is held to it."""
    was = json.loads(SNAPSHOT.read_text(encoding="utf-8"))[part]
    now = json.loads(json.dumps(found))
    there = set(differences(was, now, part))
    listed = {(one["where"], one["became"]) for one in exceptions if one["where"].split("/")[0] == part}
    return sorted(f"not listed: {where} became {became}" for where, became in there - listed) + sorted(
        f"listed, but it is not so: {where} became {became}"
        for where, became in listed - there
        if became == GONE or not is_new(where.removeprefix(f"{part}/"), json.loads(became), was, now)
    )


def is_new(place, became, was, now):
    """Tell whether a place has what is listed, perhaps with more since, and had not."""
    before, after = at(was, place), at(now, place)
    return (
        after != GONE and not list(differences(became, after, place)) and (before == GONE or bool(list(differences(became, before, place))))
    )


def listed():
    return tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8")).get("exception", [])


@pytest.mark.parametrize("part", [pytest.param(part, marks=[pytest.mark.slow] if part in SLOW else []) for part in PARTS])
def test_the_interface_is_as_it_was(part, tmp_path):
    if part in SLOW:
        for package in ("SALib", "sklearn", "ema_workbench", "pymoo"):
            pytest.importorskip(package)
    assert unlisted(part, PARTS[part](tmp_path), listed()) == []


def test_every_exception_has_a_reason_and_a_place():
    assert all(set(one) == {"where", "became", "why"} and one["why"].strip() for one in listed())
    assert {one["where"].split("/")[0] for one in listed()} <= set(PARTS)


def test_a_difference_must_be_listed_and_a_listed_one_must_be_there():
    names = json.loads(SNAPSHOT.read_text(encoding="utf-8"))["names"]
    changed = {**names, "Value": ["numerator"]}
    del changed["command"]
    wanted = [{"where": "names/Value", "became": '["numerator"]'}, {"where": "names/command", "became": GONE}]
    before = unlisted("names", names, [])
    assert sorted(set(unlisted("names", changed, [])) - set(before)) == sorted(
        f"not listed: {one['where']} became {one['became']}" for one in wanted
    )
    assert unlisted("names", changed, wanted) == before
    assert len(unlisted("names", names, wanted)) == len(before) + 2


def test_what_is_new_and_listed_must_stay():
    names = json.loads(SNAPSHOT.read_text(encoding="utf-8"))["names"]
    before, wanted = unlisted("names", names, []), [{"where": "names/more", "became": '["a", "b"]'}]
    for more, lines in ((["a", "b"], 0), (["a", "x", "b"], 0), (["a"], 1), (["b", "a"], 1)):
        assert len(unlisted("names", {**names, "more": more}, wanted)) == len(before) + lines
    assert len(unlisted("names", names, wanted)) == len(before) + 1
    assert len(unlisted("names", names, [{"where": "names/Value", "became": json.dumps(names["Value"])}])) == len(before) + 1


def test_what_is_new_is_no_difference_and_another_order_is_one():
    was = {"columns": ["day", "kind"], "options": {"--out": 1}}
    more = {"columns": ["day", "purpose", "kind"], "options": {"--out": 1, "--more": 2}, "exits": {}}
    turned = {"columns": ["kind", "day"], "options": {"--out": 2}}
    assert list(differences(was, more, "x")) == []
    assert list(differences(was, turned, "x")) == [("x/columns", '["kind", "day"]'), ("x/options/--out", "2")]
    assert list(differences(more, was, "x")) == [("x/columns", '["day", "kind"]'), ("x/exits", GONE), ("x/options/--more", GONE)]
