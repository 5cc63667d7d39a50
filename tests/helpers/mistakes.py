"""What a person is told of bad input: every mistake, a line each, in one form."""

from __future__ import annotations

import pytest

from sim.errors import BadInput


def mistakes_of(call, *arguments, **named):
    with pytest.raises(BadInput) as caught:
        call(*arguments, **named)
    lines = caught.value.mistakes
    assert str(caught.value).startswith(lines[0])
    assert all("\n" not in line and " must be " in line and " (got " in line and line.endswith(")") for line in lines)
    return lines
