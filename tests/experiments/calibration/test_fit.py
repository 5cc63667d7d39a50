"""How defaults are proposed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from experiments.calibration import fit
from experiments.calibration.declared import every_target
from experiments.calibration.patterns.messages import Found
from sim import load_scenario


def test_a_proposal_moves_each_default_toward_its_target(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too much acceptance lowers its base, too few invitations lower intimidation; what nobody saw leaves its default alone."""
    figures = {one.name: Found((one.low + one.high) / 2.0, 10.0) for one in every_target()}
    figures |= {"acceptance_strangers": Found(0.5, 10.0), "volume_cold_invitations": Found(0.01, 10.0)}
    figures["answered_at_one_a_day"] = Found(float("nan"), 0.0)
    monkeypatch.setattr(fit, "gather", lambda *_: [SimpleNamespace(found=[figures])])
    monkeypatch.setattr(fit, "ROUNDS", 1)
    scenario = load_scenario("baseline")
    proposed, changed = fit.propose(scenario, 10, None, print)
    assert proposed.invitation.base == pytest.approx(scenario.invitation.base - 0.7 * 1.0986, abs=1e-3)  # logit of .5 less that of .25
    assert proposed.outreach.intimidation < scenario.outreach.intimidation
    assert proposed.thread.base == pytest.approx(scenario.thread.base, abs=1e-3)
    assert "reply.base" not in changed
