"""The state of a run: columns of members and pairs, the network, and the counters."""
