"""What may be asked and what is answered: registered periods, the closed question, rows of an answer."""
