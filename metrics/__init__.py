"""Metric definitions, the cube of cells, and the gate that turns a cell into a value someone may see."""
