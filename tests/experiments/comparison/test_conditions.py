"""Which draws hold for what is compared: as they are, given a changed number, or as assumptions alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.comparison.conditions import ENOUGH, KEPT, MISSED, NO_FIT, after, changes, held
from experiments.comparison.run import request_of
from experiments.inference.data import FILE, Data
from experiments.inference.fitted import Fitted
from experiments.inference.prior import expit, prior_of
from experiments.runs.study import Point
from sim.scenario.scenario import load_scenario

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
        (40, {"sound": False}, "their calibration says not to rely on them for more than a look"),
    ],
)
def test_draws_that_do_not_fit_or_are_too_few_are_assumptions_though_nothing_is_another(many, facts, said):
    fitted = FITTED._replace(**facts)
    assert held(points(many), fitted, request()).why == (said,)
    assert held(points(20), FITTED._replace(showing=20), request()).why == ()
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
