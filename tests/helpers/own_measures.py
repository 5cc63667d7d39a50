"""What tests of measures of one's own share: a small run made by hand, cells of a notebook, files with measures."""

from __future__ import annotations

import linecache
import sys
import textwrap

import numpy as np

from sim import load_scenario
from sim.decisions.codes import Distance, Purpose
from sim.decisions.counters import Counter
from sim.results.finished_run import FinalState, FinishedRun
from sim.results.graph_metrics import shape_of
from sim.state.columns import MEMBER, PAIR, TIE, Names
from sim.state.memory import table
from sim.state.tally import cell, new_tally

SCENARIO = load_scenario("baseline").with_(members=4, warm_up=0, days=70)
COUNTED = {
    (1, Purpose.INQUIRY): {Counter.INTENTS: 8, Counter.SUCCESS: 2, Counter.DELIVERED: 5, Counter.FILTERED: 2},
    (1, Purpose.RELATIONSHIP): {Counter.INTENTS: 2, Counter.SUCCESS: 1, Counter.DELIVERED: 3},
    (2, Purpose.PROMOTION): {Counter.INTENTS: 10, Counter.SUCCESS: 9, Counter.DELIVERED: 1, Counter.FILTERED: 1},
}  # by style and purpose: 9 items delivered, 3 filtered


def state_by_hand():
    """Return the end of a run of four members, of whom the third came after the switch and the last has left."""
    members = table(MEMBER, 4)
    members.at_switch = [1, 1, 0, 1]
    members.style = [0, 0, 1, 1]
    members.got = [10, 20, 99, 6]
    pairs = table(PAIR, 1)
    pairs.lo, pairs.hi, pairs.state, pairs.strength, pairs.touched = 0, 1, TIE, 1.0, SCENARIO.days - 1
    tally = new_tally(len(SCENARIO.style_names), len(SCENARIO.design_names), 0, SCENARIO.days)
    for (style, purpose), counted in COUNTED.items():
        for counter, many in counted.items():
            tally.counts[counter, cell(tally, style, purpose, Distance.STRANGER, 2, 3, 0)] = many
    return FinalState(members, np.array([1, 1, 1, 0], np.int8), np.array([1, 1, 0, 0]), pairs, tally, None, None, Names())


def run_by_hand():
    """Return that run as measures read it."""
    state = state_by_hand()
    return FinishedRun(SCENARIO, state, state.pairs, shape_of(np.array([[0, 1]]), np.array([0, 1, 2])))


class Notebook:
    """Runs cells as a notebook does: in one namespace, called __main__, each with its source where Python looks for it."""

    def __init__(self):
        self.names = {"__name__": "__main__"}
        self.cells = 0

    def run(self, text):
        """Run a cell, and return the namespace."""
        self.cells += 1
        name, text = f"<cell {id(self)} {self.cells}>", textwrap.dedent(text)
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        exec(compile(text, name, "exec"), self.names)  # noqa: S102  (that is what a notebook does)
        return self.names


FILE = """
from sim import Counter, Purpose, measure

FACTOR = {factor}


def times(x):
    return FACTOR * x


@measure(unit="items", definition="Items delivered to the member who had most.", role="guardrail", direction="lower better")
def fullest_inbox(run):
    return times(int(run.members.got.max()))


same_success = measure(
    name="same_success",
    unit="share",
    definition="Intent success again.",
    role="goal",
    direction="higher better",
    numerator=Counter.SUCCESS,
    denominator=Counter.INTENTS,
    purposes=[Purpose.INQUIRY, Purpose.RELATIONSHIP],
)
"""


def measures_file(folder, factor=1, name="mine.py"):
    """Write a file with two measures, and return it."""
    path = folder / name
    path.write_text(FILE.format(factor=factor), encoding="utf-8")
    return path


def forget(module):
    """Take a module away, as if this process had never loaded it."""
    sys.modules.pop(module, None)


def accept_a_run(run):
    """A formula that stands in another file than the measure that is made of it."""
    return float(run is not None)
