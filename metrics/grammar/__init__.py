"""The closed question grammar: registered periods, questions, and rows of answers."""
