"""Recognising what a sheet holds: which table, which column is which field, which value is which code."""
