"""Chart families: each turns data points into a complete Altair chart. Titles, sources and tables are added by `figure`."""
