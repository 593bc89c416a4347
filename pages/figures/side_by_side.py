"""Two figures in a row on a wide screen, below each other on a narrow one."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


def side_by_side(*draw: Callable[[], None], widths: tuple[int, int] = (1, 1)) -> None:
    """Draw two figures in each row. draw: one function for each figure; widths: of the columns, against each other."""
    for first in range(0, len(draw), 2):
        for column, one in zip(st.columns(widths, gap="large"), draw[first : first + 2], strict=False):
            with column:
                one()


def in_tabs(**draw: Callable[[], None]) -> None:
    """Draw what is looked at on request in tabs. draw: the content by label."""
    for tab, one in zip(st.tabs(list(draw)), draw.values(), strict=True):
        with tab:
            one()
