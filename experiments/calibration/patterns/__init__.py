"""Realised patterns of messages, computed from a table of messages alone: the same code reads a public log and a simulation."""
