"""Formats of numbers, dates, periods and formulas in the three languages."""
