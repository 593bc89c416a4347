"""The flow diagram of referrals on a slide."""

from __future__ import annotations

from collections.abc import Sequence

from data.texts import Texts
from metrics.briefings.freezing import Answered
from metrics.briefings.slide import ENDS
from metrics.grammar.answer import Row
from metrics.model.dimensions import Places, label
from metrics.model.labels import distinct
from pages.briefings.picture import Picture
from pages.charts.bars import ARROW
from pages.charts.sankey import Flow, sankey
from pages.i18n import formats
from pages.view import states
from pages.view.table import Line, Table
from pages.view.values import Value, counted, published

HEIGHTS = {False: 190, True: 100}
"""Points of the ribbons' heights, alone and beside another figure."""
MOST = {False: 7, True: 4}
"""Routes drawn, alone and beside another figure: their names must be read from ten metres."""


def routes(answered: Answered, rows: Sequence[Row], t: Texts, places: Places, *, beside: bool) -> Picture:
    """Return the largest routes as ribbons, with a table of all. beside: whether another figure stands beside it."""
    shown = sorted((row for row in rows if row.value), key=lambda row: -(row.value or 0))
    names = [
        distinct({row.codes[end]: label(row.metric, end, row.codes[end], t.lang, places) for row in shown})
        for end in ENDS
    ]
    sides = [(row.codes[ENDS[0]], row.codes[ENDS[1]], row) for row in shown]
    flows = [
        Flow(here, there, names[0][here], names[1][there], row.value or 0.0, formats.value_text(row, t, unit=True))
        for here, there, row in sides
    ]
    hidden = [row for row in rows if row.value is None]
    drawn = flows[: MOST[beside]]
    rest = bool(hidden) or len(drawn) < len(flows)
    sources, targets = (_ends(answered, end, t) for end in ENDS)
    chart = sankey(
        drawn, t, sources=sources, targets=targets, other=t("flows.other") if rest else "", value_title=t("unit.referrals"),
        height=HEIGHTS[beside], is_large=True,
    )  # fmt: skip
    lines = [Line(f"{flow.source_label}{ARROW}{flow.target_label}", (counted(flow.value, t),)) for flow in flows]
    if hidden:
        lines.append(Line(t("flows.other"), (Value(states.reason(hidden, t)),)))
    for key, own, known in zip(("flows.sender", "flows.receiver"), (sources, targets), names, strict=True):
        lines += [Line(t(key, name=known[code]), (value,)) for code, value in own.items() if code in known]
    table = Table((t("flows.route"), t("unit.referrals")), tuple(lines))
    return Picture(chart, table, (t("flows.routes.note"), *((t("flows.other.note"),) if rest else ())))


def _ends(answered: Answered, end: str, t: Texts) -> dict[str, Value]:
    """Return the referrals that each service sent, or received."""
    return {row.codes[end]: published(row, t) for row in answered.sizes if end in row.codes}
