"""Parts of the metric catalogue: searching, formulas in words, one metric, and the recommendations with their figures."""
