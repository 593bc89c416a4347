"""Briefings on screen and on paper: slides, headlines, the presenter's view, questions from the floor."""
