"""Half of the fuzz: odd bytes, scenarios, sweeps, overrides and options; each is taken or refused in clear lines, in time, in bounds.

Commands that have accepted what they were given stop where their runs would begin, but for a few small ones that run to their end.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import pkgutil
import random
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import experiments
from sim.errors import BadInput
from tests.soak import readers
from tests.soak.harness import Outcome
from tests.soak.sandbox import begin_no_runs, is_one_line, listen, perform, wrong_with
from tests.soak.texts import ODD_VALUES, ODD_WORDS, bomb, deep_toml, mutated, scenario_text, sweep_text

KINDS = {"integer": int, "float": float, "path": Path}
SMALL_MEMBERS, SMALL_DAYS = 60, 10
EXTRAS = ("ema_workbench", "SALib", "sklearn.ensemble", "pymoo.algorithms.moo.nsga2", "distributed")
LEFT_OUT = ("dask", "help")  # an address costs a wait for an answer
PLACES = ("out", "ledger", "graphml", "fit")  # options that name what is written
RUN_SHARE = 0.03  # of commands that would run: those that do


def prepare() -> None:
    """Run jobs in this process, and hear what is written."""
    import sim.simulation
    from experiments.runs import processes
    from experiments.runs.processes import InProcess

    @contextlib.contextmanager
    def here(_workers: int):
        yield InProcess()

    processes.processes = here
    own = [module.name for module in pkgutil.walk_packages(experiments.__path__, "experiments.")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of packages about others that they would like to have
        for name in [*EXTRAS, *own]:  # at once, or the first case of a kind would seem slow
            if not name.endswith(("__main__", "gallery", "documents")):
                with contextlib.suppress(ImportError):
                    importlib.import_module(name)
    sim.simulation.warm_kernels()
    listen()


def judged(luck: random.Random, folder: Path) -> Outcome:
    """Try something odd."""
    return luck.choices(list(TRIALS), list(TRIALS.values()))[0](luck, folder)


def _command(words: list[str], folder: Path, *, places: list[str], run: bool = False) -> Outcome:
    """Run a command and judge how it ended."""
    inputs = {path.absolute(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    (folder / "command.txt").write_text(repr(words), encoding="utf-8")
    undo = None if run else begin_no_runs()
    try:
        said = perform(words, folder)
    finally:
        if undo is not None:
            undo()
    wrong = wrong_with(said, [folder / "results", *(folder / place for place in places)], inputs, folder)
    word = {0: "taken", 1: "failed", 2: "refused"}.get(said.status, "another status")
    return Outcome(word, f"{wrong}; {words}" if wrong else "")


def scenario_file(luck: random.Random, folder: Path) -> Outcome:
    """Try a scenario file; a small one that is right is run now and then."""
    text = deep_toml(luck) if luck.random() < 0.05 else scenario_text(luck)
    path = folder / "scenario.toml"
    path.write_bytes(mutated(luck, text.encode(), 3 if luck.random() < 0.5 else 0))
    if luck.random() < 0.4:
        (folder / "net.csv").write_bytes(luck.choice((b"a,b\nb,c\n", b"", b"a\n", readers.drawn(luck).raw)))
    if luck.random() < RUN_SHARE and _is_small(path):
        return _command(["run", "scenario.toml", "--out", "out", "--quiet"], folder, places=["out"], run=True)
    words = luck.choice(
        (
            ["check", "scenario.toml"],
            ["check", "scenario.toml", "--json"],
            ["run", "scenario.toml", "--out", "out", "--quiet"],
            ["compare", "scenario.toml", "--pairs", "2", "--out", "out"],
            ["show", "scenario", "scenario.toml"],
        )
    )
    return _command(words, folder, places=["out"])


def _is_small(path: Path) -> bool:
    from sim.scenario.scenario import load_scenario

    try:
        found = load_scenario(path)
    except BadInput:
        return False
    return found.network_file is None and found.members <= SMALL_MEMBERS and found.warm_up + found.days <= SMALL_DAYS


def sweep_file(luck: random.Random, folder: Path) -> Outcome:
    """Try a sweep file, with the files that it may name."""
    (folder / "sweep.toml").write_bytes(mutated(luck, sweep_text(luck).encode(), 3 if luck.random() < 0.4 else 0))
    (folder / "scenario.toml").write_text("members = 12\ndays = 2\nwarm_up = 0\n", encoding="utf-8")
    points = b"point,design.friction,reply.base\n1,0.5,-3\n2,1.5,-2\n"
    (folder / "points.csv").write_bytes(mutated(luck, points, 4 if luck.random() < 0.7 else 0))
    more = luck.choice(([], ["--out", "out"], ["--dry-run"], ["--json"]))
    return _command(["sweep", "sweep.toml", *more], folder, places=["out"])


def options(luck: random.Random, folder: Path) -> Outcome:
    """Try a command with odd options, all of which are taken from the commands themselves."""
    import typer

    from experiments.cli.app import app

    commands: dict[str, Any] = typer.main.get_command(app).commands
    name = luck.choice(sorted(commands))
    (folder / "scenario.toml").write_text("members = 12\ndays = 2\nwarm_up = 0\n", encoding="utf-8")
    (folder / "net.csv").write_text("a,b\nb,c\n", encoding="utf-8")
    (folder / "empty").mkdir()
    registered = {
        (info.name or info.callback.__name__).replace("_", "-"): info.callback for info in app.registered_commands if info.callback
    }
    hints = {key: one.annotation for key, one in inspect.signature(registered[name]).parameters.items()}
    words, places = [name], ["out"]
    known = [one for one in commands[name].params if one.name not in LEFT_OUT]
    for one in luck.sample(known, min(len(known), luck.randint(0, 5))):
        if one.param_type_name == "argument":
            value = _value(luck, hints[one.name])
            words.insert(1, value)
            places.append(value if name == "new" else "out")
        elif getattr(one, "is_flag", False):
            words.append(one.opts[0])
        else:
            values = [_value(luck, hints[one.name]) for _ in range(luck.randint(1, 3) if one.multiple else 1)]
            words += [one.opts[0], *values]
            places += values if one.name in PLACES else []
    if luck.random() < 0.05:
        places.append(luck.choice(ODD_WORDS).replace("..", "_"))
        words.insert(luck.randint(0, len(words)), places[-1])
    return _command(words, folder, places=[place for place in places if place.strip("./")])


def _value(luck: random.Random, hint: Any) -> str:
    """Return a value of an option: a usual one, or an odd one."""
    usual = {
        "integer": ("1", "2", "3", "12", "40"),
        "float": ("0.1", "0.5", "1", "2"),
        "path": ("out", "net.csv", "scenario.toml", "empty", "none.csv"),
        "text": (
            "baseline",
            "scenario.toml",
            "connect_first",
            "message_first",
            "designs",
            "styles",
            "intent_success",
            "columns",
            "3.5",
            "quick-sweep",
        ),
    }
    kind = next((kind for kind, python in KINDS.items() if re.search(rf"\b{python.__name__}\b", str(hint).split("OptionInfo")[0])), "text")
    if luck.random() < 0.6:
        return luck.choice(usual.get(kind, usual["text"]))
    word = luck.choice(ODD_WORDS)
    return word.replace("..", "_") if kind == "path" else word


def network_bytes(luck: random.Random, folder: Path) -> Outcome:
    """Try what is no network any more: mutated files, other bytes, bombs."""
    what = luck.random()
    name, raw = bomb(luck) if what < 0.06 else (None, luck.randbytes(luck.randint(0, 400)))
    if what >= 0.15:
        file = readers.drawn(luck)
        name, raw = file.name, mutated(luck, file.raw)
    path = folder / (name or luck.choice(("net.csv", "net.graphml", "net.gz", "net.json", "net.mtx")))
    path.write_bytes(raw)
    if luck.random() < 0.2:
        return _command(["run", "--network", path.name, "--out", "out", "--days", "2", "--quiet"], folder, places=["out"])
    try:
        readers.read(path)
    except BadInput as error:
        line = str(error)
        if not is_one_line(line):
            return Outcome("refused badly", f"not one line: {line!r}")
        return Outcome("refused")
    return Outcome("taken")


def overrides(luck: random.Random, folder: Path) -> Outcome:
    """Try changes of a scenario from Python."""
    from sim.scenario.scenario import load_scenario
    from sim.scenario.template import parameter_table

    rows = luck.sample(parameter_table(), luck.randint(1, 3))
    keys = [row["name"] if row["section"] == "scenario" else f"{row['section']}.{row['name']}" for row in rows]
    keys += luck.sample(
        ("design", "nonsense", "style", "reply", "styles", "design_shares", "style_shares", "name", "network_file", "reply.", ".", ""), 1
    )
    changes = {key: luck.choice(ODD_VALUES) for key in luck.sample(keys, luck.randint(1, len(keys)))}
    try:
        load_scenario("baseline", **changes)
    except BadInput as error:
        line = str(error)
        return Outcome("refused", "" if is_one_line(line) else f"not one line: {line!r}; {changes}")
    except Exception as error:  # noqa: BLE001  (any other is a finding, with what caused it)
        return Outcome("traceback", f"{type(error).__name__}: {error}; load_scenario('baseline', **{changes})")
    return Outcome("taken")


TRIALS: dict[Callable[[random.Random, Path], Outcome], int] = {
    scenario_file: 25,
    sweep_file: 18,
    options: 30,
    network_bytes: 20,
    overrides: 7,
}
