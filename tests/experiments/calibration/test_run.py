"""The door of `calibrate --check`: when ODD's table is written anew, and what is refused."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from experiments.calibration import fit, run, table
from experiments.calibration.declared import EMPIRICAL, every_target
from experiments.calibration.patterns.messages import Found
from experiments.calibration.targets import Target
from sim import load_scenario
from sim.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.runs.scheduler import Progress
    from sim.scenario.scenario import Scenario

MET = Target("acceptance", "empirical: a study", low=0.2, high=0.4, got=0.3, denominator=50.0, kind=EMPIRICAL)
MISSED = Target("delay", "empirical: a study", low=0.5, high=0.6, got=0.475, denominator=1200.0, kind=EMPIRICAL)


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the ODD.md of a checkout, with a table that is out of date."""
    (tmp_path / ".git").mkdir()
    path = tmp_path / "sim" / "ODD.md"
    path.parent.mkdir()
    path.write_text(f"before\n{table.START}\nold\n{table.END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(run, "ODD", path)
    monkeypatch.setattr(run, "gather", lambda stills, *_: stills)
    monkeypatch.setattr(run, "targets", lambda _: [MET, MISSED])
    return path


def test_table_in_odd_is_that_of_the_size_of_the_baseline(odd: Path) -> None:
    """Runs of another size, or of another scenario, leave the page alone."""
    before = odd.read_text(encoding="utf-8")
    baseline = load_scenario("baseline")
    run.calibrate(baseline, [400], None, None, print)
    run.calibrate(baseline.with_(name="another"), [], None, None, print)
    assert odd.read_text(encoding="utf-8") == before
    found = run.calibrate(baseline, [], None, None, print)
    text = odd.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "| delay | 0.5 to 0.6 | 0.475 | 0.025 | 1,200 | share | a study |" in text
    assert f"1 of 2 empirical targets are met, 50% by weight, at {baseline.members:,} members" in found.lines[0]
    assert found.lines[0] in text


def test_of_several_sizes_the_one_of_the_baseline_is_written(odd: Path) -> None:
    baseline = load_scenario("baseline")
    found = run.calibrate(baseline, [400, baseline.members], None, None, print)
    assert len(found.tables) == 1
    assert found.tables[0].columns[2:4] == ["400 members", f"{baseline.members:,} members"]
    text = odd.read_text(encoding="utf-8")
    assert f"{baseline.members:,} members" in text
    assert "400 members" not in text


def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="at least 3"):
        run.check([5, 2], None)
    run.check([3], None)
    with pytest.raises(BadInput, match="sizes that differ"):
        run.check([5, 5], None)
    with pytest.raises(BadInput, match="one size with --fit"):
        run.check([5, 6], tmp_path / "new.toml")
    run.check([5], tmp_path / "new.toml")


def test_a_fit_tells_how_many_of_all_its_runs_are_there_and_leaves_no_file_before_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five seeds in each of four rounds, and once more for the table; a command that was interrupted may be given again as it is."""
    told: list[tuple[int, int]] = []
    figures = {one.name: Found((one.low + one.high) / 2.0, 10.0) for one in every_target()}

    def gather(stills: list[Scenario], _: object, progress: Progress) -> list[SimpleNamespace]:
        assert not (tmp_path / "new.toml").exists()
        progress(5, 5)
        return [SimpleNamespace(found=[figures]) for _ in stills]

    monkeypatch.setattr(fit, "gather", gather)
    monkeypatch.setattr(run, "gather", gather)
    run.calibrate(load_scenario("baseline"), [400], tmp_path / "new.toml", None, lambda *at: told.append(at))
    assert told == [(5, 25), (10, 25), (15, 25), (20, 25), (25, 25)]
    assert (tmp_path / "new.toml").exists()


def test_no_more_workers_are_begun_than_have_something_to_do() -> None:
    assert [run.busy(workers, sizes) for workers, sizes in ((2, [400]), (8, [400]), (8, [400, 500]), (64, [400, 500]))] == [2, 5, 8, 10]
