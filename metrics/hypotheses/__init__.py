"""Hypotheses: pre-registration, a statistical test that fits the outcome and the design, and a publishable result."""
