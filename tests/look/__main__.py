"""`python -m tests.look [FOLDER ...]`: pictures of the pages in these folders, or of a small page of every command, in build/look."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

from experiments.cli.main import perform
from tests.look.browser import MISSING, VIEWS, browser, chromium, picture

HOME = Path("build") / "look"
SIZE = ["--members", "200", "--warm-up", "20", "--days", "70", "--quiet"]
SWEEP = """name = "small"
arms = ["connect_first", "message_first"]
[with]
members = 150
warm_up = 10
days = 65
[sweep]
sampler = "sobol"
points = 24
pairs = 2
[sweep.parameters]
"design.friction" = [0.0, 4.0]
"reply.base" = [-4.0, -2.0]
"""


FILES = {
    "small.toml": SWEEP,
    "hidden.toml": "primary = 1.0\nfriction = 4.0\n",
    "calm.toml": "primary = 1.0\nmessages_a_day = 1.0\n",
}
UNSURE = 1  # exit status of a calibration that has its page, and whose gates did not pass: of so few draws few do
ARMS = ["connect_first", "message_first", "both_equal", "connect_to_message", "message_credits"]


def write_files(home):
    """Write the files that the commands read."""
    home.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (home / name).write_text(text, encoding="utf-8")


def commands(home):
    """Return what makes a small page, by name, from the files in this folder."""
    return {
        "run": ["run", *SIZE],
        "compare": ["compare", *SIZE, "--pairs", "6", "--explain"],
        "arms": ["compare", *SIZE, "--pairs", "4", "--arms", *ARMS],
        "seven": ["compare", *SIZE, "--pairs", "4", "--arms", *ARMS, str(home / "hidden.toml"), str(home / "calm.toml")],
        "sweep": ["sweep", str(home / "small.toml"), "--quiet"],
        "regions": ["regions", str(home / "sweep"), "--quiet"],
        "sensitivity": ["sensitivity", *SIZE, "--parameters", "design.friction", "reply.base", "invitation.base", "--budget", "0.5"],
        "tipping": ["tipping", "reply.base", *SIZE, "--range", "-4", "-1", "--budget", "0.5"],
        "pareto": ["pareto", *SIZE, "--budget", "1"],
        "scale": ["scale", *SIZE[2:], "--sizes", "100,150,200,300", "--pairs", "5", "--budget", "0.5"],
        "calibrate": ["calibrate", "--members", "400", "--draws", "128", "--keep", "12", "--quiet"],
        "worlds": ["compare", *SIZE, "--pairs", "4", "--draws", str(home / "calibrate"), "--worlds", "6"],
        "abtest": ["abtest", *SIZE, "--replicates", "3", "--tests", "2"],
        "article": ["article", "--heading", "rules", "--pairs", "3", "--members", "60", "--quiet"],
    }


def make_pages(home):
    """Run every command, in folders of its own; return those that have a page."""
    write_files(home)
    folders = []
    for name, words in commands(home).items():
        started = time.monotonic()
        if perform([*words, "--out", str(home / name)]) not in (0, UNSURE if words[0] == "calibrate" else 0):
            sys.exit(f"{' '.join(words)} failed")
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
        folders.append(home / name)
    return folders


def main():
    """Picture pages; say so and do nothing where there is no browser."""
    if chromium() is None:
        print(f"Nothing is pictured: {MISSING}.")
        return
    if not sys.argv[1:]:
        shutil.rmtree(HOME, ignore_errors=True)
    folders = [Path(word) for word in sys.argv[1:]] or make_pages(HOME / "pages")
    pages = [path for folder in folders for path in sorted(folder.glob("*.html"))]
    with browser() as running:
        for path in pages:
            for view in VIEWS:
                target = HOME / f"{path.parent.name}-{view.name}.png"
                picture(running, path, view, target)
                print(target, flush=True)


if __name__ == "__main__":
    main()
