"""Who is there at the start: members, their network, networks from files."""

from sim.population.networks.read import read_network

__all__ = ["read_network"]
