"""Bars of groups of enrolled people: days to employment, and the share whose language skills rose."""

from __future__ import annotations

from pages.charts.bars import bars
from pages.figures import breakdowns, figure, followed, untold
from pages.figures.figure import Figure
from pages.shell.page import Page
from pages.view.points import DataPoint, by_size, in_order, largest_label, x_of
from pages.view.table import pivot


def days(page: Page, group: str) -> None:
    """Draw the median days to employment by group, shortest first; groups without a median last."""
    t = page.t
    found = page.ask("days_to_employment", by=(group,), period=followed.period_of(page))

    def shortest(cell: DataPoint) -> tuple[bool, float]:
        return cell.hidden, cell.value or 0.0

    cells = sorted(page.cells(found.rows, x=group), key=shortest)
    title = t("outcomes.days", group=t(f"outcomes.by.{group}"))
    told, left_out = untold.told_bars(page, cells)
    notes = (t("outcomes.days.note"), *followed.period_note(page), *left_out)
    shown = Figure("days", title, t("outcomes.days.alt"), t("outcomes.days.unit"), notes)
    chart = bars(told[: breakdowns.MOST_BARS], t, x_title=t("outcomes.days.unit"))
    figure.show(page, shown, found, chart, pivot(cells, t(f"outcomes.group.{group}")))


def gain(page: Page, group: str) -> None:
    """Draw the share whose language skills rose, by group."""
    t = page.t
    found = page.ask("language_gain", by=(group,), period=followed.period_of(page))
    cells = in_order(made := page.cells(found.rows, x=group), by_size(made, x_of), x_of)
    unit = t("outcomes.unit")
    title = t("outcomes.gain", group=t(f"outcomes.by.{group}"))
    told, left_out = untold.told_bars(page, cells)
    notes = (t("outcomes.gain.note"), *followed.period_note(page), *left_out)
    notes += figure.hidden_note(cells, page)
    shown = Figure("gain", title, t("outcomes.gain.alt", largest=largest_label(cells, x_of)), unit, notes)
    chart = bars(told[: breakdowns.MOST_BARS], t, x_title=unit, unit="%")
    figure.show(page, shown, found, chart, pivot(cells, t(f"outcomes.group.{group}")))
