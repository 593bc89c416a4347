"""Definitions that others write: read as a stranger's, compared with those in force, taken beside a store, and taken back."""
