"""Statistical methods of hypotheses: pure functions from a sample, one row per unit, to a Finding.

A sample has `group` (true: compared, false: reference), `client` (null: anonymous, a cluster of its own), the outcome
columns a method names, and covariates as text. A finding has no estimates when its method cannot be used on the sample;
a warning says why. The codes findings are made of are listed in `codes`.
"""
