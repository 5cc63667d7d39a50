"""Which draws hold for what is compared: as they are, given a changed number, or as assumptions alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.comparison.run import request_of
from experiments.comparison.worlds import asked_worlds
from experiments.inference import shipped
from experiments.inference.conditions import KEPT, MISSED, after, changes, draws_for, held
from experiments.inference.data import FILE, Data
from experiments.inference.fitted import LITTLE_TOLD, Fitted
from experiments.inference.posterior import ENOUGH
from experiments.inference.prior import expit, prior_of
from experiments.runs.draws import NO_FIT
from experiments.runs.study import Point
from sim.errors import BadInput
from sim.scenario.scenario import load_scenario
from tests.helpers.calibrated import calibration

PATHS = ("reply.base", "thread.base", "design.friction")
HERE = load_scenario(members=60, warm_up=5, days=62)
DATA = Data(
    kind=FILE,
    source="toy.toml",
    names=("a",),
    titles=("a",),
    units=("share",),
    values=np.zeros(1),
    covariance=np.eye(1),
    design="message_first",
    warm_up=5,
    days=20,
    window=(5.0, 24.0),
)
PRIOR = prior_of(HERE, PATHS)
FITTED = Fitted(HERE, DATA, PRIOR, 60, (60,), 1, frozenset(PATHS), passed=True, sound=True, bank_members=60, shift=0, keep=40)


def points(many=40, seed=1):
    rows = PRIOR.values(expit(0.5 * np.random.default_rng(seed).normal(size=(many, len(PATHS)))))
    return [Point(k, dict(zip(PATHS, map(float, row), strict=True))) for k, row in enumerate(rows, 1)]


def request(scenario=HERE, **changes):
    return request_of(scenario.with_(**changes) if changes else scenario, ["connect_first", "message_first"], pairs=2)


def middle(path, share=0.5):
    one = next(one for one in PRIOR.turned if one.path == path)
    return one.low + share * (one.high - one.low)


def test_the_scenario_as_it_was_calibrated_has_its_draws_as_they_are():
    found = held(points(), FITTED, request())
    assert (found.points, found.wanted, found.why, found.unchecked) == (points(), {}, (), False)
    longer = request(days=90, warm_up=10)
    assert held(points(), FITTED, longer).why == ()  # how long is looked at is no number of a world
    again = request_of(HERE, ["connect_first", "both_equal"], pairs=2)
    assert held(points(), FITTED, again).why == ()  # and which designs are compared is the question


def test_draws_that_stand_alone_are_assumptions():
    assert held(points(), None, request()).why == (NO_FIT,)


@pytest.mark.parametrize(
    ("many", "facts", "said"),
    [
        (24, {"sound": False, "showing": 0}, "none of them shows all of the figures that they were fitted to"),
        (30, {"sound": False, "showing": 8}, "8 of 30 draws show all of the figures that they were fitted to, fewer than 20"),
        (8, {"sound": False, "showing": 8}, "8 draws show all of the figures that they were fitted to, fewer than 20"),
        (19, {}, "19 draws show all of the figures that they were fitted to, fewer than 20"),  # as an older folder says it
        (40, {"sound": False, "showing": 40}, "their calibration says not to rely on them for more than a look"),
        (
            40,
            {"showing": 30},
            "30 of 40 draws show all of the figures that they were fitted to, and nothing says which",
        ),  # ten were put in by hand
        (40, {"sound": False}, "their calibration says not to rely on them for more than a look"),
    ],
)
def test_draws_that_do_not_fit_or_are_too_few_are_assumptions_though_nothing_is_another(many, facts, said):
    fitted = FITTED._replace(**facts)
    assert held(points(many), fitted, request()).why == (said,)
    assert held(points(20), FITTED._replace(showing=20), request()).why == ()
    assert held(points(20), FITTED._replace(showing=40), request()).why == ()  # the others were taken out by hand
    assert held(points(19), FITTED._replace(showing=40), request()).why == (
        "19 draws show all of the figures that they were fitted to, fewer than 20",
    )
    at = middle("reply.base", 0.52)
    found = held(points(many), fitted, request(**{"reply.base": at}))
    assert (found.why, found.unchecked, len(found.points)) == ((said,), False, many)
    assert {one.values["reply.base"] for one in found.points} == {at}  # noqa: PD011  (of no table)


def test_a_number_that_was_drawn_conditions_the_draws():
    at = middle("reply.base", 0.52)
    found = held(points(), FITTED, request(**{"reply.base": at}))
    assert ENOUGH <= len(found.points) < 40
    assert {one.values["reply.base"] for one in found.points} == {at}  # noqa: PD011  (of no table)
    assert (found.why, found.unchecked, found.of) == ((), True, 40)


def test_a_number_of_the_designs_conditions_the_draws_too():
    at = middle("design.friction", 0.52)
    changed = HERE.with_(**{"designs.connect_first.friction": at, "designs.message_first.friction": at})
    assert changes(FITTED, request(changed), PATHS) == ({"design.friction": at}, [])
    assert held(points(), FITTED, request(changed)).unchecked


def test_far_from_the_draws_they_are_assumptions_that_have_the_number_all_the_same():
    for share, told in ((0.8, "are near reply.base = "), (0.999, "0 draws of 40 are near reply.base = ")):
        at = middle("reply.base", share)
        found = held(points(), FITTED, request(**{"reply.base": at}))
        assert told in found.why[0]
        assert found.why[0].endswith("fewer than 20")
        assert not found.unchecked
        assert {one.values["reply.base"] for one in found.points} == {at}  # noqa: PD011  (of no table)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"members": 90}, "they were held to the figures with 60 members, and here are 90"),
        ({"style_shares": {"seller": 0.5, "job_seeker": 0.5}}, "the shares of styles are others than the calibration's"),
        ({"reply.connected": 0.123}, "reply.connected is not the calibration's, and nothing was drawn there"),
        ({"styles.seller.intents": 0.5}, "styles.seller.intents is not the calibration's, and nothing was drawn there"),
        ({"designs.both_equal.connection_cap": 3.0}, "warm-up design.connection_cap is not the calibration's, and nothing was drawn there"),
    ],
)
def test_another_size_styles_or_held_numbers_make_them_assumptions(change, said):
    found = held(points(), FITTED, request(**change))
    assert found.why == (said,)
    assert not found.unchecked


def test_another_network_makes_them_assumptions(tmp_path):
    (tmp_path / "net.csv").write_text("a,b\n" + "".join(f"{k},{k + 1}\n" for k in range(60)), encoding="utf-8")
    found = held(points(), FITTED, request(HERE, network_file=str(tmp_path / "net.csv")))
    assert found.why == ("the network at the start is not the calibration's",)


def test_shares_of_styles_that_are_all_doubled_are_the_same():
    doubled = HERE.with_(style_shares={name: 2.0 * share for name, share in HERE.style_shares.items()})
    assert held(points(), FITTED, request(doubled)).why == ()


def test_further_changes_beside_a_drawn_one_are_told_and_the_draws_have_it():
    at = middle("reply.base")
    found = held(points(), FITTED, request(members=90, **{"reply.base": at}))
    assert len(found.points) == 40
    assert {one.values["reply.base"] for one in found.points} == {at}  # noqa: PD011  (of no table)
    assert len(found.why) == 1
    many = request(**{f"reply.{name}": 0.2 for name in ("connected", "rapport", "known")}, **{"tie.half_life": 50.0})
    (said,) = held(points(), FITTED, many).why
    assert "and 1 more are not the calibration's" in said


def table(found, kept):
    rows = [one.number for one in found.points]
    return pd.DataFrame({"draw": rows, MISSED: 1.0, KEPT: [1] * kept + [0] * (len(rows) - kept)})


def test_what_still_shows_the_figures_is_left_and_too_few_are_assumptions():
    found = held(points(), FITTED, request(**{"reply.base": middle("reply.base", 0.52)}))
    near = len(found.points)
    left = after(found, table(found, ENOUGH))
    assert (left.points, left.why, left.unchecked) == (found.points[:ENOUGH], (), False)
    few = after(found, table(found, ENOUGH - 1))
    assert few.points == found.points[: ENOUGH - 1]
    assert few.why[0].startswith(f"19 of {near} draws near reply.base = ")
    assert few.why[0].endswith("still show the figures, fewer than 20")
    assert after(found, table(found, 1)).points == found.points


def test_a_committed_size_is_as_good_as_that_of_the_runs():
    fitted = FITTED._replace(sizes=(60, 90))
    assert held(points(), fitted, request(members=90)).why == ()


def test_columns_that_were_not_drawn_together_are_no_worlds_and_no_mistake():
    fewer = [Point(one.number, {path: x for path, x in one.values.items() if path != "design.friction"}) for one in points()]  # noqa: PD011  (of no table)
    said = "their columns are not the numbers that their calibration drew together (design.friction)"
    found = held(fewer, FITTED, request())
    assert (found.points, found.why, found.unchecked) == (fewer, (said,), False)
    more = [Point(one.number, one.values | {"reply.load": -0.5}) for one in points()]  # noqa: PD011  (of no table)
    assert held(more, FITTED, request()).why == (said.replace("design.friction", "reply.load"),)


def test_draws_that_are_taken_as_they_are_have_no_calibration_beside_them_or_one_that_is_asked(tmp_path):
    folder = calibration(tmp_path, HERE)
    found = draws_for(folder, request())
    assert (found.called.why, found.called.more, found.called.one) == ((), (), "calibrated world")
    assert draws_for(folder / "draws.csv", request()).called == found.called
    assert draws_for("none", request()) is None
    assert draws_for(None, request()) is None
    (folder / "fit.json").unlink()
    alone = draws_for(folder, request())
    assert (alone.called.why, alone.called.one, alone.called.range) == ((NO_FIT,), "assumed draw", "range over assumptions")


def test_draws_that_their_calibration_never_ran_are_no_worlds_whatever_their_file_is_called(tmp_path):
    folder = calibration(tmp_path, HERE)
    drawn = pd.read_csv(folder / "draws.csv")
    drawn.drop(columns="draw").assign(run=1, members=60).to_csv(folder / "further.csv", index=False)
    drawn.tail(21).to_csv(folder / "fewer.csv", index=False)
    drawn.iloc[:, [0, 3, 1, 2]].to_csv(folder / "turned.csv", index=False)  # in another order of the columns
    for name in ("draws.csv", "fewer.csv", "turned.csv"):
        assert draws_for(folder / name, request()).called.why == ()
        assert asked_worlds(folder / name, request(), 40).fit
    drawn.loc[3, "reply.base"] += 0.01
    drawn.to_csv(folder / "other.csv", index=False)
    said = ("1 of 24 of them is at numbers that the calibration beside them never ran",)
    assert draws_for(folder / "other.csv", request()).called.why == said
    assert asked_worlds(folder / "other.csv", request(), 40).held.why == said
    assert draws_for(shipped.SHIPPED, request(load_scenario())).called.fit


def test_what_a_question_varies_is_no_change_and_a_world_fits_at_its_own_value_alone(tmp_path):
    folder = calibration(tmp_path, HERE)
    for path, here in {"reply.base": -2.0, "reply.connected": 0.125, "members": 60}.items():
        found = draws_for(folder, request(**{path: here}), varied=[path])
        assert found.called.why == ()
        assert found.called.more == (f"A world fits at its own value of {path}: at others nobody held it to the figures.",)
        assert len(found.names) == 3
    assert draws_for(folder, request(), varied=["design.friction"]).called.more == ()  # a design is the question


def test_a_number_that_the_scenario_sets_otherwise_stands_in_each_draw(tmp_path):
    folder = calibration(tmp_path, HERE)
    found = draws_for(folder, request(**{"reply.base": -2.75}))
    assert found.names == ["thread.base", "visibility.spread"]
    assert found.called.why == ("reply.base = -2.75 is set here, and they were not held to the figures again with it",)
    every = {"reply.base": -2.75, "thread.base": 0.25, "visibility.spread": 0.75}
    with pytest.raises(BadInput, match="`--draws` must have a column that the scenario does not set otherwise"):
        draws_for(folder, request(**every))


def test_worlds_not_all_of_whose_gates_were_passed_say_so(tmp_path):
    found = draws_for(calibration(tmp_path, HERE, passed=False), request())
    assert found.called.sentences == [f"Of the gates of their calibration one is not passed. {LITTLE_TOLD}"]
    few = draws_for(calibration(tmp_path, HERE, showing=19), request())
    assert few.called.sentences == [
        "These draws are assumptions, and no worlds that fit: 19 of 24 draws show all of the figures that they were fitted to, fewer than 20."
    ]
