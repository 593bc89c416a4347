"""Sums over several publishers, of whom none shows its own numbers: masks that cancel, and the gate once on the sum."""
