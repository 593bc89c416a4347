"""Briefings: lists of slides, each a question with its frozen published values."""
