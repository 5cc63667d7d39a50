"""What a run leaves, by name and as it is shown, from a final state made by hand."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim import MEASURES, BadInput
from sim.results.history import _read_only, tie_rows
from sim.results.values import Value
from tests.helpers.final_states import SCENARIO, STYLES, events, final_state, history, intents


def test_the_history_says_what_was_run():
    found = history()
    assert (found.scenario, found.seed, found.population_seed, found.design) == (SCENARIO, 7, 8, SCENARIO.design)
    assert (found.timings, found.delays[2], found.events) == ({"run": 1.5}, 9, None)
    assert found.raw_daily["replies"][7] == 2
    assert found.daily["replies"][7] == 0.5  # two by four members
    assert found.shape.degrees.tolist() == [2.0, 2.0, 2.0]


def test_ties_are_the_pairs_that_are_connected():
    assert len(tie_rows(final_state())) == 3
    state = final_state()
    assert len(tie_rows(state._replace(pairs=state.pairs[:3]))) == 3


def test_tables_by_name():
    found = history()
    share = found.to_pandas("measures").set_index("measure").loc["unwelcome_share"]
    assert (share.group, share.numerator, share.denominator, share["value"]) == ("spam load", 3.0, 12.0, 0.25)
    levels = found.to_pandas("levels").set_index(["dimension", "level", "measure"])
    assert levels.loc["style", STYLES[1], "unwelcome_share"].tolist() == [3.0, 12.0, 0.25]
    assert found.levels["inbox", "high", "unwelcome_share"] == Value(3.0, 12.0, 0.25)
    assert found.levels["selectivity", "middle", "unwelcome_share"] == Value(3.0, 12.0, 0.25)
    assert ("selectivity", "high", "unwelcome_share") not in found.levels
    assert [len(found.to_pandas(name)) for name in ("daily", "members", "ties")] == [80, 4, 3]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("events", "`events` must be kept to be shown: pass events=True to the run"),
        ("intents", "`intents` must be kept to be shown: pass events=True to the run"),
        ("tie", "`name` must be one of measures, levels, daily, members, ties, events, intents (got 'tie'; did you mean 'ties'?)"),
        (None, "`name` must be one of measures, levels, daily, members, ties, events, intents (got nothing)"),
    ],
)
def test_a_table_that_is_not_there_says_what_to_pass(name, line):
    for kind in (BadInput, KeyError):
        with pytest.raises(kind) as caught:
            history().to_pandas(name)
        assert str(caught.value) == line


def test_what_nobody_may_write_to_stays_so_once_a_measure_of_ones_own_is_done():
    def arrays():
        return SimpleNamespace(members=np.zeros(1), ties=np.zeros(1), counts=np.zeros(1), there=np.zeros(1), active=np.zeros(1))

    run = SimpleNamespace(**vars(arrays()), strengths=np.zeros(1), shape=(np.zeros(1), 0.5), state=final_state())
    run.ties.setflags(write=False)
    held = (run.members, run.counts, run.there, run.active, run.strengths, run.shape[0], run.state.members, run.state.tally.counts)
    with _read_only(run):
        assert not any(one.flags.writeable for one in (*held, run.ties))
    assert all(one.flags.writeable for one in held)
    assert not run.ties.flags.writeable


def said(value):
    return "undefined" if value is None else f"{value:.4g}"


def test_a_history_is_shown_short_and_in_a_notebook_by_goals_and_guardrails():
    found = history()
    begins = "<History of 'baseline' under message_first, seed 7: 4 members, 3 active at the end, 10 + 70 days, 3 ties"
    assert repr(found) == f"{begins}; intent_success undefined>"
    assert repr(replace(found, measures={"intent_success": Value(1.0, 4.0, 0.25)})) == f"{begins}; intent_success 0.25>"
    assert repr(replace(found, measures={})) == f"{begins}>"  # a run too short to judge an intent
    shown = found._repr_html_()
    for name, measure in MEASURES.items():
        row = f"<td>{name}</td><td>{measure.role}</td><td>{said(found.measures[name].value)}</td>" if name in found.measures else ""
        assert (row in shown) == (measure.role in ("goal", "guardrail") and bool(row)), name
    assert "A&amp;B&lt;i&gt;" in replace(found, design="A&B<i>")._repr_html_()


def test_parquet_has_every_table_as_pandas_has_it(tmp_path):
    pytest.importorskip("pyarrow")
    found = history(kept=(events(), intents()))
    folder = found.to_parquet(tmp_path / "new" / "run")
    names = {"measures", "levels", "daily", "members", "ties", "events", "intents"}
    assert {path.name for path in folder.iterdir()} == {f"{name}.parquet" for name in names}
    for name in names:
        pd.testing.assert_frame_equal(pd.read_parquet(folder / f"{name}.parquet"), found.to_pandas(name), check_dtype=False)
    assert not (history().to_parquet(tmp_path / "alone") / "events.parquet").exists()


def test_parquet_without_its_package_or_a_folder_is_refused_in_a_line(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    if find_spec("pyarrow"):
        with pytest.raises(BadInput, match=r"^`folder` must be a folder that you may write .*file"):
            history().to_parquet(tmp_path / "file")
    monkeypatch.setattr("sim.results.history.find_spec", lambda name: None)
    with pytest.raises(BadInput, match=r"^pyarrow is not installed: pip install 'firstcontact\[parquet\]' installs it$"):
        history().to_parquet(tmp_path)


def test_the_network_has_active_members_and_their_ties():
    graph = history().to_networkx()
    assert sorted(graph) == [0, 1, 3]
    assert graph.nodes[3]["partners"] == 1
    assert type(graph.nodes[3]["partners"]) is int
    assert "id" not in graph.nodes[3]
    assert graph.edges[0, 3] == {"since": 20, "strength": pytest.approx(2.0)}
    assert graph.number_of_edges() == 3


def test_a_history_equals_itself_alone_and_can_be_a_key():
    one = history()
    assert one == one  # noqa: PLR0124  (that is the question)
    assert {one: 1}[one] == 1
    assert one != replace(one)
