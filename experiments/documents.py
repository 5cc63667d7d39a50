"""README's output blocks, made by running what stands above them, and its marked blocks, taken from the committed gallery.

A `text` block shows all that the last command of the `sh` block before it prints, or the `python` block before it. Files
that README shows by name, TOML, CSV or Python, are there when they run. Marked blocks stand between `<!-- name -->` and `<!-- /name -->`;
`times` is one that nothing checks, since each machine has its own.
"""

from __future__ import annotations

import itertools
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HOME = Path(__file__).parent.parent
README = HOME / "README.md"

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"^`([\w.-]+\.(?:toml|csv|py))`, (?:an? |two )[^\n]*:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    """A command or a Python snippet with what a document shows below it."""

    language: str  # "sh" or "python"
    code: str
    shown: str
    start: int  # where `shown` begins in the document
    end: int


def examples(text: str) -> Iterator[Example]:
    """Give each example of a document whose output is shown."""
    for block, after in itertools.pairwise(FENCE.finditer(text)):
        if block[1] in ("sh", "python") and after[1] == "text":
            code = block[2].splitlines()[-1] if block[1] == "sh" else block[2]
            yield Example(language=block[1], code=code, shown=after[2], start=after.start(2), end=after.end(2))


def named_files(text: str) -> dict[str, str]:
    """Return the files that a document shows by name, with what is in them."""
    return dict(NAMED.findall(text))


def printed(example: Example, files: dict[str, str]) -> str:
    """Run an example in a folder with these files and return what it prints, without blanks at the ends of lines.

    Raises:
        subprocess.CalledProcessError: if it fails.
    """
    python = [sys.executable, "-c", example.code]
    command = [sys.executable, "-m", "experiments.cli", *shlex.split(example.code)[1:]] if example.language == "sh" else python
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HOME), os.environ.get("PYTHONPATH", "")])}
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_text(content, encoding="utf-8")
        done = subprocess.run(  # noqa: S603  (the commands of our own README)
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, check=True, encoding="utf-8"
        )
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines()) + "\n"


def remade(text: str) -> str:
    """Return a document whose output blocks show what their examples print now."""
    files = named_files(text)
    for example in reversed(list(examples(text))):
        text = text[: example.start] + printed(example, files) + text[example.end :]
    return text


def with_marked(text: str, marker: str, content: str) -> str:
    """Return a document with this content between the markers of that name."""
    pattern = rf"^( *)(<!-- {marker} -->).*?(<!-- /{marker} -->)"
    return re.sub(pattern, lambda m: f"{m[1]}{m[2]}\n{content}\n{m[1]}{m[3]}", text, flags=re.DOTALL | re.MULTILINE)
