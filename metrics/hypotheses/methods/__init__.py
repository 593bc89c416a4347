"""Statistical methods of hypotheses: pure functions from a sample, one row per unit, to a Finding."""
