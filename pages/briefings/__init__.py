"""Briefings on screen and as handouts: slides, headlines, presentation mode, and questions asked during a presentation."""
