"""A figure on a page: title, chart, table, footnote, targets and what can be done with it."""
