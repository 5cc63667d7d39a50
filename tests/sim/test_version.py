"""The model version."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys

from sim.arithmetic import fingerprint
from sim.version import differs_in, model_version, version_of


def test_the_model_version_changes_with_content_names_and_facts(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "__pycache__").mkdir()
    seen = [version_of(tmp_path, "numpy 2")]
    (tmp_path / "notes.md").write_text("no part of it", encoding="utf-8")
    assert version_of(tmp_path, "numpy 2") == seen[0]
    seen.append(version_of(tmp_path, "numpy 3"))
    (tmp_path / "a.py").write_text("x = 2\n", encoding="utf-8")
    seen.append(version_of(tmp_path, "numpy 2"))
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    seen.append(version_of(tmp_path, "numpy 2"))
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "odd.toml").touch()
    seen.append(version_of(tmp_path, "numpy 2"))
    assert len(set(seen)) == len(seen)
    assert all(len(version) == 16 and int(version, 16) >= 0 for version in seen)


def test_the_model_version_tells_its_files_and_packages_from_its_arithmetic(monkeypatch):
    ours = model_version()
    files, arithmetic = ours.split("-")
    assert (len(files), len(arithmetic)) == (16, 8)
    assert arithmetic == fingerprint()
    assert differs_in(f"{files}-00000000") == "the same model with other arithmetic: its C library or processor gives other last digits"
    assert differs_in(f"{'0' * 16}-{arithmetic}") == differs_in("") == differs_in("another") == "another version"
    real = importlib.metadata.version
    for package in ("scipy", "numpy", "numba", "llvmlite"):
        monkeypatch.setattr(importlib.metadata, "version", lambda name, package=package: "0" if name == package else real(name))
        found = model_version.__wrapped__()
        assert found != ours
        assert found.split("-")[1] == arithmetic


def test_loading_a_scenario_imports_nothing_heavy():
    code = "import sys; from sim.scenario.scenario import load_scenario; load_scenario(); print(*sorted(sys.modules))"
    names = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "numba", "pandas", "mesa", "matplotlib", "scipy", "networkx"} & set(names)
