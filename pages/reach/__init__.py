"""The page Tavoittavuus."""
