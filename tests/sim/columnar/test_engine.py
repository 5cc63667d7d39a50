"""A run keeps its books: conservation, equal bytes for any threads, arms with common random numbers."""

from __future__ import annotations

import dataclasses
import inspect
import io
import itertools
import subprocess
import sys
from collections import Counter

import numba
import numpy as np
import pytest

from sim import load_scenario, simulate, simulate_arms
from sim.columnar import buffers, bundles
from sim.columnar import engine as columnar_engine
from sim.columnar.buffers import Buffers
from sim.columnar.engine import Engine, enter, final_state_of, live
from sim.columnar.phases.settlement import list_settled
from sim.decisions.codes import ANSWERED, LATER, PUT_OFF, READ, SUNK, WAITING
from sim.decisions.constants import NEVER
from sim.population.initialization import begin
from sim.results.history import make_history
from sim.state import sorting
from sim.state import world as world_module
from sim.state.columns import ACT, ITEM, LONGEST, PAIR, PAIRS, TIE, TIES, USED, Assignment
from sim.state.memory import release, table, zeroes
from sim.state.snapshot import dump, load
from tests.helpers.generators import first_difference

SMALL = {"members": 400, "warm_up": 40, "days": 80}


@pytest.fixture(scope="module")
def small():
    return load_scenario("baseline").with_(**SMALL)


@pytest.fixture(scope="module")
def history(small):
    return simulate(small, 3, events=True)


def same(a, b) -> bool:
    fields = [f.name for f in dataclasses.fields(a) if f.name not in ("timings", "shape", "scenario")]
    return all(equal(getattr(a, f), getattr(b, f)) for f in fields)


def equal(a, b) -> bool:
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(equal(a[k], b[k]) for k in a)
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    if isinstance(a, Assignment):
        return all(map(equal, a, b))
    return a == b


def test_the_same_address_gives_the_same_history(small, history):
    assert same(history, simulate(small, 3, events=True))


def arrays_in(given):
    """Return the arrays among arguments, and in the tuples among these."""
    if isinstance(given, np.ndarray):
        return [given]
    return [one for part in given for one in arrays_in(part)] if isinstance(given, tuple) else []


@pytest.mark.parametrize("how", ["alone", "by threads", "with events", "from a file", "resumed", "arms"])
def test_kernels_are_given_what_they_were_compiled_for(how, tmp_path, monkeypatch):
    """A steady kernel does not ask: other kinds of tables would be misread. Nor does it ask whether two tables overlap."""
    asked = Counter()

    def watched(steady):
        name, places = steady.asking.__name__, inspect.signature(steady)

        def call(*args, **named):
            given, found = places.bind(*args, **named).args, steady(*args, **named)
            assert tuple(map(numba.typeof, given)) == steady.kinds, name
            extents = sorted(np.lib.array_utils.byte_bounds(one) for one in arrays_in(given) if one.size)
            assert all(end <= start for (_, end), (start, _) in itertools.pairwise(extents)), name
            asked[name] += 1
            return found

        return call

    for module in (columnar_engine, sorting, world_module):
        for name, one in list(vars(module).items()):
            if hasattr(one, "asking"):
                monkeypatch.setattr(module, name, watched(one))
    scenario = load_scenario("baseline").with_(members=4000 if how == "by threads" else 120, warm_up=35, days=35)
    if how == "from a file":
        path = tmp_path / "ties.csv"
        path.write_text("\n".join(f"m{i},m{(i * i + 1) % 120}" for i in range(120)), encoding="utf-8")
        scenario = scenario.with_(network_file=str(path))
    if how == "arms":
        simulate_arms(scenario, ["connect_first", "message_first"], 1)
    elif how == "resumed":
        world, stream = begin(scenario, 1, 1), io.BytesIO()
        dump(world, stream)
        stream.seek(0)
        live(Engine(load(stream, world.book)), 70)
    else:
        simulate(scenario, 1, events=how == "with events", threads=2 if how == "by threads" else 1)
    assert len(asked) > 20
    assert min(asked.values()) > 1


def test_another_seed_gives_another_history(small, history):
    assert not same(history, simulate(small, 4, events=True))


def test_threads_do_not_change_a_bit():
    """Over more than sixty days, so that intents are judged beside the agendas that are put in order."""
    scenario = load_scenario("baseline").with_(members=4000, warm_up=30, days=45)
    one, two = (simulate(scenario, 1, threads=k, events=True) for k in (1, 2))
    assert same(one, two)


def test_an_arm_is_the_same_alone_and_beside_others(small):
    alone = simulate(small, 3, design="connect_first")
    beside = simulate_arms(small, ["message_first", "connect_first", "message_first"], 3)
    assert same(alone, beside[1])
    assert same(beside[0], beside[2])


def test_arms_share_their_warm_up(small):
    a, b = simulate_arms(small, ["connect_first", "message_first"], 3)
    for name, values in a.daily.items():
        if name not in ("stranger_reply_rate", "acceptance_rate", "intent_success"):  # windows look past the switch
            assert np.array_equal(values[:40], b.daily[name][:40], equal_nan=True), name


def test_every_item_is_delivered_filtered_waiting_or_closed(history):
    events = history.to_pandas("events")
    assert (events.day_sent >= 0).all()
    read = events.day_read >= 0
    assert (events.day_delivered[read] >= events.day_sent[read]).all()
    assert (events.day_read[read] >= events.day_delivered[read]).all()
    closed = events.outcome.isin(["filtered", "gone", "sunk", "taken back", "waiting"])
    assert (read | closed).all()
    assert (events.outcome[read] != "waiting").all()
    answered = events[events.outcome == "answered"]
    assert (answered.day_answered >= answered.day_read).all()
    assert 0.0 < (answered.day_answered > answered.day_read).mean() < 0.2  # what was put off


def test_replies_are_as_many_as_answers(history):
    events = history.to_pandas("events")
    replies = events[(events.kind == "reply") & (events.day_sent < events.day_sent.max())]
    read = events[(events.day_answered >= 0) & (events.day_answered < events.day_sent.max())]
    answers = read[read.outcome == "answered"]
    written = Counter(zip(replies.sender, replies.recipient, replies.day_sent, strict=True))  # in a talk several on one day
    answered = Counter(zip(answers.recipient, answers.sender, answers.day_answered, strict=True))
    assert answered <= written
    notes = read[(read.kind == "invitation with note") & read.outcome.str.startswith("accepted")]
    accepted = Counter(zip(notes.recipient, notes.sender, notes.day_answered, strict=True))
    assert written - answered <= accepted  # whoever accepts an invitation may answer its note
    assert 0 < (written - answered).total() < accepted.total()


def test_degrees_are_twice_the_ties(history):
    active = history.members["active"] == 1
    assert history.members["degree"][active].sum() == 2 * len(history.ties["a"])
    assert (history.members["degree"][~active] == 0).all()


def test_neighbour_lists_and_pairs_tell_the_same_graph(small):
    world = begin(small, 1, 1)
    engine = Engine(world)
    for _ in range(60):
        engine.step()
    g = world.graph
    pairs = g.pairs[: g.sizes[0]]
    ties = {(int(p.lo), int(p.hi)) for p in pairs[(pairs.state & TIE) != 0]}
    lists = set()
    for i in range(world.present):
        row = [int(j) for j in g.pool[g.start[i] : g.start[i] + g.length[i]] if j >= 0]
        assert len(row) == len(set(row)) == g.degree[i]
        lists |= {(min(i, j), max(i, j)) for j in row}
    assert ties == lists
    assert g.sizes[3] == len(ties)


@pytest.mark.parametrize("free", [0.0, 1.0, 2.0, 2.2, 2.4, 2.6])
def test_a_tie_finds_room_in_a_pool_that_is_nearly_full(small, monkeypatch, free):
    world = begin(small, 1, 1)
    engine = Engine(world)
    for _ in range(3):
        engine.step()
    for _ in range(3):  # lists with little room stay as they are
        world.repack_pool(0, compact=False)
    longest, used, ties = (int(world.graph.sizes[k]) for k in (LONGEST, USED, TIES))
    pool = zeroes(np.int32, used + int(free * longest))
    pool[:used] = world.graph.pool[:used]
    world.graph = world.graph._replace(pool=pool)
    apart = next(p for p in world.graph.pairs[: world.graph.sizes[PAIRS]] if p.state & TIE == 0 and world.graph.active[[p.lo, p.hi]].all())
    repack, asked = world_module.World.repack_pool, iter(range(3))  # a fourth call is an error: nothing would ever be enough
    monkeypatch.setattr(world_module.World, "repack_pool", lambda w, ties, *, compact: (next(asked), repack(w, ties, compact=compact)))
    effects = engine.effects = engine.effects._replace(ties=table(ACT, 1))
    effects.ties[0].member, effects.ties[0].other, effects.sizes[bundles.TIES] = apart.lo, apart.hi, 1
    engine.connect()
    assert next(asked) <= 1  # asked once at most
    assert world.graph.sizes[TIES] == ties + 1


def test_what_is_settled_is_listed_part_by_part_in_order():
    waiting, settled = table(ITEM, 7), np.full(2, -1, np.int32)
    waiting.outcome = [WAITING, READ, ANSWERED, LATER, PUT_OFF, WAITING, WAITING]
    assert list_settled(waiting, 0, settled) == (3, 2)
    assert settled.tolist() == [1, 2]
    assert list_settled(waiting, 3, settled) == (7, 1)
    assert settled[0] == 4  # what was put off today is settled today, and waits from then on


def test_an_entry_of_an_agenda_knows_where_its_pair_stands(small):
    """But for those whose pair was dropped since: of somebody who has left, or has come back under another account."""
    world = begin(small, 3, 1)
    live(Engine(world), 90)
    g, seen = world.graph, 0
    there = (g.active == 1) & (g.account_day == NEVER)
    for entries in (world.agenda, world.soon, world.later, world.greetings):
        asked = there[entries.owner] & there[entries.other]
        those = g.pairs[entries.row]
        assert np.array_equal(those.lo[asked], np.minimum(entries.owner, entries.other)[asked])
        assert np.array_equal(those.hi[asked], np.maximum(entries.owner, entries.other)[asked])
        seen += np.count_nonzero(asked)
    assert seen > 2000


def test_more_entries_of_agendas_than_can_be_numbered_end_a_run(small):
    """Their numbers would begin anew, and the order of what is due would silently be another."""
    world = begin(small, 3, 3, events=True)
    world.planned = columnar_engine.MOST_PLANNED - 1_000
    engine = Engine(world)
    with pytest.raises(OverflowError, match="may plan 4,294,967,295 entries of agendas; this one has planned more by day"):
        live(engine, 80)
    assert world.planned > columnar_engine.MOST_PLANNED


@pytest.mark.parametrize("moderation", ["standard", "strict"])
def test_what_is_forgotten_changes_no_history(monkeypatch, moderation):
    """Members who leave, are banned or come back, and what they left unread: pairs dropped daily, as usual, or never."""
    busy = {
        "population.leaving": 0.01,
        "every_moderation.ban": 1.5,
        "every_moderation.return_days": 8.0,
        "members": 300,
        "warm_up": 30,
        "days": 120,
    }
    scenario = load_scenario("baseline").with_(**busy, **{"designs.message_first.moderation": moderation})
    histories, kept = [], []
    for growth, gone in ((0.0, -1.0), (world_module.REMEMBERED_GROWTH, world_module.WORTH_FORGETTING), (np.inf, 0.0)):
        monkeypatch.setattr(world_module, "REMEMBERED_GROWTH", growth)
        monkeypatch.setattr(world_module, "WORTH_FORGETTING", gone)
        world = begin(scenario, 5, 5, events=True)
        live(Engine(world), scenario.warm_up, None)
        enter(world, scenario)
        live(Engine(world), scenario.warm_up + scenario.days, None)
        rows = world.graph.pairs[: world.graph.sizes[PAIRS]]
        pairs = {(int(r.lo), int(r.hi)) for r in rows if r.lo >= 0}
        assert len(pairs) == world.known_pairs == np.count_nonzero(rows.lo >= 0)  # none twice, also where rows were free again
        kept.append(world.known_pairs)
        histories.append(make_history(scenario, 5, 5, final_state_of(world), {}))
    assert kept[0] < kept[1] < kept[2]
    assert same(histories[0], histories[2])
    assert same(histories[1], histories[2])


@pytest.mark.parametrize(("remembered", "before", "gone", "looked"), [(0, 2, 6, True), (0, 2, 5, False), (10_000, 2, 50, False)])
def test_pairs_are_looked_through_once_they_are_many_and_four_members_in_a_hundred_have_gone_since(remembered, before, gone, looked):
    world = begin(load_scenario("baseline").with_(members=100, warm_up=1, days=1), 1, 1)
    world.remembered, world.absent = remembered, before
    world.graph.active[:gone] = 0
    world.graph.members.left[:gone] = 0  # for good, on the first day
    known = world.known_pairs
    world.forget()
    assert (world.known_pairs < known) == looked
    assert (world.remembered, world.absent) == ((world.known_pairs, gone) if looked else (remembered, before))


WARM = """
import sys
from sim import load_scenario, simulate_arms
from sim.simulation import warm_kernels

def compiled():
    found = [f for name in list(sys.modules) if name.startswith("sim.") for f in vars(sys.modules[name]).values()]
    return sum(len(f.signatures) for f in found if hasattr(f, "signatures"))

warm_kernels()
before = compiled()
simulate_arms(load_scenario("baseline").with_(members=300, warm_up=40, days=80), ["connect_first", "message_first"], 3, events=True)
print(compiled() - before)
"""


def test_warm_kernels_leave_nothing_to_compile():
    ended = subprocess.run([sys.executable, "-c", WARM], capture_output=True, text=True, check=True, timeout=300)
    assert ended.stdout.strip() == "0"


def test_released_rows_are_zeroes_and_the_others_stay():
    rows = table(PAIR, 200_000)
    rows.lo[:] = 7
    release(rows, 50_000)
    assert (rows.lo[:50_000] == 7).all()
    assert set(rows.lo[51_000:].tolist()) <= {0, 7}  # zeroes where pages can be given back
    release(table(PAIR, 10), 5)  # too small for pages of its own: nothing happens


@pytest.mark.parametrize(("members", "warm_up", "days"), [(0, 5, 5), (1, 5, 5), (2, 0, 3), (50, 0, 0), (0, 0, 0)])
def test_tiny_runs_end(members, warm_up, days):
    history = simulate(load_scenario("baseline").with_(members=members, warm_up=warm_up, days=days), 1, events=True)
    assert len(history.daily["day"]) == warm_up + days
    for value in history.measures.values():
        assert value.value is None or np.isfinite(value.value)


def test_people_join_and_leave_alike_in_every_arm(small):
    a, b = simulate_arms(small, ["connect_first", "message_first"], 3)
    assert np.array_equal(a.members["joined"], b.members["joined"])
    assert a.members["style"] == b.members["style"]


@pytest.mark.slow
def test_mean_degree_stays_near_fifty_for_a_year_under_both_equal():
    """On average over populations: one by itself drifts by 2 to 6% (standard deviation 1.3 points), and four by less than 5%."""
    scenario = load_scenario("baseline").with_(warm_up=0, days=365)
    drifts = []
    for seed in (1, 2, 3, 11):
        degrees = simulate(scenario, seed, design="both_equal").daily["mean_degree"]
        assert 40.0 < degrees.min() < degrees.max() < 60.0
        drifts.append(degrees[-1] / degrees[0] - 1.0)
    assert abs(np.mean(drifts)) < 0.05


def test_with_an_equal_draw_a_profile_design_changes_only_what_it_reaches(small):
    """Switching one rule that nobody meets leaves every bit in place."""
    capped = small.with_(**{"designs.message_first.connection_cap": 1_000_000.0})
    assert same(simulate(small, 3), dataclasses.replace(simulate(capped, 3), scenario=small))


def test_unread_items_sink_after_their_days(small):
    silent = small.with_(**{"attention.notification": 0.0, "population.session_rate_mean": 0.05, "population.session_rate_sd": 0.0})
    events = simulate(silent, 1, events=True).to_pandas("events")
    sunk = events[events.outcome == "sunk"]
    assert len(sunk) > 0
    assert (sunk.day_read < 0).all()


def test_items_have_the_size_that_the_house_promises():
    assert ITEM.itemsize <= 80
    assert (WAITING, SUNK) == (0, 3)


def test_an_arm_that_is_a_scenario_brings_its_numbers_at_the_switch(small):
    other = small.with_(**{"reply.base": -1.0, "styles.seller.intents": 0.0})
    plain, changed, alone = simulate_arms(small, [None, other, None], 3)
    assert same(plain, alone)
    for name in ("active", "mean_degree", "delivered"):
        assert np.array_equal(plain.daily[name][:40], changed.daily[name][:40])
    assert changed.measures["stranger_reply_rate_7"].value > 1.5 * plain.measures["stranger_reply_rate_7"].value
    assert ("style", "seller", "message_share") not in changed.levels
    with pytest.raises(ValueError, match="`members` must be the same in all arms"):
        simulate_arms(small, [small.with_(members=7)], 3)


class Narrow(Buffers):
    """Buffers that run out of room day after day."""

    def __init__(self, members, looks):
        super().__init__(members if members > 1000 else 0, looks)  # an engine asks for that many if nobody found room
        self.members = members


def test_buffers_that_run_out_of_room_change_nothing(monkeypatch):
    """Whoever finds no room is asked again, as if for the first time: also those whom a notification brings to their inbox alone."""
    scenario = load_scenario("baseline").with_(
        **{
            "members": 60,
            "warm_up": 0,
            "days": 25,
            "population.session_rate_mean": 0.3,
            "attention.notification": 0.95,
            "attention.muted": 0.0,
            "style.intents": 4.0,
            "style.updates": 0.9,
            "feed.length": 16,
            "reply.base": 0.5,
        }
    )

    def events():
        world = begin(scenario, 3, 3, None, events=True)
        enter(world, scenario)
        engine = Engine(world)
        live(engine, 25, None)
        return final_state_of(world).events, max(len(parts) for parts in engine.buffers)

    usual, parts = events()
    monkeypatch.setattr(buffers, "LEAST_ROOM", 72)
    monkeypatch.setattr(columnar_engine, "Buffers", Narrow)
    narrow, more_parts = events()
    assert parts < 3 < more_parts
    assert first_difference(usual, narrow) is None
