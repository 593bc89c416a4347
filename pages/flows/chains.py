"""Who gets in on the largest routes, and chains of two referrals."""

from __future__ import annotations

from dataclasses import replace

from metrics.grammar.answer import Row
from pages.charts.bars import bars
from pages.charts.sankey import Flow
from pages.figures import breakdowns, figure, untold
from pages.figures.figure import Figure
from pages.flows import routes
from pages.i18n import formats
from pages.shell.page import Page
from pages.view.points import DataPoint, largest_label, x_of
from pages.view.table import pivot
from pages.view.values import published

MOST_ARRIVALS = 15
MOST_PATHS = 10


def arrivals(page: Page, found: tuple[Flow, ...]) -> None:
    """Draw started share and median days of the largest routes."""
    t = page.t
    asked = page.ask("referral_started_share", by=routes.ENDS)
    started = {routes.ends_of(row): row for row in asked.rows}
    days = {routes.ends_of(row): row for row in page.ask("referral_days", by=routes.ENDS).rows}
    cells = [
        _arrival(page, flow, started.get((flow.source, flow.target)), days.get((flow.source, flow.target)))
        for flow in found
    ]
    told, left_out = untold.told_bars(page, cells)
    unit = t("flows.unit.referrals")
    chart = bars(told[:MOST_ARRIVALS], t, x_title=unit, unit="%")
    best = largest_label(cells, x_of)
    columns = ((t("flows.started"), started), (t("flows.days"), days))
    has_days = any(row.value is not None for row in days.values())
    notes = (
        t("flows.arrivals.note"), *([t("flows.arrivals.days")] if has_days else []),
        *breakdowns.more(page, len(told), MOST_ARRIVALS), *left_out,
    )  # fmt: skip
    shown = Figure(
        "arrivals", t("flows.arrivals"), t("flows.arrivals.alt", largest=best), unit, notes, ("referral_days",)
    )
    figure.show(page, shown, asked, chart, routes.table_of(page, found, columns))


def _arrival(page: Page, flow: Flow, started: Row | None, days: Row | None) -> DataPoint:
    t = page.t
    shown = published(started, t)
    text = shown.text
    if started is not None and days is not None and days.value is not None:
        text += f" · {formats.value_text(days, t, unit=True)}"
    name = routes.route(flow)
    value = started.value if started else None
    return DataPoint(f"{flow.source} {flow.target}", name, "", "", value, replace(shown, text=text))


def paths(page: Page) -> None:
    """Draw chains of two consecutive referrals."""
    t = page.t
    asked = page.ask("paths", by=routes.STEPS)
    cells = routes.paths(page, asked.rows)
    drawn = cells[:MOST_PATHS]
    unit = t("unit.paths")
    alt = t("flows.paths.alt", largest=largest_label(cells, x_of))
    notes = (t("flows.paths.note"), *breakdowns.more(page, len(cells), MOST_PATHS))
    shown = Figure("paths", t("flows.paths"), alt, unit, notes)
    figure.show(page, shown, asked, bars(drawn, t, x_title=unit), pivot(cells, t("flows.path")), nothing=not cells)
