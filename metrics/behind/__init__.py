"""Cells that are made behind whoever reads: by a process of its own while the app runs, and after a command."""
