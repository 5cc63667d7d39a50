"""The model's parameters against published patterns."""
