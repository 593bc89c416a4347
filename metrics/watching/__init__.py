"""Watches: "tell me when" a figure passes a limit or a target, or changes for certain; looked at once for each generation."""
