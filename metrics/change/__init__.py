"""When a change is clear: one decision for one figure (`decision`), and the choice of news among many rows (`ranking`)."""
