"""Metric definitions, the cube of cells, disclosure control, and what is made of published values."""
