"""A targets file is read, or refused in a line that names file and key."""

from __future__ import annotations

import pytest

from experiments.calibration.target_file import Wanted, as_toml, read_target_file
from sim.errors import BadInput


@pytest.fixture
def file(tmp_path):
    def made(text):
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return made


def test_a_figure_may_be_a_share_or_in_per_cent(file):
    found = read_target_file(
        file(
            'design = "message_first"\ndays = 90\n[targets]\nreply_7 = { value = "8%", tolerance = "1%" }\ndelay = { value = 3, tolerance = 0.5 }\n'
        )
    )
    assert found.targets == {"reply_7": Wanted(0.08, 0.01), "delay": Wanted(3.0, 0.5)}
    assert (found.design, found.days) == ("message_first", 90)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[targets", "mine.toml must be TOML"),
        ("[target]\n", "target must be one of targets, design, days"),
        ("design = 3\n[targets]\na = { value = 1, tolerance = 1 }", "design must be the name of a design"),
        ("days = 3\n[targets]\na = { value = 1, tolerance = 1 }", "days must be a whole number of days from 8 to 1000"),
        ("days = 9\n", "targets must be a table such as"),
        ("[targets]\n", "targets must be a table such as"),
        ("[targets]\nreply_7 = 0.08", r"targets.reply_7 must be a table such as"),
        ("[targets]\nreply_7 = { value = 0.08 }", r"targets.reply_7 must be a table such as"),
        ("[targets]\nreply_7 = { value = 'much', tolerance = 1 }", r"targets.reply_7.value must be a number, or one in per cent"),
        ("[targets]\nreply_7 = { value = nan, tolerance = 1 }", r"targets.reply_7.value must be a number"),
        ("[targets]\nreply_7 = { value = '8%', tolerance = 1 }", r"targets.reply_7 must have both in per cent"),
        ("[targets]\nreply_7 = { value = 0.08, tolerance = '1%' }", r"targets.reply_7 must have both in per cent"),
        ("[targets]\nreply_7 = { value = 0.1, tolerance = 0 }", r"targets.reply_7.tolerance must be above 0"),
    ],
)
def test_what_cannot_be_is_refused(file, text, said):
    with pytest.raises(BadInput, match=said.replace("targets must", "`targets` must").split(" must")[-1].strip()) as error:
        read_target_file(file(text))
    assert "mine.toml" in str(error.value)
    assert said.partition(" must")[0].removeprefix("mine.toml") in str(error.value)
    assert "\n" not in str(error.value)


def test_no_file_is_refused(tmp_path):
    with pytest.raises(BadInput, match="must be a targets file"):
        read_target_file(tmp_path / "none.toml")


def test_what_describe_writes_is_read(file):
    found = read_target_file(file(as_toml("a log\n.csv", 41.6, {"reply_7": (0.4235, 0.0191, "answered within 7 days")})))
    assert found.targets == {"reply_7": Wanted(0.4235, 0.0191)}
    assert found.days == 42
