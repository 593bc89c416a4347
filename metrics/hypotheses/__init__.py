"""Hypotheses: pre-registration, a test that fits outcome and design, and beside the full result one of published cells."""
