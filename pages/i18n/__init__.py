"""Words, numbers, dates and names in the three languages."""
