"""Charts on their way to the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from pages.charts.template import Plot


def draw(plot: Plot, *, key: str, alt_text: str) -> None:
    """Draw a finished chart over the width of its place. alt_text: what is said instead of it."""
    spec = {**plot.without_rows(), "datasets": {name: columns_of(rows) for name, rows in plot.rows.items()}}
    st.vega_lite_chart(spec=spec, theme=None, width="stretch", key=f"chart_{key}", alt=alt_text)


def columns_of(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows as the columns in which Streamlit sends them, which it would else make with pandas, three times slower."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})
