"""The model's numbers against what is published."""
