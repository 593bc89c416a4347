"""Precomputed cells: the SQL that counts them, their files, and their look-up."""
