"""The space that experiments explore: factors, samplers, lists of points."""
