"""Watches: alerts when a metric passes a limit or a target, or changes clearly; evaluated once per generation."""
