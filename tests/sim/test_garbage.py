"""Garbage is looked for again, if it was, however what is done meanwhile ends."""

from __future__ import annotations

import gc

import pytest

from sim import garbage


@garbage.not_looked_for()
def fails():
    assert not gc.isenabled()
    raise ZeroDivisionError


def test_it_is_looked_for_again_afterwards():
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError):
        fails()
    assert gc.isenabled()


def test_who_has_switched_it_off_finds_it_so():
    gc.disable()
    try:
        with garbage.not_looked_for():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
