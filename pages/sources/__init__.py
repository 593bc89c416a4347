"""Aineistot: where the data come from, what they cover, and taking them out again."""
