"""What a chart of a slide is: its drawing, the table of its values, and how it is read."""

from __future__ import annotations

from dataclasses import dataclass

from pages.charts.template import Plot
from pages.view.table import Table


@dataclass(frozen=True)
class Picture:
    """A chart, the complete table of its values, and notes on how to read it. leaves_out: whether the table has groups that the
    chart has not, as a note says.
    """

    chart: Plot
    table: Table
    notes: tuple[str, ...] = ()
    leaves_out: bool = False
