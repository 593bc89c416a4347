"""Published figures that have been revised: which, when, from what to what and why."""
