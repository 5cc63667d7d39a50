"""Write the goldens anew, by today's program: `python -m tests.goldens.make [histories] [tables] [interface]`."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from sim.arithmetic import fingerprint
from tests.goldens import histories, interface, tables


def main(parts):
    """Write the named parts, or all; whoever writes histories writes tables too, since both are of one arithmetic."""
    if "histories" in parts or "tables" in parts:
        parts = {*parts, "histories", "tables"}
        histories.ARITHMETIC.write_text(fingerprint() + "\n", encoding="utf-8")
    if "histories" in parts:
        for name in histories.SCENARIOS:
            histories.save(name, histories.arrays_of(*histories.by_columns(name)))
    if "tables" in parts:
        for name in tables.ASKED:
            with tempfile.TemporaryDirectory() as folder:
                tables.save(name, tables.left_by(name, Path(folder)))
    if "interface" in parts:
        with tempfile.TemporaryDirectory() as folder:
            found = {}
            for part, look in interface.PARTS.items():
                (Path(folder) / part).mkdir()
                found[part] = look(Path(folder) / part)
        interface.SNAPSHOT.write_text(json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:] or ["histories", "tables", "interface"])
