"""The metric catalogue: search, one metric in detail, and the recommendations with their values."""
