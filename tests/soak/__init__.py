"""Long trials with generated inputs: fuzz, kills, damage, mutants; `make soak` runs them, a small part of each runs in tests/test_soak.py."""
