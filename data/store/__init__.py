"""Where the data lie: generations of one DuckDB file, the pointer to the current one, keys, and append-only logs."""
