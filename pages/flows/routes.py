"""Referrals from service to service: published rows as routes, with what is drawn of them and what stands in the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from metrics.grammar.answer import Row
from pages.charts.bars import ARROW
from pages.charts.sankey import Flow
from pages.i18n import formats
from pages.shell.page import Page
from pages.view.points import Cell
from pages.view.table import Table

ENDS = ("from_service", "to_service")
STEPS = ("from_service", "via_service", "to_service")


@dataclass(frozen=True)
class Nodes:
    """Published values and texts of the services on either side, by code."""

    sources: Mapping[str, tuple[float | None, str]]
    targets: Mapping[str, tuple[float | None, str]]


def ends_of(row: Row) -> tuple[str, str]:
    """Codes of the sending and the receiving service."""
    return row.codes[ENDS[0]], row.codes[ENDS[1]]


def flows(page: Page, rows: Iterable[Row]) -> tuple[Flow, ...]:
    """Routes with a published number, largest first; equal ones in the order of the code lists."""
    shown = [row for row in rows if row.value]
    return tuple(
        Flow(
            *ends_of(row),
            page.label(ENDS[0], ends_of(row)[0]),
            page.label(ENDS[1], ends_of(row)[1]),
            row.value or 0.0,
            formats.value_text(row, page.t, unit=True),
        )
        for row in sorted(shown, key=lambda row: -(row.value or 0.0))
    )


def nodes(page: Page) -> Nodes:
    """Every service's own published number of referrals sent and received."""
    sides = []
    for end in ENDS:
        rows = page.ask("referrals", by=(end,)).rows
        sides.append({row.codes[end]: (row.value, formats.value_text(row, page.t)) for row in rows})
    return Nodes(*sides)


def route(flow: Flow) -> str:
    """A route by name: `Kela → Verohallinto`."""
    return f"{flow.source_label}{ARROW}{flow.target_label}"


def paths(page: Page, rows: Iterable[Row]) -> tuple[Cell, ...]:
    """Chains of two referrals with a published number, most common first."""
    shown = sorted((row for row in rows if row.value), key=lambda row: -(row.value or 0.0))
    return tuple(
        Cell(
            " ".join(row.codes[step] for step in STEPS),
            ARROW.join(page.label(step, row.codes[step]) for step in STEPS),
            "paths",
            page.t("unit.paths"),
            row.value,
            formats.value_text(row, page.t),
        )
        for row in shown
    )


def flow_table(page: Page, drawn: Sequence[Flow], ends: Nodes, *, hidden: bool) -> Table:
    """All published routes, then what each service sent and received by itself; hidden routes in one line."""
    t = page.t
    rows: list[tuple[str, str, float | None]] = [
        (route(flow), formats.number(flow.value, t.lang), flow.value) for flow in drawn
    ]
    if hidden:
        limit = formats.bound("<10", "referrals", t)
        rows.append((t("flows.other"), t("flows.each", limit=limit), None))
    for key, end, values in (("flows.sender", ENDS[0], ends.sources), ("flows.receiver", ENDS[1], ends.targets)):
        rows += [(t(key, name=page.label(end, code)), text, value) for code, (value, text) in values.items()]
    return Table(
        header=(t("flows.route"), t("unit.referrals")),
        rows=tuple((name, text) for name, text, _ in rows),
        numbers=tuple((value,) for _, _, value in rows),
    )


def table_of(page: Page, drawn: Sequence[Flow], columns: Mapping[str, Mapping[tuple[str, str], Row]]) -> Table:
    """A table of routes with their number and further metrics. columns: heading -> row by the codes of the two ends."""
    t = page.t
    rows, numbers = [], []
    for flow in drawn:
        found = [column.get((flow.source, flow.target)) for column in columns.values()]
        texts = [formats.value_text(row, t) if row else "–" for row in found]
        rows.append((route(flow), formats.number(flow.value, t.lang), *texts))
        numbers.append((flow.value, *(row.value if row else None for row in found)))
    return Table((t("flows.route"), t("unit.referrals"), *columns), tuple(rows), tuple(numbers))
