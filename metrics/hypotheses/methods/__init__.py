"""Statistical methods of hypothesis tests: pure functions from a sample, one row per unit, to a `MethodResult`.

A sample has `group` (true: compared, false: reference), `client` (null: anonymous, a cluster of its own), the outcome
columns that a method names, and covariates as text. A result without estimates means that the method cannot be applied
to the sample; a warning gives the reason. The codes that results consist of are listed in `codes`.
"""
