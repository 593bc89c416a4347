"""Precomputed cells: the SQL that counts them, the files that keep them, and looking one up."""
