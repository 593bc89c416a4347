"""Referral routes between services: data of the diagram and rows of the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from metrics.gate import Bound
from metrics.grammar.answer import Row
from pages.charts.bars import ARROW
from pages.charts.sankey import Flow
from pages.i18n import formats
from pages.shell.asking import Composed
from pages.shell.page import Page
from pages.view.points import DataPoint, with_distinct_labels
from pages.view.table import Line, Table
from pages.view.values import Value, counted, published

ENDS = ("from_service", "to_service")
REFERRALS = "referrals"
STEPS = ("from_service", "via_service", "to_service")


@dataclass(frozen=True)
class Nodes:
    """Published numbers of referrals sent (sources) and received (targets), by service code."""

    sources: Mapping[str, Value]
    targets: Mapping[str, Value]


def ends_of(row: Row) -> tuple[str, str]:
    """Return the codes of the sending and the receiving service of a row."""
    return row.codes[ENDS[0]], row.codes[ENDS[1]]


def flows(page: Page, rows: Iterable[Row]) -> tuple[Flow, ...]:
    """Return the routes with a published number, largest first; ties keep the order of the code lists."""
    shown = [row for row in rows if row.value]
    sources, targets = (page.labels(REFERRALS, end, (row.codes[end] for row in shown)) for end in ENDS)
    return tuple(
        Flow(
            *ends_of(row),
            sources[row.codes[ENDS[0]]],
            targets[row.codes[ENDS[1]]],
            row.value or 0.0,
            formats.value_text(row, page.t, unit=True),
        )
        for row in sorted(shown, key=lambda row: -(row.value or 0.0))
    )


def nodes(page: Page, routes: Composed) -> Nodes:
    """Return the published number of referrals that each service sent and received, of the same people as the routes.

    Raises QuestionError.
    """
    sides = []
    for end in ENDS:
        rows = page.ask_alike(routes, REFERRALS, (end,)).rows
        sides.append({row.codes[end]: published(row, page.t) for row in rows})
    return Nodes(*sides)


def route(flow: Flow) -> str:
    """Return the name of a route: `Kela → Verohallinto`."""
    return f"{flow.source_label}{ARROW}{flow.target_label}"


def paths(page: Page, rows: Iterable[Row]) -> tuple[DataPoint, ...]:
    """Return chains of two referrals with a published number, most common first."""
    shown = sorted((row for row in rows if row.value), key=lambda row: -(row.value or 0.0))
    return with_distinct_labels(
        DataPoint(
            " ".join(row.codes[step] for step in STEPS),
            ARROW.join(page.label(row.metric, step, row.codes[step]) for step in STEPS),
            "paths",
            page.t("unit.paths"),
            row.value,
            published(row, page.t),
        )
        for row in shown
    )


def flow_table(page: Page, drawn: Sequence[Flow], ends: Nodes, *, hidden: Sequence[Bound | None]) -> Table:
    """Return a table of all published routes, then of each service's totals; suppressed routes share one line.

    hidden: bounds of the suppressed ones.
    """
    t = page.t
    lines = [Line(route(flow), (counted(flow.value, t),)) for flow in drawn]
    if hidden:
        bounds = [bound for bound in hidden if bound]
        largest = max(bounds, key=lambda bound: bound.limit) if len(bounds) == len(hidden) else None
        told = t("flows.each", limit=formats.bound(largest, "referrals", t)) if largest else t("state.small")
        lines.append(Line(t("flows.other"), (Value(told),)))
    for key, end, values in (("flows.sender", ENDS[0], ends.sources), ("flows.receiver", ENDS[1], ends.targets)):
        lines += [
            Line(t(key, name=name), (values[code],)) for code, name in page.labels(REFERRALS, end, values).items()
        ]
    return Table((t("flows.route"), t("unit.referrals")), tuple(lines))


def table_of(page: Page, drawn: Sequence[Flow], columns: Sequence[tuple[str, Mapping[tuple[str, str], Row]]]) -> Table:
    """Return a table of routes with their number and further metrics.

    columns: heading, and rows by the codes of the two ends.
    """
    t = page.t
    lines = []
    for flow in drawn:
        found = (column.get((flow.source, flow.target)) for _, column in columns)
        lines.append(Line(route(flow), (counted(flow.value, t), *(published(row, t) for row in found))))
    return Table((t("flows.route"), t("unit.referrals"), *(heading for heading, _ in columns)), tuple(lines))
