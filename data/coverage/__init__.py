"""Where data come from and what they cover: sources, deliveries, months."""
