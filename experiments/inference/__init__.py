"""Which numbers fit: a prior, a bank of runs drawn from it, data, and the draws that reproduce them."""
