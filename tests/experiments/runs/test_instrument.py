"""What runs are read by."""

from __future__ import annotations

import pytest

from experiments.runs.instrument import HOME, instrument_of, sources_of

SOURCES = {
    "experiments/__init__.py": "",
    "experiments/door.py": """
        from typing import TYPE_CHECKING
        import numpy
        from experiments.room import table, chair
        from experiments.runs.ledger import Ledger
        if TYPE_CHECKING:
            from experiments.unseen import Unseen
        def late():
            import experiments.late
        """,
    "experiments/room/__init__.py": "",
    "experiments/room/table.py": "from experiments.room.leg import LEG\nfrom experiments import door",  # which imports it: no endless way
    "experiments/room/leg.py": "LEG = 4",
    "experiments/late.py": "",
    "experiments/unseen.py": "",
    "experiments/runs/ledger.py": "",
    "experiments/other.py": "",
}
READ = {
    "experiments/__init__.py",
    "experiments/door.py",
    "experiments/room/__init__.py",
    "experiments/room/table.py",
    "experiments/room/leg.py",
    "experiments/late.py",
}


def written(home):
    for name, text in SOURCES.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = text.splitlines()
        path.write_text("\n".join(line.removeprefix("        ") for line in lines), encoding="utf-8")
    return home


def test_a_module_reads_by_all_that_it_imports_however_far_and_by_nothing_else(tmp_path):
    assert set(sources_of("experiments.door", written(tmp_path))) == READ


def test_a_module_that_is_not_there_reads_by_nothing_that_could_be_told():
    with pytest.raises(FileNotFoundError, match=r"experiments\.nothing"):
        sources_of("experiments.nothing")


@pytest.mark.parametrize(
    ("module", "some"),
    [
        ("experiments.abtest.replicate", ["abtest/memo.py", "abtest/sample.py", "methods/assigned.py"]),
        ("experiments.calibration.targets", ["calibration/targets.py", "calibration/readings.py", "calibration/patterns/load.py"]),
        ("experiments.inference.summaries", ["inference/summaries.py", "calibration/described.py", "calibration/seen.py"]),
    ],
)
def test_a_changed_byte_in_any_of_its_sources_changes_what_a_reading_is_called(module, some, tmp_path, monkeypatch):
    sources = sources_of(module)
    assert {f"experiments/{name}" for name in some} <= set(sources)
    assert not any(name.startswith(("experiments/runs/", "experiments/reporting/")) for name in sources)
    for name, source in sources.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source)
    seen = {instrument_of(module)}
    monkeypatch.setattr("experiments.runs.instrument.HOME", tmp_path)
    monkeypatch.setattr("experiments.runs.instrument.sources_of", lambda asked: sources_of(asked, tmp_path))
    for name, source in sources.items():
        (tmp_path / name).write_bytes(source + b"\n# another\n")
        instrument_of.cache_clear()
        seen.add(instrument_of(module))
        (tmp_path / name).write_bytes(source)
    instrument_of.cache_clear()
    assert instrument_of(module) in seen  # all as it was
    assert len(seen) == len(sources) + 1
    instrument_of.cache_clear()


def test_facts_change_what_a_reading_is_called():
    plain, one, two = (instrument_of("experiments.abtest.replicate", *facts) for facts in ((), ("a", "b"), ("ab",)))
    assert len({plain, one, two}) == 3
    assert len(plain) == 16
    assert (HOME / "experiments" / "runs" / "instrument.py").is_file()
