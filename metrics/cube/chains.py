"""Periods in which people are counted as they come: what grows month by month, and who is in none yet."""

CHAINS = {"quarter": 3, "year": 12, "all": 0}
"""Periods that grow month by month, and how many months each has; 0: all."""
NEVER = 999_999
"""A month after all others: of who is still pending."""
