"""Handouts: a briefing or report as an accessible PDF and as PowerPoint slides, from published values. No Streamlit here."""
