"""The size of a change in percent, which needs a base as large as that of any comparison.

From a published 10, which is anything from 6 to 14, an increase to 85 would be "+750 %", or +500, or +1 300. A change from
fewer clients or events than are compared (`COMPARED_FROM`) is told by both numbers, therefore: "10 → 85".
"""

from metrics.gate import COMPARED_FROM
from metrics.grammar.answer import Row


def in_percent(now: Row, before: Row) -> int | None:
    """Return the change in whole percent of the earlier value; None where that stands on too few, is 0, or either is hidden.

    >>> rows = [Row("clients", {}, year, value, "clients", n=value) for year, value in (("2026", 90), ("2025", 80), ("2024", 70))]
    >>> in_percent(rows[0], rows[1]), in_percent(rows[1], rows[2])
    (12, None)
    """
    if now.value is None or not before.value or (before.n or 0) < COMPARED_FROM:
        return None
    return round(100 * (now.value - before.value) / before.value)
