"""Cells made in processes of their own: ahead in the background, before a new state is published, and beside the app."""
