"""Published values in one signed file, for others to see beside their own."""
