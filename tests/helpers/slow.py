"""A study whose pairs take time by a clock of its own."""

from __future__ import annotations

import dataclasses

from experiments.runs.record import Record


@dataclasses.dataclass
class Slow:
    """A study of pairs that take their time by a clock, which nothing but them moves; the difference falls with reply.base, and is 0 at -2.5."""

    seconds: float
    now: float = 0.0
    ran: int = 0
    slots: int = 2
    numbers: list[int] = dataclasses.field(default_factory=list)  # of the points, which give them their seeds

    def clock(self):
        return self.now

    def evaluate(self, points, pairs, progress):
        out = []
        for point in points:
            self.now += self.seconds
            self.ran += pairs
            self.numbers.append(point.number)
            d = -0.1 * (point.values["reply.base"] + 2.5) + 0.001 * (point.number % 3 - 1)
            out.append([{"connect_first": record(0.0), "message_first": record(d)}])
        progress(len(points), len(points))
        return out


def record(x):
    return Record({"intent_success": (None, None, x)}, {}, {})
