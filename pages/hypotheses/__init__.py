"""Asking whether something made a difference: form, register and result."""
