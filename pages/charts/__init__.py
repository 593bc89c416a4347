"""Chart families. Each takes `Cell`s and gives a complete Altair chart; titles, sources and tables stand outside, in `figure`."""
