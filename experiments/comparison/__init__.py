"""Arms compared on shared seeds."""
