"""Commands of `python -m data` that have options and output of their own."""
