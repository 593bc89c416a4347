"""Figures of a page: title, chart, table, footnotes, targets, downloads, and adding to a briefing."""
