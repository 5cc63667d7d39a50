"""What others hold on to: commands, keys of files, what commands leave, exit statuses and public names, as plain values."""

from __future__ import annotations

import csv
import dataclasses
import inspect
import json
import os
import re
import typing
from pathlib import Path

import sim
from tests.goldens.inside import commands, counted_in, form, main, perform

HOME = Path(__file__).parent
SNAPSHOT, EXCEPTIONS = HOME / "interface.json", HOME / "exceptions.toml"
GONE = "(gone)"
EMPTY = ["anything"]  # the form of a list without elements: how long an answer takes decides what it finds
WORDS = ("title", "description", "source", "unit")  # of a schema: told to people, held on to by nobody
SMALL = ["--members", 60, "--days", 65, "--warm-up", 5, "--budget", 0.02]
SWEEP = """
name = "tiny"
[with]
members = 60
days = 62
warm_up = 5
[sweep]
points = 24
pairs = 1
seeds = "new"
[sweep.parameters]
"reply.base" = [-5.0, 0.0]
"design.friction" = [0.0, 4.0]
"""
LEAVES = {  # in this order: a map is made of a sweep
    "run": ["run", "--members", 60, "--days", 65, "--warm-up", 5, "--events"],
    "compare": ["compare", "--members", 60, "--days", 65, "--warm-up", 5, "--pairs", 2, "--workers", 1],
    "sweep": ["sweep", "tiny.toml", "--workers", 1],
    "regions": ["regions", "sweep", "--workers", 1],
    "tipping": ["tipping", "reply.base", "--range", -5, 0, *SMALL, "--workers", 1],
    "sensitivity": ["sensitivity", "--parameters", "reply.base", "design.friction", *SMALL, "--workers", 1],
    "pareto": ["pareto", *SMALL, "--workers", 1],
    "article": ["article", "--point", "3.1", "--members", 60, "--pairs", 2, "--workers", 1],
    "controls": ["article", "--controls", "--point", "3.1", "--members", 60, "--pairs", 2, "--workers", 1],
}
PRINTS = {  # no folder
    "compare --dry-run": ["compare", "--members", 60, "--days", 65, "--warm-up", 5, "--pairs", 2, "--dry-run", "--workers", 1],
    "sweep --dry-run": ["sweep", "tiny.toml", "--dry-run", "--workers", 1],
    "sweep --status": ["sweep", "--status", "sweep"],
    "show styles": ["show", "styles"],
    "show designs": ["show", "designs"],
    "show moderation": ["show", "moderation"],
    "show measures": ["show", "measures"],
    "show parameters": ["show", "parameters"],
    "check": ["check", "baseline"],
    "new": ["new", "mine.toml"],
}
UNREAD = (".sqlite", ".png", ".svg")
BAD = {
    "broken.toml": "members = = 3",
    "unknown.toml": "membres = 3",
    "bounds.toml": "[reply]\nbase = 99.0",
    "design.toml": 'design = "mesage_first"',
    "loop.csv": "a,b\nc,c\n",
    "words.csv": "sender,recipient,timestamp\na,b,soon\n",
    "empty.csv": "",
    "sweep.toml": '[sweep.parameters]\n"reply.bass" = [0.0, 1.0]\n',
    "good.toml": "members = 30\ndays = 3\nwarm_up = 2\n",
    "ring.csv": "".join(f"{k},{(k + 1) % 30}\n" for k in range(30)),
}
TRIED = (
    "show designs",
    "show parameters reply",
    "show desings",
    "show styles selller",
    "check baseline",
    "check good.toml",
    "check none.toml",
    "check broken.toml",
    "check unknown.toml",
    "check bounds.toml",
    "run good.toml --out one",
    "run good.toml --out good.toml",
    "run design.toml",
    "run --engine colums",
    "run good.toml --design mesage_first",
    "run --network ring.csv --days 3 --warm-up 2 --out two",
    "run --network loop.csv",
    "run --network words.csv",
    "run --network empty.csv",
    "run --network none.csv",
    "run --members many",
    "run --members 3 --network ring.csv",
    "run --wrong",
    "compare --pairs 1",
    "compare --seed -1",
    "compare --threads 0",
    "compare --arms message_first",
    "compare --until precize",
    "compare --members 2",
    "sweep",
    "sweep sweep.toml",
    "sweep none.toml",
    "sweep --status one",
    "article --point 3.3",
    "article --heading nothing",
    "tipping repply.base",
    "sensitivity --parameters reply.base",
    "regions quik-sweep",
    "pareto --days 0",
    "calibration --members 0",
    "new good.toml",
    "new fresh.toml",
    "wrong",
    "--help",
    "run --help",
    "compare --version",
    "new none/fresh.toml",
    "run good.toml --graphml none/x.graphml --out three",
    "check ring.csv",
    "article --pairs 1",
    "tipping reply.base --range 0 -1",
    "compare --network ring.csv --members 5",
    "show",
    "sweep good.toml --extend one",
)


# commands


def look_at_commands(_folder):
    """Return every command with its arguments by place and its options by name: names, type, default, how many; no help."""
    return {name: _options(*found) for name, found in commands().items()}


def _options(command, callback):
    """Return the options of a command; the function behind it says their types."""
    kinds = typing.get_type_hints(callback)
    found, place = {}, 0
    for one in command.params:
        facts = {"type": _name(kinds[one.name]), "default": one.default, "required": one.required, "nargs": one.nargs}
        facts |= {"multiple": one.multiple, "flag": bool(getattr(one, "is_flag", False))}
        if one.param_type_name == "argument":
            place += 1
            found[f"argument {place}"] = facts
        else:
            found[one.opts[0]] = {**facts, "names": sorted([*one.opts, *one.secondary_opts])}
    return found


def _name(kind):
    return kind.__name__ if isinstance(kind, type) and not typing.get_args(kind) else str(kind)


# keys of files


def look_at_keys(_folder):
    """Return every key of a scenario, a sweep and an article's statement, with type, bounds and default."""
    status, text = perform("show", "parameters", "--json")
    assert status == 0
    return {
        "scenario": _keys(sim.Scenario.json_schema()),
        "style": _keys(sim.Style.model_json_schema()),
        "design": _keys(sim.Design.model_json_schema()),
        "moderation": _keys(sim.Moderation.model_json_schema()),
        "sweep": _keys(form("sweep").model_json_schema()),
        "statement": _keys(form("statement").model_json_schema()),
        "show parameters": {f"{row['section']}.{row['name']}": {k: row[k] for k in ("low", "high", "default")} for row in json.loads(text)},
    }


def _keys(schema):
    """Return the keys of a schema by their dotted paths; names of classes do not show."""
    found = {}

    def visit(node, path):
        node = _resolved(node, schema)
        inner = node.get("properties", {})
        for key, value in inner.items():
            visit(value, f"{path}.{key}" if path else key)
        more = node.get("additionalProperties")
        if isinstance(more, dict) and "$ref" in more:
            visit(more, f"{path}.*")
        rest = {k: v for k, v in node.items() if k not in ("properties", "$defs", *WORDS)}
        if inner:
            rest = {k: v for k, v in rest.items() if k in ("additionalProperties", "required", "type")}
        found[path or "(all)"] = _plain(rest, schema)

    visit(schema, "")
    return found


def _resolved(node, schema):
    while "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        node = {**schema["$defs"][name], **{k: v for k, v in node.items() if k != "$ref"}}
    return node


def _plain(value, schema):
    """Return a part of a schema without names of classes and without words."""
    if isinstance(value, dict):
        if "$ref" in value:
            return _plain({k: v for k, v in _resolved(value, schema).items() if k not in ("$defs", "default")}, schema)
        return {k: _plain(v, schema) for k, v in value.items() if k not in WORDS or k == "required"}
    return [_plain(one, schema) for one in value] if isinstance(value, list) else value


# what commands leave


def look_at_files(folder):
    """Return, for each command, its files, the columns of tables, and the form of what is JSON, on stdout too."""
    (folder / "tiny.toml").write_text(SWEEP, encoding="utf-8")
    found = {}
    for name, words in (LEAVES | PRINTS).items():
        here = [folder / word if word in ("tiny.toml", "sweep", "mine.toml") and k else word for k, word in enumerate(words)]
        out = ["--out", folder / name] if name in LEAVES else []
        status, text = perform(*here, *out, "--quiet", "--json")
        assert status == 0, name
        found[name] = {"(stdout)": shape(json.loads(text))}
        if out:
            found[name] |= {
                str(path.relative_to(folder / name)): _file(path) for path in sorted((folder / name).rglob("*")) if path.is_file()
            }
    return found


def _file(path):
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return next(csv.reader(file))
    return shape(json.loads(path.read_text(encoding="utf-8"))) if path.suffix == ".json" else "there"


def shape(value):
    """Return the types of JSON, recursively: of a list what its elements may be, of a number whether it can be none."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [json.loads(one) for one in sorted({json.dumps(shape(one), sort_keys=True) for one in value})] or EMPTY
    if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return "number or null"
    return {bool: "truth", str: "text"}[type(value)]


# exit statuses


def look_at_exits(folder):
    """Return the exit status of each command line that is tried."""
    for name, text in BAD.items():
        (folder / name).write_text(text, encoding="utf-8")
    before = Path.cwd()
    os.chdir(folder)
    try:
        return {line: perform(*line.split(), *([] if "--help" in line else ["--quiet"]))[0] for line in TRIED}
    finally:
        os.chdir(before)


# public names


def look_at_names(_folder):
    """Return the names that `sim` gives, with signatures and fields."""
    history = sim.simulate(sim.load_scenario(members=30, warm_up=2, days=3), 1, events=True)
    value = type(next(iter(history.measures.values())))
    given = {name: getattr(sim, name) for name in sim.__all__}
    tables = ("measures", "levels", "daily", "members", "ties", "events", "intents")
    return {
        "all": sorted(sim.__all__),
        "functions": {name: _signature(one) for name, one in given.items() if callable(one) and not inspect.isclass(one)},
        "methods": {name: _methods(one) for name, one in given.items() if inspect.isclass(one)},
        "bases": {"BadInput": [base.__name__ for base in sim.BadInput.__mro__[1:]]},
        "History": {field.name: str(field.type) for field in dataclasses.fields(sim.History)},
        "Value": list(value._fields),
        "tables": {name: _columns(history.to_pandas(name)) for name in tables},
        "measures": {name: _measure(one) for name, one in sim.MEASURES.items()},
        "command": callable(main()),
    }


def _methods(cls):
    """Return the signatures of a class and of the public methods that it defines itself; of a member those of decisions."""
    wanted = ("choose_purpose", "choose_partner", "choose_button", "compose", "decide_reply", "decide_invitation")
    own = {name: found for name, found in vars(cls).items() if not name.startswith("_") and callable(getattr(cls, name))}
    if cls is sim.Member:
        own = {name: own[name] for name in wanted}
    if cls is sim.OutreachModel:
        own = {name: own[name] for name in ("step", "run", "history", "close")}
        own["(new)"] = cls.__init__
    return {name: _signature(one if name == "(new)" else getattr(cls, name)) for name, one in own.items() if not inspect.isclass(one)}


def _signature(function):
    """Return how a function is called; of a class named in it not the module."""
    return re.sub(r"<class '(?:\w+\.)*(\w+)'>", r"<class '\1'>", str(inspect.signature(function)))


def _columns(table):
    return {column: str(kind) if kind.kind in "iufb" else "text" for column, kind in table.dtypes.items()}


def _measure(one):
    """Return what a measure says of itself, its texts left out."""
    facts = ("name", "group", "unit", "role", "direction", "smallest_effect", "window", "primary", "scale")
    return {name: getattr(one, name) for name in facts} | counted_in(one)


PARTS = {
    "commands": look_at_commands,
    "keys": look_at_keys,
    "files": look_at_files,
    "exits": look_at_exits,
    "names": look_at_names,
}


# differences


def differences(was, now, where):
    """Yield (place, what is there now as JSON) for each difference, where it is largest: a table that is gone is one.

    What is new breaks nobody: a key, an option, a column or a name beside those that were there, in their order, is no difference.
    """
    if isinstance(was, dict) and isinstance(now, dict):
        for key in sorted(was):
            place = f"{where}/{key}"
            if key not in now:
                yield place, GONE
            else:
                yield from differences(was[key], now[key], place)
    elif isinstance(was, list) and isinstance(now, list) and (EMPTY in (was, now) or is_within(was, now)):
        return
    elif was != now:
        yield where, as_text(now)


def at(table, place):
    """Return what stands at a place, such as "scenario/reply.base", in nested tables, whose keys may hold a slash; GONE for nothing."""
    if isinstance(table, dict):
        if place in table:
            return table[place]
        for key in table:
            if place.startswith(f"{key}/") and (found := at(table[key], place.removeprefix(f"{key}/"))) != GONE:
                return found
    return GONE


def is_within(was, now):
    """Tell whether all of a list is still there, in its order."""
    rest = iter(now)
    return all(any(one == other for other in rest) for one in was)


def as_text(value):
    """Return a value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
