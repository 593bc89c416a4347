"""What visitors are told of a hypothesis: computed from published cells only, so that no number of it is one more cell."""
