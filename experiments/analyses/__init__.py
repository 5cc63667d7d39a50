"""Questions put to many points of the model's parameter space."""
