"""Hypothesis tests: form, register and result."""
