"""From cells through the gate to published rows, one module per kind of figure."""
