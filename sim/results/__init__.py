"""What a run gives: measures, values, histories, metrics of its graph."""
