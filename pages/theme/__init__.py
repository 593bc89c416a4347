"""The colours of everything that is drawn, for a light and a dark page."""
