"""Published sums as a file: CSV or JSON, with who has taken part."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from data.spreadsheet import csv_text
from metrics.sums.adding import SummedRow
from metrics.sums.rounds import Round

_COLUMNS = ("period", "value", "unit", "state", "bound", "n", "publishers")


def told(rows: Iterable[SummedRow]) -> list[dict[str, Any]]:
    """Return the rows that tell something: those that are shown, and the sums of everybody.

    What is not there is small, unless the sum of everybody says that there are no data: all of a metric and period are covered
    by the same publishers.
    """
    kept = (one for one in rows if one.row.value is not None or not one.row.codes)
    return [one.row.flat() | {"publishers": one.publishers} for one in kept]


def as_csv(rows: Iterable[SummedRow], found: Round) -> str:
    """Return them as CSV with codes."""
    dimensions = dict.fromkeys(name for by in found.plan.by for name in by)
    names = ("metric", *dimensions, *_COLUMNS)
    return csv_text([names, *([one.get(name) for name in names] for one in told(rows))])


def as_json(rows: Iterable[SummedRow], found: Round) -> str:
    """Return them as JSON, with the round and its publishers."""
    publishers = [
        {"name": one.publisher.name, "fingerprint": one.publisher.fingerprint,
         "municipalities": list(one.population.municipalities)}
        for one in found.tickets
    ]  # fmt: skip
    made = {"round": found.id, "publishers": publishers, "rows": told(rows)}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"
