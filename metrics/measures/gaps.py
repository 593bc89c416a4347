"""Months of a question's period that files do not tell of, or of which they tell a part: its numbers are those of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby

from data.store.generation import Generation
from data.store.store import Store
from data.texts import Language, message
from metrics.grammar.period import Period
from metrics.measures.evidence import extent_told
from metrics.model.definition import definitions
from metrics.model.needs import has_days, needs

Gaps = Mapping[str, Mapping[date, bool]]
"""By table, the months' first days, and whether files tell of a part of the month."""


def gaps(
    metrics: Iterable[str], period: str, place: str | None, store: Store, generation: Generation, *, exact: bool
) -> Gaps:
    """Return the months of a period that metrics lack, by table, as far as months are closed.

    place: a municipality or centre, None for all; exact: for whoever sees exact values. It depends on deliveries alone, as what
    `evidence` tells.
    """
    asked, known = Period.parse(period), definitions()
    extent = extent_told(store, generation, exact=exact)
    first, last = asked.first_day or date.min, min(asked.last_day or date.max, generation.closed_until)
    tables = dict.fromkeys(table for metric in metrics for table in needs(known[metric]).tables)
    found = {table: extent.gaps(table, first, last, place) for table in filter(has_days, tables)}
    return {table: months for table, months in found.items() if months}


def said(found: Gaps, lang: Language) -> str:
    """Return the gaps in words, nothing where there are none: each table with its months, those in a row as one."""
    lacking = [
        message("gaps.table", lang, table=message(f"table.{table}", lang), months=", ".join(_spans(months, lang)))
        for table, months in found.items()
    ]
    return message("gaps", lang, tables="; ".join(lacking)) if lacking else ""


def _spans(months: Mapping[date, bool], lang: Language) -> Iterable[str]:
    numbered = [(month.year * 12 + month.month, month, partly) for month, partly in sorted(months.items())]
    for (partly, _), group in groupby(enumerate(numbered), lambda one: (one[1][2], one[1][0] - one[0])):
        spanned = [Period(month.year, month.month, "month").label(lang) for _, (_, month, _) in group]
        name = spanned[0] if len(spanned) == 1 else f"{spanned[0]} – {spanned[-1]}"
        yield message("gaps.part", lang, month=name) if partly else name
