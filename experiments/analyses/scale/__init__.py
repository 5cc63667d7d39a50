"""How far a scenario's size lies from enough."""
