"""Files and folders of somebody's own that would be imported in place of this program's packages.

Their names are ordinary ones, and what lies beside a script is found first: a `sim.py`, a folder `experiments` for results.
"""

from __future__ import annotations

import sys
from pathlib import Path

MARKS = {"sim": "kernel_cache.py", "experiments": "optional_imports.py"}  # a file that only this program's package has


def hiding(name: str) -> str | None:
    """Return the path of what would be imported under the name of one of our packages, if it is not ours.

    It is looked for as a new process would, whatever this one has imported under the name.
    """
    for finder in sys.meta_path:
        spec = finder.find_spec(name, None) if hasattr(finder, "find_spec") else None
        if spec is not None:
            places = list(spec.submodule_search_locations or [])
            ours = any((Path(place) / MARKS[name]).is_file() for place in places)
            return None if ours else str(Path(places[0] if spec.origin is None else spec.origin).absolute())
    return None


def refuse(*names: str) -> None:
    """Refuse to go on where one of our packages is hidden.

    Raises:
        ImportError: in one line that names what hides it.
    """
    for name in names:
        path = hiding(name)
        if path is not None:
            raise ImportError(
                f"{path} must have another name or place: it hides the package `{name}` of First Contact", name=name, path=path
            )
