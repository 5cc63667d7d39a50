"""The Mesa model as Mesa's own tools use it: batch_run, run_model, the data collector, pickling, seeds, the space that is drawn."""

from __future__ import annotations

import copy
import pickle

import mesa
import networkx as nx
import numpy as np
import pytest

from sim import BadInput, Member, Outcome, OutreachModel, load_scenario, simulate
from sim.results.daily import DAILY_MEASURES

SMALL = load_scenario(members=30, warm_up=2, days=6)
LONGER = load_scenario(members=24, warm_up=5, days=40)
OLD_BATCH = pytest.mark.filterwarnings("ignore:The `iterations` keyword:DeprecationWarning")  # Mesa 3.4 and later ask for `rng`


def rows_of(cls=OutreachModel, iterations=1, **parameters):
    return mesa.batch_run(cls, parameters=parameters, iterations=iterations, max_steps=1000, display_progress=False)


class Welcoming(OutreachModel):
    """Whose members accept every invitation."""

    class Accepts(Member):
        def decide_invitation(self, item, pair, u):
            return Outcome.ACCEPTED

    def __init__(self, scenario, rng=None, **more):
        super().__init__(scenario, rng, member_class=self.Accepts, **more)


def test_running_ends_with_the_last_day_and_a_step_past_it_is_refused():
    model = OutreachModel(SMALL, rng=1)
    seen = []
    for _ in range(8):
        seen.append(model.running)
        model.step()
    assert (seen, model.running, model.day) == ([True] * 8, False, 8)
    with pytest.raises(BadInput, match=r"^`step` must not go past the scenario's last day; ask for more `days` \(got day 8 of 8\)$"):
        model.step()
    assert not OutreachModel(SMALL.with_(warm_up=0, days=0), rng=1).running


def test_run_model_stops_at_the_horizon_with_the_history_of_run():
    model = OutreachModel(SMALL, rng=1)
    model.run_model()
    assert (model.day, model.steps, model.running) == (8, 8, False)
    assert model.history().measures == OutreachModel(SMALL, rng=1).run().measures


@OLD_BATCH
def test_iterations_of_batch_run_differ_and_stop_at_the_horizon():
    rows = rows_of(scenario=SMALL, iterations=3)
    assert [row["iteration"] for row in rows] == [0, 1, 2]
    assert {row["Step"] for row in rows} == {7}
    assert len({(row["ties"], row["delivered"], row["approaches"]) for row in rows}) == 3


@OLD_BATCH
def test_a_scenario_and_a_design_are_one_value_of_batch_run():
    rows = rows_of(scenario=SMALL, design=SMALL.designs["both_equal"], rng=[1, 2])
    assert [(row["scenario"], row["rng"]) for row in rows] == [(SMALL, 1), (SMALL, 2)]
    for value in (SMALL, SMALL.designs["both_equal"]):
        with pytest.raises(TypeError, match="not iterable"):
            iter(value)


@OLD_BATCH
def test_a_subclass_compared_with_the_default_over_20_seeds():
    tiny = load_scenario(members=24, warm_up=0, days=20, **{"style.like_connect": 1.0, "style.intents": 3.0})
    usual, welcoming = (rows_of(cls, scenario=tiny, rng=list(range(20))) for cls in (OutreachModel, Welcoming))
    assert [row["rng"] for row in usual] == [row["rng"] for row in welcoming] == list(range(20))
    gains = np.array([b["ties"] - a["ties"] for a, b in zip(usual, welcoming, strict=True)])
    assert gains.mean() > 2.0 * gains.std(ddof=1) / np.sqrt(20)


def test_seeds_are_recorded_and_give_the_run_again():
    fresh = OutreachModel(SMALL)
    again = OutreachModel(SMALL, fresh.seed)
    assert fresh.seed == fresh.population_seed
    assert fresh.run().to_pandas("daily").equals(again.run().to_pandas("daily"))
    made = [OutreachModel(SMALL, np.random.default_rng(5)).seed, OutreachModel(SMALL, seed=np.random.default_rng(5)).seed]
    assert made[0] == made[1]


def test_without_arguments_it_is_the_baseline_with_200_members():
    model = OutreachModel()
    assert model.setting == load_scenario("baseline", members=200)
    assert len(model.members) == 200


def test_the_collector_has_every_daily_measure_as_it_is_known_that_evening():
    model = OutreachModel(LONGER, rng=3)
    history = model.run()
    found = model.datacollector.get_model_vars_dataframe()
    assert set(found) == {*DAILY_MEASURES, "ties"}
    waits = {"stranger_reply_rate": 7, "acceptance_rate": 30, "intents": 60, "intent_success": 60}
    for name in DAILY_MEASURES:
        wait = waits.get(name, 0)
        whole = history.daily[name]
        expected = np.concatenate([np.full(min(wait, 45), np.nan), whole[: max(0, 45 - wait)]])
        assert np.array_equal(np.array(found[name], float), expected, equal_nan=True), name
    assert np.isfinite(found["stranger_reply_rate"]).any()
    assert found["ties"].iloc[-1] == len(history.ties["a"])


def test_agent_data_has_names_and_only_when_asked():
    graph = nx.gnp_random_graph(24, 0.2, seed=1)
    nx.set_node_attributes(graph, {i: ("law", "art")[i % 2] for i in graph}, "industry")
    model = OutreachModel(LONGER, rng=3, network=graph, agent_data=True)
    history = model.run()
    last = model.datacollector.get_agent_vars_dataframe().xs(45, level="Step").set_index("id")
    for column in ("label", "style", "design", "industry", "region", "degree", "active", "partners", "delivered"):
        assert list(last[column]) == list(history.members[column]), column
    assert {"law", "art"} <= set(last["industry"])
    assert OutreachModel(SMALL, rng=1).datacollector.agent_reporters == {}


@pytest.mark.parametrize("copied", [lambda model: pickle.loads(pickle.dumps(model)), copy.deepcopy], ids=["pickle", "deepcopy"])
def test_a_copy_goes_on_to_the_same_history(copied):
    model = OutreachModel(LONGER.with_(**{"population.growth": 1.0}), rng=3, agent_data=True)
    for _ in range(9):
        model.step()
    assert len(model.grid.agents) == model.datacollector.model_vars["active"][-1]
    other = copied(model)
    one, two = model.run(), other.run()
    for name in ("measures", "daily", "members", "ties", "events", "intents"):
        assert one.to_pandas(name).equals(two.to_pandas(name)), name
    assert other.members[0].model is other
    ids = [member.unique_id for member in other.members]
    assert ids == [member.unique_id for member in model.members]
    assert len(set(ids)) == len(ids) > 24


def test_the_grid_is_the_network_of_today():
    model = OutreachModel(LONGER, rng=3)
    model.run_model()
    space = model.grid
    assert isinstance(space, mesa.discrete_space.Network)
    assert {agent.id for agent in space.agents} == {member.id for member in model.members if member.active}
    assert list(space.G.nodes) == list(range(len(model.members)))  # drawn by place
    assert {frozenset(edge) for edge in space.G.edges} == {frozenset((int(a), int(b))) for a, b in zip(*both(model), strict=True)}
    assert all(agent.cell.coordinate == agent.id for agent in space.agents)
    with pytest.raises(nx.NetworkXError):
        space.G.add_edge(0, 1)
    assert model.grid is space


def both(model):
    ties = model.history().ties
    return ties["a"], ties["b"]


@pytest.mark.filterwarnings("ignore:Failed to validate hooks:UserWarning")  # Solara's, of a component of Mesa's
def test_mesa_draws_it():
    pytest.importorskip("solara")
    pytest.importorskip("altair")
    from mesa.visualization import draw_space
    from mesa.visualization.components import AgentPortrayalStyle

    model = OutreachModel(SMALL, rng=1)
    ax = draw_space(model.grid, lambda member: AgentPortrayalStyle(color="C1" if member.style_name == "seller" else "C0"))
    assert sum(len(marks.get_offsets()) for marks in ax.collections if hasattr(marks, "get_offsets")) >= 30


@pytest.mark.filterwarnings("ignore:Failed to validate hooks:UserWarning")
def test_a_page_of_mesas_is_made_of_it():
    solara = pytest.importorskip("solara")
    from mesa.visualization import SolaraViz, make_plot_component, make_space_component
    from mesa.visualization.components import AgentPortrayalStyle

    model = OutreachModel(SMALL, rng=1)
    drawn = [make_space_component(lambda _: AgentPortrayalStyle()), make_plot_component("ties")]
    box, context = solara.render(SolaraViz(model, components=drawn), handle_error=False)
    assert box.children
    context.close()


def test_what_it_says_of_itself_is_short_and_what_a_notebook_shows_is_escaped():
    model = OutreachModel(SMALL.with_(design="connect_first"), rng=1)
    assert repr(model) == (
        f"<OutreachModel of 'baseline' under both_equal, then connect_first, seed 1: day 0 of 8, 30 active members, {model.ties} ties>"
    )
    model.run_model()
    shown = model._repr_html_()
    for cell in ("8 of 8, the switch on day 2", f"<td>{model.ties}</td>", "<td>connect_first</td>", "<td>1</td>"):
        assert cell in shown
    odd = type("A<b>", (OutreachModel,), {})(SMALL, rng=1)
    assert "A&lt;b&gt;" in odd._repr_html_()


def test_both_engines_agree_as_before():
    one, two = simulate(SMALL, 1, events=True), OutreachModel(SMALL, rng=1).run()
    assert one.to_pandas("events").equals(two.to_pandas("events"))
