"""One run, and its files: `run` is the door."""
