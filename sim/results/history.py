"""What a run leaves: measures, levels, daily figures, members, ties and, on request, every item and intent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.decisions.counters import DAILY
from sim.errors import BadInput, must, nearest
from sim.notebook import html_table
from sim.results.daily import daily_measures
from sim.results.finished_run import FinalState, FinishedRun, dimensions_of
from sim.results.graph_metrics import Shape, shape_of
from sim.results.measures import GOAL, GUARDRAIL, MEASURES, PRIMARY, Catalogue, Measure
from sim.results.tables import event_table, intent_table, member_columns, tie_columns
from sim.results.values import Value
from sim.scenario.validation import plain, shown
from sim.state.columns import TIE, Assignment

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from sim.scenario.scenario import Scenario


ALWAYS, ON_REQUEST = ("measures", "levels", "daily", "members", "ties"), ("events", "intents")


class NoSuchTable(BadInput, KeyError):  # noqa: N818  (as BadInput: it names the input)
    """A table that a history does not have; it says what to pass."""

    __str__ = BadInput.__str__  # a KeyError would show its text in quotes


@dataclass(frozen=True, eq=False)  # arrays have no equality of their own: two are equal if they are one
class History:
    """One run, as `simulate` and `OutreachModel.run` return it. `to_pandas` gives any part as a table.

    Shapes: `measures` has a `Value` (numerator, denominator, value) for each measure whose window fits, in the unit that
    `MEASURES` says; `levels` the same by (dimension, level, measure); `daily` an array of warm_up + days each, by day sent;
    `members` a column of all who were ever there each, `ties` a column of the connections at the horizon each. `events` and
    `intents` have a column each, or are None unless they were asked for.

    >>> from sim import load_scenario, simulate
    >>> history = simulate(load_scenario(members=50, warm_up=2, days=8), seed=3)
    >>> len(history.daily["active"]), len(history.members["id"]) >= 50, history.events
    (10, True, None)
    """

    scenario: Scenario
    seed: int
    population_seed: int
    design: str
    measures: dict[str, Value]
    levels: dict[tuple[str, str, str], Value]
    daily: dict[str, np.ndarray]
    members: dict[str, Any]
    ties: dict[str, np.ndarray]
    events: dict[str, Any] | None
    intents: dict[str, Any] | None
    shape: Shape
    delays: np.ndarray  # answers by days since they were sent
    raw_daily: dict[str, np.ndarray]  # counters by day sent, see `sim.decisions.counters.Daily`
    timings: dict[str, float]
    catalogue: Catalogue = MEASURES  # what each measure is, by name
    assignment: Assignment | None = None  # who had which design, as places in `scenario.design_names`; periods from the switch on

    def __repr__(self) -> str:
        s = self.scenario
        who = f"{len(self.members['id'])} members, {np.count_nonzero(self.members['active'])} active at the end"
        first = f"; {PRIMARY} {_figure(self.measures[PRIMARY])}" if PRIMARY in self.measures else ""
        what = f"'{plain(s.name)}' under {plain(self.design)}, seed {self.seed}"
        return f"<History of {what}: {who}, {s.warm_up} + {s.days} days, {len(self.ties['a'])} ties{first}>"

    def _repr_html_(self) -> str:
        """Return what one would look at first: goals and guardrails with their values."""
        shown_first = [m for m in self.catalogue.values() if m.role in (GOAL, GUARDRAIL) and m.name in self.measures]
        rows = [(m.title, m.name, m.role, _figure(self.measures[m.name]), m.unit) for m in shown_first]
        caption = f"{self.scenario.name} under {self.design}, seed {self.seed}"
        return html_table(caption, rows, ("measure", "name", "role", "value", "unit"))

    def to_networkx(self) -> nx.Graph:
        """Return the network at the horizon: active members with their columns, ties with `since` (day) and `strength`.

        >>> from sim import load_scenario, simulate
        >>> graph = simulate(load_scenario(members=50, warm_up=2, days=8), seed=3).to_networkx()
        >>> sorted(next(iter(graph.edges(data=True)))[2])
        ['since', 'strength']
        """
        import networkx as nx

        graph = nx.Graph()
        names = [name for name in self.members if name != "id"]
        for row, i in enumerate(self.members["id"]):
            if self.members["active"][row]:
                graph.add_node(int(i), **{name: _plain(self.members[name][row]) for name in names})
        columns = zip(*(self.ties[name] for name in ("a", "b", "since", "strength")), strict=True)
        graph.add_edges_from((int(a), int(b), {"since": int(s), "strength": float(x)}) for a, b, s, x in columns)
        return graph

    def to_pandas(self, name: str) -> pd.DataFrame:
        """Return a table: "measures", "levels", "daily", "members", "ties", "events" or "intents".

        A row each: a measure; a measure at a level; a day from 0; a member; a connection; an item; an intent. Days are days
        of the run, -1 for none.

        Raises:
            BadInput: for another name (also a KeyError), and for "events" and "intents" if they were not kept.

        >>> from sim import load_scenario, simulate
        >>> history = simulate(load_scenario(members=50, warm_up=2, days=8), seed=3)
        >>> history.to_pandas("daily").shape
        (10, 18)
        >>> history.to_pandas("events")
        Traceback (most recent call last):
        sim.results.history.NoSuchTable: `events` must be kept to be shown: pass events=True to the run
        """
        import pandas as pd

        if name == "measures":
            rows = [(m, self.catalogue[m].group, *v) for m, v in self.measures.items()]
            return pd.DataFrame(rows, columns=["measure", "group", "numerator", "denominator", "value"])
        if name == "levels":
            cells = [(*key, *v) for key, v in self.levels.items()]
            return pd.DataFrame(cells, columns=["dimension", "level", "measure", "numerator", "denominator", "value"])
        if name not in ALWAYS + ON_REQUEST:
            known = ", ".join(ALWAYS + ON_REQUEST)
            raise NoSuchTable(must("name", f"be one of {known}", shown(name) + nearest(str(name), ALWAYS + ON_REQUEST)))
        columns = getattr(self, name)
        if columns is None:
            raise NoSuchTable(must(name, "be kept to be shown: pass events=True to the run"))
        return pd.DataFrame(columns)

    def to_parquet(self, folder: str | Path) -> Path:
        """Write every table that `to_pandas` gives as `NAME.parquet` and return the folder, which is made if it is missing.

        Raises:
            BadInput: if pyarrow is not installed (it says how to), or the folder cannot be written.

        >>> import tempfile
        >>> from sim import load_scenario, simulate
        >>> history = simulate(load_scenario(members=50, warm_up=2, days=8), seed=3)
        >>> with tempfile.TemporaryDirectory() as folder:  # doctest: +SKIP
        ...     history.to_parquet(folder)
        """
        if find_spec("pyarrow") is None:
            raise BadInput("pyarrow is not installed: pip install 'firstcontact[parquet]' installs it")
        folder = Path(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name in ALWAYS + (ON_REQUEST if self.events is not None else ()):
                self.to_pandas(name).to_parquet(folder / f"{name}.parquet", engine="pyarrow", index=False)
        except OSError as error:
            raise BadInput(must("folder", "be a folder that you may write", f"{folder}: {error.strerror or error}")) from None
        return folder


def _figure(value: Value) -> str:
    """Return a value to look at; a word where nothing was there to measure."""
    return "undefined" if value.value is None else f"{value.value:.4g}"


def _plain(x: Any) -> Any:
    return x.item() if isinstance(x, np.generic) else x


def tie_rows(outcome: FinalState) -> Any:
    """Return the pairs that are connected."""
    tied = (outcome.pairs.state & TIE) != 0
    return outcome.pairs if tied.all() else outcome.pairs[tied]


def make_history(
    scenario: Scenario,
    seed: int,
    population_seed: int,
    outcome: FinalState,
    timings: dict[str, float],
    catalogue: Catalogue = MEASURES,
) -> History:
    """Return the history of a run that has ended as `outcome`, with the measures of a catalogue.

    Raises:
        MeasureFailed: if a measure of one's own raises, or returns what is no value.
    """
    ties = tie_rows(outcome)
    active = np.flatnonzero(outcome.active)
    shape = shape_of(np.column_stack([ties.lo, ties.hi]), active)
    run = FinishedRun(scenario, outcome, ties, shape)
    fit = catalogue.fitting(scenario)[0]
    return History(
        scenario=scenario,
        seed=seed,
        population_seed=population_seed,
        design=scenario.design,
        measures=values(run, fit),
        levels=levels(run, fit),
        daily=daily_measures(outcome.tally),
        members=member_columns(scenario, outcome),
        ties=tie_columns(run),
        events=None if outcome.events is None else event_table(outcome.events, np.arange(len(outcome.events)), scenario),
        intents=None if outcome.intents is None else intent_table(outcome.intents),
        shape=shape,
        delays=outcome.tally.delays,
        raw_daily={name: outcome.tally.daily[k] for k, name in enumerate(DAILY)},
        timings=timings,
        catalogue=catalogue,
        assignment=outcome.assignment,
    )


def values(run: FinishedRun, measures: Sequence[Measure]) -> dict[str, Value]:
    """Return the values of measures by name; formulas of one's own may read the run, not change it. Errors as in `make_history`."""
    found = {one.name: one.computed.whole(run) for one in measures if not one.identity}
    own = [one for one in measures if one.identity]
    if own:
        with _read_only(run):
            found |= {one.name: one.computed.whole(run) for one in own}
    return found


@contextmanager
def _read_only(run: FinishedRun) -> Iterator[None]:
    """Let nobody write to a run's arrays: a formula of one's own that sorts in place would move what others read."""
    state = run.state
    held = (run.members, run.ties, run.counts, run.there, run.active, run.strengths, *run.shape, *state, *state.tally)
    arrays = [one for one in held if isinstance(one, np.ndarray) and one.flags.writeable]
    for one in arrays:
        one.setflags(write=False)
    try:
        yield
    finally:
        for one in reversed(arrays):
            one.setflags(write=True)


def levels(run: FinishedRun, measures: Sequence[Measure]) -> dict[tuple[str, str, str], Value]:
    """Return the values of measures by (dimension, level, measure), where their denominator is not zero."""
    found: dict[tuple[str, str, str], Value] = {}
    for dimension in dimensions_of(run.scenario):
        for k, level in enumerate(dimension.levels):
            for measure in measures:
                value = measure.computed.level(run, dimension, k)
                if value is not None and value.denominator:
                    found[dimension.name, level, measure.name] = value
    return found
