"""Print every measure of a folder as it is there and as it is counted again; leave with 1 if they differ."""

from __future__ import annotations

import sys

from tests.recount.measures import differences, recounted
from tests.recount.record import Record

if __name__ == "__main__":
    record = Record(sys.argv[1])
    for name, again in recounted(record).items():
        there = record.measures.get(name)
        print(
            name, *((there[part], now) for part, now in zip(("numerator", "denominator", "value"), again, strict=True)) if there else ["-"]
        )
    lines = differences(record)
    print(*lines, sep="\n")
    sys.exit(bool(lines))
