"""Chart families. Each turns data points into a complete Altair chart; titles, sources and tables stand outside, in `figure`."""
