"""The phases of a day over columns, compiled. Phases do not import one another; what they share stands below them."""
