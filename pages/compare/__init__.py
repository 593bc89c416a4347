"""Comparison of municipalities and areas."""
