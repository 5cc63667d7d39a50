"""The model version."""

from __future__ import annotations

import subprocess
import sys

from sim.version import version_of


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


def test_loading_a_scenario_imports_nothing_heavy():
    code = "import sys; from sim.scenario.scenario import load_scenario; load_scenario(); print(*sorted(sys.modules))"
    names = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "numba", "pandas", "mesa", "matplotlib", "scipy", "networkx"} & set(names)
