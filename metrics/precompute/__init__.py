"""Precomputation of cells: in a background process of the app, before a new state is published, and at the end of commands."""
