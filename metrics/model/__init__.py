"""What a metric is: its definition, kind, conditions, dimensions and the facts it counts."""
