"""Formats of numbers, dates and periods in the three languages."""
