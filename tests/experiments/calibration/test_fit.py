"""The calibration command: when ODD's table is written anew, and what stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from experiments.calibration import fit
from experiments.calibration.targets import Target
from sim import load_scenario

if TYPE_CHECKING:
    from pathlib import Path

MET = Target("acceptance", "assumption", low=0.2, high=0.4, got=0.3, denominator=50.0)
MISSED = Target("delay", "assumption", low=0.5, high=0.6, got=0.475, denominator=1200.0)


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the ODD.md of a checkout, with a table that is out of date."""
    (tmp_path / ".git").mkdir()
    path = tmp_path / "sim" / "ODD.md"
    path.parent.mkdir()
    path.write_text(f"before\n{fit.START}\nold\n{fit.END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(fit, "ODD", path)
    monkeypatch.setattr(fit, "gather", lambda *_, **__: None)
    monkeypatch.setattr(fit, "targets", lambda _: [MET, MISSED])
    return path


def test_table_in_odd_is_that_of_the_stated_size(odd: Path) -> None:
    """Runs of another size, or of another scenario, leave the page alone."""
    before = odd.read_text(encoding="utf-8")
    baseline = load_scenario("baseline")
    fit.calibrate(baseline, 400, None, print)
    fit.calibrate(baseline.with_(name="another"), None, None, print)
    assert odd.read_text(encoding="utf-8") == before
    found = fit.calibrate(baseline, None, None, print)
    text = odd.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "| delay | 0.5 to 0.6 | 0.475 | 0.025 | 1,200 | share | assumption |" in text
    assert "| acceptance | 0.2 to 0.4 | 0.300 |  | 50 | share | assumption |" in text
    assert "1 of 2 targets are met" in found.lines[0]
    assert "Missed: delay by 0.025" in found.lines[0]
