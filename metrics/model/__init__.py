"""The model of metrics: definitions, kinds, conditions, dimensions, and the facts they count."""
