"""A question in plain words, from any page, answered in place."""
