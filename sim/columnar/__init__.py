"""The fast engine: the model over columns, compiled."""
