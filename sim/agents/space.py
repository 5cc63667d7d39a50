"""The network as a space of Mesa's, for what Mesa draws."""

from __future__ import annotations

import inspect
from typing import Any

from sim.agents.environment import Environment


def network_space(model: Environment) -> Any:
    """Return a `mesa.discrete_space.Network` of today: a cell for everybody who was ever there, with the member in it if active.

    Its graph is a view that cannot be changed: connections are the model's to make.
    """
    from mesa.discrete_space import Network

    # from 3.5 on it lays out the network when it is made; what draws it does so again
    spared = {"layout": None} if "layout" in inspect.signature(Network).parameters else {}
    space = Network(model.graph.copy(as_view=True), random=model.random, **spared)
    for member in model.members:
        if member.active:
            space[member.id].add_agent(member)
    return space
