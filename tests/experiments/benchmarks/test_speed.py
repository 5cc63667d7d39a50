"""README's words on speed are those of the results; without results there is nothing to say."""

from __future__ import annotations

import json

import pytest

from experiments.benchmarks import benchmark, speed
from experiments.benchmarks.rows import ROWS
from experiments.reporting.run_folder import write_table

SAID = {"commit": "abc1234", "changed": False, "cores": 2, "rounds": 3, "load": {"looks": 0.9}}


def left(folder, days, **works):
    folder.mkdir(parents=True)
    write_table(folder / "bench.csv", benchmark.table_of([ROWS[0]], {"here": [{"10k": {"days": days}}]}, "here", None))
    (folder / "bench.json").write_text(json.dumps(SAID | {"works": works}), encoding="utf-8")


def test_the_section_has_the_table_and_the_memory_of_runs(tmp_path):
    left(tmp_path / "bench", 1.25, **{"10k": {"megabytes": 321.0}})
    text = speed.section(tmp_path / "bench")
    assert "| 10,000 members x 360 days, one thread | 1.5 s | 1.25 s |" in text
    assert "A member-day makes 0.90 looks." in text
    assert text.endswith("Memory, compiled code included: 10,000 members over 360 days: 0.32 GB.")


def test_larger_rows_stand_there_if_they_were_measured(tmp_path):
    left(tmp_path / "bench", 1.25)
    assert len(speed.benches(tmp_path / "bench")) == 1
    left(tmp_path / "bench" / "large", 99.0, **{"1m on two": {"megabytes": 3000.0}})
    text = speed.section(tmp_path / "bench")
    assert text.index("1.25 s") < text.index("99 s") < text.index("a million over 365: 3.00 GB")


def test_without_results_there_is_nothing_to_say(tmp_path):
    with pytest.raises(OSError, match=r"bench\.json"):
        speed.section(tmp_path)
