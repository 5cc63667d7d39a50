"""README.md and ODD.md say what is so: commands and snippets run, names exist, no statement is left out."""

from __future__ import annotations

import ast
import fnmatch
import itertools
import re
import shlex
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from experiments import gallery
from experiments.cli import main as cli
from experiments.documents import FENCE, NAMED, examples, named_files, printed, with_marked
from sim.results.measures import MEASURES
from sim.scenario.fields import SOURCE_KINDS
from sim.scenario.library import list_designs, list_moderations, list_styles
from sim.scenario.parameters import SECTIONS
from sim.scenario.presets import Design, Moderation, Style
from sim.scenario.scenario import load_scenario
from tests.helpers.light import light
from tests.helpers.logs import write_log

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ODD = (ROOT / "sim" / "ODD.md").read_text(encoding="utf-8")
CALIBRATION = (ROOT / "experiments" / "inference" / "CALIBRATION.md").read_text(encoding="utf-8")
DOCUMENTS = {"README.md": README, "ODD.md": ODD, "CALIBRATION.md": CALIBRATION}

FUNCTION = re.compile(r"`([\w/]+\.py):(\w+)`")
PATH = re.compile(r"`((?:sim|experiments|tests|results)/[\w/.-]+)`")

# The fifteen lists of the article that the model is about, with the numbers that its statements bear there.
STATEMENTS = {
    "Differences between messaging and connecting": "abc",
    "Why a Message button": range(1, 4),
    "Benefits of messaging first": range(1, 6),
    "Downsides of messaging first": (1, 2, 4, 5),
    "Best practices for messages": range(1, 8),
    "Next steps after messages": range(1, 7),
    "Pros of connecting afterwards": range(1, 6),
    "Cons of connecting afterwards": range(1, 6),
    "Connecting appropriately": range(1, 6),
    "Etiquette": range(1, 9),
    "Rules on messages": range(1, 9),
    "After breaking a rule": range(1, 9),
    "Why connecting still matters": range(1, 7),
    "Asking to connect": range(1, 9),
    "Common concerns": range(1, 7),
    "Staying professional": range(1, 9),
}

# Options that make a shown command small. The last one counts where an option stands twice.
FEW = "--members 40 --warm-up 4 --days 65"
SMALL = {
    "compare": f"{FEW} --pairs 2 --max-pairs 2 --workers 1 --quiet",
    "run": f"{FEW} --quiet",
    "run --resume": "--quiet",
    "article": "--members 60 --pairs 2 --workers 1 --quiet",
    "describe": "--draws 20 --quiet",
    "calibrate": "--members 60 --draws 64 --keep 4 --parameters reply.base population.session_rate_mean --workers 1 --quiet",
    "calibrate --dry-run": "--members 60 --draws 74 --workers 1 --quiet",
    "calibrate --screen": "--members 60 --draws 64 --workers 1 --quiet",
    "calibrate --check": "--members 60 --quiet",
    "sweep": "--workers 1 --quiet",
    "sweep --extend": "--points 22 --workers 1 --quiet",
    "regions": "--quiet",
    "sensitivity": f"{FEW} --budget 0.05 --workers 1 --quiet",
    "pareto": f"{FEW} --budget 0.05 --workers 1 --quiet",
    "tipping": f"{FEW} --budget 0.05 --workers 1 --quiet",
    "scale": f"{FEW} --sizes 20,30,40,50 --budget 0.05 --workers 1 --quiet",
    "abtest": "--members 40 --warm-up 4 --replicates 2 --tests 2 --workers 1 --quiet",
}
# What makes a shown sweep small: it has no options for it, since all of it stands in its file.
SMALL_SWEEP = {
    "members = 500": "members = 40\nwarm_up = 4",
    "days = 75": "days = 65",
    "points = 64": "points = 20",
    "pairs = 2": "pairs = 1",
}
# Packages without which a command says how to install them.
EXTRAS = {
    "calibrate": ("sklearn", "SALib"),
    "regions": ("sklearn", "SALib", "ema_workbench"),
    "sensitivity": ("SALib", "sklearn"),
    "pareto": ("pymoo",),
}
# Commands that end with 1 where what they found is not to be trusted, as it is not where they are small.
DOUBTING = ("calibrate", "validate")
FITTED = "results/fitted"  # the folder of the shown calibration to a log
# Words of shown commands that take long, or that are like a quick one: a comparison, made small, is the same for any size it asks for.
SLOW = ("--explain", "sensitivity", "pareto", "tipping", "rules", "results/mine", "results/three", FITTED)
# What each command must print, in order; lines that a document shows below a command are checked besides.
PRINTS = {
    "compare": ["change against", "Goals and guardrails", "Intent success", "The report: "],
    "compare --dry-run": [" runs of ", "From a pilot of ", "the minimum detectable effects of ", "Intent success: "],
    "article": [": "],
    "article --dry-run": [" different runs a pair, 2 pairs: ", " that is about "],
    "run": [", seed 1", "Intent success", "The files: "],
    "run --dry-run": ["1 run of 69 days with 40 members, about ", "A pilot with 40 members"],
    "run --resume": [", seed 1", "Intent success", "The files: "],
    "show": ["━"],
    "check": [],
    "new": [],
    "describe": ["What it shows", "The targets: figures.toml"],
    "validate": ["Parts of the log"],
    "calibrate": ["worlds", "The report: "],
    "calibrate --check": ["Calibration", "targets are met"],
    "calibrate --screen": [" runs of ", "64 draws of ", "each looked at for the figures, and under either arm"],
    "calibrate --dry-run": [" runs of ", "That is a bank of 74 draws of "],
    "sweep": ["Over 20 points, message-first against connect-first", "The difference ranges from", "The report: "],
    "sweep --dry-run": ["20 points with 1 pairs of 2 arms", " runs of "],
    "sweep --extend": ["Over 22 points", "The report: "],
    "sweep --status": ["20 points with 1 pairs: 40 of 40 runs are there"],
    "regions --dry-run": ["The sweep ", " runs", "The map is computed"],
    "sensitivity --dry-run": [" runs of ", "From a pilot of ", "the method needs "],
    "pareto --dry-run": [" runs of ", "From a pilot of ", "the method needs "],
    "tipping --dry-run": [" runs of ", "From a pilot of ", "the method needs "],
    "regions": ["Over the swept space, message-first", "The report: "],
    "sensitivity": ["The report: "],
    "pareto": ["The report: "],
    "tipping": ["The report: "],
    "scale": ["The report: "],
    "scale --dry-run": [" runs of ", "Pairs by members: ", "From a pilot of "],
    "abtest": ["Randomised by ", "The report: "],
    "abtest --dry-run": ["About ", "bias: "],
}


def section(title):
    """Return the part of ODD.md below a heading of the third level."""
    return re.search(rf"^### {re.escape(title)}\n(.*?)(?=^##|\Z)", ODD, re.MULTILINE | re.DOTALL)[1]


def rows(text):
    """Return the cells of a table's rows, without head and rule."""
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def known_names():
    """Return every name that a statement may rest on, other than functions."""
    tables = {**SECTIONS, "style": Style, "design": Design, "moderation": Moderation}
    numbers = {f"{table}.{name}" for table, model in tables.items() for name in model.model_fields}
    return numbers | set(MEASURES) | set(list_styles()) | set(list_designs()) | set(list_moderations())


def functions_of(path):
    """Return the functions and methods that a file defines."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}


# ODD.md


def test_every_function_named_in_the_documents_exists():
    named = [pair for text in DOCUMENTS.values() for pair in FUNCTION.findall(text)]
    assert len(named) > 50
    missing = [f"{path}:{name}" for path, name in named if not (ROOT / path).is_file() or name not in functions_of(path)]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_named_exists(document):
    # results/ holds what commands make, so it is not there in a clone, but for the gallery.
    paths = [path for path in PATH.findall(DOCUMENTS[document]) if not path.startswith("results/")]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_decision_and_phase_has_its_place_in_odd():
    by_function, by_path = {path for path, _ in FUNCTION.findall(ODD)}, set(PATH.findall(ODD))
    for folder in ("decisions", "columnar/phases"):
        files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "sim" / folder).glob("*.py") if path.name != "__init__.py"}
        for path in files:
            assert path in (by_function if functions_of(path) else by_path)  # codes and constants have no formula to name


def test_every_number_named_in_odd_exists():
    known = known_names()
    named = set(re.findall(r"`((?:" + "|".join([*SECTIONS, "style", "design", "moderation"]) + r")\.[\w*]+)`", ODD))
    assert len(named) > 100
    assert {name for name in named if not fnmatch.filter(known, name)} == set()


def test_the_statements_are_ninety_two_and_three():
    assert sum(len(numbers) for numbers in STATEMENTS.values()) == 95
    headings = re.findall(r"^### (.+)$", ODD[ODD.index("## 8.") : ODD.index("## 9.")], re.MULTILINE)
    assert headings == list(STATEMENTS)


@pytest.mark.parametrize("title", STATEMENTS)
def test_each_statement_has_a_mechanism_or_a_reason(title):
    found = rows(section(title))
    assert [row[0] for row in found] == [str(number) for number in STATEMENTS[title]]
    known = known_names()
    for _, statement, mechanism in found:
        assert len(statement) > 8
        names = re.findall(r"`([^`]+)`", mechanism)
        real = [name for name in names if name in known or FUNCTION.fullmatch(f"`{name}`")]
        assert names == real
        assert names or ("none" in mechanism and "because" in mechanism)


def test_each_submodel_names_its_function_and_what_it_rests_on():
    submodels = ODD[ODD.index("## 7.") : ODD.index("## 8.")]
    tables = re.split(r"^### .+$", submodels, flags=re.MULTILINE)[1:]
    found = [row for table in tables for row in rows(table)]
    assert len(found) > 25
    for name, function, words, source in found:
        assert FUNCTION.search(function), name
        assert len(words) > 20, name
        assert re.search(rf"assumption: because|(?:{'|'.join(SOURCE_KINDS)}): ", source), name


def test_the_calibration_table_has_its_place():
    start, end = "<!-- calibration -->", "<!-- /calibration -->"
    assert ODD.count(start) == ODD.count(end) == 1
    assert "| pattern | wanted | got | missed by | out of | unit | source |" in ODD[ODD.index(start) : ODD.index(end)]


def test_odd_order():
    headings = re.findall(r"^## \d+\. (.+)$", ODD, re.MULTILINE)
    assert headings == [
        "Purpose and patterns",
        "Entities, state variables, scales",
        "Process overview and scheduling",
        "Design concepts",
        "Initialization",
        "Input data",
        "Submodels",
        "The article's statements",
        "Modelling choices",
    ]


# README.md


def commands(text):
    """Return the commands of all shell blocks, a line each."""
    return [line for kind, block in FENCE.findall(text) if kind == "sh" for line in block.strip().splitlines()]


def make_files(folder):
    """Write the files that README.md shows by name."""
    for name, text in named_files(README).items():
        if "[sweep]" in text:
            for large, few in SMALL_SWEEP.items():
                assert large in text
                text = text.replace(large, few)  # noqa: PLW2901  (one replacement after another)
        (folder / name).write_text(text, encoding="utf-8")


FIRSTCONTACT = [line for text in DOCUMENTS.values() for line in commands(text) if line.startswith("firstcontact ")]


def test_every_shell_command_is_of_a_kind_that_is_tested():
    lines = [line for text in DOCUMENTS.values() for line in commands(text)]
    assert len(lines) > 10
    others = [line for line in lines if not line.startswith(("firstcontact ", "make "))]
    assert others == ["pip install ."]  # test_packaging.py installs the wheel


def test_every_block_is_of_a_kind_that_is_tested():
    kinds = {kind for text in DOCUMENTS.values() for kind, _ in FENCE.findall(text)}
    assert kinds <= {"sh", "text", "toml", "csv", "python"}
    named = [body for _, body in NAMED.findall(README)]
    assert [body for kind, body in FENCE.findall(README) if kind in ("toml", "csv") or body in named] == named
    assert {name.rpartition(".")[2] for name in named_files(README)} == {"toml", "csv", "py"}


def test_every_make_target_named_exists():
    named = {name for text in DOCUMENTS.values() for name in re.findall(r"(?:`|^)make (\w+)", text, re.MULTILINE)}
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert "compare" in named
    assert named <= targets


@pytest.fixture
def small(monkeypatch, tmp_path, light_commands):
    """Return a folder with the files that README.md shows, where calibrations and explanations are small."""
    from experiments.calibration import run, runs, targets
    from experiments.comparison import explain, forecast

    make_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(runs.gather, "__defaults__", ((1,),))
    monkeypatch.setattr(targets, "DAYS", 65)
    monkeypatch.setattr(run, "ODD", tmp_path / "none.md")  # the real table stays
    monkeypatch.setattr(explain, "EXPLAIN_PAIRS", 2)
    monkeypatch.setattr(forecast, "PILOT_PAIRS", 2)
    return tmp_path


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Return the folder of the shown sweep, small and finished, for commands that go on from one."""
    folder = tmp_path_factory.mktemp("finished")
    make_files(folder)
    with light():
        line = next(line for line in FIRSTCONTACT if line.startswith("firstcontact sweep ") and "--out" in line)
        file = folder / shlex.split(line)[2]
        assert cli.perform(["sweep", str(file), "--quiet", "--out", str(folder / "out")]) == 0
    return folder / "out"


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory):
    """Return the folder of a small run, as an interruption leaves it."""
    folder = tmp_path_factory.mktemp("interrupted") / "out"
    assert cli.perform(["run", *shlex.split(SMALL["run"]), "--out", str(folder)]) == 0
    (folder / "provenance.json").unlink()
    return folder


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    """Return the folder of the shown calibration to a log, small, for commands that ask its worlds."""
    folder = tmp_path_factory.mktemp("fitted")
    write_log(folder / "log.csv")
    with pytest.MonkeyPatch.context() as patch, light():
        patch.chdir(folder)
        line = next(line for line in FIRSTCONTACT if line.startswith("firstcontact calibrate ") and FITTED in line)
        assert cli.perform(reduced(line)) in (0, 1)
    return folder / FITTED


def kind_of(arguments):
    """Return what a command is listed by in the tables above: its name, or its name and an option that changes all."""
    found = [f"{arguments[0]} {word}" for word in arguments if f"{arguments[0]} {word}" in PRINTS]
    return found[0] if found else arguments[0]


def read_by(arguments):
    """Return the folder of a finished sweep, or of an interrupted run, that a command goes on from, or None."""
    if arguments[0] == "regions":
        return arguments[1]
    return next((there for word, there in itertools.pairwise(arguments) if word in ("--extend", "--resume", "--status")), None)


def reduced(line):
    """Return the arguments of a shown command with what makes it small."""
    words = shlex.split(line)[1:]
    extra = SMALL.get(kind_of(words), SMALL.get(words[0], ""))
    if "--network" in words:
        extra = extra.replace("--members 40", "")
    return [*words, *shlex.split(extra)]


def marked(line):
    return pytest.param(line, marks=[pytest.mark.slow] if set(SLOW) & set(line.split()) else [], id=line)


@pytest.mark.parametrize("line", [marked(line) for line in FIRSTCONTACT])
def test_a_shown_command_runs_and_prints_what_it_should(line, small, capsys, request):
    arguments = reduced(line)
    missing = [package for package in EXTRAS.get(arguments[0], ()) if find_spec(package) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    if (there := read_by(arguments)) is not None:
        shutil.copytree(request.getfixturevalue("interrupted" if arguments[0] == "run" else "finished"), small / there)
        capsys.readouterr()
    if "log.csv" in arguments:
        write_log(small / "log.csv")  # the one that is shown is too short
    if FITTED in arguments and "--out" not in line.split(FITTED)[0]:
        shutil.copytree(request.getfixturevalue("fitted"), small / FITTED)
        capsys.readouterr()
    status = cli.perform(arguments)
    assert status == 0 or (kind_of(arguments) in DOUBTING and status == 1), capsys.readouterr().err
    out = capsys.readouterr().out
    place = 0
    for words in PRINTS[kind_of(arguments)]:
        assert words in out[place:], out
        place = out.index(words, place) + len(words)
    if "--out" in arguments:
        out = small / arguments[arguments.index("--out") + 1]
        left = {path.name for path in out.iterdir()} if out.is_dir() else {out.name}
        assert promised(arguments[0], arguments) <= left, left
    if arguments[0] == "new":
        load_scenario(small / arguments[1])


def promised(command, arguments):
    """Return the files that README.md says a command leaves."""
    if command == "describe":
        return {Path(arguments[arguments.index("--out") + 1]).name}
    if command not in ("compare", "run"):
        return {"plan.json", "provenance.json"}
    text = re.search(r"^## Output files\n(.*?)^## ", README, re.MULTILINE | re.DOTALL)[1]
    of_compare, of_run = text.split("`run` writes")
    names = re.findall(r"`([\w.]+\.\w+|figures/)`", of_compare if command == "compare" else of_run.split("\n\n")[0])
    return {name.rstrip("/") for name in names} - ({"events.csv", "intents.csv"} if "--events" not in arguments else set())


def test_make_compare_is_the_command_of_the_first_screen():
    steps = subprocess.run(["make", "-n", "compare"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout
    assert "firstcontact compare --until precise" in steps


EXAMPLES = list(examples(README))


def test_every_snippet_shows_what_it_prints():
    files = named_files(README).values()
    blocks = sum(kind == "python" and body not in files for text in DOCUMENTS.values() for kind, body in FENCE.findall(text))
    assert sum(example.language == "python" for example in EXAMPLES) == blocks > 1


def test_every_output_block_belongs_to_an_example():
    assert len(EXAMPLES) == sum(kind == "text" for kind, _ in FENCE.findall(README)) > 2


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(e, id=e.code.splitlines()[-1], marks=[pytest.mark.slow] if e.language == "sh" or "fc.compare" in e.code else [])
        for e in EXAMPLES
    ],
)
def test_an_output_block_is_what_its_example_prints_digit_by_digit(example):
    assert printed(example, named_files(README)) == example.shown, "`make readme` makes the blocks again"


@pytest.mark.parametrize("marker", gallery.SAYINGS)
def test_a_marked_block_is_what_the_gallery_says_digit_by_digit(marker):
    assert with_marked(README, marker, gallery.SAYINGS[marker]()) == README, "`make readme` makes the blocks again"


def test_times_stand_in_blocks_that_are_exempt():
    """Each machine has its own: nothing checks them, so nothing else may state one."""
    assert README.count("<!-- times -->") == README.count("<!-- /times -->") > 1
    assert re.findall(r"\b(?:\d+|an?|few) (?:seconds?|minutes?|hours?)\b", with_marked(README, "times", "")) == []


def test_the_mesa_snippet_is_ten_lines_and_overrides_a_decision_that_matters():
    code, shown = next((e.code, e.shown) for e in EXAMPLES if "OutreachModel" in e.code)
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    methods = set(re.findall(r"`(\w+)`", re.search(r"^Decisions: (.*?)\. ", README, re.MULTILINE | re.DOTALL)[1]))
    assert {"decide_invitation", "choose_button"} < methods
    assert methods <= functions_of("sim/agents/member.py")
    usual, welcoming = (float(line.split()[-1]) for line in shown.splitlines())
    assert welcoming > usual


def test_the_picture_and_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)]+)\)", README):
        if not target.startswith("https://"):
            assert (ROOT / target).exists(), target


def test_the_answer_has_its_place():
    assert README.index("<!-- answer -->") < README.index("<!-- /answer -->") < README.index("## Install")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_path_outside_the_project(document):
    assert re.findall(r"(?:^|[\s`(])(?:\.\./|~/|/(?:home|tmp|root|usr|work)\b)", DOCUMENTS[document]) == []
