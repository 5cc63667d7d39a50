"""A scenario: every parameter with its unit, bounds and source, and the files that set them."""
