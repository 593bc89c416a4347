"""Plain objects between answers and drawing: the view, data points, tables, typed values and sentences."""
