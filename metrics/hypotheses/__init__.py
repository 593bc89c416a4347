"""Hypotheses: registered before they are tested, tested by a method that fits their outcome, and told in plain words."""
