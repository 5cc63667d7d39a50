"""The same model in plain Mesa: agents to read, subclass, step through and watch."""

from sim.agents.member import Member
from sim.agents.model import OutreachModel

__all__ = ["Member", "OutreachModel"]
