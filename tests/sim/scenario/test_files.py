"""A file named by another file: beside it first, then in the current folder; where neither has it, the first is the one that is missing."""

import pytest

from sim.scenario.files import find_path


@pytest.mark.parametrize(
    ("beside", "here", "found"),
    [
        (True, True, "project"),
        (True, False, "project"),
        (False, True, "current"),
        (False, False, "project"),
    ],
)
def test_where_a_named_file_is_looked_for(beside, here, found, tmp_path, monkeypatch):
    for name, there in (("project", beside), ("current", here)):
        (tmp_path / name).mkdir()
        if there:
            (tmp_path / name / "arm.toml").touch()
    monkeypatch.chdir(tmp_path / "current")
    assert find_path("arm.toml", tmp_path / "project") == tmp_path / found / "arm.toml"


def test_an_absolute_path_is_the_file_wherever_it_is_named(tmp_path):
    assert find_path(str(tmp_path / "arm.toml"), tmp_path / "project") == tmp_path / "arm.toml"


def test_a_name_too_long_for_a_file_is_given_back_for_its_error(tmp_path):
    name = "a" * 5000 + ".toml"
    assert str(find_path(name, tmp_path)) == name
