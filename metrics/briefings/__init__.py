"""Briefings: lists of slides, each a question, frozen with the published values they were made of."""
