"""Where in a sweep each arm wins."""
