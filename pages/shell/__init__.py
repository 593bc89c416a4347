"""Shared frame of all pages: menu, language, filters, audience, and published values for a view."""
