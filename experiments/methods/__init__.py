"""Methods on arrays and plain functions: screening, indices, roots, regions, fronts. They know nothing of the model."""
