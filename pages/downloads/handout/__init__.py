"""Handouts: a briefing or a report as an accessible PDF and as slides, made from published values. No Streamlit here."""
