"""A made-up co-operation area in Southwest Finland: believable records of every table, no real person behind any of them."""
