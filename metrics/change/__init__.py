"""When a change is clear: the noise of a published number, the direction of a series, and the order of changes."""
