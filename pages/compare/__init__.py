"""Municipalities and areas beside each other."""
