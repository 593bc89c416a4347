"""Published rows from cells: one module per kind of metric."""
