"""What the steward writes: targets, notes and watches."""
