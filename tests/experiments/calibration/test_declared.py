"""Targets in files: complete or refused; each can be met, and each is missed by a run that was made to miss it."""

from __future__ import annotations

import pytest

from experiments.calibration.declared import ASSUMED, EMPIRICAL, HOME, OTHER, VENDOR, WEIGHTS, declared_in, every_target
from experiments.calibration.targets import target_of
from sim.errors import BadInput
from tests.experiments.calibration.worlds import TELLING

WHOLE = """
pattern = "p"
kind = "empirical"
measured = "m"
by = "somebody"
population = "those"
definition = "what"
computed_by = "going_on"
arguments = { turns = 2 }
value = 0.68
tolerance = 0.08
unit = "share"
"""


def declared(tmp_path, text=WHOLE):
    path = tmp_path / "one.toml"
    path.write_text(text, encoding="utf-8")
    return declared_in(path)


def test_a_file_declares_a_target(tmp_path):
    one = declared(tmp_path)
    assert (one.name, one.low, one.high) == ("one", 0.6, 0.76)
    assert one.tolerance == pytest.approx(0.08)
    assert one.source == "empirical: somebody"
    bounds = declared(tmp_path, WHOLE.replace("value = 0.68", "low = 0.5").replace("tolerance = 0.08", "high = 0.8"))
    assert (bounds.low, bounds.high) == (0.5, 0.8)


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('by = "somebody"', "", "one.toml"),
        ('unit = "share"', 'unit = "share"\nmore = 1', "more"),
        ("tolerance = 0.08", "", "tolerance"),
        ('kind = "empirical"', 'kind = "guess"', "guess"),
        ('"going_on"', '"going_off"', "going_off"),
        ("tolerance = 0.08", "tolerance = 0.0", "below high"),
    ],
)
def test_a_file_that_lacks_something_or_says_too_much_is_refused(old, new, word, tmp_path):
    with pytest.raises(BadInput, match=word):
        declared(tmp_path, WHOLE.replace(old, new))


def test_every_file_is_a_target_and_says_what_it_is_by_its_kind():
    every = every_target()
    assert {one.name for one in every} == {path.stem for path in HOME.glob("*.toml")}
    assert len({one.pattern for one in every}) == len(every)
    kinds = [list(WEIGHTS).index(one.kind) for one in every]
    assert kinds == sorted(kinds)
    assert {one.kind for one in every} == {EMPIRICAL, OTHER, VENDOR, ASSUMED}
    assert (WEIGHTS[OTHER], WEIGHTS[ASSUMED]) == (WEIGHTS[EMPIRICAL] / 2.0, 0.0)
    for one in every:
        assert min(map(len, (one.measured, one.by, one.population, one.definition))) > 5, one.name
        assert one.name.startswith("volume_") <= (one.kind == ASSUMED)


def test_realised_figures_say_why():
    """Acceptance, attachment and mail answered were probes of chances once."""
    probed = ("acceptance_", "attachment_", "answered_at_one", "load_curve")
    assert all("Realised" in one.why for one in every_target() if one.name.startswith(probed))


def test_there_is_a_world_for_every_target():
    assert set(TELLING) == {one.name for one in every_target()}


@pytest.mark.parametrize("one", every_target(), ids=lambda one: one.name)
def test_a_target_can_be_met_and_can_be_missed(one):
    right, wrong = (target_of(one, [one.of(run)]) for run in TELLING[one.name])
    assert right.met, right
    assert not wrong.met, wrong
    assert wrong.missed_by > 0.0  # a figure that is wrong, not one that is not there


@pytest.mark.parametrize("one", [one for one in every_target() if "CollegeMsg" in one.by], ids=lambda one: one.name)
def test_the_log_meets_its_own_targets(one, log):
    """The same code, given the log: its figure lies within half the tolerance of the middle."""
    from tests.experiments.calibration.worlds import world

    messages, pairs = log
    found = one.of(world()._replace(messages=messages, pairs=pairs))
    middle = (one.low + one.high) / 2.0
    if one.name not in {"messages_a_pair_99", "gini_sent", "gini_received"}:  # bounds that are not around the log's figure
        assert abs(found.value - middle) <= one.tolerance / 2.0
    assert target_of(one, [found]).met
