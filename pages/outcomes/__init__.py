"""The page Työllistyminen."""
