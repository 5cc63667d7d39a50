"""Encodings of a text, and bounds on its lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import BadInput
from sim.population.networks import text
from sim.population.networks.text import as_utf8, bare, check_lines, lines

NET = Path("net.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_the_mark_says_the_encoding(encoding):
    assert as_utf8(NET, "Zoë,李\r\nb\rc\n".encode(encoding))[0].decode() == "Zoë,李\nb\nc\n"


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-32-be", "utf-16-le", "utf-32-le"])
def test_either_order_of_bytes_does(encoding):
    assert as_utf8(NET, "\ufeffa,é".encode(encoding)) == ("a,é".encode(), encoding)


def test_lines_have_their_numbers():
    assert list(lines(b"a\n\nb", 2)) == [(2, "\n"), (3, "b")]


def test_bounds_hold_on_both_sides(monkeypatch):
    monkeypatch.setattr(text, "LONGEST_LINE", 12)
    monkeypatch.setattr(text, "MOST_SEPARATORS", 5)
    check_lines(NET, b"a" * 11 + b"\n" + b",,,,,\n")
    with pytest.raises(BadInput, match=r"line 2 must have at most 12 bytes \(got more\)"):
        check_lines(NET, b"a\n" + b"a" * 13)
    with pytest.raises(BadInput, match=r"line 1 must have at most 5 separators \(got more\)"):
        check_lines(NET, b";;;;;;\n")


def test_invisible_marks_around_a_cell_go_and_those_within_stay():
    assert bare(" \ufeff\u202a ada\u200d\u200cbo \u202c\u200b") == "ada\u200d\u200cbo"
    assert bare("\u200b \ufeff") == ""
    assert bare(" a ") == "a"
