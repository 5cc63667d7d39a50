"""A file named by another file: beside it first, then in the current folder; where neither has it, the first is the one that is missing.

And the hash of a file's content.
"""

import hashlib
import os

import pytest

from sim import BadInput
from sim.scenario.files import digest, find_path


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


def test_a_digest_is_that_of_the_content_and_a_file_that_has_changed_is_read_again(tmp_path):
    file, again = tmp_path / "net.csv", tmp_path / "again.csv"
    for path in (file, again):
        path.write_bytes(b"a,b\n")
    assert digest(str(file)) == digest(str(again)) == hashlib.sha256(b"a,b\n").hexdigest()
    file.write_bytes(b"a,c\n")
    os.utime(file, ns=(0, 0))  # a clock may be too coarse to tell two writes apart
    assert digest(str(file)) == hashlib.sha256(b"a,c\n").hexdigest()


@pytest.mark.parametrize("name", ["nobody.csv", "a\0b", ""])
def test_a_digest_of_what_cannot_be_read_is_refused(name, tmp_path):
    path = str(tmp_path / name) if name else str(tmp_path)
    with pytest.raises(BadInput, match="must be a network file that can be read"):
        digest(path)
