"""Sensitivity analysis: the parameters to which the answer is most sensitive."""
