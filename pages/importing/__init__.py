"""The import page and its parts."""
