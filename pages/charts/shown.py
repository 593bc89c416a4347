"""Charts on their way to the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from zlib import crc32

import pyarrow as pa
import streamlit as st

from pages.charts.template import Plot
from pages.theme.colours import VARIABLES
from pages.view.state import TAB

PICK: Final = "pick"
"""Name of the selection of charts whose marks can be clicked; what is picked are the codes of the mark, in its fields."""
Pick = Callable[..., None]
"""What is done with the codes of a clicked mark."""
CODES = ("x", "series", "code")
"""Fields of marks that hold codes, in the order in which they are picked."""


def draw(plot: Plot, *, key: str, alt_text: str, pick: Pick | None = None) -> None:
    """Draw a finished chart over the width of its place.

    alt_text: what is said instead of it; pick: called with the codes of a clicked mark, where marks can be.
    """
    rows = {name: columns_of(plot.coloured_rows(name, VARIABLES)) for name in plot.rows}
    spec = {**plot.without_rows(VARIABLES), "datasets": rows}
    name = f"chart_{key}"
    if pick is None:
        st.vega_lite_chart(spec=spec, theme=None, width="stretch", key=name, alt=alt_text)
        return

    # What was picked stays with the name of a chart: after Back the same mark could not be picked again.
    # Not with the open tab: charts beside the tabs would be drawn anew with each.
    address = sorted((one, value) for one, value in st.query_params.to_dict().items() if one != TAB)
    name = f"{name}_{crc32(repr(address).encode()):x}"

    def picked() -> None:
        found = st.session_state[name].selection.get(PICK) or []
        if found:
            codes = [found[0][name] for name in CODES if name in found[0]]
            if codes and None not in codes:  # what lies beneath the marks has none
                pick(*map(str, codes))

    st.vega_lite_chart(
        spec=spec, theme=None, width="stretch", key=name, alt=alt_text, on_select=picked, selection_mode=PICK
    )


def columns_of(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows as the columns in which Streamlit sends them, which it would else make with pandas, three times slower."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})
