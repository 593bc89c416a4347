"""The table of receiving services: how many are sent there, who gets in and how soon, and how many are lost on the way."""

from __future__ import annotations

from metrics.grammar.answer import Row
from pages.figures import bar_table
from pages.figures.figure import Figure
from pages.shell.page import Page
from pages.view.table import Line, Table
from pages.view.values import published

COLUMNS = ("referrals", "referral_started_share", "referral_days", "referral_lost_share")
"""Metrics of the columns."""
BARS = (1, 2, 4)
"""Columns with bars: days are not an amount of anything."""


def show(page: Page) -> None:
    """Draw the table in the chosen order; services without a published value of the column come last."""
    t = page.t
    asked = [page.ask(metric, by=("to_service",)) for metric in COLUMNS]
    by_service = [{row.codes["to_service"]: row for row in found.rows} for found in asked]

    def make() -> Table:
        order = page.choose("sort", COLUMNS, t("flows.sort"), lambda metric: t("flows.column." + metric))
        ranked = by_service[COLUMNS.index(order)]
        codes = sorted(by_service[0], key=lambda code: _rank(ranked.get(code)))
        names = page.labels("referrals", "to_service", codes)
        lines = (Line(names[code], tuple(published(column.get(code), t) for column in by_service)) for code in codes)
        return Table((t("flows.service"), *(t("flows.column." + metric) for metric in COLUMNS)), tuple(lines))

    shown = Figure("services", t("flows.services"), "", t("unit.referrals"), (t("flows.services.note"),))
    bar_table.show(page, shown, asked, BARS, make)


def _rank(row: Row | None) -> tuple[bool, float]:
    """The largest first, and what has no value last."""
    return (row is None or row.value is None, -((row.value if row else None) or 0.0))
