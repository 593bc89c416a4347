"""Months of every source and table as a calendar: whole, part or none, by sign and shade, with the number of rows."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from data.coverage.deliveries import month_end
from data.coverage.months import MonthCoverage
from data.texts import Texts, capital
from pages.i18n import formats

MONTHS_SHOWN = 24
"""The latest months of the calendar; the table under it has them all."""

SIGNS = {"whole": "●", "part": "◐", "none": "–"}

_STYLE = """
/* Scrolled to its end at first: the latest months are what people look for. */
.calendar { overflow-x: auto; direction: rtl }
.calendar table { border-collapse: separate; border-spacing: 2px; font-size: 0.85rem; direction: ltr; margin-right: auto }
.calendar th { font-weight: 400; text-align: left; white-space: nowrap; padding: 0.1rem 0.3rem }
.calendar thead th { text-align: center; color: var(--quiet); padding: 0.1rem 0 }
.calendar tbody th, .calendar thead td { position: sticky; left: 0; background: var(--ground); padding-right: 0.6rem }
.calendar td { width: 1.4rem; min-width: 1.4rem; height: 1.5rem; text-align: center; border-radius: 3px; padding: 0 }
@media (max-width: 640px) {
  .calendar tbody th { white-space: normal; max-width: 9rem; line-height: 1.2; hyphens: auto }
}
@media print {
  .calendar { overflow: visible }
  .calendar table { width: 100%; border-spacing: 1px; font-size: 0.7rem }
  .calendar th { padding: 0.1rem 0 }
  .calendar thead td { position: static }
  .calendar tbody th { position: static; white-space: normal; line-height: 1.2; overflow-wrap: anywhere; hyphens: auto }
  .calendar td { width: auto; min-width: 0 }
}
.calendar .whole { background: var(--series-1); color: var(--ground) }
.calendar .part { background: var(--bar); color: var(--text) }
.calendar .none { background: var(--panel); color: var(--quiet) }
.calendar .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
"""


def calendar(months: Sequence[MonthCoverage], names: Mapping[int, str], t: Texts, caption: str) -> str:
    """The calendar as HTML. names: what each source is called, by its number. Empty when there are no months."""
    shown = sorted({one.month for one in months})[-MONTHS_SHOWN:]
    if not shown:
        return ""
    years = "".join(
        f'<th scope="colgroup" colspan="{len(list(group))}">{year}</th>'
        for year, group in groupby(shown, lambda month: month.year)
    )
    heads = "".join(f'<th scope="col">{month.month}</th>' for month in shown)
    lines = "".join(
        _line(source, table, {one.month: one for one in group}, shown, names, t)
        for (source, table), group in groupby(months, lambda one: (one.source, one.table))
    )
    return (
        f'<style>{_STYLE}</style><div class="calendar" role="region" tabindex="0" aria-label="{html.escape(caption)}"><table>'
        f'<caption class="unseen">{html.escape(caption)}</caption>'
        f"<thead><tr><td></td>{years}</tr><tr><td></td>{heads}</tr></thead>"
        f"<tbody>{lines}</tbody></table></div>"
    )


def headings(names: Iterable[str], t: Texts) -> tuple[str, ...]:
    """The headings of a table of sources, each with a capital letter as in the other tables."""
    told = (t("sources." + name) for name in names)
    return tuple(capital(one) for one in told)


def what_of(source: int, table: str, names: Mapping[int, str], t: Texts) -> str:
    """A table of a source by name; by the table's alone where there is one source."""
    return f"{names[source]}: {t(f'table.{table}')}" if len(names) > 1 else t(f"table.{table}")


def month_text(one: MonthCoverage, t: Texts) -> str:
    """The month in words."""
    return formats.period_label(f"{one.month:%Y-%m}", t.lang)


def state_text(one: MonthCoverage, t: Texts) -> str:
    """The state of a month in words: whole, until a day, in part, none."""
    if one.state == "part" and one.until is not None and one.until < month_end(one.month):
        return t("sources.state.until", until=formats.day(one.until, t.lang))
    return t("sources.state." + one.state)


def _line(
    source: int, table: str, by_month: Mapping[date, MonthCoverage], shown: Sequence[date], names: Mapping[int, str], t: Texts
) -> str:  # fmt: skip
    if all(by_month[month].state == "none" and not by_month[month].rows for month in shown):
        return ""
    cells = "".join(_cell(by_month[month], t) for month in shown)
    return f'<tr><th scope="row">{html.escape(what_of(source, table, names, t))}</th>{cells}</tr>'


def _cell(one: MonthCoverage, t: Texts) -> str:
    rows = t("sources.rows", count=one.rows, rows=formats.number(one.rows, t.lang))
    told = html.escape(f"{month_text(one, t)}: {state_text(one, t)}, {rows}")
    return (
        f'<td class="{one.state}" title="{told}"><span aria-hidden="true">{SIGNS[one.state]}</span>'
        f'<span class="unseen">{told}</span></td>'
    )
