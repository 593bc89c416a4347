"""Targets, notes and watches: lists and forms."""
