"""All trials, one after the other: `python -m tests.soak`, or `make soak`; in the end the minutes of each."""

from __future__ import annotations

import subprocess
import sys
import time

from tests.soak.harness import say

TRIALS = ("fuzz", "kills", "long_runs", "damage", "mutants")


def main() -> int:
    """Run all trials; return 1 if any of them found something."""
    minutes, failed = {}, []
    for name in TRIALS:
        started = time.monotonic()
        if subprocess.run([sys.executable, "-m", f"tests.soak.{name}"], check=False).returncode != 0:
            failed.append(name)
        minutes[name] = (time.monotonic() - started) / 60.0
    each = ", ".join(f"{name} {found:.1f}" for name, found in minutes.items())
    say(f"minutes: {each}; in sum {sum(minutes.values()):.1f}" + (f"; something is wrong in {' and '.join(failed)}" if failed else ""))
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
