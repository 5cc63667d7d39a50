"""What an A/B test inside one population would have shown: schemes, readings, their bias and how often they mislead."""
