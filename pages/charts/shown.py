"""Charts on their way to the browser."""

from __future__ import annotations

from typing import Any

import altair as alt
import streamlit as st
from altair.utils.schemapi import disable_debug_mode

# Altair compares a chart and each of its parts with the schema of Vega-Lite, which takes half of the time that a chart takes.
# Every kind of chart is compared with it in the tests, not on the reader's way.
disable_debug_mode()


class Specification:
    """A finished chart as Streamlit asks for it."""

    def __init__(self, chart: alt.Chart) -> None:
        self.chart = chart

    def to_dict(self) -> dict[str, Any]:
        """The chart in Vega-Lite."""
        return self.chart.to_dict(validate=False)


def draw(chart: alt.Chart, *, key: str, alt_text: str) -> None:
    """Draw a finished chart over the width of its place. alt_text: what is said instead of it."""
    specification: Any = Specification(chart)
    st.altair_chart(specification, theme=None, width="stretch", key=f"chart_{key}", alt=alt_text)
