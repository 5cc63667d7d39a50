"""What a run leaves as tables: columns of members, ties and events worked out by hand from a final state made by hand."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim import MEASURES, BadInput, load_scenario
from sim.decisions.codes import Button, Consequence, Distance, Kind, NewTie, Outcome, Purpose, Role, Surface, Violation
from sim.decisions.constants import NO_CREDITS, UNSEEN
from sim.decisions.counters import Counter, Daily
from sim.results.finished_run import FinalState
from sim.results.history import _read_only, make_history, tie_rows
from sim.results.values import Value
from sim.state.columns import EVENT, JUDGED, MEMBER, PAIR, TIE, WEAK, Names
from sim.state.memory import table
from sim.state.tally import cell, new_tally

SCENARIO = load_scenario(members=4, warm_up=10, days=70)  # the last day is 79
STYLES = SCENARIO.style_names


def members():
    m = table(MEMBER, 4)
    m.at_switch, m.style, m.design, m.account = [1, 1, 0, 1], [0, 1, 2, 1], [0, 1, 0, 1], [1, 1, 2, 1]
    m.industry, m.region, m.seniority, m.joined = [0, 1, 3, 1], [2, 0, 0, 1], [4, 3, 2, 1], [-5, -4, 20, -3]
    m.got, m.got_unwelcome, m.read, m.read_unwelcome = [9, 8, 7, 6], [5, 4, 3, 2], [8, 6, 4, 2], [3, 2, 1, 0]
    m.partners, m.intents, m.successes, m.restrictions = [4, 3, 2, 1], [6, 5, 4, 3], [3, 2, 2, 1], [0, 1, 0, 2]
    m.session_rate, m.receptiveness, m.selectivity, m.volume = [0.1, 0.2, 0.3, 0.4], [1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], 1.5
    m.annoyance, m.annoyance_day = [8.0, 8.0, 0.0, 0.0], [79, 65, 0, 0]  # half-life 14 days
    m.load, m.load_day = [4.0, 4.0, 0.0, 0.0], [79, 65, 0, 0]  # half-life 7 days
    m.opted_until = [80, 79, 0, 81]  # closed before that day
    m.quiet, m.visits, m.full_visits, m.prominence = [0, 1, 0, 0], [7, 6, 5, 4], [3, 2, 1, 0], [0.5, 1.0, 1.5, 2.0]
    return m


def pairs():
    p = table(PAIR, 4)
    p.lo, p.hi, p.state = [1, 0, 0, 2], [3, 3, 1, 3], [TIE, TIE, TIE | WEAK, WEAK]
    p.since, p.last, p.exchanges, p.strength, p.touched = (
        [30, 20, 10, 0],
        [40, 50, 60, 0],
        [3, 2, 1, 9],
        [8.0, 4.0, 2.0, 1.0],
        [79, 49, 19, 0],
    )
    return p


def events():
    e = table(EVENT, 2)
    e.day_sent, e.day_delivered, e.day_read, e.day_answered = [0, 4], [0, -30000], [0, -30000], [0, -30000]
    e.sender, e.recipient, e.unwelcome = [0, 1], [1, 2], [1, 0]
    e.kind, e.purpose, e.distance = [Kind.NOTE, Kind.PITCH], [Purpose.INQUIRY, Purpose.PROMOTION], [Distance.STRANGER, Distance.CONNECTED]
    e.outcome = [Outcome.OBLIGED, Outcome.GONE]
    e.role, e.violation, e.unheeded = [Role.APPROACH, Role.NO_ROLE], [Violation.NO_VIOLATION, Violation.PASSWORDS], [0, 1]
    e.reported, e.consequence, e.tie = [0, 1], [Consequence.NOTHING, Consequence.NO_EXCHANGE], [NewTie.CLOSING_TIE, NewTie.NO_TIE]
    e.mutual, e.acquainted, e.surface, e.turn, e.place = [3, 0], [1, 0], [Surface.SUGGESTION, Surface.PROFILE], [0, 1], [2, 5]
    e.quality, e.seen, e.credits = [0.5, -0.25], [1.5, UNSEEN], [NO_CREDITS, 4.0]
    return e


def intents():
    t = table(JUDGED, 3)
    t.member, t.other, t.arose, t.judged = [0, 1, 3], [2, -1, 0], [0, 5, 60], [30, 5, -30000]
    t.purpose, t.distance = (
        [Purpose.INQUIRY, Purpose.PROMOTION, Purpose.RELATIONSHIP],
        [Distance.STRANGER, Distance.NOBODY_FOUND, Distance.CONNECTED],
    )
    t.button, t.answered, t.exchanges = [Button.PRESS_CONNECT, Button.WALK_AWAY, Button.PRESS_MESSAGE], [1, 0, 0], [2, 0, 0]
    t.in_touch, t.connected, t.success = [1, 0, 0], [1, 0, 1], [1, 0, -1]
    return t


def final_state(names=Names(), kept=None):  # noqa: B008  (it is not changed)
    tally = new_tally(len(STYLES), len(SCENARIO.design_names), 10, 80)
    tally.counts[Counter.UNWELCOME, cell(tally, 1, Purpose.INQUIRY, Distance.STRANGER, 2, 3, 0)] = 3
    tally.counts[Counter.DELIVERED, cell(tally, 1, Purpose.INQUIRY, Distance.STRANGER, 2, 3, 0)] = 12
    tally.daily[Daily.ACTIVE], tally.daily[Daily.REPLIES, 7], tally.delays[2] = 4, 2, 9
    active, degree = np.array([1, 1, 0, 1], np.int8), np.array([2, 2, 0, 2], np.int32)
    return FinalState(members(), active, degree, pairs(), tally, *(kept or (None, None)), names=names)


def history(**asked):
    return make_history(SCENARIO, 7, 8, final_state(**asked), {"run": 1.5})


def test_the_history_says_what_was_run():
    found = history()
    assert (found.scenario, found.seed, found.population_seed, found.design) == (SCENARIO, 7, 8, SCENARIO.design)
    assert (found.timings, found.delays[2], found.events) == ({"run": 1.5}, 9, None)
    assert found.raw_daily["replies"][7] == 2
    assert found.daily["replies"][7] == 0.5  # two by four members
    assert found.shape.degrees.tolist() == [2.0, 2.0, 2.0]


def test_columns_of_members():
    found = history().members
    as_they_are = {
        "id": [0, 1, 2, 3],
        "label": ["0", "1", "2", "3"],
        "industry": [0, 1, 3, 1],
        "region": [2, 0, 0, 1],
        "seniority": [4, 3, 2, 1],
        "joined": [-5, -4, 20, -3],
        "active": [1, 1, 0, 1],
        "account": [1, 1, 2, 1],
        "degree": [2, 2, 0, 2],
        "session_rate": [0.1, 0.2, 0.3, 0.4],
        "receptiveness": [1.0, 2.0, 3.0, 4.0],
        "selectivity": [5.0, 6.0, 7.0, 8.0],
        "delivered": [9, 8, 7, 6],
        "unwelcome_delivered": [5, 4, 3, 2],
        "read": [8, 6, 4, 2],
        "unwelcome_read": [3, 2, 1, 0],
        "partners": [4, 3, 2, 1],
        "intents": [6, 5, 4, 3],
        "successes": [3, 2, 2, 1],
        "restrictions": [0, 1, 0, 2],
        "opted_out": [1, 0, 0, 1],
        "at_switch": [1, 1, 0, 1],
        "volume": [1.5] * 4,
        "quiet": [0, 1, 0, 0],
        "visits": [7, 6, 5, 4],
        "full_visits": [3, 2, 1, 0],
        "prominence": [0.5, 1.0, 1.5, 2.0],
        "style": [STYLES[k] for k in (0, 1, 2, 1)],
        "design": [SCENARIO.design_names[k] for k in (0, 1, 0, 1)],
    }
    assert {name: list(found[name]) for name in as_they_are} == as_they_are
    assert found["annoyance"].tolist() == pytest.approx([8.0, 4.0, 0.0, 0.0])  # a half-life has passed for the second
    assert found["load"].tolist() == pytest.approx([4.0, 1.0, 0.0, 0.0])  # two half-lives
    assert set(found) == {*as_they_are, "annoyance", "load"}


def test_words_of_a_file_and_what_it_has_no_words_for():
    found = history(names=Names(("Ann", "Bob", "Cy"), ("law", "arts"), ("north", "south"))).members
    assert list(found["label"]) == ["Ann", "Bob", "Cy", "newcomer 3"]
    assert list(found["industry"]) == ["law", "arts", "industry 3", "arts"]
    assert list(found["region"]) == ["region 2", "north", "north", "south"]


def test_ties_stand_in_order_with_their_strength_on_the_last_day():
    found = history().ties
    assert list(zip(found["a"], found["b"], strict=True)) == [(0, 1), (0, 3), (1, 3)]
    assert [found[name].tolist() for name in ("since", "last_contact", "exchanges")] == [[10, 20, 30], [60, 50, 40], [1, 2, 3]]
    assert found["strength"].tolist() == pytest.approx([0.5, 2.0, 8.0])  # 60, 30 and 0 days after the last contact; half-life 30
    assert len(tie_rows(final_state())) == 3
    state = final_state()
    assert len(tie_rows(state._replace(pairs=state.pairs[:3]))) == 3


def test_events_in_words():
    found = history(kept=(events(), intents())).events
    looked, had = found.pop("relevance_seen"), found.pop("credits_left")
    assert looked[0] == 1.5
    assert np.isnan(looked[1])  # nobody looked
    assert np.isnan(had[0])  # the design asks for none
    assert had[1] == 4.0
    assert {name: list(values) for name, values in found.items()} == {
        "item": [0, 1],
        "day_sent": [0, 4],
        "day_delivered": [0, -1],
        "day_read": [0, -1],
        "day_answered": [0, -1],
        "sender": [0, 1],
        "recipient": [1, 2],
        "kind": ["invitation with note", "pitch"],
        "purpose": ["inquiry", "promotion"],
        "distance": ["stranger", "connected"],
        "mutual": [3, 0],
        "acquainted": [1, 0],
        "surface": ["suggestion", "profile"],
        "turn": [0, 1],
        "place": [2, 5],
        "quality": [0.5, -0.25],
        "role": ["approach", "none"],
        "violation": ["none", "passwords"],
        "unheeded": [0, 1],
        "unwelcome": [1, 0],
        "reported": [0, 1],
        "outcome": ["accepted from obligation", "gone"],
        "exchange": ["nothing", "no exchange"],
        "tie": ["closes a triangle", "none"],
    }


def test_intents_in_words():
    found = history(kept=(events(), intents())).intents
    assert {name: list(values) for name, values in found.items()} == {
        "arose": [0, 5, 60],
        "member": [0, 1, 3],
        "partner": [2, -1, 0],
        "purpose": ["inquiry", "promotion", "relationship"],
        "distance": ["stranger", "nobody found", "connected"],
        "button": ["connect", "walk away", "message"],
        "judged": [30, 5, -1],
        "answered": [1, 0, 0],
        "exchanges": [2, 0, 0],
        "in_contact": [1, 0, 0],
        "connected": [1, 0, 1],
        "result": ["success", "failure", "open"],
    }


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
