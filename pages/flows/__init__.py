"""Where people are sent and whether they arrive."""
