"""Runs: what is asked for, who makes them, where they are kept."""
