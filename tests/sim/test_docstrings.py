"""Every public name says what it is, and its examples are run."""

from __future__ import annotations

import doctest
import inspect

import pytest

import sim

EXAMPLES = {  # of each, at least one example is run
    "History": sim.History,
    "OutreachModel": sim.OutreachModel,
    "Scenario": sim.Scenario,
    "load_scenario": sim.load_scenario,
    "simulate": sim.simulate,
    "simulate_arms": sim.simulate_arms,
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_show_what_happens(name):
    found = [test for test in doctest.DocTestFinder().find(EXAMPLES[name], name) if test.examples]
    assert found
    runner = doctest.DocTestRunner()
    said: list[str] = []
    for test in found:
        runner.run(test, out=said.append)
    assert not said, "".join(said)
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.parametrize("name", [name for name in sim.__all__ if callable(getattr(sim, name))])
def test_public_names_have_docstrings(name):
    assert inspect.getdoc(getattr(sim, name))
