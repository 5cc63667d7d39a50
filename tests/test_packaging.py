"""The package, its commands and the Makefile: what a fresh machine needs."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from experiments.cli import main
from sim.version import model_version

ROOT = Path(__file__).parent.parent
PACKAGES = {"sim": ROOT / "sim", "experiments": ROOT / "experiments", "firstcontact": ROOT / "experiments" / "api"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TARGETS = (
    "help",
    "compare",
    "test",
    "lint",
    "check",
    "soak",
    "fuzz",
    "kills",
    "long-runs",
    "damage",
    "mutants",
    "look",
    "bench",
    "bench-against",
    "bench-large",
    "floors",
    "bench-sweeps",
    "readme",
    "baseline",
    "article",
    "calibrate",
    "sweep",
    "assumptions",
    "abtest",
    "scale",
    "clean",
)


def files_of(package):
    """Paths below the package, relative to it, without what Python leaves behind and what is a package of its own."""
    home = PACKAGES[package]
    others = [folder for folder in PACKAGES.values() if folder.is_relative_to(home) and folder != home]
    return {
        path.relative_to(home).as_posix()
        for path in home.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not any(path.is_relative_to(other) for other in others)
    }


def distribution(requirement):
    """`numpy>=2 ; marker` is about `numpy`."""
    return re.match(r"[\w.-]+", requirement)[0].lower().replace("_", "-")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_data_file_is_declared(package):
    patterns = PROJECT["tool"]["setuptools"]["package-data"][package]
    folder = PACKAGES[package]
    declared = {path.relative_to(folder).as_posix() for pattern in patterns for path in folder.glob(pattern)}
    data = {name for name in files_of(package) if not name.endswith(".py")}
    assert "py.typed" in data
    assert data <= declared


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_with_code_is_a_package(package):
    names = files_of(package)
    folders = {str(Path(name).parent) for name in names if name.endswith(".py")}
    assert {folder for folder in folders if Path(folder, "__init__.py").as_posix() not in names} == set()


def test_every_package_is_listed():
    listed = PROJECT["tool"]["setuptools"]["packages"]
    folders = {package: {str(Path(name).parent) for name in files_of(package) if name.endswith(".py")} for package in PACKAGES}
    found = {".".join([package, *Path(folder).parts]) for package, those in folders.items() for folder in those}
    assert len(listed) == len(set(listed))
    assert set(listed) == found


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_are_declared_dependencies(package):
    imported = set()
    for name in files_of(package):
        if not name.endswith(".py"):
            continue
        for node in ast.walk(ast.parse((PACKAGES[package] / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                imported.add(node.module.split(".")[0])
    foreign = imported - sys.stdlib_module_names - set(PACKAGES)
    providers = importlib.metadata.packages_distributions()
    needed = {distribution(providers.get(module, [module])[0]) for module in foreign}
    assert needed <= {distribution(requirement) for requirement in PROJECT["project"]["dependencies"]}


def test_no_upper_pin_on_what_the_package_needs():
    requirements = [PROJECT["project"]["requires-python"], *PROJECT["project"]["dependencies"]]
    assert [requirement for requirement in requirements if re.search(r"<|==|~=", requirement)] == []


def test_citation_names_this_version():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(r"^version: (.+)$", citation, re.MULTILINE)[1] == PROJECT["project"]["version"]


def test_the_changelog_begins_with_this_version():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[(.+?)\]", changelog, re.MULTILINE)[1] == PROJECT["project"]["version"]


def test_the_changelog_has_one_version_at_most_that_is_to_come():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)", changelog, re.MULTILINE)
    assert [line for line in headings[1:] if "Unreleased" in line] == []


def test_the_description_for_the_registry_is_complete():
    project = PROJECT["project"]
    assert (ROOT / project["readme"]).is_file()
    assert project["keywords"]
    assert project["classifiers"]
    trove = [one for one in project["classifiers"] if not re.fullmatch(r"[A-Z][\w ./&-]*(?: :: [\w ./&-]+)+", one)]
    assert trove == []
    assert [one for one in project["classifiers"] if one.startswith("License")] == []  # `license` says it


def test_the_extras_of_the_tests_are_all_that_the_package_has():
    """Then `make test` skips nothing for want of a package."""
    extras = PROJECT["project"]["optional-dependencies"]
    own = re.search(r"firstcontact\[(.+?)\]", " ".join(extras["test"]))[1].split(",")
    assert set(own) == set(extras) - {"test", "dev"}


@pytest.mark.parametrize("folder", ["experiments", "tests"])
def test_an_exception_to_a_rule_has_its_reason(folder):
    """In the shipped form: `# noqa: S603  (our own command)`, `# type: ignore[misc]  # a lambda has no type`."""
    mark = r"(noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\]|fmt: skip)"
    files = [path for path in (ROOT / folder).rglob("*.py") if path != Path(__file__)]
    marked = {(path.name, line) for path in files for line in path.read_text(encoding="utf-8").splitlines() if re.search(f"# {mark}", line)}
    assert marked
    assert [where for where in marked if re.search(f"# {mark}$", where[1])] == []


def test_what_runs_on_every_commit_is_lint_and_the_tests():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("make")] == ["make lint", "make test"]


def test_hooks_run_the_tools_of_make_lint():
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    lint = re.findall(r"^(\.venv/bin/[\w-]+(?: (?:check|format))?)", make("-n", "lint").stdout, re.MULTILINE)
    tools = [tool for tool in lint if not tool.endswith("/python")]
    assert len(tools) == 4
    assert [tool for tool in tools if f"entry: {tool}" not in hooks] == []


def test_each_address_of_the_metadata_is_explained_in_the_documents():
    about = PROJECT["project"]
    assert about["urls"]
    assert all(len(label) <= 32 and address.startswith("https://") for label, address in about["urls"].items())  # as PyPI takes them
    written = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "README.md", ROOT / "sim" / "ODD.md"))
    assert [address for address in about["urls"].values() if address not in written] == []  # each is explained where it is used


def test_the_version_is_shown_with_that_of_the_model(capsys):
    assert main.perform(["--version"]) == 0
    shown = capsys.readouterr().out.strip()
    assert shown == f"firstcontact {PROJECT['project']['version']}, model version {model_version()}"


def test_the_shell_completes_commands():
    words = {"_FIRSTCONTACT_COMPLETE": "complete_bash", "COMP_WORDS": "firstcontact comp", "COMP_CWORD": "1"}
    command = Path(sysconfig.get_path("scripts"), "firstcontact")
    shown = subprocess.run([command], env=os.environ | words, capture_output=True, text=True, timeout=60, check=False)
    assert "compare" in shown.stdout.split()
    assert all(word.startswith("comp") for word in shown.stdout.split())


def test_help_fits_its_line():
    assert [line for line in make().stdout.splitlines() if len(line) > 100] == []


def make(*arguments, folder=ROOT):
    """Run make as from a plain shell, not as a child of the make that runs these tests."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def clone(tmp_path):
    """Return a folder with what make reads, and no environment."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_make_alone_lists_every_target():
    listed = re.findall(r"^  make ([\w-]+)", make().stdout, re.MULTILINE)
    assert listed == list(TARGETS)


@pytest.mark.parametrize(
    ("target", "extras", "command"),
    [
        ("compare", ".", "firstcontact compare"),
        ("sweep", '".[sensitivity,regions]"', "python -m experiments.gallery sweep"),
        ("test", '".[test]"', "python -m pytest"),
        ("lint", '".[test,dev]"', "lint-imports"),
        ("check", '".[test,dev]"', "python -m pytest"),
        ("readme", ".", "python -m experiments.gallery readme"),
    ],
)
def test_a_target_makes_the_environment_once(clone, target, extras, command):
    first = make("-n", target, folder=clone)
    assert first.returncode == 0, first.stderr
    steps = ["-m venv .venv", f"pip install --disable-pip-version-check -e {extras}\n", command]
    places = [first.stdout.find(step) for step in steps]
    assert -1 not in places
    assert places == sorted(places)

    (clone / ".venv" / "bin").mkdir(parents=True)
    for name in ("bin/pip", ".installed-run", ".installed-ask", ".installed-test", ".installed-dev"):
        (clone / ".venv" / name).touch()
    again = make("-n", target, folder=clone)
    assert command in again.stdout
    assert "pip install" not in again.stdout

    later = (clone / ".venv" / ".installed-dev").stat().st_mtime + 10
    os.utime(clone / "pyproject.toml", (later, later))
    changed = make("-n", target, folder=clone)
    assert steps[1] in changed.stdout
    assert steps[0] not in changed.stdout


def test_an_old_python_is_refused_in_words(clone):
    old = clone / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.18" && exit 0\nexit 1\n', encoding="utf-8")
    old.chmod(0o755)
    refused = make("test", f"PYTHON={old}", folder=clone)
    assert refused.returncode != 0
    assert "Python 3.11 or newer is needed" in refused.stderr
    assert "Python 3.9.18" in refused.stderr
    assert not (clone / ".venv").exists()


def test_a_missing_python_is_refused_in_words(clone):
    refused = make("test", "PYTHON=no-such-python", folder=clone)
    assert refused.returncode != 0
    assert "There is no 'no-such-python'" in refused.stderr


@pytest.mark.slow
def test_the_wheel_works_away_from_the_checkout_with_its_types(tmp_path):
    pytest.importorskip("mypy", reason="types are checked with the dev extra")
    source = tmp_path / "source"
    for package in ("sim", "experiments"):
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "LICENSE", "README.md"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "-q", "--no-deps", "-w", tmp_path, source], check=True, timeout=300)
    (wheel,) = tmp_path.glob("*.whl")

    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == {f"{package}/{name}" for package in PACKAGES for name in files_of(package)}

    # Dependencies come from the environment of the tests, by path: its own copy of the package stays out,
    # because the .pth files of a path that a .pth file adds are not read.
    home = tmp_path / "home"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    inside = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    Path(inside, "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    subprocess.run([*pip, "--python", python, "install", "-q", "--no-deps", wheel], check=True, timeout=300)

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    where = subprocess.run(
        [python, "-c", "import firstcontact, sim, experiments as e; print(firstcontact.__file__, sim.__file__, e.__file__, sep='\\n')"],
        cwd=elsewhere,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert [file for file in where.splitlines() if not Path(file).is_relative_to(inside)] == []
    shown = subprocess.run(
        [home / "bin" / "firstcontact", "show", "designs"],
        cwd=elsewhere,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    designs = [file.stem for file in (ROOT / "sim" / "scenario" / "library" / "designs").glob("*.toml")]
    assert designs
    assert [name for name in designs if name not in shown.stdout] == []
    typed = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--python-executable", python, "--cache-dir", tmp_path / "cache", "typed.py"],
        cwd=written(elsewhere, "typed.py", TYPED),
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert typed.returncode == 0, typed.stdout


# What a caller may rely on: an `ignore` that is not needed is an error too, so what it stands for is one.
TYPED = """
from typing import assert_type

import firstcontact as fc

found = fc.compare(fc.load_scenario(members=60), ["connect_first", fc.Design()], pairs=2)
assert_type(found, fc.ComparisonResult)
assert_type(found.answer, list[str])
assert_type(found.pairs, int)
swept = fc.sweep(parameters={"reply.base": (-4, -2)}, points=2)
assert_type(swept, fc.SweepResult)
assert_type(swept.failed, dict[tuple[int, int, str], str])
assert_type(fc.regions(swept).answer, list[str])
assert_type(fc.tipping("reply.base", limits=(-4, -2)), fc.TippingResult)
assert_type(fc.sensitivity().top, list[str])
assert_type(fc.pareto(), fc.ParetoResult)
history = fc.simulate(found.scenario, seed=1)
assert_type(history, fc.History)
assert_type(history.measures["intent_success"], fc.Value)
fc.compare(pairs="two")  # type: ignore[arg-type]
fc.tipping()  # type: ignore[call-arg]
fc.comparee()  # type: ignore[attr-defined]
"""


def written(folder, name, text):
    """Write a file and return its folder."""
    (folder / name).write_text(text, encoding="utf-8")
    return folder
